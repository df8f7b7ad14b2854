import { answer, api, type Schemas } from "@/shared/api/client";
import type { Outcome, Verdict } from "@/shared/look/Verdict";
import type { Page } from "@/shared/table/PagedTable";

export type ReceiptHead = Schemas["ReceiptAnswer"];
export type ReceiptLine = Schemas["ReceiptLine"];
export type FindingHead = Schemas["FindingHead"];

/** A receipt in numbers. */
export function readReceipt(receiptId: string): Promise<ReceiptHead> {
  return answer(api.GET("/api/receipts/{receipt_id}", { params: { path: { receipt_id: receiptId } } }));
}

/** One page of what came of each object. */
export function readLines(receiptId: string, page: Page, outcome: Outcome | undefined, name: string) {
  const query = { ...page, name, ...(outcome ? { outcome } : {}) };
  return answer(api.GET("/api/receipts/{receipt_id}/lines", { params: { path: { receipt_id: receiptId }, query } }));
}

/** What was found, the gravest first. */
export function readFindings(receiptId: string, page: Page) {
  return answer(
    api.GET("/api/receipts/{receipt_id}/findings", { params: { path: { receipt_id: receiptId }, query: page } }),
  );
}

/** What taking an import back would do, in numbers. */
export function readUndo(receiptId: string, rest: boolean) {
  return answer(
    api.GET("/api/receipts/{receipt_id}/undo-plan", { params: { path: { receipt_id: receiptId }, query: { rest } } }),
  );
}

/** The same, object by object. */
export function readUndoSteps(receiptId: string, asked: { rest: boolean; plan_digest: string; verdict?: Verdict }, page: Page) {
  const query = { ...asked, ...page };
  return answer(
    api.GET("/api/receipts/{receipt_id}/undo-plan/steps", { params: { path: { receipt_id: receiptId }, query } }),
  );
}

/** Takes an import back by the plan that was shown; the task that does it. */
export async function undo(receiptId: string, rest: boolean, planDigest: string): Promise<string> {
  const asked = api.POST("/api/receipts/{receipt_id}/undo", {
    params: { path: { receipt_id: receiptId } },
    body: { rest, plan_digest: planDigest },
  });
  return (await answer(asked)).task_id;
}
