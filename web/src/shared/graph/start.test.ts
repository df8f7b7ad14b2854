import { expect, test } from "vitest";

import { BOX, type Places } from "./place";
import { showNode, startAt } from "./start";

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

test("a node is moved to without making the graph smaller than can be read", () => {
  expect(shown("n40", showNode("n40", PLACES, PANE, 0.2))).toBe(true);
  expect(showNode("n40", PLACES, PANE, 0.9).zoom).toBe(0.9);
});

test("no node at all has a view, too", () => {
  expect(startAt([], PLACES, PANE).zoom).toBe(1);
});
