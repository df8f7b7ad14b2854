import { expect, test } from "vitest";

import { isSecret } from "./secret";

test("patterns are those of the workspace", () => {
  const patterns = "*password*, *api?key,to(ken";
  expect(["DB_PASSWORD", "my-api-key", "to(ken"].map((name) => isSecret(name, patterns))).toEqual([true, true, true]);
  expect(["region", "apikey", "token"].map((name) => isSecret(name, patterns))).toEqual([false, false, false]);
  expect(isSecret("anything", "")).toBe(false);
});
