import { Skeleton } from "antd";
import { lazy, Suspense, useState, type ComponentProps } from "react";

import { fetched } from "@/shared/api/code";

let loaded: typeof import("./GraphView") | null = null;

async function load(): Promise<typeof import("./GraphView")> {
  loaded = await fetched(import("./GraphView"));
  return loaded;
}

const Later = lazy(load);

/** Fetches that code beforehand, where a graph is about to be shown. */
export function prepareGraph(): void {
  load().catch(() => undefined); // whoever shows the graph fetches it again, and says what is wrong
}

/**
 * A graph; the code that draws it comes only with the first one that is looked at. Code that is there already is used at
 * once: React shows what stood in for something for at least a third of a second.
 */
export function Graph(props: ComponentProps<typeof Later>) {
  const [View] = useState(() => loaded?.default ?? Later);
  return (
    <Suspense fallback={<Skeleton active />}>
      <View {...props} />
    </Suspense>
  );
}
