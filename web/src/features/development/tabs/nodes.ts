import { layOutAhead } from "@/shared/graph/layoutWorker";
import type { Point } from "@/shared/graph/place";

import type { Outline } from "../api";

/** A node as its document has it, as far as a drawer shows it. */
export interface NodeDetails {
  properties: { name: string; value: string; isSensitive: boolean }[];
  settings: Record<string, string>;
  conditions: string[];
}

type Json = Record<string, unknown>;

/** What a document says of its nodes besides its outline: where they stand, and their properties. */
export interface Read {
  places: Record<string, Point>;
  details: Partial<Record<string, NodeDetails>>;
}

/** Reads the nodes of a job's text. A text that is no such document tells nothing: what is wrong with it, the platform says. */
export function readNodes(text: string, sensitive: readonly string[] = []): Read {
  const nodes = listOf(parsed(text)["nodes"]);
  const patterns = sensitive.map(patternOf);
  return { places: placesOf(nodes), details: Object.fromEntries(nodes.map((node) => [textOf(node["name"]), detailsOf(node, patterns)])) };
}

/** The nodes of a job's graph. */
export function graphNodes({ nodes }: Outline) {
  return nodes.map(({ name, type, after }) => ({ id: name, name, kind: type, after }));
}

/** Lays out a job's graph before its page is drawn, if its text does not say where nodes stand. */
export function layOutJob(outline: Outline, text: string): void {
  layOutAhead(graphNodes(outline), placesOf(listOf(parsed(text)["nodes"])));
}

function placesOf(nodes: readonly Json[]): Record<string, Point> {
  const places: Record<string, Point> = {};
  for (const node of nodes) {
    const place = pointOf(objectOf(node["location"]));
    if (place !== null) places[textOf(node["name"])] = place;
  }
  return places;
}

function parsed(text: string): Json {
  try {
    return objectOf(JSON.parse(text));
  } catch {
    return {};
  }
}

function pointOf({ x, y }: Json): Point | null {
  const point = { x: numberOf(x), y: numberOf(y) };
  return Number.isFinite(point.x) && Number.isFinite(point.y) ? point : null;
}

function numberOf(value: unknown): number {
  const isSaid = typeof value === "number" || (typeof value === "string" && value.trim() !== "");
  return isSaid ? Number(value) : Number.NaN;
}

const SETTINGS = ["retryTimes", "retryInterval", "maxExecutionTime", "pollingInterval", "failPolicy"];

function detailsOf(node: Json, sensitive: RegExp[]): NodeDetails {
  return {
    properties: listOf(node["properties"]).map((property) => {
      const name = textOf(property["name"]);
      const isSensitive = property["value_is_sensitive"] === true || sensitive.some((pattern) => pattern.test(name));
      return { name, value: textOf(property["value"]), isSensitive };
    }),
    settings: Object.fromEntries(SETTINGS.map((key): [string, string] => [key, textOf(node[key])])),
    conditions: listOf(node["conditions"]).map((condition) => `${textOf(condition["preNodeName"])}: ${textOf(condition["expression"])}`),
  };
}

/** Whether the setting ``sensitive_names`` (patterns divided by comma) takes a property's value for a secret. */
export function isSensitiveName(name: string, patterns = ""): boolean {
  return patterns.split(",").some((pattern) => pattern.trim() !== "" && patternOf(pattern).test(name));
}

/** A pattern of the setting ``sensitive_names``: ``*`` is any text, ``?`` one character, case does not count. */
function patternOf(pattern: string): RegExp {
  const escaped = pattern.trim().replaceAll(/[.+^${}()|[\]\\]/g, String.raw`\$&`);
  return new RegExp(`^${escaped.replaceAll("*", ".*").replaceAll("?", ".")}$`, "i");
}

function objectOf(value: unknown): Json {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Json) : {};
}

function listOf(value: unknown): Json[] {
  return Array.isArray(value) ? value.map(objectOf) : [];
}

function textOf(value: unknown): string {
  if (typeof value === "string") return value;
  return value === undefined || value === null ? "" : JSON.stringify(value);
}
