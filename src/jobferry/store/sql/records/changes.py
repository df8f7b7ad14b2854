"""The change log of workspaces, to be read and swept."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import ColumnElement, Connection, delete, false, func, or_, select

from jobferry.model.change_log import ChangeFilter, ExportPoint, LogStart, ObjectChange
from jobferry.model.kinds import PLACED_KINDS
from jobferry.store.sql import bulk
from jobferry.store.sql.derived.changes import change_of, last_number, recording
from jobferry.store.sql.schema import change_starts, changes, export_points

_PAGE = 2000
_SEARCHED = ("name", "former_name", "directory")


class SqlChanges:
    """The change log in a transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def page(self, wanted: ChangeFilter, *, offset: int, limit: int) -> tuple[int, list[ObjectChange]]:
        """How many there are in all, and one page of them, newest first."""
        here = self._matching(wanted)
        total = self._connection.scalar(select(func.count()).select_from(changes).where(here)) or 0
        newest = select(changes).where(here).order_by(changes.c.number.desc()).offset(offset).limit(limit)
        return total, [change_of(row) for row in self._connection.execute(newest)]

    def between(
        self, workspace_id: str, *, after: int = 0, since: int = 0, until: int = 0
    ) -> Iterator[ObjectChange]:
        """Those after a number and in a range of time, in order."""
        here = changes.c.workspace_id == workspace_id
        if since:
            here &= changes.c.changed_at >= since
        if until:
            here &= changes.c.changed_at < until
        while True:
            query = select(changes).where(here, changes.c.number > after).order_by(changes.c.number)
            rows = self._connection.execute(query.limit(_PAGE)).all()
            yield from map(change_of, rows)
            if len(rows) < _PAGE:
                return
            after = rows[-1].number

    def last(self) -> int:
        """The highest number that was ever given."""
        return last_number(self._connection)

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

    def save_point(self, point: ExportPoint) -> None:
        """Notes how far an export reached, unless another one reached as far."""
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

    def _matching(self, wanted: ChangeFilter) -> ColumnElement[bool]:
        here = changes.c.workspace_id == wanted.workspace_id
        if wanted.kind is not None:
            here &= changes.c.kind == wanted.kind.value
        if wanted.change is not None:
            here &= changes.c.change == wanted.change.value
        if wanted.by:
            here &= changes.c.changed_by == wanted.by
        if wanted.since:
            here &= changes.c.changed_at >= wanted.since
        if wanted.until:
            here &= changes.c.changed_at < wanted.until
        if wanted.text:
            columns = (changes.c[name] for name in _SEARCHED)
            here &= or_(*(bulk.contains(self._connection, one, wanted.text) for one in columns))
        if wanted.directories is not None:
            placed = changes.c.kind.in_([kind.value for kind in PLACED_KINDS])
            here &= or_(~placed, false(), *(_lies_in(one) for one in wanted.directories))
        return here


def _lies_in(directory: str) -> ColumnElement[bool]:
    """Where it is now counts, as for the object itself."""
    start = f"{directory.rstrip('/')}/"
    return func.substr(changes.c.directory + "/", 1, len(start)) == start
