import type { Schemas } from "@/shared/api/client";

type Thing = Schemas["InventoryThing"];

const CELL = /("(?:[^"]|"")*"|[^,\n\r"]*)(,|\r\n|\n|\r|$)/gy;

/** The cells of a CSV file, line by line; lines without any text are left out. */
export function readCsv(text: string): string[][] {
  const lines: string[][] = [];
  let line: string[] = [];
  for (const [, cell = "", end = ""] of text.replace(/^\uFEFF/, "").matchAll(CELL)) {
    line.push(cell.startsWith('"') ? cell.slice(1, -1).replaceAll('""', '"') : cell);
    if (end === ",") continue;
    if (line.some((one) => one.trim() !== "")) lines.push(line);
    line = [];
  }
  return lines;
}

/** The things that a file names; null where it lacks the columns. */
export function readThings(text: string): Thing[] | null {
  const [head = [], ...lines] = readCsv(text);
  const places = ["kind", "name", "local_id"].map((column) => head.findIndex((cell) => cell.trim() === column));
  const [kind = -1, name = -1, localId = -1] = places;
  if (kind < 0 || name < 0) return null;
  return lines.map((line) => ({ kind: line[kind] ?? "", name: line[name] ?? "", local_id: line[localId] ?? "" }));
}
