import { expect, test } from "vitest";

import type { Listed, State, Try } from "./api";
import { lacksOf } from "./lacks";
import { lastFailure, rowsOf } from "./rows";

const lying = (name: string, reason = ""): Listed => ({
  name,
  place: `obs://backups/dev/${name}`,
  workspace: "dev",
  taken_at: 1,
  objects: reason ? 0 : 3,
  size: 9,
  created_by: "ann",
  reason,
});

const tried = (name: string, status: Try["status"], started_at: number): Try => ({
  name,
  place: "",
  task_id: "t",
  created_by: "platform",
  started_at,
  ended_at: 0,
  day: "",
  status,
  attempts: 1,
  objects: 0,
  size: 0,
  reason: status === "FAILED" ? "no bucket" : "",
});

const state = (more: Partial<State>): State => ({ is_on: true, next_at: 0, running: null, last_good: null, last_failed: null, ...more });

test("tries that left nothing stand between the backups, by their day", () => {
  const backups = [lying("2026-11-24"), lying("2026-11-22", "altered")];
  const found = rowsOf(backups, state({ running: tried("2026-11-24_15-30-12", "RUNNING", 4), last_failed: tried("2026-11-23", "FAILED", 3) }), true);
  expect(found.map(({ name, status }) => [name, status])).toEqual([
    ["2026-11-24_15-30-12", "RUNNING"],
    ["2026-11-24", "SUCCESSFUL"],
    ["2026-11-23", "FAILED"],
    ["2026-11-22", "UNUSABLE"],
  ]);
});

test("a try that is older than what is shown waits until the list is whole", () => {
  const failed = state({ last_failed: tried("2026-10-01", "FAILED", 1) });
  expect(rowsOf([lying("2026-11-24")], failed, false)).toHaveLength(1);
  expect(rowsOf([lying("2026-11-24")], failed, true)).toHaveLength(2);
  expect(rowsOf([lying("2026-10-01")], failed, true)).toHaveLength(1);
});

test("a failure is news until a backup was taken after it", () => {
  const last_failed = tried("2026-11-23", "FAILED", 3);
  expect(lastFailure(state({ last_failed }))?.name).toBe("2026-11-23");
  expect(lastFailure(state({ last_failed, last_good: tried("2026-11-22", "SUCCESSFUL", 2) }))?.name).toBe("2026-11-23");
  expect(lastFailure(state({ last_failed, last_good: tried("2026-11-24", "SUCCESSFUL", 4) }))).toBeNull();
  expect(lastFailure(state({ last_failed, running: tried("2026-11-24", "RUNNING", 5) }))).toBeNull();
});

test("what is missing before a backup can be taken or seen", () => {
  const on = { object_exports: "true", object_imports: "true" };
  expect(lacksOf({ asset_backup_path: "obs://backups" }, on)).toEqual([]);
  expect(lacksOf({ default_object_path: "obs://exports" }, on)).toEqual([]);
  expect(lacksOf({ asset_backup_path: "" }, on)).toEqual(["path"]);
  expect(lacksOf({ asset_backup_path: "obs://backups" }, { object_exports: "false", object_imports: "false" })).toEqual(["exports", "imports"]);
});
