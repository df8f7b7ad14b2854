"""Imports on their way and over; and slots: one import at a time per workspace."""

from __future__ import annotations

from typing import Any

import msgspec
from sqlalchemy import ColumnElement, Connection, Row, delete, func, insert, select, update

from jobferry.errors import Conflict, ErrorCode
from jobferry.model.document.times import written
from jobferry.model.names import printable
from jobferry.model.records import Slot
from jobferry.model.transfer.checked_import import (
    UNDER_WAY,
    ImportClient,
    ImportFilter,
    ImportRecord,
    ImportState,
)
from jobferry.sentences import as_sentence, packed, sentence, unpacked
from jobferry.store import bulk
from jobferry.store.schema import import_slots, import_views, imports
from jobferry.store.sealing import Sealing

_OPEN = [state.value for state in (*UNDER_WAY, ImportState.CHECKED)]
"""States in which the package is needed, however old it is."""


class ImportRecords:
    """Imports, on their way and over."""

    def __init__(self, connection: Connection, sealing: Sealing) -> None:
        self._connection = connection
        self._sealing = sealing

    def by_id(self, import_id: str) -> ImportRecord | None:
        """The import of that id."""
        if not bulk.texts([import_id]):
            return None
        return self._one(imports.c.id == import_id)

    def by_task(self, task_id: str) -> ImportRecord | None:
        """The import that a task checks or applies, or was the last to."""
        return self._one(imports.c.task_id == task_id)

    def page(self, wanted: ImportFilter, *, offset: int, limit: int) -> tuple[int, list[ImportRecord]]:
        """How many there are in all, and some of them, newest first."""
        here = self._matching(wanted)
        total = self._connection.scalar(select(func.count()).select_from(imports).where(here)) or 0
        newest = select(imports).where(here).order_by(imports.c.created_at.desc(), imports.c.id.desc())
        return total, [
            self._record(row) for row in self._connection.execute(newest.offset(offset).limit(limit))
        ]

    def under_way(self, workspace_id: str | None = None) -> list[ImportRecord]:
        """Those, of one workspace or of all, that a task is said to be at work on."""
        here: ColumnElement[bool] = imports.c.state.in_([state.value for state in UNDER_WAY])
        if workspace_id is not None:
            here &= imports.c.workspace_id == workspace_id
        return [self._record(row) for row in self._connection.execute(select(imports).where(here))]

    def counts(self) -> dict[str, int]:
        """How many imports there are in each state."""
        asked = select(imports.c.state, func.count()).group_by(imports.c.state)
        return {row.state: row.count_1 for row in self._connection.execute(asked)}

    def package_ids(self) -> set[str]:
        """The packages that are still needed."""
        open_ = imports.c.state.in_(_OPEN)
        return set(self._connection.scalars(select(imports.c.package_id).where(open_)))

    def has_old(self, *, before: int) -> bool:
        """Whether there are any that were checked before a time and never applied."""
        return self._connection.execute(select(imports.c.id).where(_old(before)).limit(1)).first() is not None

    def viewed(self, import_id: str, user_id: str) -> dict[str, str]:
        """The objects of a plan that a person has looked through, with what was to be done with each then."""
        own = (import_views.c.import_id == import_id) & (import_views.c.user_id == user_id)
        found = select(import_views.c.object, import_views.c.deed).where(own)
        return {row.object: row.deed for row in self._connection.execute(found)}

    def _one(self, condition: ColumnElement[bool]) -> ImportRecord | None:
        row = self._connection.execute(select(imports).where(condition)).one_or_none()
        return self._record(row) if row else None

    def _matching(self, wanted: ImportFilter) -> ColumnElement[bool]:
        here = imports.c.workspace_id == wanted.workspace_id
        if wanted.state is not None:
            here &= imports.c.state == wanted.state.value
        if wanted.created_by:
            here &= imports.c.created_by == wanted.created_by
        if wanted.origin is not None:
            here &= imports.c.origin == wanted.origin.value
        if wanted.since:
            here &= imports.c.created_at >= wanted.since
        if wanted.until:
            here &= imports.c.created_at < wanted.until
        if wanted.name:
            here &= bulk.contains(self._connection, imports.c.package_name, wanted.name)
        return here

    def _record(self, row: Row[Any]) -> ImportRecord:
        values = row._asdict() | {
            "options": self._sealing.options_read(row.options),
            "origin": ImportClient(row.origin),
            "state": ImportState(row.state),
            "message": unpacked(row.message),
            "hint": unpacked(row.hint),
        }
        return ImportRecord(**values)


def _old(before: int) -> ColumnElement[bool]:
    return (imports.c.checked_at < before) & (imports.c.state == ImportState.CHECKED.value)


