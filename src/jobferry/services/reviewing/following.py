"""What follows from an import for reviews and releases, in its transaction."""

from __future__ import annotations

from jobferry.model.review import Mode, Review, ReviewKind
from jobferry.model.transfer.plan import AskReview, Overwrite, Plan, Submit
from jobferry.model.transfer.receipt import Receipt
from jobferry.model.transfer.target import TargetView
from jobferry.services.ground import Ground
from jobferry.services.reviewing.asking import named_approvers
from jobferry.services.reviewing.telling import tell_asked
from jobferry.store.ports import UnitOfWork


def follow_import(uow: UnitOfWork, ground: Ground, view: TargetView, plan: Plan, receipt: Receipt) -> None:
    """Tells the approvers of the import's review; what went live needs no release any more.

    Raises:
        InvalidRequest: an approver cannot decide any more.
    """
    asks = any(isinstance(step, AskReview) for step in plan.steps)
    review = uow.reviews.of_import(receipt.id) if asks else None
    if review is not None:
        _tell(uow, ground, view, review)
    if view.settings.mode is Mode.ENTERPRISE:
        uow.reviews.remove_pending_items(
            leading.object_id
            for leading, following in plan.objects()
            if isinstance(leading, Overwrite)
            and any(isinstance(step, Submit) and step.live for step in following)
        )


def _tell(uow: UnitOfWork, ground: Ground, view: TargetView, review: Review) -> None:
    approvers = named_approvers(uow, view.grant, ReviewKind.REVIEW, review.approvers)
    detail = f"submit {review.size} of {review.name}"
    ground.record(
        uow,
        ground.event(view.grant, "review-ask", kind=review.kind, subject=review.id, detail=detail),
    )
    tell_asked(ground, uow, view.grant.workspace, review, approvers)
