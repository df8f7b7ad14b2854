import { withoutLayout, type GraphNode, type Places } from "./place";

/** Nodes that a worker lays out: where they stand once it is done, and who is told of that. */
export interface Layout {
  places: Places | null;
  /** Called once, with null if it failed. */
  told: (places: Places | null) => void;
  end: () => void;
}

let ready: Worker | null = null;
let ahead: { key: string; layout: Layout } | null = null;

function begun(): Worker {
  return new Worker(new URL("./layout.worker.ts", import.meta.url), { type: "module" });
}

/** Starts the worker that lays out graphs while data and code of a page are still on their way. */
export function prepareLayout(): void {
  ready ??= begun();
}

/** Lays out a graph that is about to be shown; none whose nodes have places, as then nobody needs the worker. */
export function layOutAhead(nodes: readonly GraphNode[], said: Partial<Places>): void {
  if (withoutLayout(nodes, said) === null) ahead = { key: keyOf(nodes), layout: begin(nodes) };
  else dropLayout();
}

/** Where nodes stand that were laid out ahead; null if that was not asked for, or is not done. */
export function laidOutAhead(nodes: readonly GraphNode[]): Places | null {
  return ahead?.key === keyOf(nodes) ? ahead.layout.places : null;
}

/** The layout that goes on ahead for these nodes, or a new one. */
export function layOut(nodes: readonly GraphNode[]): Layout {
  const going = ahead?.key === keyOf(nodes) ? ahead.layout : begin(nodes);
  ahead = null;
  return going;
}

/** Ends a worker that nobody needs: the graph says itself where its nodes stand. */
export function dropLayout(): void {
  ready?.terminate();
  ready = null;
}

function begin(nodes: readonly GraphNode[]): Layout {
  const worker = ready ?? begun();
  ready = null;
  const layout: Layout = { places: null, told: () => undefined, end: () => worker.terminate() };
  worker.onmessage = ({ data }: MessageEvent<Places>) => {
    worker.terminate();
    layout.places = data;
    layout.told(data);
  };
  worker.onerror = () => {
    if (ahead?.layout === layout) ahead = null;
    layout.told(null);
  };
  worker.postMessage(nodes.map(({ id, after }) => ({ id, after })));
  return layout;
}

function keyOf(nodes: readonly GraphNode[]): string {
  return JSON.stringify(nodes.map(({ id, after }) => [id, after]));
}
