import type { Point } from "./place";

/** A node of a job's document: its name, type, those before it, where it stands, and all else that it says. */
export interface JobNode {
  name: string;
  type: string;
  after: readonly string[];
  place: Point | null;
  content: string;
}

type Json = Record<string, unknown>;

/** The nodes of a job's text; none of a text that is no such document. */
export function jobNodes(text: string): JobNode[] {
  return listOf(parsed(text)["nodes"]).map(({ name, type, preNodeName, location, ...rest }) => ({
    name: textOf(name),
    type: textOf(type),
    after: (Array.isArray(preNodeName) ? preNodeName : [preNodeName]).map(textOf).filter(Boolean),
    place: pointOf(location),
    content: JSON.stringify(rest),
  }));
}

function parsed(text: string): Json {
  try {
    return objectOf(JSON.parse(text));
  } catch {
    return {};
  }
}

function pointOf(location: unknown): Point | null {
  const { x, y } = objectOf(location);
  const point = { x: numberOf(x), y: numberOf(y) };
  return Number.isFinite(point.x) && Number.isFinite(point.y) ? point : null;
}

/** A number, which documents write as text, too. */
function numberOf(value: unknown): number {
  const isSaid = typeof value === "number" || (typeof value === "string" && value.trim() !== "");
  return isSaid ? Number(value) : Number.NaN;
}

function objectOf(value: unknown): Json {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Json) : {};
}

function listOf(value: unknown): Json[] {
  return Array.isArray(value) ? value.map(objectOf) : [];
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value : "";
}

/** What becomes of a node from one text of its job to another. */
export type NodeChange = "create" | "overwrite" | "unchanged" | "delete";

/** What becomes of each node, by its name. */
export function nodeChanges(here: readonly JobNode[], coming: readonly JobNode[]): Map<string, NodeChange> {
  const former = new Map(here.map((node) => [node.name, node]));
  const changes = new Map<string, NodeChange>(here.map(({ name }) => [name, "delete"]));
  for (const node of coming) {
    const old = former.get(node.name);
    changes.set(node.name, old === undefined ? "create" : isSame(old, node) ? "unchanged" : "overwrite");
  }
  return changes;
}

function isSame(one: JobNode, other: JobNode): boolean {
  return one.type === other.type && one.content === other.content && one.after.join("\n") === other.after.join("\n");
}
