import { Skeleton } from "antd";
import { lazy, Suspense, type ComponentProps } from "react";

const load = () => import("./GraphView");
const GraphView = lazy(load);

/** Fetches that code beforehand, where a graph is about to be shown. */
export function prepareGraph(): void {
  void load();
}

/** A graph; the code that draws it comes only with the first one that is looked at. */
export function Graph(props: ComponentProps<typeof GraphView>) {
  return (
    <Suspense fallback={<Skeleton active />}>
      <GraphView {...props} />
    </Suspense>
  );
}
