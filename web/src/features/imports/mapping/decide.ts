import type { Schemas } from "@/shared/api/client";

import { isInventoryKind } from "@/shared/objects/inventory";

import type { Finding, Import, Options } from "../api";

type Kind = Schemas["NeedKind"];

/** What to do about one thing: another stands for it, it is here by that name, wait for it, or do without. */
export type Decision =
  | { act: "map"; to: string }
  | { act: "here"; to: string }
  | { act: "hold" }
  | { act: "leave" }
  | { act: "stopped" };

export type Decisions = Record<string, Decision>;

/** Findings on what stays out only because something else does: solved with that. */
const CONSEQUENCES = new Set([
  "needed-left-out",
  "only-used-left-out",
  "package-held-back",
  "deletion-held-back",
  "name-not-freed",
]);

const UNKNOWN = "inventory-unknown";

/**
 * Whether something of an unknown kind would have objects wait that stay out for now: the check only warns of that,
 * but they come in once what keeps them out is solved.
 */
export function hasMuted({ check, options }: Pick<Import, "check" | "options">, settings: Record<string, string>): boolean {
  const holds = ((options["unknown_inventory"] ?? settings["unknown_inventory"]) || "hold") === "hold";
  const isUnknown = Object.entries(check?.needs ?? {}).some(([kind, presence]) => isInventoryKind(kind) && (presence["unknown"] ?? 0) > 0);
  return holds && isUnknown && (check?.findings["block"] ?? 0) > 0;
}

/** What keeps objects out or has them wait, each thing once; of the warnings what would have them wait. */
export function graveOf(findings: readonly Finding[]): Finding[] {
  const [warnings, grave] = [findings.filter(({ severity }) => severity === "warn"), findings.filter(({ severity }) => severity !== "warn")];
  const known = new Set(grave.map(keyOf));
  const muted = warnings.filter((finding) => finding.code === UNKNOWN && !known.has(keyOf(finding)));
  return [...grave, ...muted.map((finding): Finding => ({ ...finding, severity: "hold" }))];
}

/** Names a finding over several checks, whose numbers change. */
export function keyOf(finding: Finding): string {
  if (finding.need_name) return `${finding.need_kind}/${finding.need_name}`;
  return `${finding.code}/${JSON.stringify(finding.args)}`;
}

/** Whether somebody has to say what becomes of it. */
export function isToDecide(finding: Finding): boolean {
  return finding.severity !== "warn" && !CONSEQUENCES.has(finding.code);
}

/** What was decided; what lands held anyway waits unless somebody says otherwise. */
export function decided(finding: Finding, decisions: Decisions): Decision | undefined {
  return decisions[keyOf(finding)] ?? (finding.severity === "hold" ? { act: "hold" } : undefined);
}

/** Things by their kinds, in the order in which they come. */
export function byKind(findings: readonly Finding[]): [string, Finding[]][] {
  const groups = new Map<string, Finding[]>();
  for (const finding of findings) {
    const group = groups.get(finding.need_kind) ?? [];
    group.push(finding);
    groups.set(finding.need_kind, group);
  }
  return [...groups];
}

/** Whether the package has to be checked again for what was decided. */
export function changesAnything(findings: readonly Finding[], decisions: Decisions): boolean {
  return findings.some((finding) => {
    const act = decisions[keyOf(finding)]?.act;
    return act !== undefined && act !== "leave" && !(act === "hold" && finding.severity === "hold");
  });
}

/** The import's options with what was decided about these findings. */
export function optionsWith(options: Options, findings: readonly Finding[], decisions: Decisions): Options {
  const mapping: Record<string, Record<string, string>> = { ...options.mapping };
  const hold: Record<string, string[]> = { ...options.hold };
  for (const { need_kind: kind, need_name: name, ...finding } of findings) {
    const decision = decisions[keyOf({ ...finding, need_kind: kind, need_name: name })];
    if ((decision?.act === "map" || decision?.act === "here") && decision.to !== name) {
      mapping[kind] = { ...mapping[kind], [name]: decision.to };
    }
    if (decision?.act === "hold" && finding.severity === "block") {
      hold[kind] = [...new Set([...(hold[kind] ?? []), name])];
    }
  }
  return { ...options, mapping, hold };
}

/** What is said to exist here, for the inventory. */
export function thingsHere(findings: readonly Finding[], decisions: Decisions): { kind: string; name: string }[] {
  return findings.flatMap((finding) => {
    const decision = decisions[keyOf(finding)];
    return decision?.act === "here" ? [{ kind: finding.need_kind, name: decision.to }] : [];
  });
}

/** Options without the answer for one thing. */
export function without(options: Options, kind: string, name: string): Options {
  const pairs = Object.fromEntries(Object.entries(options.mapping?.[kind] ?? {}).filter(([one]) => one !== name));
  const held = (options.hold?.[kind] ?? []).filter((one) => one !== name);
  return { ...options, mapping: { ...options.mapping, [kind]: pairs }, hold: { ...options.hold, [kind]: held } };
}

/** Kinds of which nothing can stand for another: they are here or they are not. */
export const UNMAPPABLE: ReadonlySet<string> = new Set<Kind>(["cdm", "variable"]);
