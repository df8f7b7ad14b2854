import type { Schemas } from "@/shared/api/client";

export type InventoryKind = Schemas["NeedKind"];

/** Kinds of things that live outside Jobferry. */
export const KINDS = [
  "queue",
  "cluster",
  "agent",
  "resource-group",
  "stream",
  "graph",
  "quality-monitor",
  "sync-task",
  "roma-instance",
  "tics-instance",
  "drs-task",
  "user",
] as const satisfies readonly InventoryKind[];
