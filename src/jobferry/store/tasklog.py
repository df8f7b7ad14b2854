"""Tasks and their progress, in tables of their own so that progress never waits for an import."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from typing import Any

import msgspec
from sqlalchemy import (
    BigInteger,
    Column,
    ColumnElement,
    Index,
    LargeBinary,
    MetaData,
    Row,
    Table,
    Text,
    Update,
    and_,
    delete,
    func,
    insert,
    select,
    true,
    update,
)
from sqlalchemy.sql.dml import ReturningUpdate

from jobferry.model.names import printable
from jobferry.model.secrets import Secrets
from jobferry.model.task import Ending, Task, TaskFilter, TaskKind, TaskPhase, TaskStatus
from jobferry.sentences import Sentence, as_sentence, packed, unpacked
from jobferry.store import bulk, faults, migrate
from jobferry.store.engine import PATIENCE, Database
from jobferry.store.schema import KEY
from jobferry.store.sealing import Sealing
from jobferry.store.servers import Servers

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
    Column("phase", KEY, nullable=False),
    Column("revision", BigInteger, nullable=False),
    Column("cancelled_by", Text, nullable=False),
    Column("server", KEY, nullable=False, server_default=""),
    Index("tasks_by_status", "status", "started_at", "id"),
    Index("tasks_by_workspace", "workspace_id", "started_at", "id"),
    Index("tasks_by_time", "started_at", "id"),
)

servers = Table(
    "servers",
    metadata,
    Column("id", KEY, primary_key=True),
    Column("host", Text, nullable=False),
    Column("version", Text, nullable=False),
    Column("started_at", BigInteger, nullable=False),
    Column("seen_at", BigInteger, nullable=False),
)
"""Only PostgreSQL's is used; see :class:`~jobferry.store.servers.Servers`."""

HISTORY = migrate.History("tasks", "0005", "jobferry_task_revision", tuple(metadata.tables))
LOCK_KEY = 0x7461736B  # "task"

_subjects = msgspec.json.Decoder(tuple[str, ...])


