import { MergeView, unifiedMergeView } from "@codemirror/merge";
import { EditorState } from "@codemirror/state";
import { EditorView, lineNumbers } from "@codemirror/view";
import { useEffect, useRef } from "react";

import { DiffSteps } from "@/shared/code/DiffSteps";
import { FOLDED } from "@/shared/code/folded";
import { useLook } from "@/shared/look/theme";

interface Side {
  name: string;
  text: string;
}

interface Props {
  here: Side;
  coming: Side;
  isWide: boolean;
  /** What is said of lines that are folded, with ``$`` for their number. */
  folded: string;
}

const NONCE = document.querySelector<HTMLMetaElement>('meta[property="csp-nonce"]')?.nonce ?? "";
const FOLD = { margin: 3, minSize: 6 };

/** Two texts side by side, or one below the other where there is no room; what is the same is folded. */
export default function TextDiff({ here, coming, isWide, folded }: Props) {
  const { name: hereName, text: hereText } = here;
  const { name: comingName, text: comingText } = coming;
  const place = useRef<HTMLDivElement>(null);
  const comingView = useRef<EditorView>(null);
  const { shade } = useLook();
  useEffect(() => {
    const parent = place.current;
    if (parent === null) return undefined;
    const common = [
      EditorView.cspNonce.of(NONCE),
      EditorView.darkTheme.of(shade === "dark"),
      EditorState.phrases.of({ "$ unchanged lines": folded }),
      FOLDED,
      EditorState.readOnly.of(true),
      EditorView.editable.of(false),
      EditorView.lineWrapping,
      lineNumbers(),
    ];
    const shown = ({ name, text }: Side) => ({
      doc: text,
      extensions: [...common, EditorView.contentAttributes.of({ "aria-label": name, tabindex: "0" })],
    });
    const both = { original: hereText, mergeControls: false, collapseUnchanged: FOLD };
    const only = shown({ name: comingName, text: comingText });
    const view = isWide
      ? new MergeView({ parent, a: shown({ name: hereName, text: hereText }), b: only, collapseUnchanged: FOLD })
      : new EditorView({ parent, doc: only.doc, extensions: [...only.extensions, unifiedMergeView(both)] });
    comingView.current = view instanceof MergeView ? view.b : view;
    return () => view.destroy();
  }, [hereName, hereText, comingName, comingText, isWide, folded, shade]);
  return (
    <>
      <DiffSteps view={comingView} />
      <div ref={place} className="compared" />
    </>
  );
}
