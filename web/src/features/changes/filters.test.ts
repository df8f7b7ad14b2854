import { expect, test } from "vitest";

import { keyOf, namesOf } from "./filters";

test("only what can be exported by its name is selected", () => {
  expect(keyOf({ kind: "job", name: "a/b", change: "changed" })).toBe("job/a/b");
  expect(keyOf({ kind: "job", name: "a", change: "deleted" })).toBeNull();
  expect(keyOf({ kind: "resource", name: "a", change: "added" })).toBeNull();
});

test("a selection is taken apart by kind", () => {
  expect(namesOf(["job/a/b", "script/c", "job/d"])).toEqual({ job: ["a/b", "d"], script: ["c"] });
});
