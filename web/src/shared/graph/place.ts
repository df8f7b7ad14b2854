import { height, space, width } from "@/shared/look/tokens";

/** A node of a graph, and those before it. */
export interface GraphNode {
  id: string;
  after: readonly string[];
}

export interface Point {
  x: number;
  y: number;
}

export type Places = Record<string, Point>;

/** How large a node is drawn, and how far apart nodes stand. */
export const BOX = { width: width.node, height: height.node };
export const GAP = { across: space.huge + space.large, along: space.large };

/** As many nodes as dagre lays out in about a second. */
const MOST_FOR_DAGRE = 300;

const ROW_HEIGHT = BOX.height + GAP.along;
const COLUMN_WIDTH = BOX.width + GAP.across;

/** Where nodes stand that need no layout: as their document says if that can be looked at, or in columns if they are many. */
export function withoutLayout(nodes: readonly GraphNode[], said: Partial<Places>): Places | null {
  if (isPlaced(nodes, said)) return said;
  return nodes.length > MOST_FOR_DAGRE ? inColumns(nodes) : null;
}

/** Whether every node has a place, and none covers another. */
export function isPlaced(nodes: readonly GraphNode[], places: Partial<Places>): places is Places {
  const taken = new Map<string, Point[]>();
  return nodes.every(({ id }) => {
    const at = places[id];
    return at !== undefined && Number.isFinite(at.x) && Number.isFinite(at.y) && isFree(at, taken);
  });
}

/** Looks only at the cells around a place, so that thousands of nodes are compared in no time; then takes it. */
function isFree(at: Point, taken: Map<string, Point[]>): boolean {
  const column = Math.floor(at.x / BOX.width);
  const row = Math.floor(at.y / BOX.height);
  for (const dx of [-1, 0, 1]) {
    for (const dy of [-1, 0, 1]) {
      const near = taken.get(`${column + dx}/${row + dy}`) ?? [];
      if (near.some(({ x, y }) => Math.abs(x - at.x) < BOX.width && Math.abs(y - at.y) < BOX.height)) return false;
    }
  }
  const cell = `${column}/${row}`;
  taken.set(cell, [...(taken.get(cell) ?? []), at]);
  return true;
}

/** Places in columns, each node behind all that come before it: quick for any number of nodes, circles too. */
export function inColumns(nodes: readonly GraphNode[]): Places {
  const columns = columnsOf(nodes);
  const rows = new Map<number, number>();
  const places: Places = {};
  for (const { id } of nodes) {
    const column = columns.get(id) ?? 0;
    const row = rows.get(column) ?? 0;
    rows.set(column, row + 1);
    places[id] = { x: column * COLUMN_WIDTH, y: row * ROW_HEIGHT };
  }
  return places;
}

/** How many nodes one after the other lead to each; what runs in a circle goes on from where it was met. */
function columnsOf(nodes: readonly GraphNode[]): Map<string, number> {
  const waits = new Map(nodes.map(({ id, after }) => [id, new Set(after)]));
  const behind = new Map<string, string[]>();
  for (const { id, after } of nodes) for (const former of after) behind.set(former, [...(behind.get(former) ?? []), id]);
  for (const former of waits.values()) for (const name of former) if (!waits.has(name)) former.delete(name);
  const columns = new Map<string, number>();
  const left = new Set(waits.keys());
  let ready = [...left].filter((id) => waits.get(id)?.size === 0);
  while (left.size > 0) {
    if (ready.length === 0) ready = [...left].slice(0, 1);
    const next: string[] = [];
    for (const id of ready) {
      left.delete(id);
      for (const follower of behind.get(id) ?? []) {
        if (!left.has(follower)) continue;
        columns.set(follower, Math.max(columns.get(follower) ?? 0, (columns.get(id) ?? 0) + 1));
        waits.get(follower)?.delete(id);
        if (waits.get(follower)?.size === 0) next.push(follower);
      }
    }
    ready = next;
  }
  return columns;
}
