import { answer, api, type Schemas } from "@/shared/api/client";
import { handIn } from "@/shared/api/handIn";

export type Generation = Schemas["TaskPackagesAnswer"];
export type Matched = Schemas["GeneratingAnswer"] | Schemas["NotGeneratedAnswer"];
export type Import = Schemas["ImportAnswer"];
export type Detection = Schemas["DetectionAnswer"];

const LONGEST_WAIT_S = 20;
const MOST_ITEMS = 500;
const REMAINS = "remains-";

export const keys = {
  generation: (workspace: string) => ["batches", workspace, "generation"] as const,
  one: (workspace: string, importId: string) => ["batches", workspace, "import", importId] as const,
  result: (receiptId: string) => ["batches", "result", receiptId] as const,
  directories: (workspace: string) => ["objects", workspace, "job", "directories"] as const,
};

/** The names that were given last, and the package that can be exported. */
export function readGeneration(workspace: string): Promise<Generation> {
  return answer(api.GET("/api/workspaces/{workspace}/task-packages", { params: { path: { workspace } } }));
}

/** Matches names with online tasks, and begins to generate a package if all of them are some. */
export async function generate(workspace: string, names: string): Promise<Matched> {
  const asked = answer(api.POST("/api/workspaces/{workspace}/task-packages", { params: { path: { workspace } }, body: { names } }));
  return (await asked) as Matched;
}

/** Where a browser fetches the package that was generated last. */
export function lastPackage(workspace: string): string {
  return `/api/workspaces/${encodeURIComponent(workspace)}/task-packages/last`;
}

/** What a batch import is asked for. */
export interface Asked {
  file: File;
  directory: string;
  isOnline: boolean;
  approvers: string[];
}

/** Hands the package in, and has it imported if it passes the detection. */
export async function beginImport(workspace: string, { file, directory, isOnline, approvers }: Asked): Promise<Import> {
  const options = {
    act: "import-batch-package" as const,
    directory,
    target_status: isOnline ? ("submitted" as const) : ("saved" as const),
    approvers,
  };
  const body = { package: { id: await handIn(file) }, options, apply: true };
  return answer(api.POST("/api/workspaces/{workspace}/imports", { params: { path: { workspace } }, body }));
}

/** An import; where its last state is known, the answer comes as soon as there is another. */
export function readImport(workspace: string, importId: string, seen: string | undefined, signal: AbortSignal): Promise<Import> {
  const query = seen === undefined ? {} : { wait: LONGEST_WAIT_S, seen };
  const path = { workspace, import_id: importId };
  return answer(api.GET("/api/workspaces/{workspace}/imports/{import_id}", { params: { path, query }, signal }));
}

/** What came of an import: why it did not pass, or what is left to do. */
export interface Result {
  receipt: Schemas["ReceiptAnswer"];
  detection: Detection;
  remains: Schemas["FindingAnswer"][];
}

/** Reads what came of an import. */
export async function readResult(receiptId: string): Promise<Result> {
  const params = { path: { receipt_id: receiptId } };
  const [receipt, detection, findings] = await Promise.all([
    answer(api.GET("/api/receipts/{receipt_id}", { params })),
    answer(api.GET("/api/receipts/{receipt_id}/detection", { params: { ...params, query: { limit: MOST_ITEMS } } })),
    answer(api.GET("/api/receipts/{receipt_id}/findings", { params: { ...params, query: { limit: MOST_ITEMS } } })),
  ]);
  return {
    receipt,
    detection: detection as Detection,
    remains: findings.items.filter((finding) => finding.code.startsWith(REMAINS)),
  };
}

/** Where a browser fetches the whole report. */
export function reportAddress(receiptId: string): string {
  return `/api/receipts/${encodeURIComponent(receiptId)}/detection?form=csv`;
}

/** The directories of tasks directly in one. */
export function readDirectories(workspace: string, parent: string) {
  const path = { workspace, kind: "job" as const };
  return answer(api.GET("/api/workspaces/{workspace}/directories/{kind}", { params: { path, query: { parent } } }));
}

/** Makes a directory of tasks; its path. */
export async function createDirectory(workspace: string, path: string): Promise<string> {
  const params = { path: { workspace, kind: "job" as const } };
  return (await answer(api.POST("/api/workspaces/{workspace}/directories/{kind}", { params, body: { path } }))).path;
}
