import { expect, test } from "vitest";

import { inUnits } from "./sizes";

test("sizes are told in the largest unit that fits", () => {
  expect([0, 1, 1023, 1024, 1536, 10 * 1024 * 1024, 5 * 1024 ** 4].map(inUnits)).toEqual(["0 B", "1 B", "1023 B", "1 KiB", "1.5 KiB", "10 MiB", "5120 GiB"]);
});
