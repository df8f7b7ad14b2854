import { expect, test } from "vitest";

import { quoted } from "./Command";

test("a word is quoted only where a shell would read it otherwise", () => {
  expect(quoted("dev-1")).toBe("dev-1");
  expect(quoted("")).toBe("NAME");
  expect(quoted("two words")).toBe("'two words'");
  expect(quoted("it's")).toBe(String.raw`'it'\''s'`);
});
