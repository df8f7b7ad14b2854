"""Objects and landings as rows of their tables, and back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from sys import intern
from typing import Any, NamedTuple

import msgspec
from sqlalchemy import Row

from jobferry.model.editing.change_log import Aspect
from jobferry.model.kinds import ObjectKind, SchedulingState
from jobferry.model.names import printable
from jobferry.model.records import Landing, StoredObject
from jobferry.store.sql.bulk import Values
from jobferry.store.sql.derived.renames import Named

_KINDS = {kind.value: kind for kind in ObjectKind}
_STATES = {state.value: state for state in SchedulingState}
IDENTITY = ["workspace_id", "kind", "name", "uid", "subtype"]
DIGEST = ["digest"]
ASPECT = ["workspace_id", "kind", "uid", "name", "directory", "digest", "live_digest"]
"""In the order of :class:`~jobferry.model.editing.change_log.Aspect`."""
REST = [
    *("directory", "live_version", "live_digest", "last_version", "state", "held"),
    *("created_by", "created_at", "updated_by", "updated_at", "locked_by", "locked_at"),
]

_held = msgspec.json.Decoder(tuple[str, ...])


class Former(NamedTuple):
    """How an object stands before it is written."""

    aspect: Aspect
    subtype: str

    @property
    def identity(self) -> Values:
        """Values for the columns in ``IDENTITY``."""
        was = self.aspect
        return was.workspace_id, was.kind.value, was.name, was.uid, self.subtype

    @property
    def named(self) -> Named:
        """What the object counted as, and its name."""
        was = self.aspect
        return (was.workspace_id, was.kind.value, self.subtype), was.name


def differing(
    wanted: Sequence[StoredObject], known: Mapping[int, Former]
) -> tuple[list[StoredObject], list[StoredObject], list[Named]]:
    """Which objects get another identity, and which another draft: only their indexes need work.
    And how the first are still named and counted.
    """
    present = [(one, known[one.id]) for one in wanted if one.id in known]
    moving = [(one, was) for one, was in present if was.identity != identity_values(one)]
    redrafted = [one for one, was in present if was.aspect.digest != one.digest]
    return [one for one, _ in moving], redrafted, [was.named for _, was in moving]


def aspect_from(values: Sequence[Any]) -> Aspect:
    """An aspect of a row's values, in the order of ``ASPECT``."""
    workspace_id, kind, *rest = values
    return Aspect(workspace_id, _KINDS[kind], *rest)


def named(one: StoredObject) -> Named:
    """What an object counts as, and its name."""
    return (one.workspace_id, one.kind.value, one.subtype), one.name


def identity_values(one: StoredObject) -> Values:
    """Values for the columns in ``IDENTITY``: those that seldom change, and have indexes."""
    return one.workspace_id, one.kind.value, one.name, one.uid, one.subtype


def rest_values(one: StoredObject) -> Values:
    """Values for the columns in ``REST``."""
    return (
        *(one.directory, one.live_version, one.live_digest, one.last_version, one.state.value),
        msgspec.json.encode(one.held).decode() if one.held else "[]",
        *(one.created_by, one.created_at, one.updated_by, one.updated_at, one.locked_by, one.locked_at),
    )


def object_values(one: StoredObject) -> Values:
    """Values for all columns of the table."""
    *identity, subtype = identity_values(one)
    directory, *rest = rest_values(one)
    return (one.id, *identity, directory, subtype, one.digest, *rest)


def landing_values(one: Landing) -> Values:
    """Values for all columns of the landings' table."""
    return (
        *(one.object_id, one.source_platform, one.workspace_id, one.kind.value, one.source_uid),
        *(one.entry_digest, one.edits_digest, one.result_digest, one.landed_at),
        *(printable(one.source_workspace), one.source_directory),
    )


def object_from(row: Row[Any]) -> StoredObject:
    """An object that shares with others what many have alike: whole workspaces are held at once."""
    (id_, workspace_id, kind, name, uid, directory, subtype, digest, *rest) = tuple[Any, ...](row)
    (live_version, live_digest, last_version, state, held, *stamps) = rest
    (created_by, created_at, updated_by, updated_at, locked_by, locked_at) = stamps
    return StoredObject(
        id=id_,
        workspace_id=intern(workspace_id),
        kind=_KINDS[kind],
        name=name,
        uid=uid,
        directory=intern(directory),
        subtype=intern(subtype),
        digest=digest,
        live_version=live_version,
        live_digest=digest if live_digest == digest else live_digest,
        last_version=last_version,
        state=_STATES[state],
        held=_held.decode(held) if held != "[]" else (),
        created_by=intern(created_by),
        created_at=created_at,
        updated_by=intern(updated_by),
        updated_at=updated_at,
        locked_by=intern(locked_by),
        locked_at=locked_at,
    )
