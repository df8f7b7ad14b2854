import { expect, test } from "vitest";

import { confirmed, withDeletions } from "./deletions";

const gone = [
  { kind: "job", name: "a", uid: "1", here: "a2" },
  { kind: "script", name: "b/c", uid: "2", here: "b/c" },
  { kind: "job", name: "d", uid: "3", here: null },
] as const;

test("all that is here goes, or what was named", () => {
  expect(confirmed({ apply_deletions: true }, [...gone])).toEqual(["job/a2", "script/b/c"]);
  expect(confirmed({ delete: { script: ["b/c"] } }, [...gone])).toEqual(["script/b/c"]);
  expect(confirmed({}, [...gone])).toEqual([]);
});

test("what is ticked is named object by object", () => {
  expect(withDeletions({ apply_deletions: true, duplicates: "skip" }, ["job/a2", "script/b/c", "job/e"])).toEqual({
    duplicates: "skip",
    apply_deletions: false,
    delete: { job: ["a2", "e"], script: ["b/c"] },
  });
});
