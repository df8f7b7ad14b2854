import type { Schemas } from "@/shared/api/client";

export type Change = Schemas["ChangeAnswer"];
export type ChangeKind = Change["change"];

export const CHANGES: ChangeKind[] = ["added", "changed", "renamed", "moved", "submitted", "deleted"];

/** An object as a selection names it; what cannot be exported by its name is none. */
export function keyOf({ kind, name, change }: Pick<Change, "kind" | "name" | "change">): string | null {
  return change !== "deleted" && (kind === "job" || kind === "script") ? `${kind}/${name}` : null;
}

/** The selected names of each kind. */
export function namesOf(selected: readonly string[]): { job: string[]; script: string[] } {
  const of = (kind: string) => selected.filter((key) => key.startsWith(`${kind}/`)).map((key) => key.slice(kind.length + 1));
  return { job: of("job"), script: of("script") };
}
