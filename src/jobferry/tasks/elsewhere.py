"""Background work that other servers do: for one that only answers (``--no-tasks``)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from jobferry.model.task import Task
from jobferry.tasks.ports import Clock
from jobferry.tasks.work import Work

if TYPE_CHECKING:
    from jobferry.store import TaskLog


class ElsewhereRunner:
    """Leaves each task to whichever server of the same database looks for work next, every few seconds."""

    def __init__(self, log: TaskLog, now: Clock) -> None:
        self._work = Work(log, {}, now)

    def start(self) -> None:
        """Nothing is taken up here."""

    def launch(self, task: Task) -> None:
        """The row says that nobody has begun; that is all there is to do."""

    def wait(self, task_id: str, timeout_s: float, seen: int | None = None) -> bool:
        """Waits at most so long for a task's end, or another revision than the one ``seen``."""
        return self._work.wait(task_id, timeout_s, seen)

    def forget(self, task_ids: Sequence[str]) -> None:
        """Nothing is kept here."""

    def stop(self, grace_s: float) -> None:  # noqa: ARG002 - nothing is under way
        """Wakes those who wait."""
        self._work.close(0)
