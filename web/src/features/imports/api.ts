import { answer, api, type Schemas } from "@/shared/api/client";

export type ImportHead = Schemas["ImportHead"];
export type Import = Schemas["ImportAnswer"];
export type Options = Schemas["ImportOptionsBody"];
export type Lock = Schemas["ImportLockAnswer"];

/** Names of what is kept of the platform's answers; a change makes all below its beginning stale. */
export const keys = {
  all: (workspace: string) => ["imports", workspace] as const,
  list: (workspace: string) => ["imports", workspace, "list"] as const,
  one: (workspace: string, id: string) => ["imports", workspace, id] as const,
  lock: (workspace: string) => ["imports", workspace, "lock"] as const,
};

/** Who imports into a workspace at this moment, or null. */
export async function readLock(workspace: string): Promise<Lock | null> {
  const asked = api.GET("/api/workspaces/{workspace}/import-lock", { params: { path: { workspace } } });
  return ((await asked).data as Lock | undefined) ?? null;
}

/** One page of a workspace's imports. */
export function readImports(workspace: string, query: Record<string, unknown>) {
  return answer(api.GET("/api/workspaces/{workspace}/imports", { params: { path: { workspace }, query } }));
}

/** An import as it stands. */
export function readImport(workspace: string, importId: string): Promise<Import> {
  const path = { workspace, import_id: importId };
  return answer(api.GET("/api/workspaces/{workspace}/imports/{import_id}", { params: { path } }));
}

export type Finding = Schemas["FindingAnswer"];

export type Severity = Schemas["Severity"];

/** What a check found, or what of it is of one severity. */
export function readFindings(workspace: string, importId: string, query: { severity: Severity; offset: number; limit: number }) {
  const path = { workspace, import_id: importId };
  return answer(api.GET("/api/workspaces/{workspace}/imports/{import_id}/findings", { params: { path, query } }));
}
