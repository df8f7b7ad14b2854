import { answer, api, type Schemas } from "@/shared/api/client";
import type { Verdict } from "@/shared/look/Verdict";
import type { Page } from "@/shared/table/PagedTable";

import type { Import, Options } from "../api";

export type Step = Schemas["StepAnswer"];

export interface StepsAsked {
  verdict?: Verdict;
  stays?: boolean;
  finding?: number;
  name?: string;
}

/** One page of what apply would do. */
export function readSteps(workspace: string, importId: string, asked: StepsAsked, page: Page) {
  const path = { workspace, import_id: importId };
  const query = { ...asked, ...page };
  return answer(api.GET("/api/workspaces/{workspace}/imports/{import_id}/plan", { params: { path, query } }));
}

/** Does what the plan says, in the background. */
export function applyPlan(workspace: string, found: Import, comment: string) {
  const path = { workspace, import_id: found.id };
  const body = { plan_digest: found.plan_digest, comment };
  return answer(api.POST("/api/workspaces/{workspace}/imports/{import_id}/apply", { params: { path }, body }));
}

/** Where the package comes from: a platform and its workspace, which may be called as ours is. */
export function sourceOf({ check }: Import): string {
  const source = check?.source;
  return source ? [source.platform_name, source.workspace].filter(Boolean).join("/") : "";
}

/** Whether anything was answered that could be kept for the next package from the same source. */
export function hasAnswers(found: Import): boolean {
  const { mapping = {}, hold = {} } = found.options as Options;
  const answers = [...Object.values(mapping), ...Object.values(hold)];
  return Boolean(found.check?.source) && answers.some((one) => Object.keys(one).length > 0);
}

/** Keeps mapping and choices for the next packages from where this one comes from. */
export function saveRoute(workspace: string, found: Import) {
  const source = found.check?.source;
  if (!source) throw new Error("the package does not say where it comes from");
  const path = { workspace, platform: source.platform_id, source: source.workspace };
  const body = { options: found.options as Options, platform_name: source.platform_name };
  return answer(api.PUT("/api/workspaces/{workspace}/routes/{platform}/{source}", { params: { path }, body }));
}

/** Checks again, by other options. */
export function changeOptions(workspace: string, importId: string, options: Options): Promise<Import> {
  const path = { workspace, import_id: importId };
  return answer(
    api.PUT("/api/workspaces/{workspace}/imports/{import_id}/options", { params: { path }, body: options }),
  );
}

export type ObjectKey = Schemas["ViewedObject"];

const MOST = 1000;

/** What the reader has looked through of a plan. */
export async function readViewed(workspace: string, importId: string): Promise<ObjectKey[]> {
  const path = { workspace, import_id: importId };
  const query = { limit: MOST };
  return (await answer(api.GET("/api/workspaces/{workspace}/imports/{import_id}/viewed", { params: { path, query } }))).items;
}

/** Keeps for the reader whether they have looked through an object. */
export function setViewed(workspace: string, importId: string, { kind, name }: ObjectKey, isViewed: boolean) {
  const path = { workspace, import_id: importId, kind, name };
  const body = { viewed: isViewed };
  return api.PUT("/api/workspaces/{workspace}/imports/{import_id}/objects/{kind}/{name}/viewed", { params: { path }, body });
}

export type Deleted = Schemas["DeletedAnswer"];

/** One page of what the source no longer has. */
export function readDeletions(workspace: string, importId: string, page: Page) {
  const path = { workspace, import_id: importId };
  return answer(api.GET("/api/workspaces/{workspace}/imports/{import_id}/deletions", { params: { path, query: page } }));
}

/** Lets go of an import and its package. */
export function discard(workspace: string, importId: string) {
  const path = { workspace, import_id: importId };
  return api.POST("/api/workspaces/{workspace}/imports/{import_id}/discard", { params: { path } });
}

/** One object's text here, and the one that would be written. */
export function readTexts(workspace: string, importId: string, { kind, name }: Pick<Step, "kind" | "name">) {
  const path = { workspace, import_id: importId, kind, name };
  return answer(api.GET("/api/workspaces/{workspace}/imports/{import_id}/objects/{kind}/{name}/texts", { params: { path } }));
}
