"""The change log of workspaces, written in the transaction in which something happens to an object."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from typing import Any, NamedTuple, Unpack

import msgspec
from sqlalchemy import ColumnElement, Connection, Row, delete, false, func, or_, select

from jobferry.model.change_log import (
    Aspect,
    ChangeFilter,
    ChangeKind,
    ExportPoint,
    LogStart,
    ObjectChange,
    change_between,
)
from jobferry.model.kinds import PLACED_KINDS, ObjectKind
from jobferry.model.lists import PageOptions
from jobferry.model.settings import is_recording
from jobferry.store import bulk
from jobferry.store.schema import change_starts, changes, export_points, workspaces

_settings = msgspec.json.Decoder(dict[str, str])
_PAGE = 2000
_SEARCHED = ("name", "former_name", "directory")
_ORDERS: bulk.Orders = {"number": [changes.c.number]}
_SETTINGS = bulk.Lookup(select(workspaces.c.id, workspaces.c.settings), workspaces.c.id)


class ObjectWrite(NamedTuple):
    """One write of one object, with what it was before and is now; by whom and when (ms)."""

    before: Aspect | None
    after: Aspect | None
    by: str
    at: int

    @property
    def workspace_id(self) -> str:
        aspect = self.after or self.before
        return aspect.workspace_id if aspect else ""


def recording(connection: Connection, workspace_ids: Iterable[str]) -> set[str]:
    """Those of the workspaces whose change management is on."""
    rows = _SETTINGS.rows(connection, sorted(set(workspace_ids)))
    return {id_ for id_, settings in rows if is_recording(_settings.decode(settings))}


def note(connection: Connection, workspace_ids: Collection[str], happened: Iterable[ObjectWrite]) -> None:
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
        first = bulk.reserve(connection, "changes", len(told))
        bulk.add(connection, changes, [_values(row, first + index) for index, row in enumerate(told)])


def begin(connection: Connection, workspace_id: str, *, at: int) -> None:
    """The log of a workspace is whole from now on; a number is used up, so that nothing goes on across it."""
    row = (workspace_id, bulk.reserve(connection, "changes", 1), at)
    bulk.save(connection, change_starts, [row], changed=("number", "at"))


def _change_of(row: Row[Any]) -> ObjectChange:
    """A row of the table as a value."""
    words = {"kind": ObjectKind(row.kind), "change": ChangeKind(row.change)}
    return ObjectChange(**row._asdict() | words)


def _values(row: ObjectChange, number: int) -> bulk.Values:
    names = (row.name, row.former_name, row.directory, row.former_directory)
    return (
        *(
            number,
            row.workspace_id,
            row.changed_at,
            row.changed_by,
            row.kind.value,
            row.change.value,
            row.uid,
        ),
        *(*names, row.live),
    )


class Changes:
    """What happened to objects while change management was on."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def page(self, wanted: ChangeFilter, **which: Unpack[PageOptions]) -> tuple[int, list[ObjectChange]]:
        """How many fit, and one page of them, newest first unless it is said."""
        fitting = select(changes).where(self._matching(wanted))
        total, rows = bulk.page(self._connection, fitting, _ORDERS, "-number", **which)
        return total, [_change_of(row) for row in rows]

    def between(
        self, workspace_id: str, *, after: int = 0, since: int = 0, until: int = 0
    ) -> Iterator[ObjectChange]:
        """Those after a number, and in a range of time where one is named, in order; fetched in pages."""
        here = changes.c.workspace_id == workspace_id
        if since:
            here &= changes.c.changed_at >= since
        if until:
            here &= changes.c.changed_at < until
        while True:
            query = select(changes).where(here, changes.c.number > after).order_by(changes.c.number)
            rows = self._connection.execute(query.limit(_PAGE)).all()
            yield from map(_change_of, rows)
            if len(rows) < _PAGE:
                return
            after = rows[-1].number

    def last(self, workspace_id: str) -> int:
        """A number that all changes of the workspace up to this look have or are below, and none after it.

        Other workspaces may have got higher ones. What was removed since is known by where the log starts, or
        by an export that has reached it.
        """
        numbers = (
            select(func.max(table.c.number)).where(table.c.workspace_id == workspace_id).scalar_subquery()
            for table in (changes, change_starts, export_points)
        )
        row = self._connection.execute(select(*numbers)).one()
        return max(number or 0 for number in row)

    def start(self, workspace_id: str) -> LogStart | None:
        """From where on the workspace's log is whole; None while change management is off."""
        if not recording(self._connection, [workspace_id]):
            return None
        query = select(change_starts.c.number, change_starts.c.at)
        row = self._connection.execute(
            query.where(change_starts.c.workspace_id == workspace_id)
        ).one_or_none()
        return LogStart(number=row.number, at=row.at) if row else None

    def point(self, workspace_id: str, way: str) -> ExportPoint | None:
        """How far the last workspace export of that way reached."""
        here = (export_points.c.workspace_id == workspace_id) & (export_points.c.way == way)
        row = self._connection.execute(select(export_points).where(here)).one_or_none()
        return ExportPoint(**row._asdict()) if row else None

    def _matching(self, wanted: ChangeFilter) -> ColumnElement[bool]:
        equal = [
            (changes.c.kind, wanted.kind),
            (changes.c.change, wanted.change),
            (changes.c.changed_by, wanted.by),
        ]
        here = (changes.c.workspace_id == wanted.workspace_id) & bulk.fits(self._connection, equal)
        here &= bulk.within(changes.c.changed_at, wanted.since, wanted.until)
        if wanted.text:
            columns = (changes.c[name] for name in _SEARCHED)
            here &= or_(*(bulk.contains(self._connection, column, wanted.text) for column in columns))
        if wanted.directories is not None:
            placed = changes.c.kind.in_([kind.value for kind in PLACED_KINDS])
            here &= or_(~placed, false(), *(_lies_in(directory) for directory in wanted.directories))
        return here


class ChangeWriter(Changes):
    """The change log, to be swept. Writes of objects add to it; nobody else does."""

    def save_point(self, point: ExportPoint) -> None:
        """Notes how far an export reached; a point before the one that is noted changes nothing."""
        row = (point.workspace_id, point.way, point.number, point.at)
        bulk.save(
            self._connection,
            export_points,
            [row],
            changed=("number", "at"),
            where="export_points.number <= excluded.number",
        )

    def sweep(self, workspace_id: str, *, before: int, limit: int) -> int:
        """Removes some changes from before a time, oldest first; the log starts after them."""
        old = (changes.c.workspace_id == workspace_id) & (changes.c.changed_at < before)
        found = select(changes.c.number).where(old).order_by(changes.c.number).limit(limit)
        numbers = list(self._connection.scalars(found))
        if numbers:
            gone = bulk.among(self._connection, changes.c.number, numbers)
            self._connection.execute(delete(changes).where(gone))
            row = (workspace_id, numbers[-1], before)
            later = "change_starts.number < excluded.number"
            bulk.save(self._connection, change_starts, [row], changed=("number", "at"), where=later)
        return len(numbers)


def _lies_in(directory: str) -> ColumnElement[bool]:
    """Where it is now counts, as for the object itself."""
    start = f"{directory.rstrip('/')}/"
    return func.substr(changes.c.directory + "/", 1, len(start)) == start
