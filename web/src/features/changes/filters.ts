import type { Schemas } from "@/shared/api/client";
import type { Address } from "@/shared/url/address";

export type Change = Schemas["ChangeAnswer"];
export type ChangeKind = Change["change"];

export const CHANGES: ChangeKind[] = ["added", "changed", "renamed", "moved", "submitted", "deleted"];
export const FILTERS = ["search", "kind", "change", "user", "since", "until"] as const;

/** What an address filters by, as the list is asked for. Its times are those of a browser's field, in the reader's zone. */
export function filtersOf(address: Address): Record<string, string | number> {
  const filters: Record<string, string | number> = {};
  for (const key of FILTERS) {
    const value = address[key];
    if (!value) continue;
    const isTime = key === "since" || key === "until";
    const ms = isTime ? new Date(value).getTime() : 0;
    if (!isTime) filters[key] = value;
    else if (!Number.isNaN(ms)) filters[key] = ms;
  }
  return filters;
}

/** An object as a selection names it; what cannot be exported by its name is none. */
export function keyOf({ kind, name, change }: Pick<Change, "kind" | "name" | "change">): string | null {
  return change !== "deleted" && (kind === "job" || kind === "script") ? `${kind}/${name}` : null;
}

/** The selected names of each kind. */
export function namesOf(selected: readonly string[]): { job: string[]; script: string[] } {
  const of = (kind: string) => selected.filter((key) => key.startsWith(`${kind}/`)).map((key) => key.slice(kind.length + 1));
  return { job: of("job"), script: of("script") };
}
