import { expect, test } from "vitest";

import { folderOf, parentOf } from "./objectPath";

test("the folder of a path is what stands before its last slash, from the bucket on", () => {
  expect(["", "obs://", "obs://bucket", "obs://bucket/", "obs://bucket/a/b.zip", "/tmp/x"].map(folderOf)).toEqual([
    "obs://",
    "obs://",
    "obs://",
    "obs://bucket/",
    "obs://bucket/a/",
    "obs://",
  ]);
});

test("the way up ends at the buckets", () => {
  expect(["obs://bucket/a/b/", "obs://bucket/a/", "obs://bucket/"].map(parentOf)).toEqual(["obs://bucket/a/", "obs://bucket/", "obs://"]);
});
