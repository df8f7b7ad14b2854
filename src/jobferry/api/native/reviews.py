"""Reviews: who asked for what, and what was decided. Releases are shown and decided in the same words."""

from __future__ import annotations

from msgspec import Struct, convert
from msgspec.structs import asdict

from jobferry.api.calls import Body, Calls, Limit, Offset, QueryGroup
from jobferry.api.native.call import Placed
from jobferry.model.kinds import ObjectKind
from jobferry.model.review import Approval, Ask, Review, ReviewItem, ReviewKind, ReviewState, Tab

api = Calls("/api/workspaces/{workspace}", tag="reviews")


class DecisionBody(Body):
    """What is said to who asked."""

    answer: str = ""


class ResubmitBody(Body):
    """Who is asked this time, and what they are told; what is left out is as it was."""

    approvers: tuple[str, ...] = ()
    note: str = ""


class SaidReviews(QueryGroup):
    """Which reviews or releases."""

    tab: Tab = Tab.ALL
    state: ReviewState | None = None


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
    """How many reviews there are, and one page, newest first."""

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
    """A review with what is in it, in the order in which it goes live."""

    items: list[ReviewItemAnswer]


@api.get("/reviews")
def list_reviews(call: Placed, which: SaidReviews, offset: Offset = 0, limit: Limit = 100) -> ReviewList:
    """Reviews, newest first: what waits for the caller, what they decided, what they asked for, or all."""
    return review_list(call, ReviewKind.REVIEW, which, offset, limit)


@api.get("/reviews/{review}")
def show_review(call: Placed, review: str) -> ReviewAnswer:
    """A review with everything that is in it."""
    return review_answer(call, ReviewKind.REVIEW, review)


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


def review_list(call: Placed, kind: ReviewKind, which: SaidReviews, offset: int, limit: int) -> ReviewList:
    """A page of reviews or releases."""
    total, found = call.platform.reviews.page(
        call.grant, kind, which.tab, state=which.state, offset=offset, limit=limit
    )
    return ReviewList(total, [review_head(review) for review in found])


def review_answer(call: Placed, kind: ReviewKind, review: str) -> ReviewAnswer:
    """A review or release with its items.

    Raises:
        NotFound: there is none of that id.
    """
    found = call.platform.reviews.show(call.grant, kind, review)
    head = review_head(found.review)
    return ReviewAnswer(**asdict(head), items=[review_item(item) for item in found.items])


def review_head(review: Review) -> ReviewHead:
    """A review without its items."""
    return convert(review, ReviewHead, from_attributes=True)


def review_item(item: ReviewItem) -> ReviewItemAnswer:
    """What is asked for one object."""
    return convert(item, ReviewItemAnswer, from_attributes=True)
