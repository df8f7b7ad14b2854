import { answer, api, type Schemas } from "@/shared/api/client";

import type { Import, Options } from "../api";

export type Backup = Schemas["AssetBackupAnswer"];

/** A backup: its files, and the names that may be changed. ``folder`` is empty for the workspace's own. */
export function readBackup(workspace: string, name: string, folder: string): Promise<Backup> {
  const path = { workspace, name };
  return answer(api.GET("/api/workspaces/{workspace}/asset-backups/{name}", { params: { path, query: { folder } } }));
}

/** Makes packages of a backup whose files are as they were written. */
export function unpack(workspace: string, name: string, folder: string): Promise<Schemas["AssetBackupPackages"]> {
  const path = { workspace, name };
  return answer(api.POST("/api/workspaces/{workspace}/asset-backups/{name}/packages", { params: { path }, body: { folder } }));
}

/** Begins the check of a backup's jobs, scripts and resources, as of every package. */
export async function beginRestore(workspace: string, name: string, folder: string, options: Options): Promise<Import> {
  const made = await unpack(workspace, name, folder);
  const body = { package: { id: made.package?.id ?? "" }, options };
  return answer(api.POST("/api/workspaces/{workspace}/imports", { params: { path: { workspace } }, body }));
}
