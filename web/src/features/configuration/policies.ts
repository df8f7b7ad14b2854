import { answer, api, type Schemas } from "@/shared/api/client";

/** A directory policy, or a download policy, which is about no directories. */
export type Policy = Schemas["PolicyAnswer"];
export type PolicyKind = "directory" | "download";

interface Page {
  offset: number;
  limit: number;
}

/** One page of the policies of a kind. */
export async function readPolicies(workspace: string, kind: PolicyKind, query: Page): Promise<{ total: number; items: Policy[] }> {
  const params = { path: { workspace }, query };
  if (kind === "directory") return answer(api.GET("/api/workspaces/{workspace}/directory-policies", { params }));
  const { total, items } = await answer(api.GET("/api/workspaces/{workspace}/download-policies", { params }));
  return { total, items: items.map((policy) => ({ ...policy, directories: [] })) };
}

/** Adds a policy, or replaces the one of that name. */
export function savePolicy(workspace: string, kind: PolicyKind, { name, directories, users, roles }: Policy): Promise<unknown> {
  const params = { path: { workspace, name } };
  if (kind === "directory") return api.PUT("/api/workspaces/{workspace}/directory-policies/{name}", { params, body: { directories, users, roles } });
  return api.PUT("/api/workspaces/{workspace}/download-policies/{name}", { params, body: { users, roles } });
}

/** Takes a policy away. */
export function removePolicy(workspace: string, kind: PolicyKind, name: string): Promise<unknown> {
  const params = { path: { workspace, name } };
  if (kind === "directory") return api.DELETE("/api/workspaces/{workspace}/directory-policies/{name}", { params });
  return api.DELETE("/api/workspaces/{workspace}/download-policies/{name}", { params });
}
