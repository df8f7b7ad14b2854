import { expect, test } from "vitest";

import { exportCommand } from "./command";

test("the command says what the dialog says", () => {
  expect(exportCommand("dev", { names: ["orders", "two words"], scope: "closure", state: "draft" })).toBe("jobferry export orders 'two words' -w dev");
  expect(exportCommand("dev", { directories: ["/dw"], kinds: ["script"], scope: "chosen", state: "submitted" })).toBe(
    "jobferry export --directory /dw --kind script --jobs-only --state submitted -w dev",
  );
});

test("an extent is one option, or two for a time", () => {
  expect(exportCommand("dev", { extent: { kind: "last" } })).toBe("jobferry export --since-last -w dev");
  expect(exportCommand("dev", { extent: { kind: "range", since: 0, until: 60_000 } })).toBe(
    "jobferry export --since 1970-01-01T00:00 --until 1970-01-01T00:01 -w dev",
  );
});
