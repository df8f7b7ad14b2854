import { answer, api } from "@/shared/api/client";

import type { Approval, Place } from "../api";

export type ObjectAct = "start" | "stop" | "submit" | "lock" | "unlock" | "rename" | "move" | "delete";

interface How {
  /** The new name or directory. */
  to: string;
  approval: Approval;
  /** The draft that the reader has seen; another is not changed. */
  digest: string;
}

/** Does it, and gives the name that the object has afterwards; null where it is gone. */
export async function carryOut(place: Place, act: ObjectAct, { to, approval, digest }: How): Promise<string | null> {
  const { workspace, kind, name } = place;
  const { approvers = [], note = "", publish = false } = approval;
  const asked = { ...(approvers.length > 0 ? { approver: approvers } : {}), ...(note ? { note } : {}), ...(publish ? { publish } : {}) };
  const header = { "If-Match": `"${digest}"` };
  const editing = { path: place, query: { ...asked, take_lock: true }, header };
  const job = { params: { path: { workspace, name } } };
  const thing = { params: { path: { workspace, kind, name } } };
  switch (act) {
    case "start":
      return (await answer(api.POST("/api/workspaces/{workspace}/jobs/{name}/start", job))).name;
    case "stop":
      return (await answer(api.POST("/api/workspaces/{workspace}/jobs/{name}/stop", job))).name;
    case "lock":
      return (await answer(api.POST("/api/workspaces/{workspace}/locks/{kind}/{name}", thing))).name;
    case "unlock":
      return (await answer(api.DELETE("/api/workspaces/{workspace}/locks/{kind}/{name}", thing))).name;
    case "submit":
      return (await answer(api.POST("/api/workspaces/{workspace}/submits/{kind}/{name}", { params: editing }))).name;
    case "rename":
      return (await answer(api.POST("/api/workspaces/{workspace}/objects/{kind}/{name}/rename", { params: editing, body: { to } }))).name;
    case "move":
      return (await answer(api.POST("/api/workspaces/{workspace}/objects/{kind}/{name}/move", { params: editing, body: { directory: to } }))).name;
    case "delete": {
      const { response } = await api.DELETE("/api/workspaces/{workspace}/objects/{kind}/{name}", { params: { path: place, query: asked } });
      return response.status === WAITS ? name : null;
    }
  }
}

const WAITS = 202;
