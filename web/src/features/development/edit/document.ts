import { applyEdits, findNodeAtLocation, getNodeValue, modify, parseTree, type JSONPath, type ParseError } from "jsonc-parser";

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

function rawAt(text: string, path: JSONPath): unknown {
  const root = parseTree(text);
  const node = root && findNodeAtLocation(root, path);
  return node && (getNodeValue(node) as unknown);
}

/** The text with one value changed, added, or with ``undefined`` taken away: every other character stays as it is. */
export function withValue(text: string, path: JSONPath, value: unknown): string {
  return applyEdits(text, modify(text, path, value, {}));
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
