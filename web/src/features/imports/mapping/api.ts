import { answer, api, type Schemas } from "@/shared/api/client";

import { readFindings, type Finding, type Severity } from "../api";
import { isInventoryKind } from "@/shared/objects/inventory";

import { graveOf } from "./decide";

const MOST = 1000;
const MOST_FINDINGS = 500;
const SHOWN = 20;

/** What keeps objects out, then what has them wait, or would once they come in. index.html asks for the first two ahead. */
export async function readGraveFindings(workspace: string, importId: string, hasMuted: boolean): Promise<Finding[]> {
  const page = { offset: 0, limit: MOST_FINDINGS };
  const severities: Severity[] = ["block", "hold", ...(hasMuted ? (["warn"] as const) : [])];
  const found = await Promise.all(severities.map((severity) => readFindings(workspace, importId, { severity, ...page })));
  return graveOf(found.flatMap(({ items }) => items));
}

/** What of these kinds the package needs and has not here, with what is most like it. */
export async function readCandidates(workspace: string, importId: string, kinds: readonly string[]): Promise<Map<string, readonly string[]>> {
  const path = { workspace, import_id: importId };
  const ofKind = async (kind: string) => {
    const query = { kind: kind as Schemas["NeedKind"], presence: "missing" as const, limit: MOST };
    const asked = api.GET("/api/workspaces/{workspace}/imports/{import_id}/needs", { params: { path, query } });
    return (await answer(asked)).items;
  };
  const needs = (await Promise.all(kinds.map(ofKind))).flat();
  return new Map(needs.map((need) => [`${need.kind}/${need.local}`, need.candidates]));
}

/** What there is of a kind here whose name has this piece. */
export async function readThings(workspace: string, kind: string, name: string): Promise<string[]> {
  const query = { name, limit: SHOWN };
  if (kind === "connection") {
    const asked = api.GET("/api/workspaces/{workspace}/connections", { params: { path: { workspace }, query } });
    return (await answer(asked)).items.map((one) => one.name);
  }
  if (isInventoryKind(kind)) {
    const asked = api.GET("/api/workspaces/{workspace}/inventory", { params: { path: { workspace }, query: { ...query, kind } } });
    return (await answer(asked)).items.map((one) => one.name);
  }
  if (kind === "workspace") return (await answer(api.GET("/api/workspaces", { params: { query } }))).items.map((one) => one.name);
  const path = { workspace, kind: kind as Schemas["ObjectKind"] };
  const asked = api.GET("/api/workspaces/{workspace}/objects/{kind}", { params: { path, query } });
  return (await answer(asked)).items.map((one) => one.name);
}

/** Says that things exist here. */
export function addToInventory(workspace: string, items: { kind: string; name: string }[]) {
  return api.POST("/api/workspaces/{workspace}/inventory", { params: { path: { workspace } }, body: { items } });
}

/** Stops every job that a finding concerns; names those that could not be stopped, each with the reason. */
export async function stopAll(workspace: string, importId: string, finding: Finding): Promise<string[]> {
  const path = { workspace, import_id: importId, number: finding.number };
  const places = await answer(
    api.GET("/api/workspaces/{workspace}/imports/{import_id}/findings/{number}/objects", {
      params: { path, query: { limit: MOST } },
    }),
  );
  const names = [...new Set(places.items.map((place) => place.name))];
  const stopped = await answer(
    api.POST("/api/workspaces/{workspace}/objects/{kind}/bulk", {
      params: { path: { workspace, kind: "job" } },
      body: { action: "stop", names },
    }),
  );
  return stopped.items.flatMap((item) => (item.error ? [`${item.name}: ${item.error.message}`] : []));
}
