"""Asks somebody else, where the workspace wants that, in the transaction of what it is about."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import TYPE_CHECKING

import msgspec

from jobferry.errors import Conflict, ErrorCode, InvalidRequest
from jobferry.model.document.text import parse_known
from jobferry.model.kinds import JobType, ObjectKind
from jobferry.model.people import About, AboutKind, Grant, Member, Notice, NoticeCode
from jobferry.model.records import ObjectFilter, StoredObject, Workspace
from jobferry.model.review import (
    NOTE_CHARACTERS,
    Approval,
    Ask,
    Mode,
    ReleaseMode,
    Review,
    ReviewItem,
    ReviewKind,
    ReviewState,
)
from jobferry.model.rights import MATRIX, Action
from jobferry.model.settings import read_settings
from jobferry.model.transfer.plan import AskReview, Overwrite, Plan, Submit
from jobferry.model.transfer.receipt import Receipt
from jobferry.model.transfer.target_state import TargetState
from jobferry.model.webhook import WebhookEvent
from jobferry.sentences import sentence
from jobferry.services.runtime import Runtime

if TYPE_CHECKING:
    from jobferry.store import Snapshot, UnitOfWork

_ASKED = {ReviewKind.REVIEW: NoticeCode.REVIEW_ASKED, ReviewKind.RELEASE: NoticeCode.RELEASE_ASKED}
_REQUESTED = {
    ReviewKind.REVIEW: WebhookEvent.REVIEW_REQUESTED,
    ReviewKind.RELEASE: WebhookEvent.RELEASE_REQUESTED,
}
_DECIDED = {ReviewKind.REVIEW: NoticeCode.REVIEW_DECIDED, ReviewKind.RELEASE: NoticeCode.RELEASE_DECIDED}


def tell_asked(
    runtime: Runtime, uow: UnitOfWork, workspace: Workspace, review: Review, approvers: Iterable[Member]
) -> None:
    """Tells those who are asked, and the webhook."""
    asked = list(approvers)
    data = {
        "id": review.id,
        "name": review.name,
        "objects": review.size,
        "workspace": workspace.name,
        "requested_by": review.asked_by,
        "approvers": [approver.user_name for approver in asked],
        "note": review.note,
    }
    runtime.announce(uow, _REQUESTED[review.kind], review.id, data)
    for approver in asked:
        _tell(runtime, uow, approver.user_id, _ASKED[review.kind], workspace, review)


def tell_decided(runtime: Runtime, uow: UnitOfWork, workspace: Workspace, review: Review) -> None:
    """Tells who asked, if they are still a user and have not decided themselves."""
    user = uow.people.user_named(review.asked_by)
    if user is not None and review.decided_by != review.asked_by:
        _tell(runtime, uow, user.id, _DECIDED[review.kind], workspace, review)


def _tell(
    runtime: Runtime,
    uow: UnitOfWork,
    user_id: str,
    code: NoticeCode,
    workspace: Workspace,
    review: Review,
) -> None:
    args = {
        "name": review.name if review.size == 1 else f"{review.name} +{review.size - 1}",
        "id": review.id,
        "workspace": workspace.name,
        "by": review.decided_by or review.asked_by,
        "state": review.state.value,
        "said": review.answer or "-",
    }
    if review.kind is ReviewKind.RELEASE:
        args["name"] = review.name
    kind = AboutKind(review.kind.value)
    about = About(workspace_id=workspace.id, kind=kind, id=review.id, name=review.name)
    uow.notices.add(
        Notice(id=runtime.new_id(), user_id=user_id, code=code, at=runtime.now(), about=about, args=args)
    )


DECIDING = {
    ReviewKind.REVIEW: Action.REVIEW_DECIDE,
    ReviewKind.RELEASE: Action.RELEASE_DECIDE,
}
"""The right that deciding takes, and that approvers therefore must have."""


class Asking:
    """What one call wants to go live or away, in its transaction; the settings are those that hold there."""

    def __init__(self, runtime: Runtime, uow: UnitOfWork, grant: Grant, approval: Approval) -> None:
        self._runtime = runtime
        self._uow = uow
        self._grant = grant
        self._approval = approval
        workspace = uow.workspaces.by_id(grant.workspace.id) or grant.workspace
        self._settings = read_settings(workspace.settings)

    def way(self, stored: StoredObject) -> ReleaseMode:
        """What submitting the object leads to here."""
        return self._settings.way_live(stored.kind, stored.name, publish=self._approval.publish)

    def way_out(self, stored: StoredObject) -> ReleaseMode:
        """What deleting it leads to: what was never live goes without a release."""
        way = self._settings.way_live(stored.kind, stored.name, publish=False)
        return ReleaseMode.LIVE if way is ReleaseMode.RELEASE and not stored.live_version else way

    def follow(self, ask: Ask, way: ReleaseMode, objects: Sequence[StoredObject]) -> str:
        """Notes what is asked for objects of one way; the id of the review, if it needs one.

        For a submit the objects are as they were saved.

        Raises:
            InvalidRequest: nobody is named to approve, or somebody who cannot.
            Conflict: an object waits in a review or release already (``review-pending``).
        """
        if way is ReleaseMode.REVIEW:
            return self._review(ask, objects, objects[0].name).id
        if way is ReleaseMode.RELEASE:
            self._refuse_waiting(objects)
            self._uow.reviews.add_pending_items(self._items(ask, objects, after=0))
        elif self._settings.mode is Mode.ENTERPRISE:
            self._uow.reviews.remove_pending_items(stored.id for stored in objects)
        return ""

    def review_again(self, former: Review, ask: Ask, objects: Sequence[StoredObject]) -> Review:
        """Asks for the same as a former review, which an import may have asked for.

        Raises:
            InvalidRequest, Conflict: as :meth:`follow`.
        """
        return self._review(ask, objects, former.name, former.import_id)

    def _review(self, ask: Ask, objects: Sequence[StoredObject], name: str, import_id: str = "") -> Review:
        approvers = named_approvers(self._uow, self._grant, ReviewKind.REVIEW, self._approval.approvers)
        check_note(self._approval.note)
        self._refuse_waiting(objects)
        review = Review(
            id=self._runtime.new_id(),
            workspace_id=self._grant.workspace.id,
            kind=ReviewKind.REVIEW,
            name=name,
            import_id=import_id,
            size=len(objects),
            asked_by=self._grant.caller.name,
            asked_at=self._runtime.now(),
            approvers=tuple(approver.user_name for approver in approvers),
            note=self._approval.note,
        )
        items = self._items(ask, objects, after=1 if ask is Ask.SUBMIT else 0)
        self._uow.reviews.add(review, [msgspec.structs.replace(item, import_id=import_id) for item in items])
        told = f"{ask} {objects[0].kind} {review.name}" + (f" +{review.size - 1}" if review.size > 1 else "")
        asked = self._runtime.event(
            self._grant, "review-ask", kind=review.kind, subject=review.id, detail=told
        )
        self._runtime.record(self._uow, asked)
        tell_asked(self._runtime, self._uow, self._grant.workspace, review, approvers)
        return review

    def _items(self, ask: Ask, objects: Sequence[StoredObject], *, after: int) -> list[ReviewItem]:
        return [
            ReviewItem(
                workspace_id=stored.workspace_id,
                object_id=stored.id,
                kind=stored.kind,
                name=stored.name,
                ask=ask,
                version=stored.last_version + after,
                digest=stored.digest,
                asked_by=self._grant.caller.name,
                asked_at=self._runtime.now(),
            )
            for stored in objects
        ]

    def _refuse_waiting(self, objects: Sequence[StoredObject]) -> None:
        waiting = self._uow.reviews.waiting(stored.id for stored in objects)
        for item in waiting.values():
            if item.review_id:
                raise already_asked(item)


def already_asked(item: ReviewItem) -> Conflict:
    """The error for an object about which a decision is pending."""
    return Conflict(
        ErrorCode.REVIEW_PENDING,
        sentence(
            "{asked_by} has asked to {ask} the {kind} {name} already ({review_id})",
            asked_by=item.asked_by,
            ask=item.ask,
            kind=item.kind,
            name=item.name,
            review_id=item.review_id,
        ),
        subject=item.name,
        hint="wait until that is decided, or have it withdrawn",
    )


def check_note(note: str) -> None:
    """Raises: InvalidRequest: the note is too long."""
    if len(note) > NOTE_CHARACTERS:
        raise InvalidRequest(
            ErrorCode.INVALID_DESCRIPTION,
            sentence(
                "the note is {count} characters long; at most {note_characters} are allowed",
                count=len(note),
                note_characters=NOTE_CHARACTERS,
            ),
            subject="note",
            hint="shorten it",
        )


def named_approvers(
    look: Snapshot, grant: Grant, kind: ReviewKind, names: Sequence[str], askers: Collection[str] = ()
) -> list[Member]:
    """The members of the workspace who are asked, each once. A release may be left to all who can.

    ``askers`` submitted or deleted something in the release, and so cannot decide about it either.

    Whether there is a user of a name that is no member is not told.

    Raises:
        InvalidRequest: a review names nobody, or somebody who cannot decide: who asks, or who may not.
    """
    if not names and kind is ReviewKind.REVIEW:
        raise InvalidRequest(
            ErrorCode.MISSING_VALUE,
            sentence(
                "the workspace {name} requires a review, and nobody is named to approve it",
                name=grant.workspace.name,
            ),
            subject="approvers",
            hint=whom(grant),
        )
    own_names = {grant.caller.name, *askers}
    able = {decider.user_name: decider for decider in deciders(look, grant, kind)}
    unfit = next((name for name in names if name not in able or name in own_names), None)
    if unfit is not None:
        own = unfit in own_names
        raise InvalidRequest(
            ErrorCode.APPROVER_INVALID,
            sentence("{name} cannot approve what they ask for themselves", name=unfit[:64])
            if own
            else sentence("{name} may not decide about that here", name=unfit[:64]),
            subject=unfit[:64],
            hint=whom(grant, askers),
        )
    return [able[one] for one in dict.fromkeys(names)]


def deciders(look: Snapshot, grant: Grant, kind: ReviewKind) -> list[Member]:
    """The members of the workspace who may decide about reviews or releases; none who is disabled."""
    disabled = {user.id for user in look.people.users() if user.disabled}
    return [
        member
        for member in look.members.of_workspace(grant.workspace.id)
        if member.roles & MATRIX[DECIDING[kind]] and member.user_id not in disabled
    ]


def whom(grant: Grant, askers: Collection[str] = ()) -> str:
    """Whom the caller could name, as a hint."""
    others = [name for name in grant.administrators if name not in {grant.caller.name, *askers}]
    if others:
        return sentence(
            "name one or more approvers (`--approver`, API: approvers) out of: {others}", others=others
        )
    return "the workspace needs a second administrator: `jobferry member add`"


def follow_import(
    uow: UnitOfWork, runtime: Runtime, state: TargetState, plan: Plan, receipt: Receipt
) -> None:
    """Tells the approvers of the import's review; what went live needs no release any more.

    Raises:
        InvalidRequest: an approver cannot decide any more.
    """
    asks = any(isinstance(step, AskReview) for step in plan.steps)
    review = uow.reviews.of_import(receipt.id) if asks else None
    if review is not None:
        _record_asking(uow, runtime, state, review)
    if state.settings.mode is Mode.ENTERPRISE:
        uow.reviews.remove_pending_items(
            leading.object_id
            for leading, following in plan.objects()
            if isinstance(leading, Overwrite)
            and any(isinstance(step, Submit) and step.live for step in following)
        )


def _record_asking(uow: UnitOfWork, runtime: Runtime, state: TargetState, review: Review) -> None:
    approvers = named_approvers(uow, state.grant, ReviewKind.REVIEW, review.approvers)
    detail = f"submit {review.size} of {review.name}"
    runtime.record(
        uow,
        runtime.event(state.grant, "review-ask", kind=review.kind, subject=review.id, detail=detail),
    )
    tell_asked(runtime, uow, state.grant.workspace, review, approvers)


def recall(uow: UnitOfWork, runtime: Runtime, grant: Grant, import_id: str) -> None:
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
                decided_at=runtime.now(),
            )
        )
        event = runtime.event(
            grant, "review-withdraw", kind=review.kind, subject=review.id, detail="import undone"
        )
        runtime.record(uow, event)
    waiting = uow.reviews.waiting_of_import(import_id)
    released = next((item for item in waiting if item.review_id), None)
    if released is not None:
        raise Conflict(
            ErrorCode.REVIEW_PENDING,
            sentence(
                "the {kind} {name} is in the release {review_id}",
                kind=released.kind,
                name=released.name,
                review_id=released.review_id,
            ),
            subject=released.name,
            hint="withdraw or reject that release first",
        )
    uow.reviews.remove_pending_items(item.object_id for item in waiting)


_PAGE = 1_000


def check_switch(uow: UnitOfWork, before: Workspace, after: Workspace) -> None:
    """Looks at what a change of settings does to reviews and releases.

    Raises:
        Conflict: reviews are asked for in enterprise mode, or while there are real-time jobs of many nodes
            (``mode-refused``); or what is on goes off while something is pending (``review-pending``).
    """
    former, wanted = read_settings(before.settings), read_settings(after.settings)
    if wanted.review.is_on and wanted.mode is Mode.ENTERPRISE:
        raise _refused(
            "review", "enterprise mode has releases and no reviews", "set review=off or mode=simple"
        )
    if wanted.review.is_on and not former.review.is_on:
        job = _real_time_pipeline(uow, after.id)
        if job:
            raise _refused(
                "review",
                sentence(
                    "there are real-time pipeline jobs, such as {job}; they cannot be reviewed",
                    job=job,
                ),
                "move them to another workspace, or delete them",
            )
    ends = former.review.is_on and not wanted.review.is_on
    if (ends or former.mode is not wanted.mode) and uow.reviews.is_anything_waiting(after.id):
        raise Conflict(
            ErrorCode.REVIEW_PENDING,
            sentence("something in the workspace {name} waits for a review or release", name=after.name),
            subject="review" if ends else "mode",
            hint="decide or withdraw it first: `jobferry review list`, `jobferry release list`",
        )


def _real_time_pipeline(uow: UnitOfWork, workspace_id: str) -> str:
    """The name of a real-time job that is no single task; empty if there is none."""
    wanted = ObjectFilter(workspace_id=workspace_id, kind=ObjectKind.JOB, subtype=JobType.REAL_TIME)
    offset = 0
    while True:
        total, jobs = uow.objects.page(wanted, offset=offset, limit=_PAGE)
        texts = dict(uow.contents.texts([job.digest for job in jobs]))
        for job in jobs:
            if parse_known(texts[job.digest]).get("singleNodeJobFlag") is not True:
                return job.name
        offset += len(jobs)
        if offset >= total or not jobs:
            return ""


def _refused(subject: str, message: str, hint: str) -> Conflict:
    return Conflict(ErrorCode.MODE_REFUSED, message, subject=subject, hint=hint)
