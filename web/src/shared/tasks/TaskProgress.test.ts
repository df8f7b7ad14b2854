import { expect, test } from "vitest";

import { percentOf } from "./TaskProgress";

test("each phase counts the same, and what is done of it counts inside", () => {
  expect(percentOf({ kind: "check", phase: "received", done: 0, total: 0 })).toBe(0);
  expect(percentOf({ kind: "check", phase: "read", done: 1, total: 2 })).toBe(38);
  expect(percentOf({ kind: "import", phase: "applied", done: 5, total: 5 })).toBe(100);
  expect(percentOf({ kind: "undo", phase: "received", done: 0, total: 0 })).toBe(0);
  expect(percentOf({ kind: "asset-backup", phase: "packed", done: 1, total: 2 })).toBe(75);
});
