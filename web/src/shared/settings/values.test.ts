import { expect, test } from "vitest";

import { nameOf, settingValues } from "./values";

test("what names nothing is none; where nobody may do something, it is nobody", () => {
  expect(nameOf(settingValues.en, "default_directory", "none")).toBe("None");
  expect(nameOf(settingValues.en, "download", "none")).toBe("Nobody");
  expect(nameOf(settingValues.zh, "default_directory", "none")).toBe("未设置");
});
