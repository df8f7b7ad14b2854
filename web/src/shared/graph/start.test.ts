import { expect, test } from "vitest";

import { BOX, type Places } from "./place";
import { paneHeight, showNode, startAt } from "./start";

const PANE = { width: 480, height: 400 };
const PLACES: Places = Object.fromEntries(Array.from({ length: 60 }, (_, index) => [`n${index}`, { x: index * 300, y: (index % 3) * 100 }]));

function shown(id: string, { x, y, zoom }: { x: number; y: number; zoom: number }): boolean {
  const at = PLACES[id] ?? { x: 0, y: 0 };
  const left = at.x * zoom + x;
  const top = at.y * zoom + y;
  return left >= 0 && top >= 0 && left + BOX.width * zoom <= PANE.width && top + BOX.height * zoom <= PANE.height;
}

test("a few nodes beside each other are all shown, at their own size at most", () => {
  const view = startAt(["n4", "n5"], PLACES, { ...PANE, width: 1000 });
  expect(view.zoom).toBe(1);
  expect(startAt(["n7"], PLACES, PANE).zoom).toBe(1);
  expect(shown("n7", startAt(["n7"], PLACES, PANE))).toBe(true);
});

test("nodes far apart are not made small: the first of them is shown", () => {
  const view = startAt(["n50", "n10"], PLACES, PANE);
  expect(view.zoom).toBe(0.8);
  expect(shown("n10", view)).toBe(true);
  expect(shown("n50", view)).toBe(false);
});

test("a graph that is too wide begins at the node that is asked for", () => {
  const all = Object.keys(PLACES);
  expect(shown("n30", startAt(all, PLACES, PANE, "n30"))).toBe(true);
  expect(shown("n0", startAt(all, PLACES, PANE))).toBe(true);
  expect(startAt(all, PLACES, PANE, "nobody")).toEqual(startAt(all, PLACES, PANE, "nobody else"));
});

test("a pane is as high as its nodes need, and neither very low nor very high", () => {
  expect(paneHeight(["n0"], PLACES)).toBe(paneHeight([], PLACES));
  expect(paneHeight(["n0", "n1", "n2"], PLACES)).toBeGreaterThan(paneHeight(["n0"], PLACES));
  const deep = { top: { x: 0, y: 0 }, bottom: { x: 0, y: 9000 } };
  expect(paneHeight(["top", "bottom"], deep)).toBe(paneHeight(["top", "bottom"], { ...deep, bottom: { x: 0, y: 5000 } }));
});

test("a node is moved to without making the graph smaller than can be read", () => {
  expect(shown("n40", showNode("n40", PLACES, PANE, 0.2))).toBe(true);
  expect(showNode("n40", PLACES, PANE, 0.9).zoom).toBe(0.9);
});

test("no node at all has a view, too", () => {
  expect(startAt([], PLACES, PANE).zoom).toBe(1);
});
