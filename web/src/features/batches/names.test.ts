import { expect, test } from "vitest";

import { charactersIn, namesIn } from "./names";

test("a list has one name a line; blanks, blank lines and doubles do not count", () => {
  expect(namesIn(" a \r\n\n任务\na\n")).toEqual(["a", "任务"]);
  expect(namesIn(" \n")).toEqual([]);
});

test("every character counts one, whatever it takes in memory", () => {
  expect(charactersIn("任务\r\n𠮷")).toBe(4);
});
