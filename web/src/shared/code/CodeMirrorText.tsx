import { EditorState } from "@codemirror/state";
import { EditorView } from "@codemirror/view";
import { useEffect, useRef } from "react";

import { useLook } from "@/shared/look/theme";
import { useLanguage } from "@/shared/words/words";

import { extensionsOf, type How } from "./extensions";
import { separatorOf } from "./lines";

interface Props extends Pick<How, "language" | "label"> {
  /** The text that is begun with; another ``key`` begins anew. */
  text: string;
  /** Is told each text that is typed; without it, the text is only read. */
  onChange?: ((text: string) => void) | undefined;
}

/** A text to be read or written. Line ends stay as they came. */
export default function CodeMirrorText({ text, language, label, onChange }: Props) {
  const { shade } = useLook();
  const { language: reader } = useLanguage();
  const place = useRef<HTMLDivElement>(null);
  const told = useRef(onChange);
  const now = useRef(text);
  useEffect(() => {
    told.current = onChange;
  });
  const isReadOnly = onChange === undefined;
  useEffect(() => {
    if (place.current === null) return undefined;
    const view = new EditorView({
      parent: place.current,
      doc: now.current,
      extensions: [
        extensionsOf({ language, label, isReadOnly, isDark: shade === "dark", reader }),
        EditorState.lineSeparator.of(separatorOf(text)),
        EditorView.updateListener.of(({ docChanged, state }) => {
          if (!docChanged) return;
          now.current = state.sliceDoc();
          told.current?.(now.current);
        }),
      ],
    });
    return () => view.destroy();
  }, [language, label, isReadOnly, shade, text, reader]);
  return <div ref={place} className="code" />;
}
