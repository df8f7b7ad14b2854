import { quoted } from "@/shared/look/Command";
import { isVersioned, type ObjectKind } from "@/shared/objects/kinds";

import type { Approval } from "../api";
import { approvalOptions } from "../object/approvalOptions";

export type BulkAct = "start" | "stop" | "submit" | "unlock" | "tag" | "untag" | "move" | "delete";

/** What an act on many objects needs besides their names. */
export interface Chosen {
  directory: string;
  tags: string[];
  approval: Approval;
}

/** The command that does the same with all of them. */
export function commandOf(kind: ObjectKind, act: BulkAct, names: string[], { directory, tags, approval }: Chosen, workspace: string): string {
  const where = `-w ${quoted(workspace)}`;
  const named = names.map(quoted);
  if (act === "tag" || act === "untag") {
    const given = tags.length > 0 ? tags.map(quoted) : ["TAG"];
    return ["jobferry tag", act === "tag" ? "add" : "remove", ...given, ...named.map((name) => `--job ${name}`), "--lock", where].join(" ");
  }
  if (act === "unlock") return ["jobferry lock release", ...named, ...(kind === "script" ? ["--script"] : []), where].join(" ");
  const options = [
    ...(act === "move" ? [quoted(directory)] : []),
    ...approvalOptions(approval),
    ...(isVersioned(kind) && (act === "submit" || act === "move") ? ["--lock"] : []),
    ...(act === "delete" ? ["--yes"] : []),
  ];
  return `for name in ${named.join(" ")}; do ${[`jobferry ${kind} ${act} "$name"`, ...options, where].join(" ")}; done`;
}
