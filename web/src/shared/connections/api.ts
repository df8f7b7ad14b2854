import { answer, api, type Schemas } from "@/shared/api/client";

import { documentIn } from "./document";

export type Connection = Schemas["ConnectionAnswer"];

export const keys = {
  all: (workspace: string) => ["connections", workspace] as const,
};

const MOST = 1000;
const asText = { bodySerializer: (body: unknown) => body as string, headers: { "Content-Type": "application/json" } };

/** One page of connections, without any secret. */
export function readConnections(workspace: string, query: Record<string, unknown>) {
  return answer(api.GET("/api/workspaces/{workspace}/connections", { params: { path: { workspace }, query } }));
}

/** A connection with its document as it is stored; null where there is none of that name. */
export async function readConnection(workspace: string, name: string): Promise<{ connection: Connection; text: string } | null> {
  const query = { name, limit: MOST };
  const asked = await api.GET("/api/workspaces/{workspace}/connections", { params: { path: { workspace }, query }, parseAs: "text" });
  const list = asked.data as unknown as string;
  const text = documentIn(list, name);
  const connection = (JSON.parse(list) as Schemas["ConnectionList"]).items.find((one) => one.name === name);
  return text === null || connection === undefined ? null : { connection, text };
}

/** Makes a connection of its document, which is sent as it is. */
export function createConnection(workspace: string, text: string): Promise<Connection> {
  return answer(api.POST("/api/workspaces/{workspace}/connections", { params: { path: { workspace } }, body: text, ...asText }));
}

/** Replaces a connection; an empty secret keeps what is stored. */
export function updateConnection(workspace: string, name: string, text: string): Promise<Connection> {
  return answer(api.PUT("/api/workspaces/{workspace}/connections/{name}", { params: { path: { workspace, name } }, body: text, ...asText }));
}

/** Deletes a connection. */
export async function deleteConnection(workspace: string, name: string): Promise<void> {
  await api.DELETE("/api/workspaces/{workspace}/connections/{name}", { params: { path: { workspace, name } } });
}

/** Who uses a connection. */
export function readUses(workspace: string, name: string, page: { offset: number; limit: number }) {
  const path = { workspace, kind: "connection" as const, name };
  return answer(api.GET("/api/workspaces/{workspace}/uses/{kind}/{name}", { params: { path, query: page } }));
}

/** An object that uses a connection. */
export type User = Awaited<ReturnType<typeof readUses>>["items"][number];
