"""Locks of jobs and scripts."""

from __future__ import annotations

from msgspec import Struct

from jobferry.api.bodies import BodyLimit, LongList
from jobferry.api.calls import Body, Calls, Limit, Offset
from jobferry.api.native.call import Placed
from jobferry.api.native.objects import ObjectAnswer, ObjectList, object_answer, object_answers
from jobferry.model.kinds import ObjectKind

api = Calls("/api/workspaces/{workspace}/locks", tag="editing")


class LockedThing(Body):
    """A job or script."""

    kind: ObjectKind
    name: str


class ReleaseRequest(Body):
    """The locks to be released."""

    items: LongList[LockedThing]


class RefusedRelease(Struct, frozen=True):
    """A lock that stays, and why."""

    kind: ObjectKind
    name: str
    message: str
    hint: str


class ReleaseAnswer(Struct, frozen=True):
    """Objects that are unlocked now, and those that are not."""

    unlocked: list[ObjectAnswer]
    refused: list[RefusedRelease]


@api.get("")
def list_locks(
    call: Placed,
    kind: ObjectKind = ObjectKind.JOB,
    holder: str = "",
    offset: Offset = 0,
    limit: Limit = 100,
) -> ObjectList:
    """Objects of one kind that are locked, by anybody or by one holder, in order of name."""
    locks = call.platform.locks
    total, found = locks.page(call.grant, kind, holder=holder, offset=offset, limit=limit)
    return ObjectList(total, object_answers(call, found))


@api.post("/release", body_limit=BodyLimit.LIST)
def release_locks(call: Placed, body: ReleaseRequest) -> ReleaseAnswer:
    """Releases many locks at once; those that the lock policy keeps are named."""
    released = call.platform.locks.release_all(call.grant, [(thing.kind, thing.name) for thing in body.items])
    return ReleaseAnswer(
        unlocked=object_answers(call, released.unlocked),
        refused=[
            RefusedRelease(kind, name, call.reader.whole(why.message), call.reader.whole(why.hint))
            for (kind, name), why in released.refused
        ],
    )


@api.post("/{kind}/{name:path}")
def take_lock(call: Placed, kind: ObjectKind, name: str) -> ObjectAnswer:
    """Makes the caller the holder of an object's lock."""
    return object_answer(call, call.platform.locks.take(call.grant, kind, name))


@api.delete("/{kind}/{name:path}")
def release_lock(call: Placed, kind: ObjectKind, name: str) -> ObjectAnswer:
    """Lets an object's lock go."""
    return object_answer(call, call.platform.locks.release(call.grant, kind, name))
