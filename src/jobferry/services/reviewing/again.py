"""Asks once more for what was rejected or withdrawn, as long as it is what was asked for then."""

from __future__ import annotations

from collections.abc import Sequence

from jobferry.errors import Conflict, ErrorCode
from jobferry.model.grant import Grant
from jobferry.model.kinds import ObjectKind
from jobferry.model.records import StoredObject
from jobferry.model.review import Approval, Ask, Review, ReviewItem, ReviewKind, ReviewState, Way
from jobferry.model.rights import Action, deleting, editing
from jobferry.model.settings import read_settings
from jobferry.services.editing.holding import refuse_locked
from jobferry.services.failures import told_if_failed
from jobferry.services.ground import Ground
from jobferry.services.reviewing.asking import Asking, check_note
from jobferry.services.reviewing.deciding import is_moved, stale
from jobferry.services.reviewing.reviews import review_named
from jobferry.services.stored_facts import stored_facts
from jobferry.services.upstreams import check_upstreams
from jobferry.store.ports import UnitOfWork

_OVER = frozenset({ReviewState.REJECTED, ReviewState.WITHDRAWN})


class Resubmitting:
    """Reviews that are asked for again."""

    def __init__(self, ground: Ground) -> None:
        self._ground = ground

    def ask_again(self, grant: Grant, review_id: str, approval: Approval) -> Review:
        """A new review of the same; approvers and note are those of the former one where none are said.

        Whoever may submit or delete all of it may ask, and is then who has asked.

        Raises:
            Forbidden: the caller may not see reviews here, or not submit or delete what it is about.
            NotFound: there is no such review.
            Conflict: it is pending or was approved (``review-over``), something has changed since
                (``review-stale``), is locked by somebody else, waits already, or needs no review any more.
            InvalidRequest: an approver cannot decide any more.
        """
        kind = ReviewKind.REVIEW
        self._ground.allow(grant, Action.REVIEW_VIEW, kind=kind, subject=review_id)
        with self._ground.store.read() as snapshot:
            former = review_named(snapshot, grant, kind, review_id)
            items = snapshot.reviews.items(review_id)
        for action, thing in sorted({_right(item) for item in items}):
            self._ground.allow(grant, action, kind=thing, subject=review_id)
        with (
            told_if_failed(self._ground, grant, "review-ask", kind=kind, subject=review_id),
            self._ground.store.write() as uow,
        ):
            former = review_named(uow, grant, kind, review_id)
            if former.state not in _OVER:
                raise _not_over(former)
            check_note(approval.note)
            asking = Asking(self._ground, uow, grant, _renewed(approval, former))
            objects = self._unmoved(uow, grant, former, items)
            _refuse_unreviewed(asking, former, items, objects)
            review = asking.review_again(former, items[0].ask, objects)
            uow.commit()
        return review

    def _unmoved(
        self, uow: UnitOfWork, grant: Grant, former: Review, items: Sequence[ReviewItem]
    ) -> list[StoredObject]:
        there = uow.objects.by_ids(item.object_id for item in items)
        moved = [
            item.name
            for item in items
            if is_moved(former, item, there.get(item.object_id)) or not grant.reaches(there[item.object_id])
        ]
        if moved:
            raise stale(former, moved, hint="submit or delete these on their own, as they are now")
        objects = [there[item.object_id] for item in items]
        reading = read_settings(grant.workspace.settings).reading
        jobs = [one.digest for one in objects if one.kind is ObjectKind.JOB]
        for facts in stored_facts(uow.contents, ObjectKind.JOB, jobs, reading).values():
            check_upstreams(uow, grant, facts)
        for one in objects:
            refuse_locked(one, grant)
        return objects


def _right(item: ReviewItem) -> tuple[Action, ObjectKind]:
    return (editing if item.ask is Ask.SUBMIT else deleting)(item.kind), item.kind


def _renewed(approval: Approval, former: Review) -> Approval:
    return Approval(approvers=approval.approvers or former.approvers, note=approval.note or former.note)


def _refuse_unreviewed(
    asking: Asking, former: Review, items: Sequence[ReviewItem], objects: Sequence[StoredObject]
) -> None:
    for item, stored in zip(items, objects, strict=True):
        way = asking.way(stored) if item.ask is Ask.SUBMIT else asking.way_out(stored)
        if way is not Way.REVIEW:
            raise Conflict(
                ErrorCode.MODE_REFUSED,
                f"the workspace wants no review of the {item.kind} {item.name} any more",
                subject=former.id,
                hint=f"{item.ask} it without",
            )


def _not_over(former: Review) -> Conflict:
    by = f" by {former.decided_by}" if former.decided_by else ""
    return Conflict(
        ErrorCode.REVIEW_OVER,
        f"the review {former.id} is {former.state}{by}, neither rejected nor withdrawn",
        subject=former.id,
        hint="see jobferry review list",
    )
