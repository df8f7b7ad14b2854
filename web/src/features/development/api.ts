import { queryOptions } from "@tanstack/react-query";

import { answer, api, type Schemas } from "@/shared/api/client";
import type { ObjectKind } from "@/shared/objects/kinds";
import { ROWS } from "@/shared/table/rows";

export type Saved = Schemas["SavedAnswer"];
export type Outline = Schemas["JobOutlineAnswer"];
export type Directory = Schemas["DirectoryCount"];
export type Bulk = Schemas["BulkRequest"];
export type BulkAnswer = Schemas["BulkAnswer"];
export type Approval = Partial<Pick<Bulk, "approvers" | "note" | "publish">>;

/** Which object: where it lies, its kind and name. */
export interface Place {
  workspace: string;
  kind: ObjectKind;
  name: string;
}

/** Names of what is kept of the platform's answers. All of a workspace's objects are stale after a change of one:
 * counts, lists, who uses which. */
export const keys = {
  all: (workspace: string) => ["objects", workspace] as const,
  list: (workspace: string, kind: ObjectKind) => ["objects", workspace, kind, "list"] as const,
  level: (workspace: string, kind: ObjectKind, parent: string) => ["objects", workspace, kind, "directories", parent] as const,
  one: (place: Place) => ["objects", place.workspace, place.kind, "one", place.name] as const,
  tags: (workspace: string) => ["objects", workspace, "tags"] as const,
};

/** One page of the objects of a kind. */
export function readObjects(workspace: string, kind: ObjectKind, query: Record<string, unknown>) {
  return answer(api.GET("/api/workspaces/{workspace}/objects/{kind}", { params: { path: { workspace, kind }, query } }));
}

/** What is known of an object, without its document. */
export function readObject(place: Place): Promise<Saved> {
  return answer(api.GET("/api/workspaces/{workspace}/objects/{kind}/{name}", { params: { path: place } }));
}

/** A document as it is stored, and the tag by which it is replaced. */
export interface Text {
  text: string;
  tag: string;
}

/** The text of a draft, of a version by number, or of the live one: never decoded, never written anew. */
export async function readText(place: Place, version = ""): Promise<Text> {
  const asked = await api.GET("/api/workspaces/{workspace}/documents/{kind}/{name}", {
    params: { path: place, query: version ? { version } : {} },
    parseAs: "text",
  });
  return { text: asked.data as unknown as string, tag: asked.response.headers.get("ETag") ?? "" };
}

/** A job in outline. */
export function readOutline({ workspace, name }: Place): Promise<Outline> {
  return answer(api.GET("/api/workspaces/{workspace}/jobs/{name}/outline", { params: { path: { workspace, name } } }));
}

/** One level of the tree. */
export function readLevel(workspace: string, kind: ObjectKind, parent: string) {
  const query = { parent };
  return answer(api.GET("/api/workspaces/{workspace}/directories/{kind}", { params: { path: { workspace, kind }, query } }));
}

/** All tags of a workspace. */
export function readTags(workspace: string) {
  return answer(api.GET("/api/workspaces/{workspace}/tags", { params: { path: { workspace } } }));
}

/** One action on many objects; each is told by itself. */
export function changeAll(workspace: string, kind: ObjectKind, body: Bulk): Promise<BulkAnswer> {
  return answer(api.POST("/api/workspaces/{workspace}/objects/{kind}/bulk", { params: { path: { workspace, kind } }, body }));
}

/** The versions that are kept, newest first. */
export function readVersions(place: Place) {
  return answer(api.GET("/api/workspaces/{workspace}/versions/{kind}/{name}", { params: { path: place } }));
}

/** What an object refers to. */
export function readReferences(place: Place, page: { offset: number; limit: number }) {
  return answer(api.GET("/api/workspaces/{workspace}/references/{kind}/{name}", { params: { path: place, query: page } }));
}

/** Who uses it. */
export function readUses(place: Place, page: { offset: number; limit: number }) {
  return answer(api.GET("/api/workspaces/{workspace}/uses/{kind}/{name}", { params: { path: place, query: page } }));
}

/** How the outline of a job is asked for. */
export function outlineQuery(place: Place) {
  return queryOptions({ queryKey: [...keys.one(place), "outline"], queryFn: () => readOutline(place) });
}

/** How a draft's text is asked for. */
export function textQuery(place: Place) {
  return queryOptions({ queryKey: [...keys.one(place), "text"], queryFn: () => readText(place) });
}

/** How a level of the tree is asked for. */
export function levelQuery(workspace: string, kind: ObjectKind, parent: string) {
  return queryOptions({ queryKey: keys.level(workspace, kind, parent), queryFn: () => readLevel(workspace, kind, parent) });
}

/** How the first rows of a list without filters are asked for. */
export function firstRowsQuery(workspace: string, kind: ObjectKind) {
  return queryOptions({ queryKey: [...keys.list(workspace, kind), {}, 1], queryFn: () => readObjects(workspace, kind, { offset: 0, limit: ROWS }) });
}
