import type { Action } from "@/shared/session/workspace";
import type { Address } from "@/shared/url/address";

import type { labels } from "./frame/labels";

export type Label = keyof typeof labels.en;

/** Settings of a workspace and of the platform, by key. */
export type Settings = Record<string, string>;

/** A page of a workspace: its name, where it is below the workspace, and the right that it takes. */
export interface Page {
  label: Label;
  to: WorkspacePath;
  needs: Action;
  /** What stands behind the question mark, for a dialog over a page. */
  search?: Address;
  /** Whether the settings have it; said of pages that one of them switches off. */
  isOn?: (settings: Settings) => boolean;
}

export interface Section {
  label: Label;
  pages: Page[];
}

/** Addresses of pages that the navigation may name; the router has each of them. */
export type WorkspacePath =
  | "/w/$workspace/jobs"
  | "/w/$workspace/scripts"
  | "/w/$workspace/resources"
  | "/w/$workspace/cdms"
  | "/w/$workspace/asset-backups"
  | "/w/$workspace/changes"
  | "/w/$workspace/downloads"
  | "/w/$workspace/imports"
  | "/w/$workspace/reviews"
  | "/w/$workspace/connections"
  | "/w/$workspace/inventory"
  | "/w/$workspace/variables"
  | "/w/$workspace/configuration/defaults"
  | "/w/$workspace/configuration/tags"
  | "/w/$workspace/configuration/members"
  | "/w/$workspace/configuration/policies"
  | "/w/$workspace/configuration/audit";

const isEasyData = (settings: Settings): boolean => settings["profile"] === "easydata";

/** What a workspace offers, in the manuals' order; a section without pages is not shown. */
export const sections: Section[] = [
  {
    label: "development",
    pages: [
      { label: "developJob", to: "/w/$workspace/jobs", needs: "job-view" },
      { label: "developScript", to: "/w/$workspace/scripts", needs: "library-view" },
      { label: "resources", to: "/w/$workspace/resources", needs: "library-view" },
      { label: "cdm", to: "/w/$workspace/cdms", needs: "library-view" },
      { label: "assetBackups", to: "/w/$workspace/asset-backups", needs: "asset-backup" },
      {
        label: "batchExport",
        to: "/w/$workspace/jobs",
        needs: "batch-export",
        search: { batch: "export" },
        isOn: (settings) => isEasyData(settings) && settings["batch_exports"] === "true",
      },
      {
        label: "batchImport",
        to: "/w/$workspace/jobs",
        needs: "batch-import",
        search: { batch: "import" },
        isOn: (settings) => isEasyData(settings) && settings["batch_imports"] === "true",
      },
    ],
  },
  {
    label: "changes",
    pages: [
      {
        label: "changes",
        to: "/w/$workspace/changes",
        needs: "job-view",
        isOn: (settings) => settings["change_management"] === "true",
      },
    ],
  },
  { label: "downloadCenter", pages: [{ label: "downloadCenter", to: "/w/$workspace/downloads", needs: "export" }] },
  { label: "imports", pages: [{ label: "imports", to: "/w/$workspace/imports", needs: "import" }] },
  { label: "reviews", pages: [{ label: "reviews", to: "/w/$workspace/reviews", needs: "review-view" }] },
  { label: "connections", pages: [{ label: "connections", to: "/w/$workspace/connections", needs: "library-view" }] },
  { label: "inventory", pages: [{ label: "inventory", to: "/w/$workspace/inventory", needs: "library-view" }] },
  { label: "variables", pages: [{ label: "variables", to: "/w/$workspace/variables", needs: "library-view" }] },
  {
    label: "configuration",
    pages: [
      { label: "defaults", to: "/w/$workspace/configuration/defaults", needs: "workspace-view" },
      { label: "tags", to: "/w/$workspace/configuration/tags", needs: "job-view" },
      { label: "members", to: "/w/$workspace/configuration/members", needs: "member-view" },
      { label: "policies", to: "/w/$workspace/configuration/policies", needs: "member-view" },
      { label: "audit", to: "/w/$workspace/configuration/audit", needs: "audit-view" },
    ],
  },
];

export type PlatformPath =
  | "/platform/workspaces"
  | "/platform/users"
  | "/platform/access"
  | "/platform/settings"
  | "/platform/audit"
  | "/platform/about";

/** A page of the platform; one without a right is everybody's. */
export interface PlatformPage {
  label: Label;
  to: PlatformPath;
  needs?: Action;
}

/** What the platform offers besides its workspaces. */
export const platformPages: PlatformPage[] = [
  { label: "workspaces", to: "/platform/workspaces" },
  { label: "users", to: "/platform/users", needs: "user-edit" },
  { label: "access", to: "/platform/access" },
  { label: "settings", to: "/platform/settings" },
  { label: "audit", to: "/platform/audit", needs: "platform-audit-view" },
  { label: "about", to: "/platform/about" },
];
