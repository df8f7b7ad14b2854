import { expect, test } from "vitest";

import { comparable } from "./layOut";

const FLAT = '{"a":1.0e2,"b":[],"c": {"d":"x:{,\\"}","e":[true,null]}}\n';
const LINES = '{\n  "a": 1.0e2,\n  "b": [],\n  "c": {\n    "d": "x:{,\\"}",\n    "e": [\n      true,\n      null\n    ]\n  }\n}';

test("texts on one line get a line for each value, and no word is respelled", () => {
  expect(comparable(FLAT, FLAT)).toEqual([LINES, LINES]);
});

test("a text that has lines is laid out anew only beside one that has none", () => {
  const own = '{\n"a": 1\n}';
  expect(comparable(own, own)).toEqual([own, own]);
  expect(comparable(own, '{"a": 2}')).toEqual(['{\n  "a": 1\n}', '{\n  "a": 2\n}']);
});

test("what is no JSON stays as it is", () => {
  expect(comparable("SELECT 1;", "{")).toEqual(["SELECT 1;", "{"]);
});
