import { answer, api } from "@/shared/api/client";
import { isInventoryKind } from "@/shared/objects/inventory";
import { isObjectKind } from "@/shared/objects/kinds";

const MOST = 20;

/** Names of things of a kind that are here, under a piece of their names; none of a kind that nobody lists. */
export async function suggestions(workspace: string, kind: string, name: string): Promise<string[]> {
  const query = { name, limit: MOST };
  const { items } = await read(workspace, kind, query);
  return items.map((item) => item.name);
}

async function read(workspace: string, kind: string, query: { name: string; limit: number }): Promise<{ items: { name: string }[] }> {
  if (isObjectKind(kind)) return answer(api.GET("/api/workspaces/{workspace}/objects/{kind}", { params: { path: { workspace, kind }, query } }));
  if (kind === "connection") return answer(api.GET("/api/workspaces/{workspace}/connections", { params: { path: { workspace }, query } }));
  if (!isInventoryKind(kind)) return { items: [] };
  return answer(api.GET("/api/workspaces/{workspace}/inventory", { params: { path: { workspace }, query: { ...query, kind } } }));
}
