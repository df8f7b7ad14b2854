import { quoted } from "@/shared/look/Command";

import type { Options } from "./api";

const FLAGS: [keyof Options, string][] = [
  ["duplicates", "--duplicates"],
  ["target_status", "--target"],
  ["outcome", "--outcome"],
  ["directory", "--directory"],
  ["execute_user", "--execute-user"],
  ["time_zone", "--time-zone"],
  ["zone_mode", "--zone-mode"],
];

/** The command that does the same with a package or a backup, by the same options. */
export function commandOf(verb: "check" | "import" | "asset-backup restore", file: string, options: Options, workspace: string): string {
  const said = FLAGS.flatMap(([key, flag]) => (typeof options[key] === "string" ? [flag, quoted(options[key])] : []));
  const maps = Object.entries(options.mapping ?? {}).flatMap(([kind, pairs]) =>
    Object.entries(pairs).flatMap(([name, local]) => ["--map", quoted(`${kind}:${name}=${local}`)]),
  );
  const holds = Object.entries(options.hold ?? {}).flatMap(([kind, names]) =>
    names.flatMap((name) => ["--hold", quoted(`${kind}:${name}`)]),
  );
  const params = Object.entries(options.params ?? {}).flatMap(([name, value]) => ["--param", quoted(`${name}=${value}`)]);
  const jobParams = Object.entries(options.job_params ?? {}).flatMap(([job, values]) =>
    Object.entries(values).flatMap(([name, value]) => ["--job-param", quoted(`${job}:${name}=${value}`)]),
  );
  const approvers = (options.approvers ?? []).flatMap((name) => ["--approver", quoted(name)]);
  const deletions = options.apply_deletions
    ? ["--apply-deletions"]
    : Object.entries(options.delete ?? {}).flatMap(([kind, names]) => names.flatMap((name) => ["--delete", quoted(`${kind}:${name}`)]));
  const act = options.act ? ["--act", options.act] : [];
  return ["jobferry", verb, quoted(file), "-w", workspace, ...said, ...maps, ...holds, ...params, ...jobParams, ...approvers, ...deletions, ...act].join(" ");
}
