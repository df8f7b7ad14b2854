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
