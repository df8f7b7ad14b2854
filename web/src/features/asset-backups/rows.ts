import type { Schemas } from "@/shared/api/client";

import type { Listed, State, Try } from "./api";

/** How a backup stands; one that cannot be used was taken, and its ``backup.json`` was spoilt later. */
export type Status = Schemas["TaskStatus"] | "UNUSABLE";

/** A line of the list: a backup that lies in the folder, or a try that left none. */
export interface Row {
  name: string;
  status: Status;
  at: number;
  workspace: string;
  objects: number;
  size: number;
  by: string;
  reason: string;
}

/** What lies in the folder, and between it the tries of this workspace that left nothing; the newest first.
 *
 * ``isWhole`` if no older ones follow: until then tries that are older than the last one shown have no place yet. */
export function rowsOf(backups: readonly Listed[], state: State | undefined, isWhole: boolean): Row[] {
  const oldest = isWhole ? "" : (backups.at(-1)?.name ?? "");
  const there = new Set(backups.map(({ name }) => name));
  const tries = [state?.running, state?.last_failed].filter((one): one is Try => Boolean(one));
  const others = tries.filter(({ name }) => name > oldest && !there.has(name)).map(tried);
  return [...backups.map(lying), ...others].sort((one, other) => (one.name < other.name ? 1 : -1));
}

function lying({ name, workspace, taken_at, objects, size, created_by, reason }: Listed): Row {
  return { name, status: reason ? "UNUSABLE" : "SUCCESSFUL", at: taken_at, workspace, objects, size, by: created_by, reason };
}

function tried({ name, status, started_at, objects, size, created_by, reason }: Try): Row {
  return { name, status, at: started_at, workspace: "", objects, size, by: created_by, reason };
}

/** The try that failed, as long as nothing was taken after it. */
export function lastFailure(state: State): Try | null {
  const { running, last_failed: failed, last_good: good } = state;
  if (!failed || running) return null;
  return good && good.started_at > failed.started_at ? null : failed;
}
