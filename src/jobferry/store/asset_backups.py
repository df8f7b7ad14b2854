"""Asset backups of workspaces: what was taken, what failed, and up to which day each workspace has them."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import msgspec
from sqlalchemy import (
    BigInteger,
    Column,
    Connection,
    ForeignKey,
    Index,
    Integer,
    Row,
    Table,
    Text,
    delete,
    insert,
    select,
    update,
)

from jobferry.model.asset_backup import AssetBackup
from jobferry.model.names import printable
from jobferry.model.task import TaskStatus
from jobferry.sentences import packed, unpacked
from jobferry.store import bulk
from jobferry.store.faults import taken
from jobferry.store.schema import KEY, metadata

asset_backups = Table(
    "asset_backups",
    metadata,
    Column("id", KEY, primary_key=True),
    Column("workspace_id", KEY, ForeignKey("workspaces.id"), nullable=False),
    Column("name", KEY, nullable=False),
    Column("place", Text, nullable=False),
    Column("task_id", KEY, nullable=False),
    Column("created_by", KEY, nullable=False),
    Column("started_at", BigInteger, nullable=False),
    Column("day", KEY, nullable=False),
    Column("ended_at", BigInteger, nullable=False),
    Column("status", KEY, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("objects", BigInteger, nullable=False),
    Column("size", BigInteger, nullable=False),
    Column("reason", Text, nullable=False),
    Index("asset_backups_by_name", "workspace_id", "name", unique=True),
    Index("asset_backups_by_task", "task_id"),
)
asset_backup_days = Table(
    "asset_backup_days",
    metadata,
    Column("workspace_id", KEY, ForeignKey("workspaces.id"), primary_key=True),
    Column("day", KEY, nullable=False),
)
_RUNNING = TaskStatus.RUNNING.value


class AssetBackups:
    """Asset backups as the platform remembers them."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def by_id(self, backup_id: str) -> AssetBackup | None:
        """The record with that id."""
        return self._one(asset_backups.c.id == backup_id)

    def named(self, workspace_id: str, name: str) -> AssetBackup | None:
        """The record of a workspace's backup of that name."""
        return self._one((asset_backups.c.workspace_id == workspace_id) & (asset_backups.c.name == name))

    def makers(self, workspace_id: str, places: Collection[str]) -> dict[str, str]:
        """Who began those of a workspace's backups that lie in these folders, by folder."""
        columns = asset_backups.c
        wanted = (columns.workspace_id == workspace_id, columns.place.in_(places))
        query = select(columns.place, columns.created_by).where(*wanted)
        return {row.place: row.created_by for row in self._connection.execute(query)}

    def last(self, workspace_id: str, status: TaskStatus) -> AssetBackup | None:
        """The record of a workspace that began last, of those that stand so."""
        wanted = (asset_backups.c.workspace_id == workspace_id) & (asset_backups.c.status == status.value)
        return self._one(wanted)

    def unfinished(self) -> list[AssetBackup]:
        """Those still marked RUNNING, of all workspaces."""
        query = select(asset_backups).where(asset_backups.c.status == _RUNNING)
        return [_backup(row) for row in self._connection.execute(query)]

    def days(self) -> dict[str, str]:
        """Up to which day workspaces are backed up, or need not be, by their ids."""
        return {row.workspace_id: row.day for row in self._connection.execute(select(asset_backup_days))}

    def _one(self, wanted: Any) -> AssetBackup | None:
        query = select(asset_backups).where(wanted)
        newest = query.order_by(asset_backups.c.started_at.desc(), asset_backups.c.id).limit(1)
        row = self._connection.execute(newest).first()
        return _backup(row) if row else None


class AssetBackupWriter(AssetBackups):
    """Records of asset backups, to be kept and removed."""

    def add(self, backup: AssetBackup) -> None:
        """Notes a backup that begins.

        Raises:
            Conflict: the workspace has one of that name.
        """
        with bulk.conflicts_as(self._connection, lambda: taken("asset backup", backup.name)):
            self._connection.execute(insert(asset_backups).values(**_row(backup)))

    def replace(self, backup: AssetBackup, *, was: AssetBackup) -> bool:
        """Writes how one stands now; False if it stands otherwise than it did, or is gone."""
        columns = asset_backups.c
        unchanged = (
            columns.id == was.id,
            columns.status == was.status.value,
            columns.task_id == was.task_id,
        )
        return (
            self._connection.execute(update(asset_backups).where(*unchanged).values(**_row(backup))).rowcount
            == 1
        )

    def cancel(self, task_id: str, reason: str, at: int) -> bool:
        """Ends the one that a task is taking; whether there was one."""
        wanted = (asset_backups.c.task_id == task_id) & (asset_backups.c.status == _RUNNING)
        ended = {"status": TaskStatus.CANCELLED.value, "reason": printable(packed(reason)), "ended_at": at}
        return self._connection.execute(update(asset_backups).where(wanted).values(**ended)).rowcount == 1

    def remove(self, workspace_id: str, name: str) -> None:
        """Forgets one whose folder is gone."""
        columns = asset_backups.c
        gone = (columns.workspace_id == workspace_id, columns.name == name)
        self._connection.execute(delete(asset_backups).where(*gone))

    def sweep(self, workspace_id: str, *, before: int) -> None:
        """Forgets those of a workspace that ended before a time; their folders stay."""
        columns = asset_backups.c
        old = (columns.workspace_id == workspace_id, columns.status != _RUNNING, columns.ended_at < before)
        self._connection.execute(delete(asset_backups).where(*old))

    def move_day(self, workspace_id: str, day: str, *, was: str) -> bool:
        """Notes that a workspace is backed up to a day; False if somebody else has. ``was`` is empty for one
        that had none."""
        if was:
            moved = update(asset_backup_days).where(
                asset_backup_days.c.workspace_id == workspace_id, asset_backup_days.c.day == was
            )
            return self._connection.execute(moved.values(day=day)).rowcount == 1
        if self._connection.scalar(
            select(asset_backup_days.c.day).where(asset_backup_days.c.workspace_id == workspace_id)
        ):
            return False
        self._connection.execute(insert(asset_backup_days).values(workspace_id=workspace_id, day=day))
        return True

    def end_days(self, workspace_id: str) -> None:
        """A workspace is not backed up any more."""
        self._connection.execute(
            delete(asset_backup_days).where(asset_backup_days.c.workspace_id == workspace_id)
        )


def _row(backup: AssetBackup) -> bulk.Row:
    words = {"status": backup.status.value, "reason": printable(packed(backup.reason))}
    return msgspec.structs.asdict(backup) | words


def _backup(row: Row[Any]) -> AssetBackup:
    words = {"status": TaskStatus(row.status), "reason": unpacked(row.reason)}
    return AssetBackup(**row._asdict() | words)
