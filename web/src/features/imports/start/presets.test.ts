import { expect, test } from "vitest";

import { presetOf } from "./presets";

test("a workspace's own settings go before its profile's", () => {
  expect(presetOf({ profile: "factory", duplicates: "overwrite" })).toEqual({
    duplicates: "overwrite",
    target_status: "submitted",
    asksDirectory: false,
    act: "import-job",
  });
  expect(presetOf({ profile: "easydata" })).toEqual({
    duplicates: "overwrite",
    target_status: "saved",
    asksDirectory: true,
    act: "import-package",
  });
});
