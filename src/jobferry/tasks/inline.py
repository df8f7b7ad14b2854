"""Background work in threads of this process: for the command line without a server.

Nothing is carried on after a crash; it is reported at the next start.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

from jobferry.model.task import Ending, Task
from jobferry.tasks.ports import Clock, Handlers
from jobferry.tasks.work import Work, attempt

if TYPE_CHECKING:
    from jobferry.store import TaskLog

_THREADS = 4


class InlineRunner:
    """Runs each task in a thread that the process waits for before it exits."""

    def __init__(
        self,
        log: TaskLog,
        handlers: Handlers,
        now: Clock,
        recover: Handlers | None = None,
        live: Callable[[], Collection[str]] = tuple,
    ) -> None:
        """``recover`` finds out, per kind, how a task ended that an earlier process left unfinished; ``live``
        tells the servers that still do their tasks."""
        self._log = log
        self._recover = recover or {}
        self._live = live
        self._work = Work(log, handlers, now)
        self._pool = ThreadPoolExecutor(_THREADS, thread_name_prefix="jobferry-task")

    def start(self) -> None:
        """Reports what an earlier process left unfinished, unless another server does it; then takes new
        work."""
        live = self._live()
        for task in self._log.unfinished():
            if task.server in live:
                continue
            self._work.conclude(task, attempt(self._recover.get(task.kind, _interrupted), task))
        self._work.open()

    def launch(self, task: Task) -> None:
        """Starts a task in a thread; more than a few at a time wait for their turn."""
        with self._work.admitted(task):
            self._pool.submit(self._work.carry_out, task.id)

    def wait(self, task_id: str, timeout_s: float, seen: int | None = None) -> bool:
        """Waits at most so long for a task's end, or another revision than the one ``seen``."""
        return self._work.wait(task_id, timeout_s, seen)

    def forget(self, task_ids: Sequence[str]) -> None:
        """Nothing is kept here."""

    def stop(self, grace_s: float) -> None:
        """Waits at most so long for tasks; those that have not ended are reported by the next start."""
        self._work.close(grace_s)
        self._pool.shutdown(wait=False, cancel_futures=True)


def _interrupted(_: Task) -> Ending:
    return Ending(succeeded=False, message="interrupted: the process that carried it out has ended")
