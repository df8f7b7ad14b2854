import { EditorState } from "@codemirror/state";
import { expect, test } from "vitest";

import { separatorOf } from "./lines";

test("a text comes out of the editor with the line ends it went in with", () => {
  for (const text of ["", "one", "a\nb\n", "a\r\nb\r\n", "a\r\nb\nc\rd", "a\rb"]) {
    const state = EditorState.create({ doc: text, extensions: EditorState.lineSeparator.of(separatorOf(text)) });
    expect(state.sliceDoc()).toBe(text);
  }
});
