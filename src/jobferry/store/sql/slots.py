"""Import slots: one import at a time per workspace."""

from __future__ import annotations

import msgspec
from sqlalchemy import Connection, delete, insert, select

from jobferry.errors import Conflict, ErrorCode
from jobferry.model.document.times import written
from jobferry.model.records import Slot
from jobferry.store.sql import bulk
from jobferry.store.sql.schema import import_slots


class SqlSlots:
    """Slots in a transaction, to read or to change."""

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

    def take(self, slot: Slot) -> None:
        """Takes a free slot.

        Raises:
            Conflict: another import holds it; the message says who and since when.
        """
        with bulk.telling(self._connection, lambda: self._held(slot.workspace_id)):
            self._connection.execute(insert(import_slots).values(msgspec.structs.asdict(slot)))

    def is_held(self, workspace_id: str, task_id: str, fence: int) -> bool:
        """Whether the task still holds the slot under its fence; nobody can take it until commit."""
        mine = (import_slots.c.workspace_id == workspace_id) & (import_slots.c.task_id == task_id)
        row = select(import_slots.c.fence).where(mine, import_slots.c.fence == fence).with_for_update()
        return self._connection.execute(row).first() is not None

    def free(self, task_id: str) -> None:
        """Lets go what a task holds, if it holds anything."""
        self._connection.execute(delete(import_slots).where(import_slots.c.task_id == task_id))

    def _held(self, workspace_id: str) -> Conflict:
        slot = self.of(workspace_id)
        whose = f": {slot.holder} started it at {written(slot.since)}" if slot else ""
        return Conflict(
            ErrorCode.IMPORT_RUNNING,
            f"an import into this workspace is running{whose}",
            subject=slot.task_id if slot else "",
            hint="wait until it has ended, then import again",
        )
