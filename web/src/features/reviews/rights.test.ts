import { expect, test } from "vitest";

import { versionsOf, type ReviewHead } from "./api";
import { actsFor } from "./rights";

const review: ReviewHead = {
  id: "1",
  kind: "review",
  name: "orders",
  size: 1,
  state: "pending",
  asked_by: "li",
  asked_at: 0,
  approvers: ["zhao"],
  note: "",
  import_id: "",
  decided_by: "",
  decided_at: 0,
  answer: "",
};
const head = { actions: new Set(["review-decide", "release-decide"] as const) };
const worker = { actions: new Set(["review-view"] as const) };

test("who is named decides, who has asked takes back, all others look on", () => {
  expect(actsFor(review, { name: "zhao" }, head)).toEqual(["approve", "reject", "withdraw"]);
  expect(actsFor(review, { name: "qian" }, head)).toEqual(["withdraw"]);
  expect(actsFor(review, { name: "li" }, worker)).toEqual(["withdraw"]);
  expect(actsFor(review, { name: "sun" }, worker)).toEqual([]);
});

test("what came to nothing can be asked for again, by who has asked", () => {
  expect(actsFor({ ...review, state: "rejected" }, { name: "li" }, worker)).toEqual(["resubmit"]);
  expect(actsFor({ ...review, state: "approved" }, { name: "li" }, worker)).toEqual([]);
  expect(actsFor({ ...review, state: "rejected", kind: "release" }, { name: "li" }, worker)).toEqual([]);
});

test("what waits is compared with what is live, what was approved with the version before", () => {
  expect(versionsOf(review, { version: 2 })).toEqual({ former: "live", latter: "" });
  expect(versionsOf({ ...review, state: "approved" }, { version: 2 })).toEqual({ former: "1", latter: "2" });
  expect(versionsOf({ kind: "release", state: "pending" }, { version: 2 })).toEqual({ former: "live", latter: "2" });
});
