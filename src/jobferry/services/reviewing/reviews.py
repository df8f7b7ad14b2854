"""Reviews and releases: list, show, approve, reject, withdraw, ask again."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING, NamedTuple, Unpack

import msgspec

from jobferry.errors import Conflict, ErrorCode, Forbidden, NotFound
from jobferry.model.audit import AuditOutcome
from jobferry.model.kinds import ObjectKind
from jobferry.model.lists import PageOptions, ReviewItemFilter
from jobferry.model.people import Grant
from jobferry.model.records import StoredObject, Version
from jobferry.model.review import (
    Approval,
    Ask,
    ReleaseMode,
    Review,
    ReviewFilter,
    ReviewItem,
    ReviewKind,
    ReviewState,
    Tab,
)
from jobferry.model.rights import Action, deleting, editing, viewing
from jobferry.model.settings import read_settings
from jobferry.model.transfer.target_state import is_stopped
from jobferry.sentences import sentence
from jobferry.services.dependencies import check_upstreams
from jobferry.services.errors import running
from jobferry.services.object_access import refuse_locked
from jobferry.services.reviewing.asking import DECIDING, Asking, check_note, tell_decided
from jobferry.services.runtime import Attempt, Runtime
from jobferry.services.saving import stored_facts, versions_kept

if TYPE_CHECKING:
    from jobferry.store import Snapshot, UnitOfWork

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
        sentence(
            "changed since {asked_by} asked: {names}; nothing was done", asked_by=review.asked_by, names=names
        ),
        subject=moved[0],
        hint=hint,
    )


_DAY_MS = 24 * 60 * 60 * 1000


class ShownReview(NamedTuple):
    """A review, how many of its items fit, and one page of them."""

    review: Review
    total: int
    items: list[ReviewItem]


class Reviews:
    """Reviews of simple mode and releases of enterprise mode, which are decided alike."""

    def __init__(self, runtime: Runtime) -> None:
        self._runtime = runtime

    def page(
        self, grant: Grant, tab: Tab, wanted: ReviewFilter, **which: Unpack[PageOptions]
    ) -> tuple[int, list[Review]]:
        """How many of those of a tab fit, and one page of them, newest first unless it is said.

        Raises:
            Forbidden: the caller may not see reviews here.
        """
        self._runtime.allow(grant, Action.REVIEW_VIEW, kind=wanted.kind)
        name = grant.caller.name
        wanted = msgspec.structs.replace(
            wanted,
            workspace_id=grant.workspace.id,
            state=ReviewState.PENDING if tab is Tab.PENDING else wanted.state,
            decided_by=name if tab is Tab.REVIEWED else wanted.decided_by,
            approver=name if tab is Tab.PENDING else "",
            concerns="" if grant.directories is None else name,
        )
        if tab is Tab.MINE:
            if wanted.asked_by not in ("", name):
                return 0, []
            wanted = msgspec.structs.replace(wanted, asked_by=name)
        with self._runtime.store.read() as snapshot:
            return snapshot.reviews.page(wanted, **which)

    def show(
        self,
        grant: Grant,
        kind: ReviewKind,
        review_id: str,
        wanted: ReviewItemFilter = ReviewItemFilter(),
        **which: Unpack[PageOptions],
    ) -> ShownReview:
        """A review and a page of what is in it, in the order in which it goes live unless it is said.

        Raises:
            Forbidden: the caller may not see reviews here.
            NotFound: there is none of that id that the caller is to see.
        """
        self._runtime.allow(grant, Action.REVIEW_VIEW, kind=kind, subject=review_id)
        with self._runtime.store.read() as snapshot:
            review = review_named(snapshot, grant, kind, review_id)
            return ShownReview(review, *snapshot.reviews.item_page(review_id, wanted, **which))

    def waiting(self, grant: Grant, stored: StoredObject) -> ReviewItem | None:
        """What is asked for an object and not decided yet.

        Raises:
            Forbidden: the caller may not look at such objects.
        """
        self._runtime.allow(grant, viewing(stored.kind), kind=stored.kind, subject=stored.name)
        with self._runtime.store.read() as snapshot:
            return snapshot.reviews.waiting([stored.id]).get(stored.id)

    def approve(self, grant: Grant, kind: ReviewKind, review_id: str, answer: str = "") -> Review:
        """Carries out what was asked for, all of it in one transaction.

        Raises:
            Forbidden: the caller may not decide about this one.
            NotFound: there is no such review.
            Conflict: it was decided before (``review-over``), something changed since (``review-stale``), or
                a job to be deleted is not stopped; nothing is done, and it stays pending.
        """
        self._runtime.allow(grant, DECIDING[kind], kind=kind, subject=review_id)
        return self._decide(grant, kind, review_id, ReviewState.APPROVED, answer)

    def reject(self, grant: Grant, kind: ReviewKind, review_id: str, answer: str = "") -> Review:
        """Nothing goes live or away; drafts stay as they are.

        Raises:
            Forbidden: the caller may not decide about this one.
            NotFound: there is no such review.
            Conflict: it was decided before.
        """
        self._runtime.allow(grant, DECIDING[kind], kind=kind, subject=review_id)
        return self._decide(grant, kind, review_id, ReviewState.REJECTED, answer)

    def withdraw(self, grant: Grant, kind: ReviewKind, review_id: str) -> Review:
        """Takes back what was asked; owner and administrators may do that for others.

        Raises:
            Forbidden: it is somebody else's.
            NotFound: there is no such review.
            Conflict: it was decided before.
        """
        with self._runtime.attempt(
            grant, "review-withdraw", Action.REVIEW_VIEW, kind=kind, subject=review_id
        ) as attempt:
            review = self._seen(grant, kind, review_id)
            if review.asked_by != grant.caller.name or grant.caller.scope.read_only:
                self._runtime.allow(grant, Action.REVIEW_DECIDE, kind=kind, subject=review_id)
            return self._closed(attempt, grant, review, ReviewState.WITHDRAWN, "")

    def sweep(self, days: int) -> int:
        """Removes what was decided more than so many days ago; how many there were."""
        with self._runtime.store.write() as uow:
            removed = uow.reviews.sweep(before=self._runtime.now() - days * _DAY_MS)
            uow.commit()
        return removed

    def _decide(
        self, grant: Grant, kind: ReviewKind, review_id: str, state: ReviewState, answer: str
    ) -> Review:
        action = "review-approve" if state is ReviewState.APPROVED else "review-reject"
        with self._runtime.attempt(grant, action, kind=kind, subject=review_id) as attempt:
            review = self._seen(grant, kind, review_id)
            with self._runtime.store.read() as snapshot:
                askers = {item.asked_by for item in snapshot.reviews.items(review_id)}
            self._refuse_other(grant, review, askers)
            check_note(answer)
            return self._closed(attempt, grant, review, state, answer)

    def _closed(
        self, attempt: Attempt, grant: Grant, review: Review, state: ReviewState, answer: str
    ) -> Review:
        now = self._runtime.now()
        with attempt.change(only=grant.workspace.id) as change:
            uow = change.uow
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
            change.audit(detail=f"{review.size} by {review.asked_by}: {review.name}")
            tell_decided(self._runtime, uow, grant.workspace, review)
        return review

    def _seen(self, grant: Grant, kind: ReviewKind, review_id: str) -> Review:
        with self._runtime.store.read() as snapshot:
            return review_named(snapshot, grant, kind, review_id)

    def _refuse_other(self, grant: Grant, review: Review, askers: Collection[str]) -> None:
        """Raises: Forbidden: it or an item is the caller's own, or others are named; the audit has it."""
        if review.may_be_decided_by(grant.caller.name, askers):
            return
        event = self._runtime.event(
            grant,
            DECIDING[review.kind].value,
            kind=review.kind,
            subject=review.id,
            outcome=AuditOutcome.REFUSED,
        )
        self._runtime.note(event)
        own = grant.caller.name in {review.asked_by, *askers}
        able = [approver for approver in review.approvers if approver not in {grant.caller.name, *askers}]
        raise Forbidden(
            ErrorCode.NOT_ALLOWED,
            sentence(
                "the user {name} has asked for this or for something in it, and so cannot decide about it"
                if own
                else "the user {name} is not named to decide this",
                name=grant.caller.name,
            ),
            subject=review.id,
            hint=sentence("ask {able}", able=able) if able else "somebody else has to decide",
        )


