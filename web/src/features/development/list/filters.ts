import { quoted } from "@/shared/look/Command";
import type { ObjectKind } from "@/shared/objects/kinds";
import { without } from "@/shared/table/filtered";
import type { Address } from "@/shared/url/address";

/** What an address may narrow a list by. */
export const FILTERS = ["name", "state", "held", "lock", "tag", "type"] as const;

/** An address without filters. */
export const NO_FILTERS: Address = without(FILTERS);

/** What the platform is asked for, from what the address says. */
export function queryOf(address: Address, kind: ObjectKind, me: string): Record<string, unknown> {
  const { name, directory, state, held, lock, tag, type, sort } = address;
  const query: Record<string, unknown> = { name, state, tag, type, sort };
  if (directory && kind !== "cdm") Object.assign(query, { directory, below: true });
  if (held) query["held"] = held === "yes";
  if (lock === "mine") query["holder"] = me;
  else if (lock) query["locked"] = lock === "yes";
  return Object.fromEntries(Object.entries(query).filter(([, value]) => value !== undefined && value !== ""));
}

/** Whether anything but the directory narrows the list. */
export function isFiltered(address: Address): boolean {
  return FILTERS.some((key) => address[key]);
}

const OPTIONS: Record<string, string> = { name: "query", state: "state", tag: "tag", type: "type", sort: "sort", directory: "directory", holder: "holder" };

/** The options of the command that lists the same. */
export function optionsOf(query: Record<string, unknown>): string[] {
  return Object.entries(query).flatMap(([key, value]) => {
    if (key === "below") return ["--below"];
    if (key === "held") return [value === true ? "--held" : "--not-held"];
    const option = OPTIONS[key];
    return option === undefined ? [] : [`--${option}`, quoted(String(value))];
  });
}
