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
export type WorkspacePath = "/w/$workspace/imports";

/** What a workspace offers, in the manuals' order; a section without pages is not shown. */
export const sections: Section[] = [
  { label: "imports", pages: [{ label: "imports", to: "/w/$workspace/imports", needs: "import" }] },
];
