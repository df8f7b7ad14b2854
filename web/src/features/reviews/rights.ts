import type { Me } from "@/shared/session/session";
import type { Workspace } from "@/shared/session/workspace";

import type { Act, ReviewHead } from "./api";

/** What a reader can do about a review or release: nobody decides about their own. */
export function actsFor(review: ReviewHead, { name }: Pick<Me, "name">, { actions }: Pick<Workspace, "actions">): Act[] {
  const mayDecide = actions.has(review.kind === "release" ? "release-decide" : "review-decide");
  const isOwn = review.asked_by === name;
  if (review.state === "pending") {
    const isNamed = review.approvers.length === 0 || review.approvers.includes(name);
    return [
      ...(mayDecide && !isOwn && isNamed ? (["approve", "reject"] as const) : []),
      ...(isOwn || actions.has("review-decide") ? (["withdraw"] as const) : []),
    ];
  }
  const isOver = review.state === "rejected" || review.state === "withdrawn";
  return review.kind === "review" && isOver && isOwn ? ["resubmit"] : [];
}
