import type { JSONPath } from "jsonc-parser";

import { jobNodes } from "@/shared/graph/jobGraph";

import { rawAt, withItem, withValue } from "../document";

type Json = Record<string, unknown>;

const NODES = "nodes";
const STEP = 300;

/** The names of a job's nodes, in the order of the document. */
export function nodeNames(text: string): string[] {
  return jobNodes(text).map(({ name }) => name);
}

/** The names that a node waits for. */
export function formerOf(text: string, index: number): string[] {
  return listed(rawAt(text, [NODES, index, "preNodeName"])).filter((name): name is string => typeof name === "string");
}

/** The nodes that cannot come before one, since they wait for it. */
export function behind(text: string, name: string): Set<string> {
  const nodes = jobNodes(text);
  const found = new Set([name]);
  for (let known = 0; known < found.size; ) {
    known = found.size;
    for (const node of nodes) if (node.after.some((former) => found.has(former))) found.add(node.name);
  }
  return found;
}

/** The text with a node more, which waits for nothing, and its name. Where all others have a place, it gets one too. */
export function withNode(text: string): { text: string; name: string } {
  const nodes = jobNodes(text);
  const names = new Set(nodes.map(({ name }) => name));
  let number = nodes.length + 1;
  while (names.has(`node${number}`)) number += 1;
  const name = `node${number}`;
  const places = nodes.flatMap(({ place }) => place ?? []);
  const isPlaced = nodes.length > 0 && places.length === nodes.length;
  const location = { x: Math.max(...places.map(({ x }) => x)) + STEP, y: Math.min(...places.map(({ y }) => y)) };
  const node = { name, type: "Dummy", ...(isPlaced ? { location } : {}), preNodeName: [], properties: [] };
  return { text: withItem(text, [NODES], node), name };
}

/** Who asks in an expression what this node gave or how it ended: it cannot go while they do. */
export function askers(text: string, name: string): string[] {
  const names = nodeNames(text);
  const paths = expressions(text, name).map(({ path }) => path);
  return [...new Set(paths.flatMap(([part, index]) => (part === NODES && typeof index === "number" ? [names[index] ?? ""] : [String(part)])))].filter(
    (asker) => asker !== name,
  );
}

/** The text without a node; those that waited for it no longer do. */
export function withoutNode(text: string, index: number): string {
  const names = nodeNames(text);
  const name = names[index];
  if (name === undefined) return text;
  const freed = names.reduce((now, _, other) => (other === index ? now : withFormer(now, other, formerOf(now, other).filter((former) => former !== name))), text);
  return withValue(freed, [NODES, index], undefined);
}

/** The text with another name for a node, wherever others wait for it or ask for it. */
export function withName(text: string, index: number, name: string): string {
  const names = nodeNames(text);
  const old = names[index];
  if (old === undefined || old === name) return text;
  let now = withValue(text, [NODES, index, "name"], name);
  names.forEach((_, other) => {
    listed(rawAt(now, [NODES, other, "preNodeName"])).forEach((former, place) => {
      const path = [NODES, other, "preNodeName"];
      if (former === old) now = withValue(now, Array.isArray(rawAt(now, path)) ? [...path, place] : path, name);
    });
    conditionsOf(now, other).forEach((former, place) => {
      if (former === old) now = withValue(now, [NODES, other, "conditions", place, "preNodeName"], name);
    });
  });
  for (const { path, value } of expressions(now, old)) now = withValue(now, path, value.replaceAll(asking(old), (_, begin: string, end: string) => begin + name + end));
  return now;
}

/** The text with others before a node; what was a condition of one that no longer is goes, too. */
export function withFormer(text: string, index: number, former: readonly string[]): string {
  const before = formerOf(text, index);
  if (before.join("\n") === former.join("\n")) return text;
  const path: JSONPath = [NODES, index, "preNodeName"];
  let now = text;
  if (!Array.isArray(rawAt(text, path))) now = withValue(now, path, [...former]);
  else {
    for (let place = before.length - 1; place >= 0; place -= 1) if (!former.includes(before[place] ?? "")) now = withValue(now, [...path, place], undefined);
    for (const name of former) if (!before.includes(name)) now = withItem(now, path, name);
  }
  const conditions = conditionsOf(now, index);
  for (let place = conditions.length - 1; place >= 0; place -= 1) {
    const of = conditions[place];
    if (of !== "" && of !== undefined && before.includes(of) && !former.includes(of)) now = withValue(now, [NODES, index, "conditions", place], undefined);
  }
  return now;
}

/** A property of a node: the last one of its name counts, as for the platform. */
export interface Property {
  name: string;
  value: unknown;
  isSensitive: boolean;
}

/** The properties of a node, each name once. */
export function propertiesAt(text: string, index: number): Property[] {
  const found = new Map<string, Property>();
  for (const item of listed(rawAt(text, [NODES, index, "properties"]))) {
    const { name, value, value_is_sensitive: sensitive } = objectOf(item);
    if (typeof name === "string") found.set(name, { name, value, isSensitive: sensitive === true || sensitive === "true" });
  }
  return [...found.values()];
}

/** The text with another value of a property; without one it goes. */
export function withProperty(text: string, index: number, name: string, value: string | undefined): string {
  const path: JSONPath = [NODES, index, "properties"];
  const places = listed(rawAt(text, path)).flatMap((item, place) => (objectOf(item)["name"] === name ? [place] : []));
  if (value === undefined) return places.reduceRight((now, place) => withValue(now, [...path, place], undefined), text);
  const last = places.at(-1);
  return last === undefined ? withItem(text, path, { name, value }) : withValue(text, [...path, last, "value"], value);
}

function conditionsOf(text: string, index: number): string[] {
  return listed(rawAt(text, [NODES, index, "conditions"])).map((condition) => {
    const name = objectOf(condition)["preNodeName"];
    return typeof name === "string" ? name : "";
  });
}

/** ``Job.getNodeStatus("name")`` and its like. */
function asking(name: string): RegExp {
  const escaped = name.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);
  return new RegExp(String.raw`(\bJob\.getNode\w*\(\s*["'])${escaped}(["'])`, "g");
}

/** Texts in the document that ask for a node, and where they stand. */
function expressions(text: string, name: string): { path: JSONPath; value: string }[] {
  const pattern = asking(name);
  const found: { path: JSONPath; value: string }[] = [];
  const look = (value: unknown, path: JSONPath): void => {
    if (typeof value === "string") {
      if (value.search(pattern) >= 0) found.push({ path, value });
    } else if (Array.isArray(value)) value.forEach((item, place) => look(item, [...path, place]));
    else for (const [key, item] of Object.entries(objectOf(value))) look(item, [...path, key]);
  };
  look(rawAt(text, []), []);
  return found;
}

function listed(value: unknown): unknown[] {
  if (Array.isArray(value)) return value;
  return value === undefined || value === null || value === "" ? [] : [value];
}

function objectOf(value: unknown): Json {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Json) : {};
}
