"""Reviews and releases: who asked for what, and what was decided."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from fastapi import Response
from pydantic import BaseModel, ConfigDict

from jobferry.api.late import LateRouter
from jobferry.api.own.call import Placed, PlacedCall, described
from jobferry.api.own.reviewing import answers
from jobferry.api.wire import PageLimit, PageOffset, PathText, answer, read_body
from jobferry.model.people import Grant
from jobferry.model.records import StoredObject
from jobferry.model.review import Approval, Review, ReviewItem, ReviewKind, ReviewState
from jobferry.services.reviewing.reviews import ShownReview, Tab

router = LateRouter(prefix="/api/workspaces/{workspace}", tags=["reviews"])


class DecisionBody(BaseModel):
    """What is said to who asked."""

    model_config = ConfigDict(extra="forbid")

    answer: str = ""


class ResubmitBody(BaseModel):
    """Who is asked this time, and what they are told; what is left out is as it was."""

    model_config = ConfigDict(extra="forbid")

    approvers: list[str] = []
    note: str = ""


_DECISION = described(DecisionBody)


@router.get("/reviews", response_model=answers.ReviewList)
def list_reviews(
    call: Placed,
    tab: Tab = Tab.ALL,
    state: ReviewState | None = None,
    offset: PageOffset = 0,
    limit: PageLimit = 100,
) -> Response:
    """Reviews, newest first: what waits for the caller, what they decided, what they asked for, or all."""
    return listed(call, ReviewKind.REVIEW, tab, state, slice(offset, offset + limit))


@router.get("/reviews/{review}", response_model=answers.ReviewAnswer)
def show_review(call: Placed, review: PathText) -> Response:
    """A review with everything that is in it."""
    return answer(shown(call.platform.reviews.show(call.grant, ReviewKind.REVIEW, review)))


@router.post("/reviews/{review}/approve", response_model=answers.ReviewHead, openapi_extra=_DECISION)
def approve_review(call: Placed, review: PathText) -> Response:
    """Carries out what was asked for, all of it or nothing."""
    return decided(call, ReviewKind.REVIEW, review, call.platform.reviews.approve)


@router.post("/reviews/{review}/reject", response_model=answers.ReviewHead, openapi_extra=_DECISION)
def reject_review(call: Placed, review: PathText) -> Response:
    """ImportLock it down; nothing goes live or away."""
    return decided(call, ReviewKind.REVIEW, review, call.platform.reviews.reject)


@router.post("/reviews/{review}/withdraw", response_model=answers.ReviewHead)
def withdraw_review(call: Placed, review: PathText) -> Response:
    """Takes back what one asked for."""
    return answer(head_of(call.platform.reviews.withdraw(call.grant, ReviewKind.REVIEW, review)))


@router.post(
    "/reviews/{review}/resubmit",
    status_code=201,
    response_model=answers.ReviewHead,
    openapi_extra=described(ResubmitBody),
)
def resubmit_review(call: Placed, review: PathText) -> Response:
    """Asks once more for what was rejected or withdrawn, in a new review, if nothing of it has changed."""
    said = read_body(ResubmitBody, call.body)
    approval = Approval(approvers=tuple(said.approvers), note=said.note)
    return answer(head_of(call.platform.resubmitting.ask_again(call.grant, review, approval)), 201)


def listed(call: PlacedCall, kind: ReviewKind, tab: Tab, state: ReviewState | None, page: slice) -> Response:
    """A page of reviews or releases."""
    offset, limit = page.start, page.stop - page.start
    total, found = call.platform.reviews.page(call.grant, kind, tab, state=state, offset=offset, limit=limit)
    return answer({"total": total, "items": [head_of(one) for one in found]})


def decided(
    call: PlacedCall,
    kind: ReviewKind,
    review: str,
    decide: Callable[[Grant, ReviewKind, str, str], Review],
) -> Response:
    """How a review or release stands after the decision that the body words."""
    said = read_body(DecisionBody, call.body)
    return answer(head_of(decide(call.grant, kind, review, said.answer)))


def review_of(call: PlacedCall, stored: StoredObject) -> str:
    """The pending review or release that an object is in; empty for none."""
    item = call.platform.reviews.waiting(call.grant, stored)
    return item.review_id if item else ""


def head_of(review: Review) -> dict[str, Any]:
    """A review without its items."""
    return {
        "id": review.id,
        "kind": review.kind,
        "name": review.name,
        "size": review.size,
        "state": review.state,
        "asked_by": review.asked_by,
        "asked_at": review.asked_at,
        "approvers": review.approvers,
        "note": review.note,
        "import_id": review.import_id,
        "decided_by": review.decided_by,
        "decided_at": review.decided_at,
        "answer": review.answer,
    }


def shown(found: ShownReview) -> dict[str, Any]:
    """A review with its items."""
    return {**head_of(found.review), "items": [line_of(one) for one in found.items]}


def line_of(item: ReviewItem) -> dict[str, Any]:
    """One item."""
    return {
        "kind": item.kind,
        "name": item.name,
        "ask": item.ask,
        "version": item.version,
        "digest": item.digest,
        "asked_by": item.asked_by,
        "asked_at": item.asked_at,
        "import_id": item.import_id,
    }
