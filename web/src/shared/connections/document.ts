import { applyEdits, findNodeAtLocation, getNodeValue, modify, parseTree } from "jsonc-parser";

/** What a form says of a connection; texts, empty for what is not there. */
export interface Filled {
  name: string;
  type: string;
  description: string;
  config: Record<string, string>;
}

/** The document of one connection in an answer that lists some, exactly as it is written there. */
export function documentIn(answer: string, name: string): string | null {
  const root = parseTree(answer);
  const items = root && findNodeAtLocation(root, ["items"])?.children;
  for (const item of items ?? []) {
    const named = findNodeAtLocation(item, ["name"]);
    const document = findNodeAtLocation(item, ["document"]);
    if (named && document && getNodeValue(named) === name) return answer.slice(document.offset, document.offset + document.length);
  }
  return null;
}

/** What a document says, as a form shows it. */
export function filledFrom(text: string): Filled {
  const said = JSON.parse(text) as { name?: unknown; type?: unknown; description?: unknown; config?: Record<string, unknown> };
  return {
    name: shown(said.name),
    type: shown(said.type),
    description: shown(said.description),
    config: Object.fromEntries(Object.entries(said.config ?? {}).map(([key, value]) => [key, shown(value)])),
  };
}

function shown(value: unknown): string {
  if (value === undefined || value === null) return "";
  return typeof value === "string" ? value : JSON.stringify(value);
}

/** The text with what the form says otherwise; every other character stays as it is. */
export function withFilled(text: string, filled: Filled): string {
  const before = filledFrom(text);
  const changes: [string[], string][] = [
    [["name"], filled.name],
    [["type"], filled.type],
    [["description"], filled.description],
    ...Object.entries(filled.config).map(([key, value]): [string[], string] => [["config", key], value]),
  ];
  return changes.reduce((now, [path, value]) => (value === formerAt(before, path) ? now : changed(now, path, value)), text);
}

function formerAt(before: Filled, path: string[]): string {
  const [first = "", key] = path;
  return key === undefined ? before[first as "name" | "type" | "description"] : (before.config[key] ?? "");
}

function changed(text: string, path: string[], value: string): string {
  return applyEdits(text, modify(text, path, value === "" ? undefined : value, {}));
}

/** A new connection's document begins with this. */
export const EMPTY = '{"name": "", "type": "", "config": {}}';
