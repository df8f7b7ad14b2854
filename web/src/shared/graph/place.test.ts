import { expect, test } from "vitest";

import { BOX, inColumns, isPlaced, withoutLayout, type GraphNode } from "./place";

const chain: GraphNode[] = [
  { id: "a", after: [] },
  { id: "b", after: ["a"] },
  { id: "c", after: ["a", "b"] },
];

test("places are good if every node has one and none covers another", () => {
  expect(isPlaced(chain, { a: { x: 0, y: 0 }, b: { x: BOX.width, y: 0 }, c: { x: -BOX.width, y: 0 } })).toBe(true);
  expect(isPlaced(chain, { a: { x: 0, y: 0 }, b: { x: BOX.width, y: 0 } })).toBe(false);
  expect(isPlaced(chain, { a: { x: 0, y: 0 }, b: { x: 1, y: 1 }, c: { x: -BOX.width, y: 0 } })).toBe(false);
  expect(isPlaced([chain[0] as GraphNode], { a: { x: Number.NaN, y: 0 } })).toBe(false);
});

test("each node stands behind all that come before it", () => {
  const places = inColumns(chain);
  expect(isPlaced(chain, places)).toBe(true);
  expect(places["a"]?.x).toBeLessThan(places["b"]?.x ?? 0);
  expect(places["b"]?.x).toBeLessThan(places["c"]?.x ?? 0);
});

test("what runs in a circle is placed too", () => {
  const circle: GraphNode[] = [
    { id: "a", after: ["c"] },
    { id: "b", after: ["a"] },
    { id: "c", after: ["b", "missing"] },
  ];
  expect(isPlaced(circle, inColumns(circle))).toBe(true);
});

test("two thousand nodes are placed at once, a row of them too", () => {
  const row = Array.from({ length: 2000 }, (_, index) => ({ id: `n${index}`, after: index ? [`n${index - 1}`] : [] }));
  expect(isPlaced(row, inColumns(row))).toBe(true);
});

test("few nodes without places are laid out, many stand in columns, and good places are kept", () => {
  const places = inColumns(chain);
  expect(withoutLayout(chain, places)).toBe(places);
  expect(withoutLayout(chain, {})).toBeNull();
  const many = Array.from({ length: 301 }, (_, number) => ({ id: `n${number}`, after: [] }));
  expect(withoutLayout(many, {})).toEqual(inColumns(many));
});
