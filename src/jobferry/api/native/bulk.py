"""One action on many objects of a kind, each by itself, answered object by object."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from enum import StrEnum

from msgspec import Struct

from jobferry.api.bodies import BodyLimit, LongList, ShortTuple
from jobferry.api.calls import Body, Calls
from jobferry.api.native.call import Placed
from jobferry.api.native.objects import review_of
from jobferry.errors import ErrorCode, Forbidden, InvalidRequest, JobferryError
from jobferry.model.kinds import LOCKED_KINDS, VERSIONED_KINDS, ObjectKind
from jobferry.model.review import Approval, ReleaseMode
from jobferry.sentences import sentence

api = Calls("/api/workspaces/{workspace}", tag="objects")

MOST_NAMES = 1_000
_JOBS = frozenset({ObjectKind.JOB})
_ALL = frozenset(ObjectKind)


class BulkAction(StrEnum):
    """What can be done with many objects by one call."""

    START = "start"
    STOP = "stop"
    SUBMIT = "submit"
    LOCK = "lock"
    UNLOCK = "unlock"
    TAG = "tag"
    UNTAG = "untag"
    MOVE = "move"
    DELETE = "delete"


class BulkRequest(Body):
    """An action and the names of up to 1,000 objects, each once.

    ``tags`` are for tag and untag, ``directory`` for move; ``approvers``, ``note`` and ``publish`` for what
    a review may be wanted of. ``take_lock`` takes the locks of those that nobody holds.
    """

    action: BulkAction
    names: LongList[str]
    tags: ShortTuple[str] = ()
    directory: str | None = None
    take_lock: bool = False
    approvers: ShortTuple[str] = ()
    note: str = ""
    publish: bool = False


class BulkError(Struct, frozen=True):
    """Why nothing was done with an object."""

    code: str
    message: str
    hint: str


class BulkItem(Struct, frozen=True):
    """What came of one object; ``error`` is null where it was done. ``waits`` says that somebody else has to
    decide before it happens, ``review`` in which review or release; that is empty before there is one."""

    name: str
    waits: bool
    review: str
    error: BulkError | None


class BulkAnswer(Struct, frozen=True):
    """What came of each object, in the order in which they were named."""

    done: int
    failed: int
    items: list[BulkItem]


@api.post("/objects/{kind}/bulk", body_limit=BodyLimit.NAMES)
def change_objects(call: Placed, kind: ObjectKind, body: BulkRequest) -> BulkAnswer:
    """Starts, stops, submits, locks, unlocks, tags, untags, moves or deletes many objects.

    Each is a change of its own, as if it was asked for alone: what cannot be done with one does not keep the
    others from it.
    """
    _check(kind, body)
    items: list[BulkItem] = []
    for name in body.names:
        try:
            review = _DOING[body.action](call, kind, name, body)
        except JobferryError as error:
            if isinstance(error, Forbidden) and not items:
                raise
            items.append(
                BulkItem(
                    name,
                    False,
                    "",
                    BulkError(error.code, call.reader.whole(error.whole), call.reader.whole(error.hint)),
                )
            )
        else:
            items.append(BulkItem(name, review is not None, review or "", None))
    failed = sum(item.error is not None for item in items)
    return BulkAnswer(len(items) - failed, failed, items)


def _check(kind: ObjectKind, body: BulkRequest) -> None:
    if kind not in _KINDS[body.action]:
        raise _refusal(
            sentence("{action} does not apply to the kind {kind}", action=body.action, kind=kind),
            "action",
            sentence("it applies to: {kinds}", kinds=sorted(_KINDS[body.action])),
        )
    if not 0 < len(body.names) <= MOST_NAMES:
        message = sentence(
            "names holds {count:name}; from 1 to {most} are allowed", count=len(body.names), most=MOST_NAMES
        )
        raise _refusal(message, "names", "make several calls")
    doubled = next((name for name, times in Counter(body.names).items() if times > 1), None)
    if doubled is not None:
        raise _refusal(
            sentence("names holds {name} more than once", name=doubled[:140]), "names", "name each once"
        )
    for key, is_given, actions in (
        ("tags", bool(body.tags), (BulkAction.TAG, BulkAction.UNTAG)),
        ("directory", body.directory is not None, (BulkAction.MOVE,)),
    ):
        if body.action in actions and not is_given:
            raise InvalidRequest(
                ErrorCode.MISSING_VALUE,
                sentence("{key} is required for {action}", key=key, action=body.action),
                subject=key,
                hint=sentence("give {key}", key=key),
            )
        if body.action not in actions and is_given:
            raise _refusal(
                sentence("{key} does not apply to {action}", key=key, action=body.action),
                key,
                sentence("leave {key} out", key=key),
            )


def _refusal(message: str, subject: str, hint: str) -> InvalidRequest:
    return InvalidRequest(ErrorCode.INVALID_VALUE, message, subject=subject, hint=hint)


_Doing = Callable[[Placed, ObjectKind, str, BulkRequest], str | None]
"""Does it with one object; gives the review or release that it waits for, None where it is done."""


def _start(call: Placed, _kind: ObjectKind, name: str, _body: BulkRequest) -> str | None:
    call.platform.scheduling.start(call.grant, name)
    return None


def _stop(call: Placed, _kind: ObjectKind, name: str, _body: BulkRequest) -> str | None:
    call.platform.scheduling.stop(call.grant, name)
    return None


def _submit(call: Placed, kind: ObjectKind, name: str, body: BulkRequest) -> str | None:
    from jobferry.services.object_access import Editing

    how = Editing(take_lock=body.take_lock, approval=_approval(body))
    stored = call.platform.versions.submit(call.grant, kind, name, how)
    review = review_of(call, stored)
    return review if review or stored.live_digest != stored.digest else None


def _lock(call: Placed, kind: ObjectKind, name: str, _body: BulkRequest) -> str | None:
    call.platform.locks.take(call.grant, kind, name)
    return None


def _unlock(call: Placed, kind: ObjectKind, name: str, _body: BulkRequest) -> str | None:
    call.platform.locks.release(call.grant, kind, name)
    return None


def _tag(call: Placed, _kind: ObjectKind, name: str, body: BulkRequest) -> str | None:
    from jobferry.services.object_access import Editing

    call.platform.tags.add(call.grant, name, body.tags, Editing(take_lock=body.take_lock))
    return None


def _untag(call: Placed, _kind: ObjectKind, name: str, body: BulkRequest) -> str | None:
    from jobferry.services.object_access import Editing

    call.platform.tags.take_off(call.grant, name, body.tags, Editing(take_lock=body.take_lock))
    return None


def _move(call: Placed, kind: ObjectKind, name: str, body: BulkRequest) -> str | None:
    from jobferry.services.object_access import Editing

    how = Editing(take_lock=body.take_lock)
    call.platform.objects.move(call.grant, kind, name, body.directory or "/", how)
    return None


def _delete(call: Placed, kind: ObjectKind, name: str, body: BulkRequest) -> str | None:
    if call.platform.objects.delete(call.grant, kind, name, _approval(body)) is ReleaseMode.LIVE:
        return None
    return review_of(call, call.platform.objects.show(call.grant, kind, name).stored)


def _approval(body: BulkRequest) -> Approval:
    return Approval(approvers=body.approvers, note=body.note, publish=body.publish)


_DOING: dict[BulkAction, _Doing] = {
    BulkAction.START: _start,
    BulkAction.STOP: _stop,
    BulkAction.SUBMIT: _submit,
    BulkAction.LOCK: _lock,
    BulkAction.UNLOCK: _unlock,
    BulkAction.TAG: _tag,
    BulkAction.UNTAG: _untag,
    BulkAction.MOVE: _move,
    BulkAction.DELETE: _delete,
}

_KINDS: dict[BulkAction, frozenset[ObjectKind]] = {
    BulkAction.START: _JOBS,
    BulkAction.STOP: _JOBS,
    BulkAction.SUBMIT: VERSIONED_KINDS,
    BulkAction.LOCK: LOCKED_KINDS,
    BulkAction.UNLOCK: LOCKED_KINDS,
    BulkAction.TAG: _JOBS,
    BulkAction.UNTAG: _JOBS,
    BulkAction.MOVE: _ALL - {ObjectKind.CDM},
    BulkAction.DELETE: _ALL,
}
"""With which kinds an action is done."""
