"""What the rooms above may ask of background work, and what it asks of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Protocol, TypeAlias

from jobferry.model.task import Ending, Task, TaskKind

Handler: TypeAlias = Callable[[Task], Ending]
"""Carries out one task and says how it ended.

It is called at least once, and again from the start when the process ended in between, so it must find out
for itself what is already done. A :class:`~jobferry.errors.JobferryError` that it raises is a failed ending
with that message; anything else is a failed ending that names an error id. It notes progress itself.
"""

Handlers: TypeAlias = Mapping[TaskKind, Handler]

Clock: TypeAlias = Callable[[], int]
"""Milliseconds since 1970 (UTC)."""


class TaskRunner(Protocol):
    """Runs tasks whose rows are in the task log, and writes there how they ended."""

    def start(self) -> None:
        """Takes up, or reports, what an earlier process left unfinished; then takes new work.

        Raises:
            StoreError: the task log cannot be used.
            Conflict: this process already runs another platform's durable tasks.
        """
        ...

    def launch(self, task: Task) -> None:
        """Starts a task whose row the caller has written; returns at once.

        Raises:
            StoreError: it could not be started (the row then says so), or this runner is stopping.
        """
        ...

    def wait(self, task_id: str, timeout_s: float, seen: int | None = None) -> bool:
        """Waits at most so long for a task's end, or for another revision than the one ``seen``.

        False if neither came.

        Raises:
            StoreError: the task log fails, or how the task ended could not be noted there.
        """
        ...

    def forget(self, task_ids: Sequence[str]) -> None:
        """Removes what is kept here of tasks that have ended.

        Raises:
            StoreError: it cannot be removed now.
        """
        ...

    def stop(self, grace_s: float) -> None:
        """Takes no new work, and waits at most so long for what is under way.

        What is not finished by then keeps its row as it is; the next start takes it up or reports it.
        """
        ...
