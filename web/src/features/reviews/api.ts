import { answer, api, Refusal, type Schemas } from "@/shared/api/client";

export type Review = Schemas["ReviewAnswer"];
export type ReviewHead = Schemas["ReviewHead"];
export type ReviewKind = Schemas["ReviewKind"];
export type Item = Schemas["ReviewItemAnswer"];
export type Tab = Schemas["Tab"];
export type Act = "approve" | "reject" | "withdraw" | "resubmit";

export const keys = {
  all: (workspace: string) => ["reviews", workspace] as const,
  one: (workspace: string, id: string) => ["reviews", workspace, "one", id] as const,
};

/** One page of reviews or of releases. */
export function readReviews(workspace: string, kind: ReviewKind, query: Record<string, unknown>) {
  const params = { path: { workspace }, query };
  if (kind === "release") return answer(api.GET("/api/workspaces/{workspace}/releases", { params }));
  return answer(api.GET("/api/workspaces/{workspace}/reviews", { params }));
}

/** One review or release with a page of what is in it. */
export function readReview(workspace: string, kind: ReviewKind, id: string, query: Record<string, unknown>): Promise<Review> {
  if (kind === "release") return answer(api.GET("/api/workspaces/{workspace}/releases/{release}", { params: { path: { workspace, release: id }, query } }));
  return answer(api.GET("/api/workspaces/{workspace}/reviews/{review}", { params: { path: { workspace, review: id }, query } }));
}

/** What was submitted or deleted and is in no release yet. */
export function readWaiting(workspace: string, query: Record<string, unknown>) {
  return answer(api.GET("/api/workspaces/{workspace}/pending-items", { params: { path: { workspace }, query } }));
}

/** Puts waiting objects into a release. */
export function createRelease(workspace: string, body: Schemas["ReleaseBody"]): Promise<Schemas["CreatedReleaseAnswer"]> {
  return answer(api.POST("/api/workspaces/{workspace}/releases", { params: { path: { workspace } }, body }));
}

interface How {
  /** Said to who asked, or by who asks again. */
  text: string;
  approvers: string[];
}

/** Decides about one, takes it back, or asks again; what it is afterwards. */
export function carryOut(workspace: string, { kind, id }: Pick<ReviewHead, "kind" | "id">, act: Act, { text, approvers }: How): Promise<ReviewHead> {
  const body = { answer: text };
  if (kind === "release") {
    const params = { path: { workspace, release: id } };
    if (act === "approve") return answer(api.POST("/api/workspaces/{workspace}/releases/{release}/approve", { params, body }));
    if (act === "reject") return answer(api.POST("/api/workspaces/{workspace}/releases/{release}/reject", { params, body }));
    return answer(api.POST("/api/workspaces/{workspace}/releases/{release}/withdraw", { params }));
  }
  const params = { path: { workspace, review: id } };
  if (act === "approve") return answer(api.POST("/api/workspaces/{workspace}/reviews/{review}/approve", { params, body }));
  if (act === "reject") return answer(api.POST("/api/workspaces/{workspace}/reviews/{review}/reject", { params, body }));
  if (act === "withdraw") return answer(api.POST("/api/workspaces/{workspace}/reviews/{review}/withdraw", { params }));
  return answer(api.POST("/api/workspaces/{workspace}/reviews/{review}/resubmit", { params, body: { note: text, approvers } }));
}

/** What is live and what is asked for. ``isStale``: the draft is another than the one that was asked for. */
export interface Texts {
  former: string;
  latter: string;
  isStale: boolean;
}

/** The two texts of one object of a review. */
export async function readTexts(workspace: string, review: Pick<ReviewHead, "kind" | "state">, item: Item): Promise<Texts> {
  const { former, latter } = versionsOf(review, item);
  const [from, to] = await Promise.all([readText(workspace, item, former), readText(workspace, item, latter)]);
  return { former: from.text, latter: to.text, isStale: latter === "" && to.digest !== item.digest };
}

/** Which versions are compared; an empty one is the draft. What was approved is compared with the version before. */
export function versionsOf({ kind, state }: Pick<ReviewHead, "kind" | "state">, { version }: Pick<Item, "version">): { former: string; latter: string } {
  const isMade = kind === "release" || state === "approved";
  return { former: state === "approved" ? String(version - 1) : "live", latter: isMade ? String(version) : "" };
}

const NOT_FOUND = 404;

/** A text and its digest; an empty one where there is none of that version. */
async function readText(workspace: string, { kind, name }: Item, version: string): Promise<{ text: string; digest: string }> {
  if (version === "0") return { text: "", digest: "" };
  const params = { path: { workspace, kind, name }, query: version ? { version } : {} };
  try {
    const asked = await api.GET("/api/workspaces/{workspace}/documents/{kind}/{name}", { params, parseAs: "text" });
    return { text: asked.data as unknown as string, digest: (asked.response.headers.get("ETag") ?? "").replaceAll('"', "") };
  } catch (error) {
    if (error instanceof Refusal && error.status === NOT_FOUND) return { text: "", digest: "" };
    throw error;
  }
}