def review_named(look: Snapshot, grant: Grant, kind: ReviewKind, review_id: str) -> Review:
    """Raises: NotFound: there is none of that id that the caller is to see."""
    found = look.reviews.by_id(review_id)
    concerns = found is not None and grant.caller.name in (found.asked_by, *found.approvers)
    seen = grant.directories is None or concerns
    if found is None or not seen or (found.workspace_id, found.kind) != (grant.workspace.id, kind):
        raise NotFound(
            ErrorCode.REVIEW_MISSING,
            sentence("there is no {kind} {review_id} in this workspace", kind=kind, review_id=review_id),
            subject=review_id,
            hint=sentence("see `jobferry {command} list`", command=kind.value),
        )
    return found


def _over(review: Review) -> Conflict:
    return Conflict(
        ErrorCode.REVIEW_OVER,
        sentence(
            "the {kind} {id} was already {state} by {decided_by}",
            kind=review.kind,
            id=review.id,
            state=review.state,
            decided_by=review.decided_by,
        ),
        subject=review.id,
        hint="nothing more can be done about it",
    )


_OVER = frozenset({ReviewState.REJECTED, ReviewState.WITHDRAWN})


class Resubmitting:
    """Reviews that are asked for again."""

    def __init__(self, runtime: Runtime) -> None:
        self._runtime = runtime

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
        with self._runtime.attempt(
            grant, "review-ask", Action.REVIEW_VIEW, kind=kind, subject=review_id
        ) as attempt:
            with self._runtime.store.read() as snapshot:
                review_named(snapshot, grant, kind, review_id)
                items = snapshot.reviews.items(review_id)
            for action, thing in sorted({_right(item) for item in items}):
                self._runtime.allow(grant, action, kind=thing, subject=review_id)
            with attempt.change(only=grant.workspace.id) as change:
                former = review_named(change.uow, grant, kind, review_id)
                if former.state not in _OVER:
                    raise _not_over(former)
                check_note(approval.note)
                asking = Asking(self._runtime, change.uow, grant, _renewed(approval, former))
                objects = self._unmoved(change.uow, grant, former, items)
                _refuse_unreviewed(asking, former, items, objects)
                change.no_row()
                return asking.review_again(former, items[0].ask, objects)

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
        fact_rules = read_settings(grant.workspace.settings).fact_rules
        jobs = [stored.digest for stored in objects if stored.kind is ObjectKind.JOB]
        for facts in stored_facts(uow.contents, ObjectKind.JOB, jobs, fact_rules).values():
            check_upstreams(uow, grant, facts)
        for stored in objects:
            refuse_locked(stored, grant)
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
        if way is not ReleaseMode.REVIEW:
            raise Conflict(
                ErrorCode.MODE_REFUSED,
                sentence(
                    "the workspace no longer requires a review of the {kind} {name}",
                    kind=item.kind,
                    name=item.name,
                ),
                subject=former.id,
                hint=sentence("it can be done without one: {ask}", ask=item.ask),
            )


def _not_over(former: Review) -> Conflict:
    return Conflict(
        ErrorCode.REVIEW_OVER,
        sentence(
            "the review {id} is {state}, neither rejected nor withdrawn", id=former.id, state=former.state
        ),
        subject=former.id,
        hint="see `jobferry review list`",
    )
