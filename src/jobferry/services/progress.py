"""Progress of background work, noted twice a second at most. A task can be stopped where it notes it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING

from jobferry.errors import StoreError
from jobferry.model.task import TaskInterrupted, TaskPhase

if TYPE_CHECKING:
    from jobferry.store import TaskLog

_EVERY_MS = 500


class TaskCancelled(Exception):
    """A task that somebody has cancelled stops here; nothing of it is left."""


class TaskProgress:
    """Notes how far one task is. It is a :data:`~jobferry.model.task.Progress`.

    A log that cannot be written to keeps no work from being done.
    """

    def __init__(self, log: TaskLog, task_id: str, now: Callable[[], int]) -> None:
        self._log = log
        self._task_id = task_id
        self._now = now
        self._noted_at = now()

    def __call__(self, phase: TaskPhase, done: int, total: int) -> None:
        """Notes that so much of a phase is done, unless something was noted just before.

        Raises:
            TaskCancelled: somebody has cancelled the task.
            TaskInterrupted: this process has given its tasks up.
        """
        if abs(self._now() - self._noted_at) >= _EVERY_MS:  # the clock may have been set back
            self.note(phase, done, total)

    def note(self, phase: TaskPhase, done: int, total: int, *, subjects: Sequence[str] | None = None) -> None:
        """The same at once; ``subjects`` names the subtasks.

        Raises:
            TaskCancelled: somebody has cancelled the task.
            TaskInterrupted: this process has given its tasks up.
        """
        if self._log.abandoned.is_set():
            raise TaskInterrupted(self._task_id)
        self._noted_at = at = self._now()
        with suppress(StoreError):
            if not self._log.progress(self._task_id, phase, done=done, total=total, subjects=subjects, at=at):
                raise TaskCancelled(self._task_id)
