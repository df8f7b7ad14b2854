import { expect, test } from "vitest";

import { filtersOf, without } from "./filtered";

test("only the list's own keys narrow it, and only those with a text", () => {
  expect(filtersOf({ name: "ods", type: "", page: "2", tab: "all" }, ["name", "type", "state"])).toEqual({ name: "ods" });
});

test("clearing the filters goes to the first page, and leaves the rest of the address", () => {
  expect({ name: "ods", page: "2", tab: "all", ...without(["name"]) }).toEqual({ name: "", page: "", tab: "all" });
});
