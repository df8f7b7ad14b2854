"""Releases of enterprise mode: what waits, and what was put together; the calls of the second version.

Taking a release live is not among them: their call also starts jobs and tells of background tasks.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fastapi import HTTPException, Request, Response
from pydantic import BaseModel, Field

from jobferry.api.factory.call import FactoryCall, InWorkspace
from jobferry.api.late import LateRouter
from jobferry.api.wire import PathText, answer, query_number, read_body
from jobferry.errors import ErrorCode, InvalidRequest
from jobferry.model.kinds import ObjectKind
from jobferry.model.review import Approval, Ask, Review, ReviewItem, ReviewKind, ReviewState, Tab
from jobferry.services.reviewing.releases import Surroundings

router = LateRouter(prefix="/v2/{project_id}/factory")

_EVERY = 100_000
_TASKS = {ObjectKind.JOB: 1, ObjectKind.SCRIPT: 2}
_ADDED, _CHANGED, _DELETED = 1, 2, 3
_DEPLOYED = {
    ReviewState.PENDING: 1,
    ReviewState.APPROVED: 2,
    ReviewState.REJECTED: 3,
    ReviewState.WITHDRAWN: 3,
}


class PackageBody(BaseModel):
    """Which waiting items are put together. ``apply_user_id`` is the caller's own, or left out."""

    apply_user_id: str = ""
    package_name: str
    pending_item_list: list[str]
    approver_ids: list[str] = []


class ListBody(BaseModel):
    """Which releases are listed; times are in ms."""

    key_word: str = ""
    apply_user_name: str = ""
    apply_user_name_filter: list[str] = []
    deploy_user_name: str = ""
    deploy_user_name_filter: list[str] = []
    apply_begin_time: int = 0
    apply_end_time: int = 0
    deploy_begin_time: int = 0
    deploy_end_time: int = 0
    deploy_status_filter: list[int] = []
    limit: int = Field(default=10, ge=1, le=100)
    offset: int = Field(default=0, ge=0)

    def shows(self, one: Review) -> bool:
        """Whether the release is among those that are asked for."""
        return (
            self.key_word in one.name
            and self.apply_user_name in ("", one.asked_by)
            and (not self.apply_user_name_filter or one.asked_by in self.apply_user_name_filter)
            and self.deploy_user_name in ("", one.decided_by)
            and (not self.deploy_user_name_filter or one.decided_by in self.deploy_user_name_filter)
            and _within(one.asked_at, self.apply_begin_time, self.apply_end_time)
            and _within(one.decided_at, self.deploy_begin_time, self.deploy_end_time)
            and (not self.deploy_status_filter or _DEPLOYED[one.state] in self.deploy_status_filter)
        )


class UnpackBody(BaseModel):
    """Which releases are taken back."""

    package_ids: list[str] = Field(min_length=1)


@router.get("/pending-items")
def list_pending_items(call: InWorkspace, request: Request) -> Response:
    """What was submitted or deleted and is in no release yet, oldest first; ``offset`` counts records."""
    offset = query_number(request, "offset", 0)
    limit = query_number(request, "limit", 10, low=1, high=100)
    _, waiting = call.platform.releases.waiting(call.grant, offset=0, limit=_EVERY)
    around = call.platform.releases.surroundings(call.grant, waiting)
    found = [one for one in waiting if _asked_for(request.query_params, one, around)]
    page = [_pending(one, around, call) for one in found[offset : offset + limit]]
    return answer({"total": len(found), "data": page})


@router.post("/pending-items/package")
def create_package(call: InWorkspace) -> Response:
    """Puts waiting items into a release, for somebody else to approve."""
    asked = read_body(PackageBody, call.body)
    _, waiting = call.platform.releases.waiting(call.grant, offset=0, limit=_EVERY)
    around = call.platform.releases.surroundings(call.grant, waiting)
    if asked.apply_user_id not in ("", call.caller.user_id):
        raise _unknown("apply_user_id", asked.apply_user_id, "leave it out: a release is made by who calls")
    by_id = {str(one.object_id): one.key for one in waiting}
    gone = next((one for one in asked.pending_item_list if one not in by_id), None)
    if gone is not None:
        raise _unknown("pending_item_list", gone, "use a pending_item_id that GET pending-items shows")
    names = {user_id: name for name, user_id in around.user_ids.items()}
    made = call.platform.releases.create(
        call.grant,
        asked.package_name,
        [by_id[one] for one in asked.pending_item_list],
        Approval(approvers=tuple(names.get(one, one) for one in asked.approver_ids)),
        everything=False,
    )
    return answer({"package_name": made.name, "release_package_id": made.id})


