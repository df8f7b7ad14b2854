import { expect, test } from "vitest";

import { MOST_PICKED, readPicked, ticked, writePicked } from "./picked";

test("what is ticked comes back from the address as it was", () => {
  expect(readPicked(writePicked(["订单", "a,b", "main/orders"]))).toEqual(["订单", "a,b", "main/orders"]);
  expect(readPicked(undefined)).toEqual([]);
});

test("a click ticks a name, and another takes the tick away", () => {
  expect(ticked(undefined, "b")).toBe("b");
  expect(readPicked(ticked("b", "a"))).toEqual(["b", "a"]);
  expect(readPicked(ticked("b\na", "b"))).toEqual(["a"]);
});

test("no more is ticked than one package by names may have", () => {
  const many = Array.from({ length: MOST_PICKED + 1 }, (_, number) => `job_${number}`);
  expect(readPicked(writePicked(many))).toHaveLength(MOST_PICKED);
});
