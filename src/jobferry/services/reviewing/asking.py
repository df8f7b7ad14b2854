"""Asks somebody else, where the workspace wants that, in the transaction of what it is asked about."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from jobferry.errors import Conflict, ErrorCode, InvalidRequest
from jobferry.model.grant import Grant
from jobferry.model.people import Member
from jobferry.model.records import StoredObject
from jobferry.model.review import (
    NOTE_CHARACTERS,
    Approval,
    Ask,
    Mode,
    Review,
    ReviewItem,
    ReviewKind,
    Way,
)
from jobferry.model.rights import MATRIX, Action
from jobferry.model.settings import read_settings
from jobferry.services.ground import Ground
from jobferry.services.reviewing.telling import tell_asked
from jobferry.store.ports import Snapshot, UnitOfWork

DECIDING = {
    ReviewKind.REVIEW: Action.REVIEW_DECIDE,
    ReviewKind.RELEASE: Action.RELEASE_DECIDE,
}
"""The right that deciding takes, and that approvers therefore must have."""


class Asking:
    """What one call wants to go live or away, in its transaction; the settings are those that hold there."""

    def __init__(self, ground: Ground, uow: UnitOfWork, grant: Grant, approval: Approval) -> None:
        self._ground = ground
        self._uow = uow
        self._grant = grant
        self._approval = approval
        workspace = uow.workspaces.by_id(grant.workspace.id) or grant.workspace
        self._settings = read_settings(workspace.settings)

    def way(self, stored: StoredObject) -> Way:
        """What submitting the object leads to here."""
        return self._settings.way_live(stored.kind, stored.name, publish=self._approval.publish)

    def way_out(self, stored: StoredObject) -> Way:
        """What deleting it leads to: what was never live goes without a release."""
        way = self._settings.way_live(stored.kind, stored.name, publish=False)
        return Way.LIVE if way is Way.RELEASE and not stored.live_version else way

    def follow(self, ask: Ask, way: Way, objects: Sequence[StoredObject]) -> str:
        """Notes what is asked for objects of one way; the id of the review, if it needs one.

        For a submit the objects are as they were saved.

        Raises:
            InvalidRequest: nobody is named to approve, or somebody who cannot.
            Conflict: an object waits in a review or release already (``review-pending``).
        """
        if way is Way.REVIEW:
            return self._review(ask, objects, objects[0].name).id
        if way is Way.RELEASE:
            self._refuse_waiting(objects)
            self._uow.reviews.add_pending_items(self._items(ask, objects, after=0))
        elif self._settings.mode is Mode.ENTERPRISE:
            self._uow.reviews.remove_pending_items(one.id for one in objects)
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
            id=self._ground.new_id(),
            workspace_id=self._grant.workspace.id,
            kind=ReviewKind.REVIEW,
            name=name,
            import_id=import_id,
            size=len(objects),
            asked_by=self._grant.caller.name,
            asked_at=self._ground.now(),
            approvers=tuple(one.user_name for one in approvers),
            note=self._approval.note,
        )
        items = self._items(ask, objects, after=1 if ask is Ask.SUBMIT else 0)
        self._uow.reviews.add(review, [msgspec.structs.replace(one, import_id=import_id) for one in items])
        told = f"{ask} {objects[0].kind} {review.name}" + (f" +{review.size - 1}" if review.size > 1 else "")
        asked = self._ground.event(
            self._grant, "review-ask", kind=review.kind, subject=review.id, detail=told
        )
        self._ground.record(self._uow, asked)
        tell_asked(self._ground, self._uow, self._grant.workspace, review, approvers)
        return review

    def _items(self, ask: Ask, objects: Sequence[StoredObject], *, after: int) -> list[ReviewItem]:
        return [
            ReviewItem(
                workspace_id=one.workspace_id,
                object_id=one.id,
                kind=one.kind,
                name=one.name,
                ask=ask,
                version=one.last_version + after,
                digest=one.digest,
                asked_by=self._grant.caller.name,
                asked_at=self._ground.now(),
            )
            for one in objects
        ]

    def _refuse_waiting(self, objects: Sequence[StoredObject]) -> None:
        waiting = self._uow.reviews.waiting(one.id for one in objects)
        for item in waiting.values():
            if item.review_id:
                raise already_asked(item)


def already_asked(item: ReviewItem) -> Conflict:
    """The error for an object about which a decision is pending."""
    return Conflict(
        ErrorCode.REVIEW_PENDING,
        f"{item.asked_by} has asked to {item.ask} the {item.kind} {item.name} already ({item.review_id})",
        subject=item.name,
        hint="wait until that is decided, or have it withdrawn",
    )


def check_note(note: str) -> None:
    """Raises: InvalidRequest: the note is too long."""
    if len(note) > NOTE_CHARACTERS:
        raise InvalidRequest(
            ErrorCode.INVALID_DESCRIPTION,
            f"the note is {len(note)} characters long; at most {NOTE_CHARACTERS} are allowed",
            subject="note",
            hint="shorten it",
        )


def named_approvers(
    look: Snapshot | UnitOfWork, grant: Grant, kind: ReviewKind, names: Sequence[str]
) -> list[Member]:
    """The members of the workspace who are asked, each once. A release may be left to all who can.

    Whether there is a user of a name that is no member is not told.

    Raises:
        InvalidRequest: a review names nobody, or somebody who cannot decide: who asks, or who may not.
    """
    if not names and kind is ReviewKind.REVIEW:
        raise InvalidRequest(
            ErrorCode.MISSING_VALUE,
            f"the workspace {grant.workspace.name} wants a review, and nobody is named to approve it",
            subject="approvers",
            hint=whom(grant),
        )
    able = {one.user_name: one for one in deciders(look, grant, kind)}
    unfit = next((one for one in names if one not in able or one == grant.caller.name), None)
    if unfit is not None:
        own = unfit == grant.caller.name
        why = "nobody approves what they ask for themselves" if own else "may not decide about that here"
        raise InvalidRequest(
            ErrorCode.APPROVER_UNFIT,
            why if own else f"{unfit[:64]} {why}",
            subject=unfit[:64],
            hint=whom(grant),
        )
    return [able[one] for one in dict.fromkeys(names)]


def deciders(look: Snapshot | UnitOfWork, grant: Grant, kind: ReviewKind) -> list[Member]:
    """The members of the workspace who may decide about reviews or releases."""
    return [
        one for one in look.members.of_workspace(grant.workspace.id) if one.roles & MATRIX[DECIDING[kind]]
    ]


def whom(grant: Grant) -> str:
    """Whom the caller could name, as a hint."""
    others = [one for one in grant.administrators if one != grant.caller.name]
    if others:
        return f"name --approver (API: approvers) out of: {', '.join(others)}"
    return "the workspace needs a second administrator: jobferry member add"
