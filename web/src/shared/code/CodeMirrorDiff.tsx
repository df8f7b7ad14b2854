import { MergeView, unifiedMergeView } from "@codemirror/merge";
import { EditorView } from "@codemirror/view";
import { Grid } from "antd";
import { useEffect, useRef } from "react";

import { useLook } from "@/shared/look/theme";
import { useLanguage } from "@/shared/words/words";

import { DiffSteps } from "./DiffSteps";
import { extensionsOf, type How } from "./extensions";

interface Props extends Pick<How, "language"> {
  former: string;
  latter: string;
  label: string;
}

const FOLD = { margin: 3, minSize: 6 };

/** Two texts side by side, or in a narrow window one above the other; what is alike is folded. */
export default function CodeMirrorDiff({ former, latter, language, label }: Props) {
  const { shade } = useLook();
  const { language: reader } = useLanguage();
  const isWide = Grid.useBreakpoint().md !== false;
  const place = useRef<HTMLDivElement>(null);
  const latterView = useRef<EditorView>(null);
  useEffect(() => {
    if (place.current === null) return undefined;
    const shared = extensionsOf({ language, label, isReadOnly: true, isDark: shade === "dark", reader });
    const view = isWide
      ? new MergeView({
          parent: place.current,
          a: { doc: former, extensions: shared },
          b: { doc: latter, extensions: shared },
          collapseUnchanged: FOLD,
        })
      : new EditorView({
          parent: place.current,
          doc: latter,
          extensions: [shared, unifiedMergeView({ original: former, mergeControls: false, collapseUnchanged: FOLD })],
        });
    latterView.current = view instanceof MergeView ? view.b : view;
    return () => view.destroy();
  }, [former, latter, language, label, shade, isWide, reader]);
  return (
    <>
      <DiffSteps view={latterView} />
      <div ref={place} className="code" />
    </>
  );
}
