import { height } from "@/shared/look/tokens";

import { BOX, type Places, type Point } from "./place";

/** How large a pane is, in pixels. */
export interface Size {
  width: number;
  height: number;
}

/** Where a graph is looked at: its corner in pixels, and how large it is drawn. */
export interface View extends Point {
  zoom: number;
}

/** Names of nodes can still be read. */
const LEAST_ZOOM = 0.8;
const MOST_ZOOM = 1;
const EDGE = 24;

/**
 * Shows the nodes of these ids: all of them if that can be read, else one and what is beside it. That is the one
 * `from`, else the first from the left.
 */
export function startAt(ids: readonly string[], places: Places, size: Size, from?: string): View {
  const points = pointsOf(ids, places).sort((one, other) => one.x - other.x || one.y - other.y);
  const first = (from !== undefined && places[from]) || points[0];
  if (first === undefined) return { x: EDGE, y: EDGE, zoom: MOST_ZOOM };
  const box = around(points);
  const fitting = Math.min((size.width - 2 * EDGE) / box.width, (size.height - 2 * EDGE) / box.height);
  if (fitting >= LEAST_ZOOM) return centred(box, Math.min(fitting, MOST_ZOOM), size);
  const reach = from === undefined ? Math.min(box.width, (size.width - 2 * EDGE) / LEAST_ZOOM) : BOX.width;
  const near = { ...first, width: reach, height: BOX.height };
  return centred(near, LEAST_ZOOM, size);
}

/** Shows one node in the middle, as large as the graph is drawn now. */
export function showNode(id: string, places: Places, size: Size, zoom: number): View {
  const at = places[id] ?? { x: 0, y: 0 };
  return centred({ ...at, ...BOX }, Math.max(zoom, LEAST_ZOOM), size);
}

/** How high a pane is for a graph: as high as its nodes need, within limits. */
export function paneHeight(ids: readonly string[], places: Places): number {
  const points = pointsOf(ids, places);
  const needed = points.length > 0 ? around(points).height + 4 * EDGE : 0;
  return Math.min(Math.max(needed, height.graphLeast), height.graph);
}

function pointsOf(ids: readonly string[], places: Places): Point[] {
  return ids.flatMap((id) => places[id] ?? []);
}

function around(points: readonly Point[]): Point & Size {
  const x = Math.min(...points.map((point) => point.x));
  const y = Math.min(...points.map((point) => point.y));
  const right = Math.max(...points.map((point) => point.x)) + BOX.width;
  const bottom = Math.max(...points.map((point) => point.y)) + BOX.height;
  return { x, y, width: right - x, height: bottom - y };
}

function centred(box: Point & Size, zoom: number, size: Size): View {
  return { x: size.width / 2 - (box.x + box.width / 2) * zoom, y: size.height / 2 - (box.y + box.height / 2) * zoom, zoom };
}
