import { answer, api, type Schemas } from "@/shared/api/client";

export type Place = Schemas["PlaceAnswer"];

/** What waits in one workspace, and what came in last. */
export interface Waiting {
  lock: Schemas["ImportLockAnswer"] | null;
  imports: Schemas["ImportList"];
  reviews: number;
  held: number;
  /** Jobs and scripts that are here, as far as the reader may know. */
  objects: number;
  receipts: Schemas["ReceiptHead"][];
}

const LAST = 3;

/** Asks only what the reader may know there. */
export async function readWaiting(place: Place): Promise<Waiting> {
  const path = { workspace: place.name };
  const may = new Set(place.actions);
  const [lock, imports, reviews, held, receipts, jobs, scripts] = await Promise.all([
    api.GET("/api/workspaces/{workspace}/import-lock", { params: { path } }).then((asked) => asked.data as Waiting["lock"] | undefined),
    may.has("import") ? listImports(path) : { total: 0, items: [] },
    may.has("review-decide") || may.has("release-decide") ? countReviews(path) : 0,
    may.has("job-view") ? countObjects(path, "job", { held: true }) : 0,
    may.has("import") ? lastReceipts(path) : [],
    may.has("job-view") ? countObjects(path, "job") : 0,
    may.has("library-view") ? countObjects(path, "script") : 0,
  ]);
  return { lock: lock ?? null, imports, reviews, held, receipts, objects: jobs + scripts };
}

type Path = { workspace: string };

function listImports(path: Path) {
  const query = { state: "checked" as const, limit: 1 };
  return answer(api.GET("/api/workspaces/{workspace}/imports", { params: { path, query } }));
}

/** Reviews and releases that wait for the reader. */
async function countReviews(path: Path): Promise<number> {
  const params = { path, query: { tab: "pending" as const, limit: 1 } };
  const [reviews, releases] = await Promise.all([
    answer(api.GET("/api/workspaces/{workspace}/reviews", { params })),
    answer(api.GET("/api/workspaces/{workspace}/releases", { params })),
  ]);
  return reviews.total + releases.total;
}

async function countObjects(path: Path, kind: "job" | "script", which: { held?: boolean } = {}): Promise<number> {
  const query = { ...which, limit: 1 };
  return (await answer(api.GET("/api/workspaces/{workspace}/objects/{kind}", { params: { path: { ...path, kind }, query } }))).total;
}

async function lastReceipts(path: Path): Promise<Waiting["receipts"]> {
  const asked = answer(api.GET("/api/workspaces/{workspace}/receipts", { params: { path, query: { limit: LAST } } }));
  return (await asked).items;
}
