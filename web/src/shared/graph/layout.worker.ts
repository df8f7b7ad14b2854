import { graphlib, layout } from "@dagrejs/dagre";

import { BOX, GAP, type GraphNode, type Places } from "./place";

/** Places nodes by dagre, beside the page, so that that goes on meanwhile. */
self.onmessage = ({ data }: MessageEvent<readonly GraphNode[]>): void => {
  const graph = new graphlib.Graph();
  graph.setGraph({ rankdir: "LR", nodesep: GAP.along, ranksep: GAP.across });
  graph.setDefaultEdgeLabel(() => ({}));
  for (const { id } of data) graph.setNode(id, { ...BOX });
  for (const { id, after } of data) for (const former of after) if (graph.hasNode(former)) graph.setEdge(former, id);
  layout(graph);
  const places: Places = {};
  for (const id of graph.nodes()) {
    const { x, y } = graph.node(id) as { x: number; y: number };
    places[id] = { x: x - BOX.width / 2, y: y - BOX.height / 2 };
  }
  self.postMessage(places);
};
