"""Only who holds the lock of a job or script changes it, and only from the draft that they saw."""

from __future__ import annotations

from typing import NamedTuple

import msgspec

from jobferry.errors import Conflict, ErrorCode
from jobferry.model.grant import Grant
from jobferry.model.kinds import LOCKED_KINDS
from jobferry.model.moments import written
from jobferry.model.records import StoredObject
from jobferry.model.review import PLAIN, Approval


class Editing(NamedTuple):
    """How somebody changes an object.

    ``take_lock`` takes its lock with it where nobody holds it; ``digest`` is that of the draft they saw, if
    they say so; ``approval`` is what they say about a submit that somebody else has to approve.
    """

    take_lock: bool = False
    digest: str = ""
    approval: Approval = PLAIN


def held(before: StoredObject, grant: Grant, editing: Editing, now: int) -> StoredObject:
    """The object, locked by the caller.

    Raises:
        Conflict: somebody else holds its lock (``locked``), or nobody and it is not to be taken
            (``not-locked``), or the draft is another one by now (``draft-changed``).
    """
    refuse_locked(before, grant)
    kind, name = before.key
    if editing.digest and editing.digest != before.digest:
        raise Conflict(
            ErrorCode.DRAFT_CHANGED,
            f"the {kind} {name} was changed by {before.updated_by} at {written(before.updated_at)}; "
            "saving would undo that",
            subject=name,
            hint="read the newest draft, make your change in it, and save that; a save without If-Match "
            "overwrites it",
        )
    if kind not in LOCKED_KINDS or before.locked_by:
        return before
    if not editing.take_lock:
        raise Conflict(
            ErrorCode.NOT_LOCKED,
            f"you do not hold the lock of the {kind} {name}; nobody does",
            subject=name,
            hint="take the lock and look at the newest draft before you save",
        )
    return msgspec.structs.replace(before, locked_by=grant.caller.name, locked_at=now)


def refuse_locked(stored: StoredObject, grant: Grant) -> None:
    """Raises: Conflict: somebody else holds the object's lock (``locked``)."""
    if stored.locked_by in ("", grant.caller.name):
        return
    raise locked(stored, f"take the lock first, if {stored.locked_by} agrees, and look at the newest draft")


def locked(stored: StoredObject, hint: str) -> Conflict:
    """The error for an object whose lock somebody else holds."""
    kind, name = stored.key
    return Conflict(
        ErrorCode.LOCKED,
        f"the {kind} {name} is locked by {stored.locked_by} since {written(stored.locked_at)}",
        subject=name,
        hint=hint,
    )
