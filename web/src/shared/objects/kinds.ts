import type { Schemas } from "@/shared/api/client";

/** What a workspace keeps with a document of its own. */
export type ObjectKind = Schemas["ObjectKind"];
export type ObjectRow = Schemas["ObjectAnswer"];

/** The list of each kind. */
export const listOf = {
  job: "/w/$workspace/jobs",
  script: "/w/$workspace/scripts",
  resource: "/w/$workspace/resources",
  cdm: "/w/$workspace/cdms",
} as const satisfies Record<ObjectKind, string>;

/** The page of one object of each kind. */
export const pageOf = {
  job: "/w/$workspace/jobs/$name",
  script: "/w/$workspace/scripts/$name",
  resource: "/w/$workspace/resources/$name",
  cdm: "/w/$workspace/cdms/$name",
} as const satisfies Record<ObjectKind, string>;

/** Kinds that are submitted and have versions and locks. */
export function isVersioned(kind: ObjectKind): kind is "job" | "script" {
  return kind === "job" || kind === "script";
}

/** Whether a thing that something refers to has a page of its own. */
export function isObjectKind(kind: string): kind is ObjectKind {
  return kind in pageOf;
}
