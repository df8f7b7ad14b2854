"""Notes in the change log what happens to objects, in the transaction in which it happens."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any, NamedTuple

import msgspec
from sqlalchemy import Connection, Row, select, update

from jobferry.errors import ErrorCode, StoreError
from jobferry.model.change_log import Aspect, ChangeKind, ObjectChange, change_between
from jobferry.model.kinds import ObjectKind
from jobferry.model.settings import is_recording
from jobferry.store.sql import bulk
from jobferry.store.sql.schema import change_starts, changes, counters, workspaces

_settings = msgspec.json.Decoder(dict[str, str])


class Happened(NamedTuple):
    """One write of one object, with what it was before and is now; by whom and when (ms)."""

    before: Aspect | None
    after: Aspect | None
    by: str
    at: int

    @property
    def workspace_id(self) -> str:
        one = self.after or self.before
        return one.workspace_id if one else ""


def recording(connection: Connection, workspace_ids: Iterable[str]) -> set[str]:
    """Those of the workspaces whose change management is on."""
    here = bulk.among(connection, workspaces.c.id, sorted(set(workspace_ids)))
    rows = connection.execute(select(workspaces.c.id, workspaces.c.settings).where(here))
    return {row.id for row in rows if is_recording(_settings.decode(row.settings))}


def note(connection: Connection, workspace_ids: Collection[str], happened: Iterable[Happened]) -> None:
    """Adds what happened in these workspaces to the logs of those whose change management is on.

    Where none is, ``happened`` is not looked at.
    """
    on = recording(connection, workspace_ids) if workspace_ids else set()
    if not on:
        return
    told = [
        change
        for one in happened
        if one.workspace_id in on
        and (change := change_between(one.before, one.after, number=0, by=one.by, at=one.at)) is not None
    ]
    if told:
        first = _reserved(connection, len(told))
        bulk.add(connection, changes, [_values(one, first + index) for index, one in enumerate(told)])


def last_number(connection: Connection) -> int:
    """The highest number that was ever given."""
    return int(connection.scalar(select(counters.c.value).where(counters.c.name == "changes")) or 0)


def begin(connection: Connection, workspace_id: str, *, at: int) -> None:
    """The log of a workspace is whole from now on; a number is used up, so that nothing goes on across it."""
    row = (workspace_id, _reserved(connection, 1), at)
    bulk.save(connection, change_starts, [row], changed=("number", "at"))


def change_of(row: Row[Any]) -> ObjectChange:
    """A row of the table as a value."""
    words = {"kind": ObjectKind(row.kind), "change": ChangeKind(row.change)}
    return ObjectChange(**row._asdict() | words)


def _reserved(connection: Connection, count: int) -> int:
    raised = update(counters).where(counters.c.name == "changes").values(value=counters.c.value + count)
    last = connection.scalar(raised.returning(counters.c.value))
    if last is None:
        raise StoreError(ErrorCode.STORE_FAILED, "the database has no counter of changes")
    return int(last) - count + 1


def _values(one: ObjectChange, number: int) -> bulk.Values:
    names = (one.name, one.former_name, one.directory, one.former_directory)
    return (
        *(
            number,
            one.workspace_id,
            one.changed_at,
            one.changed_by,
            one.kind.value,
            one.change.value,
            one.uid,
        ),
        *(*names, one.live),
    )
