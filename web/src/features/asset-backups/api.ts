import { answer, api, type Schemas } from "@/shared/api/client";

export type Listed = Schemas["ListedAssetBackup"];
export type State = Schemas["AssetBackupState"];
export type Try = Schemas["AssetBackupTry"];

const PAGE = 50;

/** Names of what is kept of the platform's answers. */
export const keys = {
  all: (workspace: string) => ["asset-backups", workspace] as const,
  state: (workspace: string) => ["asset-backups", workspace, "state"] as const,
  list: (workspace: string, folder: string, newest: string) => ["asset-backups", workspace, "list", folder, newest] as const,
};

/** How the daily backups of a workspace stand. */
export function readState(workspace: string): Promise<State> {
  return answer(api.GET("/api/workspaces/{workspace}/asset-backup-state", { params: { path: { workspace } } }));
}

/** Backups in a folder, from the newest or from the one before that name. */
export function readBackups(workspace: string, folder: string, before: string) {
  const query = { folder, before, limit: PAGE };
  return answer(api.GET("/api/workspaces/{workspace}/asset-backups", { params: { path: { workspace }, query } }));
}

/** Begins to take one. */
export function takeBackup(workspace: string) {
  return answer(api.POST("/api/workspaces/{workspace}/asset-backups", { params: { path: { workspace } } }));
}
