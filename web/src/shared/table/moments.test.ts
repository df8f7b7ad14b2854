import { expect, test } from "vitest";

import { withMoments } from "./moments";

test("times that are none are not asked for", () => {
  const since = "2026-11-20T10:00";
  expect(withMoments({ search: "dw", since, until: "tomorrow" })).toEqual({ search: "dw", since: new Date(since).getTime() });
});
