"""The change log: what happened to a workspace's objects while its change management is on."""

from __future__ import annotations

from enum import StrEnum

import msgspec

from jobferry.model.kinds import ObjectKind
from jobferry.model.records import StoredObject


class ChangeKind(StrEnum):
    """What one write did to an object. Who renames an object may move and change it by the same write."""

    ADDED = "added"
    CHANGED = "changed"
    RENAMED = "renamed"
    MOVED = "moved"
    SUBMITTED = "submitted"
    """Another version went live, and nothing else happened."""
    DELETED = "deleted"


class ObjectChange(msgspec.Struct, frozen=True, gc=False, kw_only=True):
    """One change of one object. ``number`` grows in the order in which changes became real; times are in ms.

    ``former_name`` and ``former_directory`` tell how it was before; for a deletion they are the last.
    ``live`` is said where the live version became another one, or went.
    """

    number: int
    workspace_id: str
    changed_at: int
    changed_by: str
    kind: ObjectKind
    change: ChangeKind
    uid: str
    name: str
    former_name: str
    directory: str
    former_directory: str
    live: bool


class ChangeFilter(msgspec.Struct, frozen=True, kw_only=True):
    """Which changes a page shows; what is empty does not narrow. ``until`` itself is left out.

    ``directories`` leaves only jobs and scripts that are or were in or below one of them; None is anywhere.
    """

    workspace_id: str
    kind: ObjectKind | None = None
    change: ChangeKind | None = None
    by: str = ""
    text: str = ""
    since: int = 0
    until: int = 0
    directories: tuple[str, ...] | None = None


class LogStart(msgspec.Struct, frozen=True, kw_only=True):
    """From where on a log is whole: after that number, since that time (ms)."""

    number: int
    at: int


class ExportPoint(msgspec.Struct, frozen=True, kw_only=True):
    """How far the last workspace export of one ``way`` reached: to that number, at that time (ms)."""

    workspace_id: str
    way: str
    number: int
    at: int


class Aspect(msgspec.Struct, frozen=True, gc=False):
    """What of an object a change is told by."""

    workspace_id: str
    kind: ObjectKind
    uid: str
    name: str
    directory: str
    digest: str
    live_digest: str


def aspect_of(stored: StoredObject) -> Aspect:
    """The aspect of an object as it stands."""
    return Aspect(
        stored.workspace_id,
        stored.kind,
        stored.uid,
        stored.name,
        stored.directory,
        stored.digest,
        stored.live_digest,
    )


def change_between(
    before: Aspect | None, after: Aspect | None, *, number: int, by: str, at: int
) -> ObjectChange | None:
    """What happened to an object that was not, is not any more, or is otherwise; None if nothing is told."""
    here, former = after or before, before or after
    change = _kind(before, after)
    if change is None or here is None or former is None:
        return None
    was_live, is_live = before.live_digest if before else "", after.live_digest if after else ""
    return ObjectChange(
        number=number,
        workspace_id=here.workspace_id,
        changed_at=at,
        changed_by=by,
        kind=here.kind,
        change=change,
        uid=here.uid,
        name=here.name,
        former_name=former.name,
        directory=here.directory,
        former_directory=former.directory,
        live=was_live != is_live,
    )


def _kind(before: Aspect | None, after: Aspect | None) -> ChangeKind | None:
    if before is None or after is None:
        return ChangeKind.DELETED if after is None else ChangeKind.ADDED
    if before.name != after.name:
        return ChangeKind.RENAMED
    if before.directory != after.directory:
        return ChangeKind.MOVED
    if before.digest != after.digest:
        return ChangeKind.CHANGED
    return ChangeKind.SUBMITTED if before.live_digest != after.live_digest else None
