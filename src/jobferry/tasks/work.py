"""Carrying tasks out: what both runners share.

A row that says RUNNING is the only thing that counts as unfinished, and every way of ending is written
there before anybody is told. If even that cannot be written, the row stays RUNNING for the next start.
"""

from __future__ import annotations

import threading
import time
import uuid
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, TypeVar

from jobferry.errors import ErrorCode, JobferryError, StoreError
from jobferry.events import Events, kind_of
from jobferry.model.task import Ending, Task, TaskInterrupted, TaskKind, TaskStatus
from jobferry.sentences import sentence
from jobferry.tasks.ports import Clock, Handler, Handlers

if TYPE_CHECKING:
    from jobferry.store import TaskLog

_T = TypeVar("_T")

_events = Events("tasks")

_LOOK_AGAIN_S = 1.0
"""How often a task that another process may be carrying out is looked up while somebody waits for it."""

_LOOK_FOR_PROGRESS_S = 0.25
"""How often a task is looked up while somebody waits for its progress."""

_LEAVING_S = 2.0
"""How long tasks that were given up are waited for at most: each stops when it next notes progress."""

_PAUSES_S = (0.1, 0.5, 2.0, 5.0)


class Work:
    """The tasks that one process carries out. Closed until :meth:`open`."""

    def __init__(
        self, log: TaskLog, handlers: Handlers, now: Clock, pauses_s: Sequence[float] = _PAUSES_S
    ) -> None:
        """``pauses_s`` lie between the tries to reach a task log that is busy or full."""
        self._log = log
        self._handlers = handlers
        self._now = now
        self._pauses_s = pauses_s
        self._changed = threading.Condition()
        self._endings = 0
        self._underway: set[str] = set()
        self._left: dict[str, StoreError] = {}
        self._open = False
        self._abandoned = log.abandoned

    def open(self) -> None:
        """From now on new tasks are taken."""
        with self._changed:
            self._open = True

    @property
    def underway(self) -> frozenset[str]:
        """Ids of the tasks that were taken here and have not ended."""
        with self._changed:
            return frozenset(self._underway)

    @property
    def left(self) -> frozenset[str]:
        """Ids of the tasks that were carried out here and could not be ended: nobody works on them now."""
        with self._changed:
            return frozenset(self._left)

    def take_back(self, task_id: str) -> None:
        """A task that was left is about to be carried out again, so who waits for it waits for that."""
        with self._changed:
            self._left.pop(task_id, None)

    @contextmanager
    def admitted(self, task: Task) -> Iterator[None]:
        """Takes a task; the body starts it. If that fails, the row says so.

        Raises:
            StoreError: this process takes no new tasks, or the body raised what is no error of ours.
        """
        try:
            with self._changed:
                if not self._open:
                    raise _closed()
                self._underway.add(task.id)
            yield
        except Exception as error:
            reason = error if isinstance(error, JobferryError) else _unstartable(error)
            self._report_unstarted(task, reason)
            raise reason from error

    def carry_out(self, task_id: str) -> None:
        """Carries a task out in this thread, unless it has ended already.

        Raises:
            TaskInterrupted: this process is ending; the task is to be taken up by the next.
            StoreError: the task log cannot be reached; likewise.
        """
        with self._changed:
            self._underway.add(task_id)
            self._left.pop(task_id, None)
        try:
            if self._abandoned.is_set():
                raise TaskInterrupted(task_id)
            task = self._insist(lambda: self._log.by_id(task_id))
            if task is not None and task.status is TaskStatus.RUNNING:
                _events.debug("task-begun", task=task_id)
                self.conclude(task, attempt(self._handlers.get(task.kind), task))
        except Exception as error:
            _events.say("error", "task left unfinished", task=task_id, error=kind_of(error))
            if isinstance(error, StoreError):
                with self._changed:
                    self._left[task_id] = _unnoted(error)
            raise
        finally:
            self._ended(task_id)

    def conclude(self, task: Task, ending: Ending) -> None:
        """Writes how a task ended.

        Raises:
            TaskInterrupted: it failed after this process gave up waiting: most likely because of that.
            StoreError: the task log cannot be reached.
        """
        if self._abandoned.is_set() and not ending.succeeded:
            raise TaskInterrupted(task.id)
        self._write(task, ending)

    def wait(self, task_id: str, timeout_s: float, seen: int | None = None) -> bool:
        """Waits at most so long for a task's end, or for another revision than the one ``seen``.

        False if neither came.

        Raises:
            StoreError: it was carried out here, and how it ended could not be noted.
        """
        deadline = time.monotonic() + timeout_s
        while not self._abandoned.is_set():
            with self._changed:
                endings = self._endings
            status, revision = self._log.standing(task_id) or (None, 0)
            if status is not TaskStatus.RUNNING or seen not in (None, revision):
                return True
            with self._changed:
                if task_id in self._left:
                    raise self._left[task_id]
                left = deadline - time.monotonic()
                if left <= 0:
                    return False
                if self._endings == endings:
                    self._changed.wait(min(left, self._pause(task_id, seen)))
        return False

    def _pause(self, task_id: str, seen: int | None) -> float:
        """How long nobody need look again, in seconds: an end here wakes who waits, other changes do not."""
        if seen is not None:
            return _LOOK_FOR_PROGRESS_S
        return threading.TIMEOUT_MAX if task_id in self._underway else _LOOK_AGAIN_S

    def close(self, grace_s: float) -> bool:
        """Takes no new tasks and waits at most so long for those under way; whether all ended."""
        with self._changed:
            self._open = False
            idle = self._changed.wait_for(lambda: not self._underway, grace_s)
            self._abandoned.set()
            left = sorted(self._underway)
            self._endings += 1
            self._changed.notify_all()
            self._changed.wait_for(lambda: not self._underway, min(grace_s, _LEAVING_S))
        if left:
            _events.say("warning", "stopping with unfinished tasks", tasks=left)
        return idle

    def _ended(self, task_id: str) -> None:
        with self._changed:
            self._underway.discard(task_id)
            self._endings += 1
            self._changed.notify_all()

    def _report_unstarted(self, task: Task, reason: JobferryError) -> None:
        try:
            self._write(
                task, Ending(False, sentence("not started: {message}", message=reason.message), reason.code)
            )
        except Exception as error:
            _events.say("error", "unstarted task not noted", task=task.id, error=kind_of(error))
        finally:
            self._ended(task.id)

    def _write(self, task: Task, ending: Ending) -> None:
        self._insist(lambda: self._log.finish(task.id, ending, at=self._now()))
        _events.say(
            "debug" if task.kind is TaskKind.CHECK else "info",
            "task-ended",
            task=task.id,
            kind=task.kind,
            workspace=task.workspace_id,
            succeeded=ending.succeeded,
            code=ending.code or None,
        )

    def _insist(self, call: Callable[[], _T]) -> _T:
        for pause in self._pauses_s:
            try:
                return call()
            except StoreError as error:
                _events.say("warning", "task log does not answer", reason=str(error.code), again_in_s=pause)
                if self._abandoned.wait(pause):
                    break
        return call()


