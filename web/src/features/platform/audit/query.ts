import type { Schemas } from "@/shared/api/client";

export const OUTCOMES: readonly Schemas["AuditOutcome"][] = ["done", "refused", "failed"];
const TEXTS = ["text", "actor", "action", "outcome"] as const;

export interface AuditQuery {
  text?: string;
  actor?: string;
  action?: string;
  outcome?: Schemas["AuditOutcome"];
  since?: number;
  until?: number;
}

/** The filters as the platform takes them; what is empty is left out. */
export function queryOf(asked: Record<string, unknown>): AuditQuery {
  const filled = TEXTS.filter((key) => asked[key]).map((key) => [key, asked[key]]);
  const since = startOf(asked["since"], 0);
  const until = startOf(asked["until"], 1);
  return { ...(Object.fromEntries(filled) as AuditQuery), ...(since ? { since } : {}), ...(until ? { until } : {}) };
}

/** When a day (YYYY-MM-DD) begins where the reader is, so many days later; undefined where it is no day. */
function startOf(day: unknown, later: number): number | undefined {
  const start = new Date(typeof day === "string" ? `${day}T00:00` : "");
  start.setDate(start.getDate() + later);
  return Number.isNaN(start.getTime()) ? undefined : start.getTime();
}
