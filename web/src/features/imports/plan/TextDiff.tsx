import { json } from "@codemirror/lang-json";
import { defaultHighlightStyle, syntaxHighlighting } from "@codemirror/language";
import { MergeView, unifiedMergeView } from "@codemirror/merge";
import { EditorState } from "@codemirror/state";
import { EditorView, lineNumbers } from "@codemirror/view";
import { useEffect, useRef } from "react";

import { useLook } from "@/shared/look/theme";

interface Props {
  here: string;
  coming: string;
  isWide: boolean;
  /** What is said of lines that are folded, with ``$`` for their number. */
  folded: string;
}

const NONCE = document.querySelector<HTMLMetaElement>('meta[property="csp-nonce"]')?.nonce ?? "";
const DOTS = { content: "'…'", margin: "0 1ex" };
const FOLDED = EditorView.theme({ ".cm-collapsedLines": { "&:before": DOTS, "&:after": DOTS } });
const FOLD = { margin: 3, minSize: 6 };

/** Two texts side by side, or one below the other where there is no room; what is the same is folded. */
export default function TextDiff({ here, coming, isWide, folded }: Props) {
  const place = useRef<HTMLDivElement>(null);
  const { shade } = useLook();
  useEffect(() => {
    const parent = place.current;
    if (parent === null) return undefined;
    const extensions = [
      EditorView.cspNonce.of(NONCE),
      EditorView.darkTheme.of(shade === "dark"),
      EditorState.phrases.of({ "$ unchanged lines": folded }),
      FOLDED,
      EditorState.readOnly.of(true),
      EditorView.editable.of(false),
      EditorView.lineWrapping,
      lineNumbers(),
      json(),
      syntaxHighlighting(defaultHighlightStyle),
    ];
    const view = isWide
      ? new MergeView({ parent, a: { doc: here, extensions }, b: { doc: coming, extensions }, collapseUnchanged: FOLD })
      : new EditorView({
          parent,
          doc: coming,
          extensions: [...extensions, unifiedMergeView({ original: here, mergeControls: false, collapseUnchanged: FOLD })],
        });
    return () => view.destroy();
  }, [here, coming, isWide, folded, shade]);
  return <div ref={place} className="compared" />;
}
