import type { Options } from "../api";
import type { Deleted } from "./api";

/** Which of what the source has deleted was said to go here, as *kind/name here*. */
export function confirmed(options: Options, gone: readonly Deleted[]): string[] {
  return gone
    .filter(({ kind, here }) => here !== null && (options.apply_deletions || options.delete?.[kind]?.includes(here)))
    .map(keyOf);
}

/** The options with just these to be deleted. */
export function withDeletions(options: Options, ticked: readonly string[]): Options {
  const chosen: Record<string, string[]> = {};
  for (const key of ticked) {
    const slash = key.indexOf("/");
    const kind = key.slice(0, slash);
    chosen[kind] = [...(chosen[kind] ?? []), key.slice(slash + 1)];
  }
  return { ...options, apply_deletions: false, delete: chosen };
}

/** One object as a table names it. */
export function keyOf({ kind, here, name }: Deleted): string {
  return `${kind}/${here ?? name}`;
}
