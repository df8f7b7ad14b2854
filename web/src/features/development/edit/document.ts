import { applyEdits, findNodeAtLocation, getNodeValue, modify, parseTree, type Edit, type JSONPath, type ParseError } from "jsonc-parser";

const STRICT = { allowTrailingComma: false, disallowComments: true };

/** Whether a text is one JSON object, so that a form can show it. */
export function isDocument(text: string): boolean {
  const errors: ParseError[] = [];
  return parseTree(text, errors, STRICT)?.type === "object" && errors.length === 0;
}

/** A value of a document as a form shows it; empty where there is none. */
export function valueAt(text: string, path: JSONPath): string {
  const value = rawAt(text, path);
  if (value === undefined || value === null) return "";
  return typeof value === "string" ? value : JSON.stringify(value);
}

/** How many values a list of a document has. */
export function countAt(text: string, path: JSONPath): number {
  const value = rawAt(text, path);
  return Array.isArray(value) ? value.length : 0;
}

/** A value of a document; ``undefined`` where there is none. */
export function rawAt(text: string, path: JSONPath): unknown {
  const root = parseTree(text);
  const node = root && findNodeAtLocation(root, path);
  return node && (getNodeValue(node) as unknown);
}

/** The text with one value changed, added, or with ``undefined`` taken away: every other character stays as it is. */
export function withValue(text: string, path: JSONPath, value: unknown): string {
  const edit = value === undefined ? lastGone(text, path) : null;
  return applyEdits(text, edit ? [edit] : modify(text, path, value, {}));
}

/** The edit that takes the last of several values out of a list: the library's own leaves a piece of it. */
function lastGone(text: string, path: JSONPath): Edit | null {
  const root = parseTree(text);
  const list = root && findNodeAtLocation(root, path.slice(0, -1));
  if (list?.type !== "array") return null;
  const [former, last] = list.children?.slice(-2) ?? [];
  if (former === undefined || last === undefined || path.at(-1) !== (list.children?.length ?? 0) - 1) return null;
  const offset = former.offset + former.length;
  return { offset, length: last.offset + last.length - offset, content: "" };
}

/** The text with one more value at the end of a list. */
export function withItem(text: string, path: JSONPath, value: unknown): string {
  if (!Array.isArray(rawAt(text, path))) return withValue(text, path, [value]);
  return applyEdits(text, modify(text, [...path, countAt(text, path)], value, { isArrayInsertion: true }));
}

/** What a script's document holds as its text. */
export function contentOf(text: string): string {
  return valueAt(text, ["content"]);
}

const DEPENDENCY = ["schedule", "cron", "dependJobs"];

/** The names of the jobs that a job waits for; null where the document lists them in a form that only its text shows. */
export function namesAt(text: string): string[] | null {
  const dependency = rawAt(text, DEPENDENCY);
  if (dependency === undefined || dependency === null) return [];
  const names = rawAt(text, [...DEPENDENCY, "jobs"]) ?? [];
  return !Array.isArray(dependency) && Array.isArray(names) && names.every((name) => typeof name === "string") ? names : null;
}

/** The text with other jobs to wait for; a dependency that says nothing else goes with the last of them. */
export function withUpstream(text: string, names: readonly string[]): string {
  const others = Object.keys((rawAt(text, DEPENDENCY) as object | undefined) ?? {}).filter((key) => key !== "jobs");
  if (names.length === 0 && others.length === 0) return withValue(text, DEPENDENCY, undefined);
  return withValue(text, [...DEPENDENCY, "jobs"], names);
}
