"""Releases of enterprise mode, and what waits for one."""

from __future__ import annotations

from msgspec import Struct
from msgspec.structs import asdict

from jobferry.api.bodies import BodyLimit, LongTuple, ShortTuple
from jobferry.api.calls import Body, Calls, Limit, Offset
from jobferry.api.native.call import Placed
from jobferry.api.native.reviews import (
    DecisionBody,
    ReviewAnswer,
    ReviewHead,
    ReviewItemAnswer,
    ReviewList,
    SaidItems,
    SaidReviews,
    review_answer,
    review_head,
    review_item,
    review_list,
)
from jobferry.model.kinds import ObjectKind
from jobferry.model.lists import PendingSort, ReviewItemSort, ReviewSort
from jobferry.model.review import Approval, ReviewKind

api = Calls("/api/workspaces/{workspace}", tag="reviews")


class WaitingObject(Body):
    """An object of which something waits for a release."""

    kind: ObjectKind
    name: str


class ReleaseBody(Body):
    """A release: of the named objects, or of all that wait. Without approvers, whoever may can decide."""

    name: str
    items: LongTuple[WaitingObject] = ()
    everything: bool = False
    approvers: ShortTuple[str] = ()
    note: str = ""


class CreatedReleaseAnswer(ReviewHead, frozen=True):
    """A release that was just created. ``approvable_by`` names the members who can approve it."""

    approvable_by: list[str]


class WaitingList(Struct, frozen=True):
    """How many of the items that wait for a release fit, and one page of them."""

    total: int
    items: list[ReviewItemAnswer]


@api.get("/pending-items")
def list_pending_items(
    call: Placed, which: SaidItems, sort: PendingSort = "asked_at", offset: Offset = 0, limit: Limit = 100
) -> WaitingList:
    """One page of what was submitted or deleted and is in no release yet."""
    wanted = which.wanted()
    total, found = call.platform.releases.waiting(call.grant, wanted, sort=sort, offset=offset, limit=limit)
    return WaitingList(total, [review_item(item) for item in found])


@api.get("/releases")
def list_releases(
    call: Placed, which: SaidReviews, sort: ReviewSort = "-asked_at", offset: Offset = 0, limit: Limit = 100
) -> ReviewList:
    """One page of releases: what waits for the caller, what they decided, what they made, or all."""
    return review_list(call, ReviewKind.RELEASE, which, sort=sort, offset=offset, limit=limit)


@api.post("/releases", status=201, body_limit=BodyLimit.LIST)
def create_release(call: Placed, body: ReleaseBody) -> CreatedReleaseAnswer:
    """Puts waiting items into a release, for somebody else to approve."""
    made = call.platform.releases.create(
        call.grant,
        body.name,
        [(thing.kind, thing.name) for thing in body.items],
        Approval(approvers=body.approvers, note=body.note),
        everything=body.everything,
    )
    return CreatedReleaseAnswer(**asdict(review_head(made.release)), approvable_by=made.approvable_by)


@api.get("/releases/{release}")
def show_release(
    call: Placed,
    release: str,
    which: SaidItems,
    sort: ReviewItemSort = "position",
    offset: Offset = 0,
    limit: Limit = 100,
) -> ReviewAnswer:
    """A release with one page of what is in it, in the order in which it goes live."""
    shown = call.platform.reviews.show(
        call.grant, ReviewKind.RELEASE, release, which.wanted(), sort=sort, offset=offset, limit=limit
    )
    return review_answer(shown)


@api.post("/releases/{release}/approve")
def approve_release(call: Placed, release: str, body: DecisionBody) -> ReviewHead:
    """Takes everything that is in it live, or nothing."""
    return review_head(call.platform.reviews.approve(call.grant, ReviewKind.RELEASE, release, body.answer))


@api.post("/releases/{release}/reject")
def reject_release(call: Placed, release: str, body: DecisionBody) -> ReviewHead:
    """Turns it down; its items wait for another release."""
    return review_head(call.platform.reviews.reject(call.grant, ReviewKind.RELEASE, release, body.answer))


@api.post("/releases/{release}/withdraw")
def withdraw_release(call: Placed, release: str) -> ReviewHead:
    """Takes a release back; its items wait for another one."""
    return review_head(call.platform.reviews.withdraw(call.grant, ReviewKind.RELEASE, release))
