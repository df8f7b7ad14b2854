"""Backups that the platform takes by itself: a row for each time that one was due."""

from __future__ import annotations

from typing import Any

import msgspec
from sqlalchemy import (
    BigInteger,
    Column,
    Connection,
    Integer,
    Row,
    Select,
    Table,
    Text,
    delete,
    insert,
    select,
)

from jobferry.model.backups import BackupRun
from jobferry.model.names import printable
from jobferry.sentences import packed, unpacked
from jobferry.store.schema import KEY, metadata

backups = Table(
    "platform_backups",
    metadata,
    Column("due_at", BigInteger, primary_key=True, autoincrement=False),
    Column("server", KEY, nullable=False),
    Column("begun_at", BigInteger, nullable=False),
    Column("ended_at", BigInteger, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("path", Text, nullable=False),
    Column("size", BigInteger, nullable=False),
    Column("said", Text, nullable=False),
)


class Backups:
    """What became of each backup."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def at(self, due_at: int) -> BackupRun | None:
        """The one that was due then; none if nobody has begun it."""
        return self._one(select(backups).where(backups.c.due_at == due_at))

    def before(self, due_at: int) -> BackupRun | None:
        """The one that was due before that."""
        earlier = select(backups).where(backups.c.due_at < due_at)
        return self._one(earlier.order_by(backups.c.due_at.desc()).limit(1))

    def last(self) -> BackupRun | None:
        """The one that was due last."""
        return self._one(select(backups).order_by(backups.c.due_at.desc()).limit(1))

    def last_good(self) -> BackupRun | None:
        """The last one that is there."""
        good = select(backups).where(backups.c.ended_at > 0, backups.c.said == "")
        return self._one(good.order_by(backups.c.due_at.desc()).limit(1))

    def _one(self, query: Select[Any]) -> BackupRun | None:
        row = self._connection.execute(query).first()
        return _run(row) if row else None


class BackupWriter(Backups):
    """The same, to be noted."""

    def save(self, run: BackupRun) -> None:
        """Notes a run in the place of what was noted of it before."""
        self._connection.execute(delete(backups).where(backups.c.due_at == run.due_at))
        row = msgspec.structs.asdict(run) | {"said": printable(packed(run.said)), "path": printable(run.path)}
        self._connection.execute(insert(backups).values(row))

    def sweep(self, *, before: int) -> None:
        """Forgets runs that were due before a time."""
        self._connection.execute(delete(backups).where(backups.c.due_at < before))


def _run(row: Row[Any]) -> BackupRun:
    return BackupRun(**row._asdict() | {"said": unpacked(row.said)})
