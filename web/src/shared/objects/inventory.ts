import type { Schemas } from "@/shared/api/client";

/** Kinds of things that live outside Jobferry, of which people say what exists. */
export const INVENTORY_KINDS = [
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
] as const satisfies readonly Schemas["NeedKind"][];

export type InventoryKind = Schemas["NeedKind"];

/** Whether things of a kind are listed in the inventory. */
export function isInventoryKind(kind: string): kind is InventoryKind {
  return INVENTORY_KINDS.some((known) => known === kind);
}
