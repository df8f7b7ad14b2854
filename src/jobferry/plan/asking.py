"""What apply leaves for others to decide: one review for what an import submits, or items for releases."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from jobferry.model.records import ObjectKey, StoredObject
from jobferry.model.review import Ask, Review, ReviewItem, ReviewKind
from jobferry.model.transfer.plan import AskReview, Plan, Submit
from jobferry.plan.rows import Stamp
from jobferry.store.ports import UnitOfWork


def ask(plan: Plan, objects: Mapping[ObjectKey, StoredObject], uow: UnitOfWork, stamp: Stamp) -> None:
    """Adds the review that the plan's steps ask for, and the items that wait for a release."""
    reviewed = [step for step in plan.steps if isinstance(step, AskReview)]
    if reviewed:
        review = Review(
            id=stamp.new_uid(),
            workspace_id=stamp.workspace_id,
            kind=ReviewKind.REVIEW,
            name=stamp.package_name,
            size=len(reviewed),
            asked_by=stamp.by,
            asked_at=stamp.at,
            approvers=stamp.approvers,
            import_id=stamp.import_id,
        )
        uow.reviews.add(review, _items(reviewed, objects, stamp))
    waiting = [step for step in plan.steps if isinstance(step, Submit) and not step.live]
    if waiting:
        uow.reviews.add_pending_items(_items(waiting, objects, stamp))


def _items(
    steps: Sequence[AskReview | Submit], objects: Mapping[ObjectKey, StoredObject], stamp: Stamp
) -> list[ReviewItem]:
    return [
        ReviewItem(
            workspace_id=stamp.workspace_id,
            object_id=objects[(step.kind, step.name)].id,
            kind=step.kind,
            name=step.name,
            ask=Ask.SUBMIT,
            version=step.number,
            digest=step.digest,
            asked_by=stamp.by,
            asked_at=stamp.at,
            import_id=stamp.import_id,
        )
        for step in steps
    ]
