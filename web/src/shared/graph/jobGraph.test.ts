import { expect, test } from "vitest";

import { jobNodes, nodeChanges } from "./jobGraph";

const text = (...nodes: object[]) => JSON.stringify({ nodes });

test("nodes are read with those before them and their places, which documents write as text, too", () => {
  expect(jobNodes(text({ name: "a", type: "Shell", preNodeName: ["b"], location: { x: "1", y: 2 } }))).toEqual([
    { name: "a", type: "Shell", after: ["b"], place: { x: 1, y: 2 }, content: "{}" },
  ]);
  expect(["", "[]", '{"nodes": 1}'].map(jobNodes)).toEqual([[], [], []]);
});

test("a node is new, gone, changed, or as it was wherever it is drawn", () => {
  const here = jobNodes(text({ name: "same", location: { x: 1 } }, { name: "gone" }, { name: "other", v: 1 }, { name: "moved" }));
  const coming = jobNodes(text({ name: "same" }, { name: "new" }, { name: "other", v: 2 }, { name: "moved", preNodeName: ["same"] }));
  expect(Object.fromEntries(nodeChanges(here, coming))).toEqual({
    same: "unchanged",
    gone: "delete",
    other: "overwrite",
    moved: "overwrite",
    new: "create",
  });
});
