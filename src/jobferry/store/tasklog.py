"""Tasks and their progress, in tables of their own so that progress never waits for an import."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import msgspec
from sqlalchemy import (
    BigInteger,
    Column,
    Index,
    LargeBinary,
    MetaData,
    Row,
    Table,
    Text,
    Update,
    delete,
    insert,
    select,
    update,
)

from jobferry.model.names import printable
from jobferry.model.task import Task, TaskKind, TaskStatus
from jobferry.store import bulk, faults, migrate
from jobferry.store.engine import PATIENCE, Database
from jobferry.store.schema import KEY
from jobferry.store.sealing import Sealing, Secrets

metadata = MetaData()

tasks = Table(
    "tasks",
    metadata,
    Column("id", KEY, primary_key=True),
    Column("kind", KEY, nullable=False),
    Column("workspace_id", KEY, nullable=False),
    Column("name", Text, nullable=False),
    Column("created_by", Text, nullable=False),
    Column("started_at", BigInteger, nullable=False),
    Column("updated_at", BigInteger, nullable=False),
    Column("request", LargeBinary, nullable=False),
    Column("status", KEY, nullable=False),
    Column("ended_at", BigInteger, nullable=False),
    Column("message", Text, nullable=False),
    Column("subjects", Text, nullable=False),
    Column("done", BigInteger, nullable=False),
    Column("total", BigInteger, nullable=False),
    Column("code", Text, nullable=False, server_default=""),
    Index("tasks_by_status", "status", "started_at", "id"),
)

HISTORY = migrate.History("tasks", "0003", "jobferry_task_revision")
_LOCK_KEY = 0x7461736B  # "task"

_subjects = msgspec.json.Decoder(tuple[str, ...])


class TaskLog:
    """Tasks and their progress, in a SQLite file of its own or beside the platform's tables in PostgreSQL.

    Apart from the objects, so that progress never waits for an import.
    """

    def __init__(
        self, url_or_path: str, secrets: Callable[[], Secrets] | None = None, *, patience: float = PATIENCE
    ) -> None:
        """``secrets`` seal private requests, ``patience`` is how many seconds a writer waits for another.

        Raises:
            InvalidRequest: the address is not one of a database that we speak to.
        """
        self._sealing = Sealing(secrets)
        self._database = Database(url_or_path, lock_key=_LOCK_KEY, flush="NORMAL", patience=patience)

    def add(self, task: Task) -> None:
        """Notes a task before its work starts.

        Raises:
            Conflict: there is one with that id.
        """
        with self._database.writing() as connection:
            with bulk.conflicts_as(connection, lambda: faults.taken("task", task.id)):
                connection.execute(insert(tasks).values(_row(task, self._sealing)))
            connection.commit()

    def by_id(self, task_id: str) -> Task | None:
        """The task with that id."""
        if not bulk.texts([task_id]):
            return None
        with self._database.reading() as connection:
            row = connection.execute(select(tasks).where(tasks.c.id == task_id)).one_or_none()
        return _task(row, self._sealing) if row else None

    def unfinished(self) -> list[Task]:
        """Tasks still marked RUNNING, oldest first."""
        running = select(tasks).where(tasks.c.status == TaskStatus.RUNNING.value)
        with self._database.reading() as connection:
            rows = connection.execute(running.order_by(tasks.c.started_at, tasks.c.id)).all()
        return [_task(row, self._sealing) for row in rows]

    def progress(
        self, task_id: str, *, done: int, total: int, subjects: Sequence[str] | None = None, at: int
    ) -> None:
        """Notes progress of a task that has not ended; ``subjects`` names the subtasks once known."""
        values: bulk.Row = {"done": done, "total": total, "updated_at": at}
        if subjects is not None:
            values["subjects"] = msgspec.json.encode(subjects).decode()
        running = update(tasks).where(tasks.c.id == task_id, tasks.c.status == TaskStatus.RUNNING.value)
        self._write(running.values(values))

    def finish(self, task_id: str, *, succeeded: bool, message: str, code: str = "", at: int) -> None:
        """Notes how a task ended."""
        status = TaskStatus.SUCCESSFUL if succeeded else TaskStatus.FAILED
        said = {"message": printable(message), "code": code}
        ended = {"status": status.value, "ended_at": at, "updated_at": at, **said}
        self._write(update(tasks).where(tasks.c.id == task_id).values(ended))

    def ended(self, *, before: int, limit: int) -> list[str]:
        """Ids of some of the tasks that ended before a time, oldest first."""
        over = tasks.c.status.in_([TaskStatus.SUCCESSFUL.value, TaskStatus.FAILED.value])
        old = select(tasks.c.id).where(over, tasks.c.ended_at < before)
        with self._database.reading() as connection:
            rows = connection.execute(old.order_by(tasks.c.ended_at, tasks.c.id).limit(limit)).all()
        return [row.id for row in rows]

    def remove(self, task_ids: Sequence[str]) -> None:
        """Removes tasks that have ended."""
        over = tasks.c.status != TaskStatus.RUNNING.value
        with self._database.writing() as connection:
            connection.execute(delete(tasks).where(over, bulk.among(connection, tasks.c.id, task_ids)))
            connection.commit()

    def prepare(self) -> None:
        """Brings the tables up to date.

        Raises:
            Conflict: a newer program made them.
        """
        migrate.upgrade(self._database, HISTORY)

    def close(self) -> None:
        """Lets the database go."""
        self._database.close()

    def _write(self, statement: Update) -> None:
        with self._database.writing() as connection:
            connection.execute(statement)
            connection.commit()


def _row(task: Task, sealing: Sealing) -> bulk.Row:
    values = msgspec.structs.asdict(task)
    if values.pop("is_private"):
        values["request"] = sealing.seal(task.request)
    return values | {
        "kind": task.kind.value,
        "status": task.status.value,
        "name": printable(task.name),
        "message": printable(task.message),
        "subjects": msgspec.json.encode(task.subjects).decode(),
    }


def _task(row: Row[Any], sealing: Sealing) -> Task:
    return Task(
        **row._asdict()
        | {
            "kind": TaskKind(row.kind),
            "status": TaskStatus(row.status),
            "request": sealing.unseal(bytes(row.request)),
            "subjects": _subjects.decode(row.subjects),
        }
    )
