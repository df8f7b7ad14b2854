"""Reviews: who asked for what, and what was decided. Releases are shown and decided in the same words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Unpack

from msgspec import Struct, convert
from msgspec.structs import asdict

from jobferry.api.bodies import ShortTuple
from jobferry.api.calls import Body, Calls, Instant, Limit, NamePiece, Offset, QueryGroup, Until
from jobferry.api.native.call import Placed
from jobferry.model.kinds import ObjectKind
from jobferry.model.lists import PageOptions, ReviewItemFilter, ReviewItemSort, ReviewSort
from jobferry.model.review import (
    Approval,
    Ask,
    Review,
    ReviewFilter,
    ReviewItem,
    ReviewKind,
    ReviewState,
    Tab,
)

if TYPE_CHECKING:
    from jobferry.services.reviewing.reviews import ShownReview

api = Calls("/api/workspaces/{workspace}", tag="reviews")


class DecisionBody(Body):
    """What is said to who asked."""

    answer: str = ""


class ResubmitBody(Body):
    """Who is asked this time, and what they are told; what is left out is as it was."""

    approvers: ShortTuple[str] = ()
    note: str = ""


class SaidReviews(QueryGroup):
    """Which reviews or releases."""

    tab: Tab = Tab.ALL
    state: ReviewState | None = None
    name: NamePiece = ""
    asked_by: str = ""
    decided_by: str = ""
    since: Instant = 0
    until: Until = 0


class SaidItems(QueryGroup):
    """Which items of a review, or of those that wait for a release."""

    kind: ObjectKind | None = None
    name: NamePiece = ""
    ask: Ask | None = None
    asked_by: str = ""

    def wanted(self) -> ReviewItemFilter:
        """The same in the engine's words."""
        return ReviewItemFilter(**asdict(self))


class ReviewHead(Struct, frozen=True):
    """A review or release without its items; ``decided_…`` are empty while it is pending."""

    id: str
    kind: ReviewKind
    name: str
    size: int
    state: ReviewState
    asked_by: str
    asked_at: int
    approvers: list[str]
    note: str
    import_id: str
    decided_by: str
    decided_at: int
    answer: str


class ReviewList(Struct, frozen=True):
    """How many reviews fit, and one page of them."""

    total: int
    items: list[ReviewHead]


class ReviewItemAnswer(Struct, frozen=True):
    """What is asked for one object; ``version`` is the one that goes live, or the newest at a deletion."""

    kind: ObjectKind
    name: str
    ask: Ask
    version: int
    digest: str
    asked_by: str
    asked_at: int
    import_id: str


class ReviewAnswer(ReviewHead, frozen=True):
    """A review with a page of what is in it; ``total`` is how many of its items fit."""

    total: int
    items: list[ReviewItemAnswer]


@api.get("/reviews")
def list_reviews(
    call: Placed, which: SaidReviews, sort: ReviewSort = "-asked_at", offset: Offset = 0, limit: Limit = 100
) -> ReviewList:
    """One page of reviews: what waits for the caller, what they decided, what they asked for, or all."""
    return review_list(call, ReviewKind.REVIEW, which, sort=sort, offset=offset, limit=limit)


@api.get("/reviews/{review}")
def show_review(
    call: Placed,
    review: str,
    which: SaidItems,
    sort: ReviewItemSort = "position",
    offset: Offset = 0,
    limit: Limit = 100,
) -> ReviewAnswer:
    """A review with one page of what is in it, in the order in which it goes live."""
    shown = call.platform.reviews.show(
        call.grant, ReviewKind.REVIEW, review, which.wanted(), sort=sort, offset=offset, limit=limit
    )
    return review_answer(shown)


@api.post("/reviews/{review}/approve")
def approve_review(call: Placed, review: str, body: DecisionBody) -> ReviewHead:
    """Carries out what was asked for, all of it or nothing."""
    return review_head(call.platform.reviews.approve(call.grant, ReviewKind.REVIEW, review, body.answer))


@api.post("/reviews/{review}/reject")
def reject_review(call: Placed, review: str, body: DecisionBody) -> ReviewHead:
    """Turns it down; nothing goes live or away."""
    return review_head(call.platform.reviews.reject(call.grant, ReviewKind.REVIEW, review, body.answer))


@api.post("/reviews/{review}/withdraw")
def withdraw_review(call: Placed, review: str) -> ReviewHead:
    """Takes back what one asked for."""
    return review_head(call.platform.reviews.withdraw(call.grant, ReviewKind.REVIEW, review))


@api.post("/reviews/{review}/resubmit", status=201)
def resubmit_review(call: Placed, review: str, body: ResubmitBody) -> ReviewHead:
    """Asks once more for what was rejected or withdrawn, in a new review, if nothing of it has changed."""
    approval = Approval(approvers=body.approvers, note=body.note)
    return review_head(call.platform.resubmitting.ask_again(call.grant, review, approval))


def review_list(
    call: Placed, kind: ReviewKind, which: SaidReviews, **page: Unpack[PageOptions]
) -> ReviewList:
    """A page of reviews or releases."""
    wanted = ReviewFilter(
        workspace_id=call.workspace.id,
        kind=kind,
        state=which.state,
        name=which.name,
        asked_by=which.asked_by,
        decided_by=which.decided_by,
        since=which.since,
        until=which.until,
    )
    total, found = call.platform.reviews.page(call.grant, which.tab, wanted, **page)
    return ReviewList(total, [review_head(review) for review in found])


def review_answer(shown: ShownReview) -> ReviewAnswer:
    """A review or release with a page of its items."""
    items = [review_item(item) for item in shown.items]
    return ReviewAnswer(**asdict(review_head(shown.review)), total=shown.total, items=items)


def review_head(review: Review) -> ReviewHead:
    """A review without its items."""
    return convert(review, ReviewHead, from_attributes=True)


def review_item(item: ReviewItem) -> ReviewItemAnswer:
    """What is asked for one object."""
    return convert(item, ReviewItemAnswer, from_attributes=True)
