"""A task log in memory, and tasks to put into it."""

import json
import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Never

import msgspec

from jobferry.errors import ErrorCode, StoreError
from jobferry.events import LOGGER
from jobferry.model.task import Ending, Task, TaskKind, TaskStatus
from jobferry.store import TaskLog

PATIENCE_S = 60.0
"""Long enough for any machine; nothing waits this long unless it is broken."""


def now() -> int:
    return 1_795_262_400_000


def a_task(task_id: str = "t1", kind: TaskKind = TaskKind.IMPORT) -> Task:
    return Task(
        id=task_id,
        kind=kind,
        workspace_id="w",
        name="orders.zip",
        created_by="anne",
        started_at=now() - 5,
        updated_at=now() - 5,
        request=b"{}",
    )


class MemoryLog(TaskLog):
    """Rows in memory. ``deaf`` makes that many calls of a kind fail as a busy database does."""

    def __init__(self) -> None:
        self.rows: dict[str, Task] = {}
        self.deaf: dict[str, int] = {}
        self._lock = threading.Lock()
        self.abandoned = threading.Event()

    def add(self, task: Task) -> None:
        with self._lock:
            self.rows[task.id] = task

    def by_id(self, task_id: str) -> Task | None:
        self._hear("by_id")
        with self._lock:
            return self.rows.get(task_id)

    def standing(self, task_id: str) -> tuple[TaskStatus, int] | None:
        row = self.by_id(task_id)
        return (row.status, row.revision) if row else None

    def unfinished(self) -> list[Task]:
        with self._lock:
            return [task for task in self.rows.values() if task.status is TaskStatus.RUNNING]

    def progress(self, *_: object, **__: object) -> Never:
        raise AssertionError("runners know nothing of progress")

    def ended(self, *_: object, **__: object) -> Never:
        raise AssertionError("runners look for no ended tasks")

    def remove(self, *_: object, **__: object) -> Never:
        raise AssertionError("runners remove no tasks")

    def finish(self, task_id: str, ending: Ending, *, at: int) -> None:
        self._hear("finish")
        with self._lock:
            former = self.rows[task_id]
            if former.status is TaskStatus.RUNNING:
                self.rows[task_id] = msgspec.structs.replace(
                    former,
                    status=ending.status,
                    message=ending.message,
                    code=ending.code,
                    ended_at=at,
                    updated_at=at,
                    revision=former.revision + 1,
                )

    def prepare(self) -> None:
        """Nothing to prepare."""

    def close(self) -> None:
        """Nothing to close."""

    def _hear(self, call: str) -> None:
        with self._lock:
            left = self.deaf.get(call, 0)
            self.deaf[call] = left - 1
        if left > 0:
            raise StoreError(ErrorCode.STORE_BUSY, "busy")


class _Kept(logging.Handler):
    def __init__(self) -> None:
        super().__init__(logging.INFO)
        self.lines: list[dict[str, Any]] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(json.loads(record.getMessage()))


@contextmanager
def kept_log() -> Iterator[list[dict[str, Any]]]:
    """What our log says while the context lasts, from ``info`` on."""
    kept, logger = _Kept(), logging.getLogger(LOGGER)
    logger.addHandler(kept)
    try:
        yield kept.lines
    finally:
        logger.removeHandler(kept)
