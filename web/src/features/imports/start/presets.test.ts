import { expect, test } from "vitest";

import { presetOf, sizeOf } from "./presets";

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

test("sizes are said in the largest unit that fits", () => {
  expect([0, 1023, 10 * 1024 * 1024, 1536].map(sizeOf)).toEqual(["0 B", "1023 B", "10 MiB", "1.5 KiB"]);
});