class TaskLog:
    """Tasks and their progress, in a SQLite file of its own or beside the platform's tables in PostgreSQL.

    Apart from the objects, so that progress never waits for an import.
    """

    def __init__(
        self,
        url_or_path: str,
        secrets: Callable[[], Secrets] | None = None,
        *,
        patience: float = PATIENCE,
        server: str = "",
        takes_tasks: bool = True,
    ) -> None:
        """``secrets`` seal private requests, ``patience`` is how many seconds a writer waits for another,
        ``server`` the id of the server that this process is. Unless it ``takes_tasks``, those that it adds
        are nobody's until another server takes them.

        Raises:
            InvalidRequest: the address is not one of a database that we speak to.
        """
        self._sealing = Sealing(secrets)
        self._database = Database(
            url_or_path, lock_key=LOCK_KEY, flush="NORMAL", patience=patience, server=server
        )
        self.servers = Servers(self._database)
        self._takes_tasks = takes_tasks
        self.abandoned = threading.Event()
        """Set once this process has given its tasks up: each of them stops when it next notes progress."""

    def add(self, task: Task) -> None:
        """Notes a task before its work starts.

        Raises:
            Conflict: there is one with that id.
        """
        server = self.servers.id if self._takes_tasks else ""
        with self._database.writing() as connection:
            with bulk.conflicts_as(connection, lambda: faults.taken("task", task.id)):
                connection.execute(insert(tasks).values(_row(task, self._sealing) | {"server": server}))
            connection.commit()

    def by_id(self, task_id: str) -> Task | None:
        """The task with that id."""
        if not bulk.texts([task_id]):
            return None
        with self._database.reading() as connection:
            row = connection.execute(select(tasks).where(tasks.c.id == task_id)).one_or_none()
        return _task(row, self._sealing) if row else None

    def standing(self, task_id: str) -> tuple[TaskStatus, int] | None:
        """A task's status and revision, for whoever waits for another one."""
        wanted = select(tasks.c.status, tasks.c.revision).where(tasks.c.id == task_id)
        with self._database.reading() as connection:
            row = connection.execute(wanted).one_or_none()
        return (TaskStatus(row.status), row.revision) if row else None

    def counts(self) -> list[tuple[str, str, str, int, int]]:
        """How many tasks there are by kind, status and phase, and when the oldest of each began (ms)."""
        by = (tasks.c.kind, tasks.c.status, tasks.c.phase)
        asked = select(*by, func.count(), func.min(tasks.c.started_at)).group_by(*by)
        with self._database.reading() as connection:
            return [
                (kind, status, phase, count, began)
                for kind, status, phase, count, began in connection.execute(asked)
            ]

    def unfinished(self) -> list[Task]:
        """Tasks still marked RUNNING, oldest first."""
        running = select(tasks).where(tasks.c.status == TaskStatus.RUNNING.value)
        with self._database.reading() as connection:
            rows = connection.execute(running.order_by(tasks.c.started_at, tasks.c.id)).all()
        return [_task(row, self._sealing) for row in rows]

    def page(self, wanted: TaskFilter, *, offset: int, limit: int) -> tuple[int, list[Task]]:
        """How many there are in all, and some of them, newest first; without their requests."""
        matching = _matching(wanted)
        newest = select(*_SHOWN).where(matching).order_by(tasks.c.started_at.desc(), tasks.c.id.desc())
        with self._database.reading() as connection:
            total = connection.scalar(select(func.count()).select_from(tasks).where(matching)) or 0
            rows = connection.execute(newest.offset(offset).limit(limit)).all()
        return total, [Task(**_values(row), request=b"") for row in rows]

    def progress(
        self,
        task_id: str,
        phase: TaskPhase,
        *,
        done: int,
        total: int,
        subjects: Sequence[str] | None = None,
        at: int,
    ) -> bool:
        """Notes progress of a task; whether it is to go on: False once it has ended or was cancelled.

        ``subjects`` names the subtasks once known.
        """
        values: bulk.Row = {"phase": phase.value, "done": done, "total": total, "updated_at": at}
        if subjects is not None:
            values["subjects"] = msgspec.json.encode(subjects).decode()
        noted = _running(task_id).values(values | _GROWN).returning(tasks.c.cancelled_by)
        return self._write(noted) == ""

    def cancel(self, task_id: str, *, by: str, at: int) -> bool:
        """Notes who wants a task to end; whether it was running and nobody else had asked for that."""
        first = _running(task_id).where(tasks.c.cancelled_by == "")
        asked = {"cancelled_by": printable(by), "updated_at": at}
        return self._write(first.values(asked | _GROWN).returning(tasks.c.id)) is not None

    def finish(self, task_id: str, ending: Ending, *, at: int) -> None:
        """Notes how a task ended, unless that is noted already; with a last phase, all of that is done."""
        message = as_sentence(
            ending.message if isinstance(ending.message, Sentence) else printable(ending.message)
        )
        said = {"message": printable(packed(message)), "code": ending.code}
        ended: bulk.Row = {"status": ending.status.value, "ended_at": at, "updated_at": at, **said}
        if ending.phase is not None:
            ended |= {"phase": ending.phase.value, "done": tasks.c.total}
        self._write(_running(task_id).values(ended | _GROWN).returning(tasks.c.id))

    def ended(self, *, before: int, limit: int) -> list[str]:
        """Ids of some of the tasks that ended before a time, oldest first."""
        old = select(tasks.c.id).where(tasks.c.status.in_(_OVER), tasks.c.ended_at < before)
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

    def fence(self) -> None:
        """From now on this process writes only while the other servers have not given it up."""
        self._database.fence()

    def close(self) -> None:
        """Lets the database go."""
        self._database.close()

    def _write(self, statement: ReturningUpdate[str]) -> str | None:
        """Gives what the statement returns of the one row that it is about, or None if there is none."""
        with self._database.writing() as connection:
            row = connection.execute(statement).one_or_none()
            connection.commit()
        return row[0] if row else None


_OVER = [status.value for status in TaskStatus if status is not TaskStatus.RUNNING]
_GROWN: bulk.Row = {"revision": tasks.c.revision + 1}
_SHOWN = [column for column in tasks.c if column.name != "request"]


def _running(task_id: str) -> Update:
    return update(tasks).where(tasks.c.id == task_id, tasks.c.status == TaskStatus.RUNNING.value)


def _matching(wanted: TaskFilter) -> ColumnElement[bool]:
    asked: dict[str, str | None] = {
        "workspace_id": wanted.workspace_id,
        "kind": wanted.kind,
        "status": wanted.status,
        "created_by": wanted.created_by or None,
    }
    found = [tasks.c[name] == str(value) for name, value in asked.items() if value is not None]
    if wanted.since:
        found.append(tasks.c.started_at >= wanted.since)
    if wanted.until:
        found.append(tasks.c.started_at < wanted.until)
    return and_(true(), *found)


def _row(task: Task, sealing: Sealing) -> bulk.Row:
    values = msgspec.structs.asdict(task)
    if values.pop("is_private"):
        values["request"] = sealing.seal(task.request)
    return values | {
        "kind": task.kind.value,
        "status": task.status.value,
        "phase": task.phase.value,
        "name": printable(task.name),
        "message": printable(packed(task.message)),
        "subjects": msgspec.json.encode(task.subjects).decode(),
    }


def _task(row: Row[Any], sealing: Sealing) -> Task:
    return Task(**_values(row) | {"request": sealing.unseal(bytes(row.request))})


def _values(row: Row[Any]) -> dict[str, Any]:
    return row._asdict() | {
        "kind": TaskKind(row.kind),
        "status": TaskStatus(row.status),
        "phase": TaskPhase(row.phase),
        "subjects": _subjects.decode(row.subjects),
        "message": unpacked(row.message),
    }
