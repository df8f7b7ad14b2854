import type { Action } from "@/shared/session/workspace";

import type { labels } from "./frame/labels";

export type Label = keyof typeof labels.en;

/** A page of a workspace: its name, where it is below the workspace, and the right that it takes. */
export interface Page {
  label: Label;
  to: WorkspacePath;
  needs: Action;
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
  | "/w/$workspace/downloads"
  | "/w/$workspace/imports";

/** What a workspace offers, in the manuals' order; a section without pages is not shown. */
export const sections: Section[] = [
  {
    label: "development",
    pages: [
      { label: "developJob", to: "/w/$workspace/jobs", needs: "job-view" },
      { label: "developScript", to: "/w/$workspace/scripts", needs: "library-view" },
      { label: "resources", to: "/w/$workspace/resources", needs: "library-view" },
      { label: "cdm", to: "/w/$workspace/cdms", needs: "library-view" },
    ],
  },
  { label: "downloadCenter", pages: [{ label: "downloadCenter", to: "/w/$workspace/downloads", needs: "export" }] },
  { label: "imports", pages: [{ label: "imports", to: "/w/$workspace/imports", needs: "import" }] },
];
