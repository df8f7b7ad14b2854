import { expect, test } from "vitest";

import { isFiltered, optionsOf, queryOf } from "./filters";

test("an address asks for what it says and for nothing else", () => {
  expect(queryOf({}, "job", "ann")).toEqual({});
  expect(queryOf({ directory: "/dw", held: "no", lock: "mine", name: "" }, "job", "ann")).toEqual({
    directory: "/dw",
    below: true,
    held: false,
    holder: "ann",
  });
  expect(queryOf({ directory: "/dw", lock: "yes" }, "cdm", "ann")).toEqual({ locked: true });
});

test("the directory alone is no filter", () => {
  expect(isFiltered({ directory: "/dw" })).toBe(false);
  expect(isFiltered({ tag: "daily" })).toBe(true);
});

test("the command has the options of the list", () => {
  expect(optionsOf({ name: "two words", directory: "/dw", below: true, held: false, locked: true }).join(" ")).toBe(
    "--query 'two words' --directory /dw --below --not-held",
  );
});
