"""Background tasks."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from jobferry.model.task import Task


class TaskLog(Protocol):
    """Tasks and their progress, kept apart from the objects so that progress never waits for an import."""

    def add(self, task: Task) -> None: ...

    def by_id(self, task_id: str) -> Task | None: ...

    def unfinished(self) -> list[Task]:
        """Tasks still marked RUNNING, oldest first."""
        ...

    def progress(
        self, task_id: str, *, done: int, total: int, subjects: Sequence[str] | None = None, at: int
    ) -> None:
        """Notes progress; ``subjects`` names the subtasks once they are known."""
        ...

    def finish(self, task_id: str, *, succeeded: bool, message: str, code: str = "", at: int) -> None: ...

    def prepare(self) -> None: ...

    def close(self) -> None: ...
