import { answer, api, type Schemas } from "@/shared/api/client";

export type Variable = Schemas["VariableAnswer"];
export type VariableType = Schemas["VariableType"];

export const TYPES: readonly VariableType[] = ["variable", "constant"];

/** One page of a workspace's variables. */
export function readVariables(workspace: string, query: Record<string, unknown>) {
  return answer(api.GET("/api/workspaces/{workspace}/variables", { params: { path: { workspace }, query } }));
}

/** Sets a variable: a new one, or one that is there. */
export function saveVariable(workspace: string, name: string, body: Schemas["NewVariable"]): Promise<unknown> {
  return api.PUT("/api/workspaces/{workspace}/variables/{name}", { params: { path: { workspace, name } }, body });
}

/** Takes a variable away. */
export function removeVariable(workspace: string, name: string): Promise<unknown> {
  return api.DELETE("/api/workspaces/{workspace}/variables/{name}", { params: { path: { workspace, name } } });
}

/** Makes the package of all variables and lets the browser save it. */
export async function exportVariables(workspace: string): Promise<void> {
  const asked = await api.POST("/api/workspaces/{workspace}/variables/export", { params: { path: { workspace } }, parseAs: "blob" });
  const link = document.createElement("a");
  link.href = URL.createObjectURL(asked.data as unknown as Blob);
  link.download = `${workspace}-variables.zip`;
  link.click();
  URL.revokeObjectURL(link.href);
}