class ImportRecordWriter(ImportRecords):
    """Imports, to be kept and changed."""

    def add(self, record: ImportRecord) -> None:
        """Keeps a new import."""
        self._connection.execute(insert(imports).values(self._row(record)))

    def replace(self, record: ImportRecord, *, was: ImportRecord) -> bool:
        """Writes an import as it is now, if nobody has changed it meanwhile; whether that was so."""
        unchanged = (imports.c.id == record.id) & (imports.c.revision == was.revision)
        changed = update(imports).where(unchanged).values(self._row(record))
        return self._connection.execute(changed).rowcount == 1

    def view(self, import_id: str, user_id: str, named: str, deed: str) -> None:
        """Keeps that a person has looked through an object; with an empty ``deed``, that they have not."""
        own = (import_views.c.import_id == import_id) & (import_views.c.user_id == user_id)
        self._connection.execute(delete(import_views).where(own & (import_views.c.object == named)))
        if deed:
            row = {"import_id": import_id, "user_id": user_id, "object": named, "deed": deed}
            self._connection.execute(insert(import_views).values(row))

    def release_old(self, *, before: int) -> int:
        """Discards those that were checked before a time and never applied; how many."""
        gone = {"state": ImportState.DISCARDED.value, "revision": imports.c.revision + 1}
        return self._connection.execute(update(imports).where(_old(before)).values(gone)).rowcount

    def release_others(self, applied: ImportRecord) -> None:
        """Discards what else was checked of a package, which goes with the import that was applied."""
        others = (imports.c.workspace_id == applied.workspace_id) & (imports.c.id != applied.id)
        others &= (imports.c.state == ImportState.CHECKED.value) & (
            imports.c.package_id == applied.package_id
        )
        gone = {"state": ImportState.DISCARDED.value, "revision": imports.c.revision + 1}
        self._connection.execute(update(imports).where(others).values(gone))

    def sweep(self, workspace_id: str, *, before: int, limit: int) -> int:
        """Removes some that were begun before a time and are over; how many."""
        over = [state.value for state in ImportState if state not in UNDER_WAY]
        old = select(imports.c.id).where(
            imports.c.workspace_id == workspace_id, imports.c.created_at < before, imports.c.state.in_(over)
        )
        found = list(self._connection.scalars(old.limit(limit)))
        gone = delete(imports).where(bulk.among(self._connection, imports.c.id, found))
        self._connection.execute(gone)
        return len(found)

    def _row(self, record: ImportRecord) -> bulk.Row:
        return msgspec.structs.asdict(record) | {
            "package_name": printable(record.package_name),
            "message": printable(packed(as_sentence(record.message))),
            "hint": printable(packed(as_sentence(record.hint))),
            "options": self._sealing.options_kept(record.options),
            "origin": record.origin.value,
            "state": record.state.value,
        }


class Slots:
    """One import at a time per workspace."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def of(self, workspace_id: str) -> Slot | None:
        """Who holds a workspace's slot."""
        here = select(import_slots).where(import_slots.c.workspace_id == workspace_id)
        row = self._connection.execute(here).one_or_none()
        return Slot(**row._asdict()) if row else None

    def all(self) -> list[Slot]:
        """Every slot that is held, in order of workspace id."""
        held = select(import_slots).order_by(import_slots.c.workspace_id)
        return [Slot(**row._asdict()) for row in self._connection.execute(held)]


class SlotWriter(Slots):
    """Slots, to be taken and freed."""

    def take(self, slot: Slot) -> None:
        """Takes a free slot by a unique row.

        Raises:
            Conflict: ``import-running``; the message says who holds it and since when.
        """
        with bulk.conflicts_as(self._connection, lambda: self._held(slot.workspace_id)):
            self._connection.execute(insert(import_slots).values(msgspec.structs.asdict(slot)))

    def is_held(self, workspace_id: str, task_id: str, fence: int) -> bool:
        """Whether the task still holds the slot under its fence; locks the row until commit."""
        mine = (import_slots.c.workspace_id == workspace_id) & (import_slots.c.task_id == task_id)
        row = select(import_slots.c.fence).where(mine, import_slots.c.fence == fence).with_for_update()
        return self._connection.execute(row).first() is not None

    def free(self, task_id: str) -> bool:
        """Releases what a task holds; whether it held anything."""
        held = delete(import_slots).where(import_slots.c.task_id == task_id)
        return self._connection.execute(held).rowcount > 0

    def _held(self, workspace_id: str) -> Conflict:
        slot = self.of(workspace_id)
        return Conflict(
            ErrorCode.IMPORT_RUNNING,
            sentence(
                "an import into this workspace is running: {holder} started it at {since}",
                holder=slot.holder,
                since=written(slot.since),
            )
            if slot
            else "an import into this workspace is running",
            subject=slot.task_id if slot else "",
            hint="wait until it has ended, or cancel it",
        )
