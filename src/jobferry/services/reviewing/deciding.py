"""Carries out what was approved, in the transaction of the approval, after judging it again."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from jobferry.errors import Conflict, ErrorCode
from jobferry.model.records import StoredObject, Version
from jobferry.model.review import Ask, Review, ReviewItem, ReviewKind
from jobferry.model.transfer.target import is_stopped
from jobferry.services.faults import running
from jobferry.services.saving import versions_kept
from jobferry.store.ports import UnitOfWork

_NAMED = 5
"""How many objects an error names."""


def carry_out(uow: UnitOfWork, review: Review, items: Sequence[ReviewItem], *, by: str, at: int) -> None:
    """Makes everything live or away that a review asks for.

    Raises:
        Conflict: an object is not what it was (``review-stale``), or is to be deleted and not stopped
            (``job-running``); nothing was done.
    """
    there = uow.objects.by_ids(item.object_id for item in items)
    moved = [item.name for item in items if is_moved(review, item, there.get(item.object_id))]
    if moved:
        raise stale(review, moved, hint="reject it, or have it withdrawn and asked for again")
    gone = [there[item.object_id] for item in items if item.ask is Ask.DELETE]
    for stored in gone:
        if not is_stopped(stored):
            raise running(stored)
    submitted = [item for item in items if item.ask is Ask.SUBMIT]
    live = [_live(there[item.object_id], item) for item in submitted]
    uow.objects.replace(live, by=by, at=at)
    if review.kind is ReviewKind.REVIEW:
        added = [_version(review, item, at) for item in submitted]
        uow.objects.add_versions(added, keep=versions_kept(uow, review.workspace_id))
    uow.objects.remove((one.id for one in gone), by=by, at=at)


def still_wanted(uow: UnitOfWork, items: Sequence[ReviewItem]) -> list[ReviewItem]:
    """Those items of a release that is off which can go into another one."""
    there = uow.objects.by_ids(item.object_id for item in items)
    return [
        item
        for item in items
        if item.object_id in there
        and (item.ask is Ask.DELETE or there[item.object_id].live_version < item.version)
    ]


def is_moved(review: Review, item: ReviewItem, stored: StoredObject | None) -> bool:
    """Whether an object is not what a review asks for any more.

    A release's versions are there already, and later drafts do not touch them.
    """
    if stored is None:
        return True
    if review.kind is ReviewKind.RELEASE and item.ask is Ask.SUBMIT:
        return stored.live_version >= item.version
    last = item.version - 1 if item.ask is Ask.SUBMIT else item.version
    return (*stored.key, stored.last_version, stored.digest) != (*item.key, last, item.digest)


def _live(stored: StoredObject, item: ReviewItem) -> StoredObject:
    return msgspec.structs.replace(
        stored,
        live_version=item.version,
        live_digest=item.digest,
        last_version=max(stored.last_version, item.version),
    )


def _version(review: Review, item: ReviewItem, at: int) -> Version:
    return Version(
        object_id=item.object_id,
        number=item.version,
        digest=item.digest,
        note=review.note,
        submitted_by=review.asked_by,
        submitted_at=at,
        import_id=review.import_id,
    )


def stale(review: Review, moved: Sequence[str], *, hint: str) -> Conflict:
    """The error for a review whose objects are not what it asks for."""
    names = ", ".join(moved[:_NAMED]) + (" …" if len(moved) > _NAMED else "")
    return Conflict(
        ErrorCode.REVIEW_STALE,
        f"changed since {review.asked_by} asked: {names}; nothing was done",
        subject=moved[0],
        hint=hint,
    )
