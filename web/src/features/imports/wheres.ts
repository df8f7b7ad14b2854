import type { Schemas } from "@/shared/api/client";

type Finding = Pick<Schemas["FindingAnswer"], "need_name" | "first">;

/**
 * The first objects that a finding concerns, each once, with the place in its document for which the message is
 * written. Where a thing is missing that objects refer to, its name says enough.
 */
export function wheres({ need_name, first }: Finding): { name: string; path: string }[] {
  const found = new Map(first.map(({ kind, name, path }) => [`${kind}/${name}`, { name, path: need_name ? "" : path }]));
  return [...found.values()];
}
