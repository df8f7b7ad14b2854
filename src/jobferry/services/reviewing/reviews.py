"""Reviews and releases: list, show, approve, reject, withdraw.

What a directory policy keeps from somebody they see in no list: those whom policies bind see what they asked
for themselves and what they are asked about.
"""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple

import msgspec

from jobferry.errors import Conflict, ErrorCode, Forbidden, NotFound
from jobferry.model.audit import AuditOutcome
from jobferry.model.grant import Grant
from jobferry.model.records import StoredObject
from jobferry.model.review import Review, ReviewFilter, ReviewItem, ReviewKind, ReviewState
from jobferry.model.rights import Action, viewing
from jobferry.services.failures import told_if_failed
from jobferry.services.ground import Ground
from jobferry.services.reviewing.asking import DECIDING, check_note
from jobferry.services.reviewing.deciding import carry_out, still_wanted
from jobferry.services.reviewing.telling import tell_decided
from jobferry.store.ports import Snapshot, UnitOfWork

_DAY_MS = 24 * 60 * 60 * 1000


class Tab(StrEnum):
    """Which reviews somebody wants to see."""

    ALL = "all"
    PENDING = "pending"
    """What waits for them."""
    REVIEWED = "reviewed"
    """What they decided."""
    MINE = "mine"
    """What they asked for."""


class ShownReview(NamedTuple):
    """A review with one page of its items."""

    review: Review
    items: list[ReviewItem]


