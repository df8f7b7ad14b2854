"""Locks of jobs and scripts."""

from __future__ import annotations

from typing import Any

from fastapi import Response
from pydantic import BaseModel, ConfigDict

from jobferry.api.late import LateRouter
from jobferry.api.own import answers
from jobferry.api.own.call import Placed, described
from jobferry.api.own.objects import shown
from jobferry.api.wire import PageLimit, PageOffset, PathText, answer, read_body
from jobferry.model.kinds import ObjectKind

router = LateRouter(prefix="/api/workspaces/{workspace}/locks", tags=["editing"])


class LockedThing(BaseModel):
    """A job or script."""

    model_config = ConfigDict(extra="forbid")

    kind: ObjectKind
    name: str


class ReleaseRequest(BaseModel):
    """The locks to be released."""

    model_config = ConfigDict(extra="forbid")

    items: list[LockedThing]


class RefusedRelease(BaseModel):
    """A lock that stays, and why."""

    kind: ObjectKind
    name: str
    message: str
    hint: str


class ReleaseAnswer(BaseModel):
    """Objects that are unlocked now, and those that are not."""

    unlocked: list[answers.ObjectAnswer]
    refused: list[RefusedRelease]


@router.get("", response_model=answers.ObjectList)
def list_locks(
    call: Placed,
    kind: ObjectKind = ObjectKind.JOB,
    holder: str = "",
    offset: PageOffset = 0,
    limit: PageLimit = 100,
) -> Response:
    """Objects of one kind that are locked, by anybody or by one holder, in order of name."""
    locks = call.platform.locks
    total, found = locks.page(call.grant, kind, holder=holder, offset=offset, limit=limit)
    return answer({"total": total, "items": [shown(one) for one in found]})


@router.post("/release", response_model=ReleaseAnswer, openapi_extra=described(ReleaseRequest))
def release_locks(call: Placed) -> Response:
    """Releases many locks at once; those that the lock policy keeps are named."""
    asked = read_body(ReleaseRequest, call.body)
    released = call.platform.locks.release_all(call.grant, [(one.kind, one.name) for one in asked.items])
    refused: list[dict[str, Any]] = [
        {"kind": kind, "name": name, "message": why.message, "hint": why.hint}
        for (kind, name), why in released.refused
    ]
    return answer({"unlocked": [shown(one) for one in released.unlocked], "refused": refused})


@router.post("/{kind}/{name:path}", response_model=answers.ObjectAnswer)
def take_lock(call: Placed, kind: ObjectKind, name: PathText) -> Response:
    """Makes the caller the holder of an object's lock."""
    return answer(shown(call.platform.locks.take(call.grant, kind, name)))


@router.delete("/{kind}/{name:path}", response_model=answers.ObjectAnswer)
def release_lock(call: Placed, kind: ObjectKind, name: PathText) -> Response:
    """Lets an object's lock go."""
    return answer(shown(call.platform.locks.release(call.grant, kind, name)))
