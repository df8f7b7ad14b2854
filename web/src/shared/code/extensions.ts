import { defaultKeymap, history, historyKeymap } from "@codemirror/commands";
import { json } from "@codemirror/lang-json";
import { bracketMatching, defaultHighlightStyle, foldGutter, syntaxHighlighting } from "@codemirror/language";
import { highlightSelectionMatches, search, searchKeymap } from "@codemirror/search";
import { EditorState, type Extension } from "@codemirror/state";
import { oneDarkHighlightStyle } from "@codemirror/theme-one-dark";
import { EditorView, keymap, lineNumbers } from "@codemirror/view";

import type { Language } from "@/shared/words/words";

import { FOLDED } from "./folded";
import { phrases } from "./phrases";

export const NONCE = document.querySelector<HTMLMetaElement>('meta[property="csp-nonce"]')?.nonce ?? "";

/** How a text is shown: as JSON or plainly, in light or dark, to be read or written. */
export interface How {
  language: "json" | "text";
  isDark: boolean;
  label: string;
  isReadOnly: boolean;
  /** The language of whoever reads it. */
  reader: Language;
}

/** What every editor has; Tab leaves it, so that nobody is caught in it by the keyboard. */
export function extensionsOf({ language, isDark, label, isReadOnly, reader }: How): Extension[] {
  return [
    EditorView.cspNonce.of(NONCE),
    EditorView.theme({}, { dark: isDark }),
    EditorView.lineWrapping,
    EditorView.contentAttributes.of({ "aria-label": label, tabindex: "0" }),
    EditorState.phrases.of(phrases[reader]),
    FOLDED,
    EditorState.readOnly.of(isReadOnly),
    EditorView.editable.of(!isReadOnly),
    lineNumbers(),
    history(),
    search({ top: true }),
    highlightSelectionMatches(),
    keymap.of([...defaultKeymap, ...historyKeymap, ...searchKeymap]),
    syntaxHighlighting(isDark ? oneDarkHighlightStyle : defaultHighlightStyle),
    ...(language === "json" ? [json(), bracketMatching(), foldGutter()] : []),
  ];
}