class Reviews:
    """Reviews of simple mode and releases of enterprise mode, which are decided alike."""

    def __init__(self, ground: Ground) -> None:
        self._ground = ground

    def page(
        self,
        grant: Grant,
        kind: ReviewKind,
        tab: Tab,
        *,
        state: ReviewState | None = None,
        offset: int,
        limit: int,
    ) -> tuple[int, list[Review]]:
        """How many there are in all, and one page of them, newest first.

        Raises:
            Forbidden: the caller may not see reviews here.
        """
        self._ground.allow(grant, Action.REVIEW_VIEW, kind=kind)
        name = grant.caller.name
        wanted = ReviewFilter(
            workspace_id=grant.workspace.id,
            kind=kind,
            state=ReviewState.PENDING if tab is Tab.PENDING else state,
            asked_by=name if tab is Tab.MINE else "",
            decided_by=name if tab is Tab.REVIEWED else "",
            approver=name if tab is Tab.PENDING else "",
            concerns="" if grant.directories is None else name,
        )
        with self._ground.store.read() as snapshot:
            return snapshot.reviews.page(wanted, offset=offset, limit=limit)

    def show(
        self, grant: Grant, kind: ReviewKind, review_id: str, *, offset: int = 0, limit: int | None = None
    ) -> ShownReview:
        """A review and what is in it, in the order in which it goes live.

        Raises:
            Forbidden: the caller may not see reviews here.
            NotFound: there is none of that id that the caller is to see.
        """
        self._ground.allow(grant, Action.REVIEW_VIEW, kind=kind, subject=review_id)
        with self._ground.store.read() as snapshot:
            review = review_named(snapshot, grant, kind, review_id)
            return ShownReview(review, snapshot.reviews.items(review_id, offset=offset, limit=limit))

    def waiting(self, grant: Grant, stored: StoredObject) -> ReviewItem | None:
        """What is asked for an object and not decided yet.

        Raises:
            Forbidden: the caller may not look at such objects.
        """
        self._ground.allow(grant, viewing(stored.kind), kind=stored.kind, subject=stored.name)
        with self._ground.store.read() as snapshot:
            return snapshot.reviews.waiting([stored.id]).get(stored.id)

    def approve(self, grant: Grant, kind: ReviewKind, review_id: str, answer: str = "") -> Review:
        """Carries out what was asked for, all of it in one transaction.

        Raises:
            Forbidden: the caller may not decide about this one.
            NotFound: there is no such review.
            Conflict: it was decided before (``review-over``), something changed since (``review-stale``), or
                a job to be deleted is not stopped; nothing is done, and it stays pending.
        """
        self._ground.allow(grant, DECIDING[kind], kind=kind, subject=review_id)
        return self._decide(grant, kind, review_id, ReviewState.APPROVED, answer)

    def reject(self, grant: Grant, kind: ReviewKind, review_id: str, answer: str = "") -> Review:
        """Nothing goes live or away; drafts stay as they are.

        Raises:
            Forbidden: the caller may not decide about this one.
            NotFound: there is no such review.
            Conflict: it was decided before.
        """
        self._ground.allow(grant, DECIDING[kind], kind=kind, subject=review_id)
        return self._decide(grant, kind, review_id, ReviewState.REJECTED, answer)

    def withdraw(self, grant: Grant, kind: ReviewKind, review_id: str) -> Review:
        """Takes back what was asked; owner and administrators may do that for others.

        Raises:
            Forbidden: it is somebody else's.
            NotFound: there is no such review.
            Conflict: it was decided before.
        """
        self._ground.allow(grant, Action.REVIEW_VIEW, kind=kind, subject=review_id)
        review = self._seen(grant, kind, review_id)
        if review.asked_by != grant.caller.name or grant.caller.scope.read_only:
            self._ground.allow(grant, Action.REVIEW_DECIDE, kind=kind, subject=review_id)
        with told_if_failed(self._ground, grant, "review-withdraw", kind=kind, subject=review_id):
            return self._closed(grant, review, ReviewState.WITHDRAWN, "")

    def sweep(self, days: int) -> int:
        """Removes what was decided more than so many days ago; how many there were."""
        with self._ground.store.write() as uow:
            removed = uow.reviews.sweep(before=self._ground.now() - days * _DAY_MS)
            uow.commit()
        return removed

    def _decide(
        self, grant: Grant, kind: ReviewKind, review_id: str, state: ReviewState, answer: str
    ) -> Review:
        review = self._seen(grant, kind, review_id)
        self._refuse_other(grant, review)
        action = "review-approve" if state is ReviewState.APPROVED else "review-reject"
        with told_if_failed(self._ground, grant, action, kind=kind, subject=review_id):
            check_note(answer)
            return self._closed(grant, review, state, answer)

    def _closed(self, grant: Grant, review: Review, state: ReviewState, answer: str) -> Review:
        now = self._ground.now()
        with self._ground.store.write() as uow:
            review = review_named(uow, grant, review.kind, review.id)
            if review.state is not ReviewState.PENDING:
                raise _over(review)
            items = uow.reviews.items(review.id)
            if state is ReviewState.APPROVED:
                carry_out(uow, review, items, by=grant.caller.name, at=now)
            elif review.kind is ReviewKind.RELEASE:
                uow.reviews.add_pending_items(still_wanted(uow, items))
            review = msgspec.structs.replace(
                review, state=state, decided_by=grant.caller.name, decided_at=now, answer=answer
            )
            uow.reviews.replace(review)
            self._record(uow, grant, review)
            tell_decided(self._ground, uow, grant.workspace, review)
            uow.commit()
        return review

    def _seen(self, grant: Grant, kind: ReviewKind, review_id: str) -> Review:
        with self._ground.store.read() as snapshot:
            return review_named(snapshot, grant, kind, review_id)

    def _refuse_other(self, grant: Grant, review: Review) -> None:
        """Raises: Forbidden: it is the caller's own, or others are named to decide; the audit has it."""
        if review.may_be_decided_by(grant.caller.name):
            return
        event = self._ground.event(
            grant,
            DECIDING[review.kind].value,
            kind=review.kind,
            subject=review.id,
            outcome=AuditOutcome.REFUSED,
        )
        self._ground.note(event)
        own = review.asked_by == grant.caller.name
        able = [one for one in review.approvers if one != grant.caller.name]
        raise Forbidden(
            ErrorCode.NOT_ALLOWED,
            f"{grant.caller.name} "
            + ("has asked for this, and so cannot decide about it" if own else "is not named to decide this"),
            subject=review.id,
            hint=f"ask {', '.join(able)}" if able else "somebody else has to decide",
        )

    def _record(self, uow: UnitOfWork, grant: Grant, review: Review) -> None:
        done = {
            ReviewState.APPROVED: "review-approve",
            ReviewState.REJECTED: "review-reject",
            ReviewState.WITHDRAWN: "review-withdraw",
        }[review.state]
        detail = f"{review.size} by {review.asked_by}: {review.name}"
        self._ground.record(
            uow,
            self._ground.event(grant, done, kind=review.kind, subject=review.id, detail=detail),
        )


def review_named(look: Snapshot | UnitOfWork, grant: Grant, kind: ReviewKind, review_id: str) -> Review:
    """Raises: NotFound: there is none of that id that the caller is to see."""
    found = look.reviews.by_id(review_id)
    concerns = found is not None and grant.caller.name in (found.asked_by, *found.approvers)
    seen = grant.directories is None or concerns
    if found is None or not seen or (found.workspace_id, found.kind) != (grant.workspace.id, kind):
        raise NotFound(
            ErrorCode.REVIEW_MISSING,
            f"there is no {kind} {review_id} in this workspace",
            subject=review_id,
            hint=f"see jobferry {kind} list",
        )
    return found


def _over(review: Review) -> Conflict:
    return Conflict(
        ErrorCode.REVIEW_OVER,
        f"the {review.kind} {review.id} was {review.state} by {review.decided_by}",
        subject=review.id,
        hint="nothing is left to be done about it",
    )
