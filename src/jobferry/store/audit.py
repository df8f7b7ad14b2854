"""The audit. Rows are added at the end and taken away at the beginning; nothing here changes one."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any, Unpack

from sqlalchemy import ColumnElement, Connection, Row, and_, bindparam, delete, func, literal, or_, select

from jobferry.model.audit import AuditEnd, AuditEvent, AuditFilter, AuditOutcome, AuditRow
from jobferry.model.lists import PageOptions
from jobferry.store import bulk
from jobferry.store.schema import audit, audit_ends

_SCAN_PAGE = 1000
_SEARCHED = (
    audit.c.actor,
    audit.c.action,
    audit.c.subject,
    audit.c.detail,
    audit.c.workspace,
    audit.c.origin,
)
_ORDERS: bulk.Orders = {"number": [audit.c.number]}
_OUTCOMES = {outcome.value: outcome for outcome in AuditOutcome}


_NEWEST = select(audit).order_by(audit.c.number.desc()).limit(1)
_SIDE = select(audit_ends.c.number, audit_ends.c.mark, audit_ends.c.seal).where(
    audit_ends.c.side == bindparam("which")
)


class Audit:
    """The chain of audit rows."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def page(self, wanted: AuditFilter, **which: Unpack[PageOptions]) -> tuple[int, list[AuditRow]]:
        """How many fit, and one page of them, newest first unless it is said."""
        fitting = select(audit).where(self._matching(wanted))
        total, rows = bulk.page(self._connection, fitting, _ORDERS, "-number", **which)
        return total, [_row(row) for row in rows]

    def rows(self, *, after: int | None = None) -> Iterator[AuditRow]:
        """All rows, or those with a higher number, in order of their numbers as stored, fetched in pages."""
        which: ColumnElement[bool] = literal(True) if after is None else audit.c.number > after
        while True:
            query = select(audit).where(which).order_by(audit.c.number).limit(_SCAN_PAGE)
            page = self._connection.execute(query).all()
            yield from map(_row, page)
            if len(page) < _SCAN_PAGE:
                return
            which = audit.c.number > page[-1].number

    def last(self) -> AuditRow | None:
        """The row with the highest number, whatever :meth:`end` says."""
        row = self._connection.execute(_NEWEST).one_or_none()
        return _row(row) if row else None

    def end(self) -> AuditEnd:
        """Where the chain ends; number 0 while it is empty."""
        return self._side("end")

    def start(self) -> AuditEnd:
        """The last row that retention has removed; number 0 while it has removed none."""
        return self._side("start")

    def last_before(self, at: int) -> AuditRow | None:
        """The last of the leading rows that are all older than a time."""
        staying = select(func.min(audit.c.number)).where(audit.c.at >= at)
        first = self._connection.scalar(staying)
        return self._last(literal(True) if first is None else audit.c.number < first)

    def _last(self, which: ColumnElement[bool]) -> AuditRow | None:
        row = self._connection.execute(_NEWEST.where(which)).one_or_none()
        return _row(row) if row else None

    def _side(self, side: str) -> AuditEnd:
        row = self._connection.execute(_SIDE, {"which": side}).one_or_none()
        return AuditEnd(**row._asdict()) if row else AuditEnd()

    def _matching(self, wanted: AuditFilter) -> ColumnElement[bool]:
        equal = [(audit.c[name], getattr(wanted, name)) for name in ("actor", "action", "kind", "outcome")]
        matching = [bulk.fits(self._connection, equal), bulk.within(audit.c.at, wanted.since, wanted.until)]
        if wanted.workspace_id is not None:
            ids = bulk.texts([wanted.workspace_id])
            matching.append(bulk.among(self._connection, audit.c.workspace_id, ids))
        if wanted.text:
            matching.append(or_(*(bulk.contains(self._connection, one, wanted.text) for one in _SEARCHED)))
        return and_(*matching)


Grow = Callable[[AuditEnd, AuditRow | AuditEnd, Sequence[AuditEvent]], tuple[list[AuditRow], AuditEnd]]
"""Makes rows of events, for a chain with that end and that last row, or that start if it has none."""


class AuditWriter(Audit):
    """The chain, which can grow at its end and lose its oldest rows."""

    def __init__(self, connection: Connection) -> None:
        super().__init__(connection)
        self._events: list[AuditEvent] = []
        self._grow: Grow | None = None

    def record(self, events: Sequence[AuditEvent], grow: Grow) -> None:
        """Has rows added for events when all else of the transaction is written, in this order."""
        self._events += events
        self._grow = grow

    @property
    def is_waiting(self) -> bool:
        """Whether rows are still to be added."""
        return bool(self._events)

    def write_down(self) -> None:
        """Adds the rows that wait for it, at the end that the chain has now."""
        if self._grow is not None:
            last = self.last() or self.start()
            self.append(*self._grow(self.end(), last, self._events))
            self._events = []

    def append(self, rows: Sequence[AuditRow], end: AuditEnd) -> None:
        """Adds rows at the end, and notes where that is now.

        Raises:
            Conflict: there is a row of that number.
        """
        bulk.add(self._connection, audit, [_values(row) for row in rows])
        self._save("end", end)

    def forget(self, start: AuditEnd) -> int:
        """Removes the rows up to and including that number; how many there were."""
        self._save("start", start)
        return self._connection.execute(delete(audit).where(audit.c.number <= start.number)).rowcount

    def _save(self, side: str, end: AuditEnd) -> None:
        row = (side, end.number, end.mark, end.seal)
        bulk.save(self._connection, audit_ends, [row], changed=["number", "mark", "seal"])


def _values(row: AuditRow) -> bulk.Values:
    event = row.event
    return (
        *(row.number, event.at, event.actor, event.action, event.origin),
        *(event.workspace_id, event.workspace, event.kind, event.subject),
        *(event.outcome.value, event.detail, row.mark),
    )


def _row(row: Row[Any]) -> AuditRow:
    values = row._asdict()
    number, mark = values.pop("number"), values.pop("mark")
    return AuditRow(
        number=number, event=AuditEvent(**values | {"outcome": _OUTCOMES[row.outcome]}), mark=mark
    )
