import { EditorView } from "@codemirror/view";

const DOTS = { content: "'…'", margin: "0 1ex" };

/** Lines that are alike and folded stand between dots: the editor's own sign is in few fonts. */
export const FOLDED = EditorView.theme({ ".cm-collapsedLines": { "&:before": DOTS, "&:after": DOTS } });
