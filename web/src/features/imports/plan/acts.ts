import type { Verdict } from "@/shared/look/Verdict";

type Act = "create" | "overwrite" | "held" | "delete";
const ACTS: readonly Act[] = ["create", "overwrite", "held", "delete"];

/** What a plan would write, as its button says it: *Create 4, overwrite 2, delete 1*; empty if nothing. */
export function actsOf(counts: Partial<Record<Verdict, number>>, said: Record<Act, (count: string) => string>, comma: string): string {
  const text = ACTS.filter((act) => counts[act])
    .map((act) => said[act]((counts[act] ?? 0).toLocaleString()))
    .join(comma);
  return text.charAt(0).toUpperCase() + text.slice(1);
}
