"""Releases of enterprise mode, and what waits for one."""

from __future__ import annotations

from fastapi import Response
from pydantic import BaseModel, ConfigDict

from jobferry.api.late import LateRouter
from jobferry.api.own.call import Placed, described
from jobferry.api.own.reviewing import answers
from jobferry.api.own.reviewing.reviews import DecisionBody, decided, head_of, line_of, listed, shown
from jobferry.api.wire import PageLimit, PageOffset, PathText, answer, read_body
from jobferry.model.kinds import ObjectKind
from jobferry.model.review import Approval, ReviewKind, ReviewState
from jobferry.services.reviewing.reviews import Tab

router = LateRouter(prefix="/api/workspaces/{workspace}", tags=["reviews"])


class WaitingObject(BaseModel):
    """An object of which something waits for a release."""

    model_config = ConfigDict(extra="forbid")

    kind: ObjectKind
    name: str


class ReleaseBody(BaseModel):
    """A release: of the named objects, or of all that wait. Without approvers, whoever may can decide."""

    model_config = ConfigDict(extra="forbid")

    name: str
    items: list[WaitingObject] = []
    everything: bool = False
    approvers: list[str] = []
    note: str = ""


_DECISION = described(DecisionBody)


@router.get("/pending-items", response_model=answers.WaitingList)
def list_pending_items(call: Placed, offset: PageOffset = 0, limit: PageLimit = 100) -> Response:
    """What was submitted or deleted and is in no release yet, oldest first."""
    total, found = call.platform.releases.waiting(call.grant, offset=offset, limit=limit)
    return answer({"total": total, "items": [line_of(one) for one in found]})


@router.get("/releases", response_model=answers.ReviewList)
def list_releases(
    call: Placed,
    tab: Tab = Tab.ALL,
    state: ReviewState | None = None,
    offset: PageOffset = 0,
    limit: PageLimit = 100,
) -> Response:
    """Releases, newest first: what waits for the caller, what they decided, what they made, or all."""
    return listed(call, ReviewKind.RELEASE, tab, state, slice(offset, offset + limit))


@router.post(
    "/releases", status_code=201, response_model=answers.ReviewHead, openapi_extra=described(ReleaseBody)
)
def create_release(call: Placed) -> Response:
    """Puts waiting items into a release, for somebody else to approve."""
    said = read_body(ReleaseBody, call.body)
    made = call.platform.releases.create(
        call.grant,
        said.name,
        [(one.kind, one.name) for one in said.items],
        Approval(approvers=tuple(said.approvers), note=said.note),
        everything=said.everything,
    )
    return answer(head_of(made), 201)


@router.get("/releases/{release}", response_model=answers.ReviewAnswer)
def show_release(call: Placed, release: PathText) -> Response:
    """A release with everything that is in it."""
    return answer(shown(call.platform.reviews.show(call.grant, ReviewKind.RELEASE, release)))


@router.post("/releases/{release}/approve", response_model=answers.ReviewHead, openapi_extra=_DECISION)
def approve_release(call: Placed, release: PathText) -> Response:
    """Takes everything that is in it live, or nothing."""
    return decided(call, ReviewKind.RELEASE, release, call.platform.reviews.approve)


@router.post("/releases/{release}/reject", response_model=answers.ReviewHead, openapi_extra=_DECISION)
def reject_release(call: Placed, release: PathText) -> Response:
    """ImportLock it down; its items wait for another release."""
    return decided(call, ReviewKind.RELEASE, release, call.platform.reviews.reject)


@router.post("/releases/{release}/withdraw", response_model=answers.ReviewHead)
def withdraw_release(call: Placed, release: PathText) -> Response:
    """Takes a release back; its items wait for another one."""
    return answer(head_of(call.platform.reviews.withdraw(call.grant, ReviewKind.RELEASE, release)))
