import type { Schemas } from "@/shared/api/client";

/** Whether somebody else has to approve what goes live, by being asked in a review. */
export function isReviewed(settings: Record<string, string>): boolean {
  return settings["mode"] === "simple" && !["", "off"].includes(settings["review"] ?? "");
}

type Role = Schemas["Role"];

/** Whose word a review or release waits for. */
export const DECIDING: Record<Schemas["ReviewKind"], ReadonlySet<Role>> = {
  review: new Set<Role>(["owner", "administrator"]),
  release: new Set<Role>(["owner", "administrator", "deployer"]),
};
