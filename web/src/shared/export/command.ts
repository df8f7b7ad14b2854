import { quoted } from "@/shared/look/Command";

import type { Export } from "./api";

/** The command that makes the same package. */
export function exportCommand(workspace: string, body: Export): string {
  const { names, scripts, directories, scope, state, kinds, extent } = body;
  const words = [
    ...(names ?? []).map(quoted),
    ...(scripts ?? []).map((name) => `--script ${quoted(name)}`),
    ...(directories ?? []).map((path) => `--directory ${quoted(path)}`),
    ...((directories?.length || extent) && kinds?.includes("script") ? ["--kind script"] : []),
    ...(extent ? [extentOption(extent)] : []),
    ...(scope === "chosen" ? ["--jobs-only"] : []),
    ...(state === "submitted" ? ["--state submitted"] : []),
  ];
  return ["jobferry export", ...words, "-w", quoted(workspace)].join(" ");
}

function extentOption({ kind, since = 0, until = 0 }: NonNullable<Export["extent"]>): string {
  if (kind === "full") return "--full";
  if (kind === "last") return "--since-last";
  return [`--since ${moment(since)}`, ...(until > 0 ? [`--until ${moment(until)}`] : [])].join(" ");
}

function moment(ms: number): string {
  return new Date(ms).toISOString().slice(0, "2026-11-21T12:00".length);
}
