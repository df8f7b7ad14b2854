"""Takes back what an import asked for, when the import is undone."""

from __future__ import annotations

import msgspec

from jobferry.errors import Conflict, ErrorCode
from jobferry.model.grant import Grant
from jobferry.model.review import ReviewState
from jobferry.services.ground import Ground
from jobferry.store.ports import UnitOfWork


def recall(uow: UnitOfWork, ground: Ground, grant: Grant, import_id: str) -> None:
    """Withdraws the import's review if it is pending; its items wait for no release any more.

    Raises:
        Conflict: something of the import is in a pending release (``review-pending``).
    """
    review = uow.reviews.of_import(import_id)
    if review is not None and review.state is ReviewState.PENDING:
        uow.reviews.replace(
            msgspec.structs.replace(
                review,
                state=ReviewState.WITHDRAWN,
                decided_by=grant.caller.name,
                decided_at=ground.now(),
            )
        )
        event = ground.event(
            grant, "review-withdraw", kind=review.kind, subject=review.id, detail="import undone"
        )
        ground.record(uow, event)
    waiting = uow.reviews.waiting_of_import(import_id)
    released = next((item for item in waiting if item.review_id), None)
    if released is not None:
        raise Conflict(
            ErrorCode.REVIEW_PENDING,
            f"the {released.kind} {released.name} is in the release {released.review_id}",
            subject=released.name,
            hint="withdraw or reject that release first",
        )
    uow.reviews.remove_pending_items(item.object_id for item in waiting)
