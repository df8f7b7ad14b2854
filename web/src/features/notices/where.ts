import type { LinkProps } from "@tanstack/react-router";

import type { Schemas } from "@/shared/api/client";

type About = Schemas["AboutAnswer"];

const BACKUP_FAILED: Schemas["NoticeCode"] = "asset-backup-failed";

/** Where a notice leads; an import that failed has no page of its own, and stands in the list under its package;
 * an asset backup that failed stands among the backups. */
export function whereOf({ kind, id, name }: Pick<About, "kind" | "id" | "name">, workspace: string, code = ""): Pick<LinkProps, "to" | "params" | "search"> {
  switch (kind) {
    case "receipt":
      return { to: "/w/$workspace/receipts/$receiptId", params: { workspace, receiptId: id } };
    case "task":
      if (code === BACKUP_FAILED) return { to: "/w/$workspace/asset-backups", params: { workspace } };
      return { to: "/w/$workspace/imports", params: { workspace }, search: { name } };
    case "download":
      return { to: "/w/$workspace/downloads", params: { workspace } };
    case "review":
      return { to: "/w/$workspace/reviews/$reviewId", params: { workspace, reviewId: id } };
    case "release":
      return { to: "/w/$workspace/reviews/$reviewId", params: { workspace, reviewId: id }, search: { kind } };
    case "backup":
      return { to: "/platform/settings" };
    case "user":
      return { to: "/platform/access" };
    case "locks":
      return { to: "/w/$workspace/jobs", params: { workspace }, search: { lock: "yes" } };
  }
}
