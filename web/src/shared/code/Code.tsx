import { Skeleton } from "antd";
import { lazy, Suspense, useMemo, type ComponentProps } from "react";

import { fetched } from "@/shared/api/code";

import { comparable } from "./layOut";

const Text = lazy(() => fetched(import("./CodeMirrorText")));
const Diff = lazy(() => fetched(import("./CodeMirrorDiff")));

/** A text to be read or written; the editor comes only with the first one that is looked at. */
export function CodeText(props: ComponentProps<typeof Text>) {
  return (
    <Suspense fallback={<Skeleton active />}>
      <Text {...props} />
    </Suspense>
  );
}

/** Two texts and what differs. */
export function CodeDiff(props: ComponentProps<typeof Diff>) {
  const { former, latter, language } = props;
  const [one, other] = useMemo(() => (language === "json" ? comparable(former, latter) : [former, latter]), [former, latter, language]);
  return (
    <Suspense fallback={<Skeleton active />}>
      <Diff {...props} former={one} latter={other} />
    </Suspense>
  );
}
