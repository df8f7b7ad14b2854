import { expect, test } from "vitest";

import { actsOf } from "./acts";

const said = {
  create: (count: string) => `create ${count}`,
  overwrite: (count: string) => `overwrite ${count}`,
  held: (count: string) => `hold ${count}`,
  delete: (count: string) => `delete ${count}`,
};

test("the button says what would be written, and nothing of what stays", () => {
  expect(actsOf({ overwrite: 2, create: 4, unchanged: 9, blocked: 1, delete: 1 }, said, ", ")).toBe("Create 4, overwrite 2, delete 1");
  expect(actsOf({ unchanged: 9, skip: 2 }, said, ", ")).toBe("");
});