@router.post("/release-packages")
def list_packages(call: InWorkspace) -> Response:
    """Releases, newest first; ``offset`` counts records."""
    asked = read_body(ListBody, call.body)
    _, every = call.platform.reviews.page(call.grant, ReviewKind.RELEASE, Tab.ALL, offset=0, limit=_EVERY)
    around = call.platform.releases.surroundings(call.grant, ())
    found = [one for one in every if asked.shows(one)]
    page = found[asked.offset : asked.offset + asked.limit]
    return answer({"total": len(found), "data": [_package(one, around, call) for one in page]})


@router.get("/release-packages/{package_id}")
def show_package(call: InWorkspace, package_id: PathText) -> Response:
    """A release with what is in it, in the order in which it goes live."""
    shown = call.platform.reviews.show(call.grant, ReviewKind.RELEASE, package_id)
    around = call.platform.releases.surroundings(call.grant, shown.items)
    status = {"deploy_status": _DEPLOYED[shown.review.state]}
    details = [_pending(one, around, call) | status for one in shown.items]
    return answer({"release_package": _package(shown.review, around, call), "task_details": details})


@router.post("/release-packages/unpack", status_code=204)
def unpack_packages(call: InWorkspace) -> None:
    """Takes releases back, one after the other; their items wait for others."""
    for one in read_body(UnpackBody, call.body).package_ids:
        call.platform.reviews.withdraw(call.grant, ReviewKind.RELEASE, one)


@router.post("/release-packages/deploy", include_in_schema=False)
def deploy_packages(_call: InWorkspace) -> None:
    """Not answered: it would start jobs. Without this it would pass for a release of that name."""
    raise HTTPException(404)


def _asked_for(said: Mapping[str, str], one: ReviewItem, around: Surroundings) -> bool:
    begin, end = (_number(said, name) for name in ("start_time", "end_time"))
    return (
        said.get("submit_user_name", "") in ("", one.asked_by)
        and said.get("item_name", "") in one.name
        and said.get("task_type", "") in ("", str(_TASKS.get(one.kind, 0)))
        and said.get("update_type", "") in ("", str(_update(one, around)))
        and _within(one.asked_at, begin, end)
    )


def _number(said: Mapping[str, str], name: str) -> int:
    text = said.get(name, "").strip()
    if text and not (text.isascii() and text.isdigit() and len(text) < 16):
        raise _unknown(name, text, "use milliseconds since 1970")
    return int(text or 0)


def _within(at: int, begin: int, end: int) -> bool:
    return begin <= at and (not end or at <= end)


def _update(one: ReviewItem, around: Surroundings) -> int:
    if one.ask is Ask.DELETE:
        return _DELETED
    stored = around.objects.get(one.object_id)
    return _CHANGED if stored is not None and stored.live_version else _ADDED


def _pending(one: ReviewItem, around: Surroundings, call: FactoryCall) -> dict[str, Any]:
    stored = around.objects.get(one.object_id)
    return {
        "pending_item_id": str(one.object_id),
        "item_name": one.name,
        "task_type": _TASKS.get(one.kind, 0),
        "task_id": stored.uid if stored is not None else "",
        "update_type": _update(one, around),
        "pending_version": one.version,
        "deployed_version": stored.live_version if stored is not None else 0,
        "package_flag": int(bool(one.review_id)),
        "submit_user_id": around.user_ids.get(one.asked_by, ""),
        "submit_user_name": one.asked_by,
        "submit_timestamp": one.asked_at,
        "project_id": _place(call),
    }


def _package(one: Review, around: Surroundings, call: FactoryCall) -> dict[str, Any]:
    ids = around.user_ids
    return {
        "package_id": one.id,
        "package_name": one.name,
        "apply_user_id": ids.get(one.asked_by, ""),
        "apply_user_name": one.asked_by,
        "apply_timestamp": one.asked_at,
        "deploy_status": _DEPLOYED[one.state],
        "deploy_user_id": ids.get(one.decided_by, ""),
        "deploy_user_name": one.decided_by,
        "deploy_timestamp": one.decided_at,
        "delete_flag": int(one.state is ReviewState.WITHDRAWN),
        "package_approvers": [{"user_id": ids.get(name, ""), "user_name": name} for name in one.approvers],
        "project_id": _place(call),
        "workspace_id": one.workspace_id,
    }


def _place(call: FactoryCall) -> str:
    return f"{call.platform.identity.project_id}-workspace-{call.grant.workspace.id}"


def _unknown(field: str, value: str, hint: str) -> InvalidRequest:
    return InvalidRequest(
        ErrorCode.INVALID_VALUE, f"{value[:64]!r} does not fit {field}", subject=field, hint=hint
    )
