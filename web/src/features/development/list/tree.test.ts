import { expect, test } from "vitest";

import type { Directory } from "../api";
import { grown, leadingTo, levelsOf, topmost } from "./tree";

const directory = (path: string, directories = 0): Directory => ({ path, directories, objects: 0, objects_below: 0 });

test("the way to a directory goes through all above it", () => {
  expect(leadingTo("/")).toEqual(["/"]);
  expect(leadingTo("/dw/ods/每日")).toEqual(["/", "/dw", "/dw/ods", "/dw/ods/每日"]);
});

test("a tree has the levels that are known; others can be opened", () => {
  const levels = levelsOf([{ parent: directory("/", 2), total: 2, items: [directory("/dw", 1), directory("/empty")] }]);
  expect(grown(levels, ({ path }) => path)).toEqual([
    {
      key: "/",
      title: "/",
      isLeaf: false,
      children: [
        { key: "/dw", title: "/dw", isLeaf: false },
        { key: "/empty", title: "/empty", isLeaf: true },
      ],
    },
  ]);
});

test("a tree of which nothing is known is empty", () => {
  expect(grown(levelsOf([]), ({ path }) => path)).toEqual([]);
});

test("of ticked directories only the upper ones count", () => {
  expect(topmost(["/a", "/a/b", "/ab", "/c/d"])).toEqual(["/a", "/ab", "/c/d"]);
  expect(topmost(["/", "/a"])).toEqual(["/"]);
});
