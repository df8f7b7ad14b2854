"""Imports that are checked and wait to be applied, or were; and slots: one import at a time per workspace."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import msgspec
from sqlalchemy import Connection, Row, delete, func, insert, not_, select, update

from jobferry.errors import Conflict, ErrorCode
from jobferry.model.document.times import written
from jobferry.model.names import printable
from jobferry.model.records import Slot
from jobferry.model.transfer.checked_import import ImportRecord
from jobferry.sentences import sentence
from jobferry.store import bulk
from jobferry.store.schema import import_slots, imports
from jobferry.store.sealing import Sealing

_CHANGING = ("checked_at", "package_digest", "options", "plan_digest", "task_id", "discarded")


class ImportRecords:
    """Imports on their way, each until its receipt or its age makes it needless."""

    def __init__(self, connection: Connection, sealing: Sealing) -> None:
        self._connection = connection
        self._sealing = sealing

    def by_id(self, import_id: str) -> ImportRecord | None:
        """The import of that id."""
        if not bulk.texts([import_id]):
            return None
        row = self._connection.execute(select(imports).where(imports.c.id == import_id)).one_or_none()
        return self._record(row) if row else None

    def page(
        self, workspace_id: str, *, created_by: str | None = None, offset: int, limit: int
    ) -> tuple[int, list[ImportRecord]]:
        """How many a workspace has, or one user has there, and some of them, newest first."""
        here = imports.c.workspace_id == workspace_id
        if created_by is not None:
            here &= imports.c.created_by == created_by
        total = self._connection.scalar(select(func.count()).select_from(imports).where(here)) or 0
        newest = select(imports).where(here).order_by(imports.c.created_at.desc(), imports.c.id.desc())
        return total, [
            self._record(row) for row in self._connection.execute(newest.offset(offset).limit(limit))
        ]

    def package_ids(self) -> set[str]:
        """The packages that any of them is about."""
        return set(self._connection.scalars(select(imports.c.package_id).where(not_(imports.c.discarded))))

    def _record(self, row: Row[Any]) -> ImportRecord:
        return ImportRecord(**row._asdict() | {"options": self._sealing.options_read(row.options)})


class ImportRecordWriter(ImportRecords):
    """Imports on their way, to be kept and changed."""

    def add(self, record: ImportRecord) -> None:
        """Keeps a new import."""
        self._connection.execute(insert(imports).values(self._row(record)))

    def replace(self, record: ImportRecord, *, was: ImportRecord) -> bool:
        """Writes what may change, if nobody has changed it meanwhile; whether that was so."""
        row = self._row(record)
        unmoved = (imports.c.task_id == was.task_id) & (imports.c.plan_digest == was.plan_digest)
        changed = update(imports).where(imports.c.id == record.id, not_(imports.c.discarded), unmoved)
        values = {name: row[name] for name in _CHANGING}
        done = self._connection.execute(changed.values(values).returning(imports.c.id)).first()
        return done is not None

    def sweep(self, *, before: int, keep: Collection[str]) -> int:
        """Removes those checked before a time, but not those whose task is to ``keep``; how many."""
        kept = bulk.among(self._connection, imports.c.task_id, list(keep))
        old = delete(imports).where(imports.c.checked_at < before, not_(kept))
        return len(self._connection.execute(old.returning(imports.c.id)).all())

    def _row(self, record: ImportRecord) -> bulk.Row:
        return msgspec.structs.asdict(record) | {
            "package_name": printable(record.package_name),
            "options": self._sealing.options_kept(record.options),
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
