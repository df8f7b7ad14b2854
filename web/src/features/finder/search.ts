import { answer, api, type Schemas } from "@/shared/api/client";
import type { ObjectKind } from "@/shared/objects/kinds";

export type Place = Schemas["PlaceAnswer"];

/** Which group a thing belongs to; also its heading's word. */
export type Group = "recent" | "pages" | ObjectKind | "imports" | "receipts" | "workspaces";

/** Something that can be opened. */
export interface Hit {
  group: Group;
  title: string;
  detail: string;
  address: string;
}

const EACH = 5;
const LISTS: Record<ObjectKind, string> = { job: "jobs", script: "scripts", resource: "resources", cdm: "cdms" };

/** What the platform has in a workspace under a piece of a name, each kind in its list's order. */
export async function findIn(place: Place, piece: string): Promise<{ hits: Hit[]; isWhole: boolean }> {
  const may = new Set(place.actions);
  const base = `/w/${encodeURIComponent(place.name)}`;
  const kinds: ObjectKind[] = [...(may.has("job-view") ? (["job"] as const) : []), ...(may.has("library-view") ? (["script", "resource", "cdm"] as const) : [])];
  const asked = [
    ...kinds.map((kind) => objects(place.name, kind, piece, base)),
    ...(may.has("import") ? [imports(place.name, piece, base), receipts(place.name, piece, base)] : []),
  ];
  const answers = await Promise.allSettled(asked);
  return {
    hits: answers.flatMap((one) => (one.status === "fulfilled" ? one.value : [])),
    isWhole: answers.every((one) => one.status === "fulfilled"),
  };
}

async function objects(workspace: string, kind: ObjectKind, name: string, base: string): Promise<Hit[]> {
  const params = { path: { workspace, kind }, query: { name, limit: EACH } };
  const { items } = await answer(api.GET("/api/workspaces/{workspace}/objects/{kind}", { params }));
  return items.map((row) => ({ group: kind, title: row.name, detail: row.directory, address: `${base}/${LISTS[kind]}/${encodeURIComponent(row.name)}` }));
}

async function imports(workspace: string, name: string, base: string): Promise<Hit[]> {
  const params = { path: { workspace }, query: { name, limit: EACH } };
  const { items } = await answer(api.GET("/api/workspaces/{workspace}/imports", { params }));
  return items.map((row) => ({ group: "imports", title: row.package_name || row.id, detail: row.created_by, address: `${base}/imports/${row.id}` }));
}

async function receipts(workspace: string, name: string, base: string): Promise<Hit[]> {
  const params = { path: { workspace }, query: { package: name, limit: EACH } };
  const { items } = await answer(api.GET("/api/workspaces/{workspace}/receipts", { params }));
  return items.map((row) => ({ group: "receipts", title: row.package_name, detail: row.imported_by, address: `${base}/receipts/${row.id}` }));
}
