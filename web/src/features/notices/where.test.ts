import { expect, test } from "vitest";

import { whereOf } from "./where";

test("a notice leads to what it is about", () => {
  const about = (kind: Parameters<typeof whereOf>[0]["kind"]) => whereOf({ kind, id: "a/b", name: "sales.zip" }, "dev");
  expect(about("receipt").params).toEqual({ workspace: "dev", receiptId: "a/b" });
  expect(about("task").search).toEqual({ name: "sales.zip" });
  expect(about("release").search).toEqual({ kind: "release" });
  expect(about("backup").to).toBe("/platform/settings");
  expect(about("locks").search).toEqual({ lock: "yes" });
  expect(whereOf({ kind: "task", id: "a", name: "2026-11-24" }, "dev", "asset-backup-failed").to).toBe("/w/$workspace/asset-backups");
});
