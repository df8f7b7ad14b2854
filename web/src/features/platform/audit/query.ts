import type { Schemas } from "@/shared/api/client";
import type { Address } from "@/shared/url/address";

export const OUTCOMES: readonly Schemas["AuditOutcome"][] = ["done", "refused", "failed"];
const TEXTS = ["text", "actor", "action", "outcome"] as const;
export const FILTERS = [...TEXTS, "since", "until"] as const;

export interface AuditQuery {
  text?: string;
  actor?: string;
  action?: string;
  outcome?: Schemas["AuditOutcome"];
  since?: number;
  until?: number;
}

/** The filters of the address as the platform takes them; what is empty is left out. */
export function queryOf(address: Address): AuditQuery {
  const filled = TEXTS.filter((key) => address[key]).map((key) => [key, address[key]]);
  const since = startOf(address["since"], 0);
  const until = startOf(address["until"], 1);
  return { ...(Object.fromEntries(filled) as AuditQuery), ...(since ? { since } : {}), ...(until ? { until } : {}) };
}

/** When a day (YYYY-MM-DD) begins where the reader is, so many days later; undefined where it is no day. */
function startOf(day: string | undefined, later: number): number | undefined {
  const start = new Date(`${day ?? ""}T00:00`);
  start.setDate(start.getDate() + later);
  return Number.isNaN(start.getTime()) ? undefined : start.getTime();
}
