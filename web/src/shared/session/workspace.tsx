import { createContext, useContext } from "react";

import type { Schemas } from "@/shared/api/client";
import { useLanguage, type Words } from "@/shared/words/words";

export type Action = Schemas["Action"];

/** A workspace as its pages need it: what the reader may do there, and how it is set. */
export interface Workspace {
  id: string;
  name: string;
  actions: ReadonlySet<Action>;
  settings: Record<string, string>;
}

const Here = createContext<Workspace | null>(null);

/** Gives everything inside the workspace of the address. */
export const WorkspaceProvider = Here.Provider;

/** The workspace of the address, in pages that have one. */
export function useWorkspace(): Workspace {
  const workspace = useContext(Here);
  if (workspace === null) throw new Error("this page is in no workspace");
  return workspace;
}

/** Whether the reader may do something in this workspace. */
export function useMay(action: Action): boolean {
  return useWorkspace().actions.has(action);
}

/** Words that the EasyData manual has otherwise; in its workspaces they go before the others. */
export interface EasyData<T> {
  en: Partial<T>;
  zh: Partial<Words<T>["zh"]>;
}

/** The words of one place as the manual of this workspace's profile has them, in the reader's language. */
export function useManualWords<T extends object>(words: Words<T>, easydata: EasyData<T>): T {
  const { language } = useLanguage();
  const workspace = useContext(Here);
  const own = words[language] as T;
  return workspace?.settings["profile"] === "easydata" ? { ...own, ...easydata[language] } : own;
}
