import type { Schemas } from "@/shared/api/client";

import type { Options } from "../api";
import type { Duplicates, TargetStatus } from "./presets";

/** What the first step's form holds. */
export interface Said {
  location: "local" | "obs";
  file?: File;
  path?: string;
  duplicates: Duplicates;
  status: TargetStatus;
  directory?: string;
  approvers?: string[];
  executeUser?: string;
  timeZone?: string;
  zoneMode?: Schemas["ZoneMode"];
  params?: (Parameter | undefined)[];
}

interface Parameter {
  name?: string;
  value?: string;
  job?: string;
}

/** The form as the platform takes it; what was left empty is not said. */
export function optionsOf(asked: Said, act: Schemas["ImportAct"]): Options {
  const params: Record<string, string> = {};
  const jobParams: Record<string, Record<string, string>> = {};
  for (const { name = "", value = "", job = "" } of (asked.params ?? []).map((one) => one ?? {})) {
    if (name === "") continue;
    if (job.trim() === "") params[name] = value;
    else jobParams[job.trim()] = { ...jobParams[job.trim()], [name]: value };
  }
  return {
    act,
    duplicates: asked.duplicates,
    target_status: asked.status,
    directory: asked.directory ?? null,
    approvers: asked.approvers ?? [],
    execute_user: asked.executeUser?.trim() || null,
    time_zone: asked.timeZone ?? null,
    zone_mode: asked.timeZone ? (asked.zoneMode ?? null) : null,
    params,
    job_params: jobParams,
  };
}

/** The same, the other way: what the form shows of options that a check went by. */
export function saidOf(options: Options, preset: { duplicates: Duplicates; target_status: TargetStatus }): Partial<Said> {
  const ofAll = Object.entries(options.params ?? {}).map(([name, value]) => ({ name, value }));
  const ofOne = Object.entries(options.job_params ?? {}).flatMap(([job, values]) =>
    Object.entries(values).map(([name, value]) => ({ name, value, job })),
  );
  return {
    duplicates: options.duplicates ?? preset.duplicates,
    status: options.target_status ?? preset.target_status,
    ...(options.directory ? { directory: options.directory } : {}),
    ...(options.approvers?.length ? { approvers: options.approvers } : {}),
    ...(options.execute_user ? { executeUser: options.execute_user } : {}),
    ...(options.time_zone ? { timeZone: options.time_zone } : {}),
    ...(options.zone_mode ? { zoneMode: options.zone_mode } : {}),
    params: [...ofAll, ...ofOne],
  };
}
