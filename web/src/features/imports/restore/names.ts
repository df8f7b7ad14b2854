import type { Schemas } from "@/shared/api/client";

type Backup = Schemas["AssetBackupAnswer"];

/** Kinds of names that can be changed while a backup is restored, in the order of showing. */
export const KINDS = ["connection", "database", "cluster"] as const;
export type Kind = (typeof KINDS)[number];
/** By kind: names of the backup, each with what it is to be called here. */
export type Names = Record<Kind, Record<string, string>>;

/** The names as the backup's ``backup.json`` has them. */
export function namesOf({ connections, databases, clusters }: Pick<Backup, "connections" | "databases" | "clusters">): Names {
  return { connection: connections, database: databases, cluster: clusters };
}

/** What is changed, as imports take it. */
export function mappingOf(names: Names): Record<string, Record<string, string>> {
  const changed = KINDS.map((kind) => [kind, Object.entries(names[kind]).flatMap(([former, name]) => (name.trim() === former ? [] : [[former, name.trim()]]))] as const);
  return Object.fromEntries(changed.filter(([, pairs]) => pairs.length > 0).map(([kind, pairs]) => [kind, Object.fromEntries(pairs) as Record<string, string>]));
}

/** What was typed instead of the backup's own names, as the address keeps it; empty where nothing was. */
export function typedIn(names: Names, own: Names): string {
  const typed = KINDS.flatMap((kind) => Object.entries(names[kind]).flatMap(([former, name]) => (name === own[kind][former] ? [] : [[kind, former, name]])));
  return typed.length > 0 ? JSON.stringify(typed) : "";
}

/** The backup's own names with what the address says was typed; what is no name of the backup is passed over. */
export function withTyped(own: Names, address = ""): Names {
  const names: Names = { connection: { ...own.connection }, database: { ...own.database }, cluster: { ...own.cluster } };
  for (const [kind, former, name] of readTyped(address)) {
    const known = KINDS.find((one) => one === kind);
    if (known && typeof former === "string" && typeof name === "string" && Object.hasOwn(own[known], former)) names[known][former] = name;
  }
  return names;
}

function readTyped(address: string): unknown[][] {
  try {
    const read: unknown = JSON.parse(address || "[]");
    return Array.isArray(read) ? read.filter((one): one is unknown[] => Array.isArray(one)) : [];
  } catch {
    return [];
  }
}

/** Whether every name has one to be called by. */
export function isWhole(names: Names): boolean {
  return KINDS.every((kind) => Object.values(names[kind]).every((name) => name.trim() !== ""));
}

const VARIABLES = "1_env/";

/** The file of environment variables in a backup, if it has one, and how many things lie in the others. */
export function partsOf(files: Backup["files"]): { variables: Backup["files"][number] | null; objects: number } {
  const variables = files.find(({ path }) => path.startsWith(VARIABLES)) ?? null;
  const objects = files.reduce((sum, file) => (file === variables ? sum : sum + file.objects), 0);
  return { variables, objects };
}
