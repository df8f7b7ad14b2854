import { quoted } from "@/shared/look/Command";

import type { Options } from "./api";

const FLAGS: [keyof Options, string][] = [
  ["duplicates", "--duplicates"],
  ["target_status", "--target"],
  ["outcome", "--outcome"],
  ["directory", "--directory"],
  ["execute_user", "--execute-user"],
  ["time_zone", "--time-zone"],
];

/** The command that does the same with a package, by the same options. */
export function commandOf(verb: "check" | "import", file: string, options: Options, workspace: string): string {
  const said = FLAGS.flatMap(([key, flag]) => (typeof options[key] === "string" ? [flag, quoted(options[key])] : []));
  const maps = Object.entries(options.mapping ?? {}).flatMap(([kind, pairs]) =>
    Object.entries(pairs).flatMap(([name, local]) => ["--map", quoted(`${kind}:${name}=${local}`)]),
  );
  const holds = Object.entries(options.hold ?? {}).flatMap(([kind, names]) =>
    names.flatMap((name) => ["--hold", quoted(`${kind}:${name}`)]),
  );
  const act = options.act ? ["--act", options.act] : [];
  return ["jobferry", verb, quoted(file), "-w", workspace, ...said, ...maps, ...holds, ...act].join(" ");
}
