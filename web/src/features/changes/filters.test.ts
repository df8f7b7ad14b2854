import { expect, test } from "vitest";

import { keyOf, namesOf, queryOf } from "./filters";

test("times that are none are not asked for", () => {
  const since = "2026-11-20T10:00";
  expect(queryOf({ search: "dw", since, until: "tomorrow" })).toEqual({ search: "dw", since: new Date(since).getTime() });
});

test("only what can be exported by its name is selected", () => {
  expect(keyOf({ kind: "job", name: "a/b", change: "changed" })).toBe("job/a/b");
  expect(keyOf({ kind: "job", name: "a", change: "deleted" })).toBeNull();
  expect(keyOf({ kind: "resource", name: "a", change: "added" })).toBeNull();
});

test("a selection is taken apart by kind", () => {
  expect(namesOf(["job/a/b", "script/c", "job/d"])).toEqual({ job: ["a/b", "d"], script: ["c"] });
});
