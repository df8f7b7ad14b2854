import { Skeleton } from "antd";
import { lazy, Suspense, type ComponentProps } from "react";

const GraphView = lazy(() => import("./GraphView"));

/** A graph; the code that draws it comes only with the first one that is looked at. */
export function Graph(props: ComponentProps<typeof GraphView>) {
  return (
    <Suspense fallback={<Skeleton active />}>
      <GraphView {...props} />
    </Suspense>
  );
}