def attempt(handler: Handler | None, task: Task) -> Ending:
    """How a task ended; whatever its handler raises is an ending, too."""
    if handler is None:
        return Ending(
            succeeded=False,
            message=sentence("this platform cannot carry out tasks of kind {kind}", kind=task.kind),
        )
    try:
        return handler(task)
    except JobferryError as error:
        return Ending(succeeded=False, message=error.with_hint, code=error.code)
    except Exception as error:
        return Ending(succeeded=False, message=_unexpected(task, error))


def _unexpected(task: Task, error: Exception) -> str:
    error_id = uuid.uuid4().hex[:12]
    _events.failed("task failed unexpectedly", error, error_id=error_id, task=task.id, kind=str(task.kind))
    return sentence(
        "an unexpected error ended this task; the log of the server has its details under {error_id}",
        error_id=error_id,
    )


def _unnoted(error: StoreError) -> StoreError:
    return StoreError(
        error.code,
        sentence("the end of the task could not be recorded: {message}", message=error.message),
        subject=error.subject,
        hint="make room or repair the database; the task is continued or reported after that",
    )


def _closed() -> StoreError:
    return StoreError(
        ErrorCode.STORE_BUSY,
        "this platform is stopping and takes no new work",
        hint="try again once it runs again",
    )


def _unstartable(error: Exception) -> StoreError:
    return StoreError(
        ErrorCode.STORE_FAILED,
        sentence("background work could not be started: {error}", error=kind_of(error)),
        hint="look at the log of the server; the disk may be full, or the task database may be unreachable",
    )
