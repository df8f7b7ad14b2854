"""Background work that outlives its process. The only file that knows DBOS.

DBOS keeps one small row per task in its own tables and nothing of the task itself: the workflow's id is the
task's, its only argument too. After a crash DBOS runs the one function again from the start. What anybody
is shown comes from the task log. DBOS is one per process, silently; here a second runner is refused.

Several servers on one PostgreSQL database share the work. Each is an executor of its own; what a server that
is no more has left, any other one puts back into DBOS's queue, from which exactly one of them takes it.
"""

from __future__ import annotations

import logging
import sqlite3
import threading
from collections.abc import Collection, Sequence
from functools import partial
from typing import TYPE_CHECKING

from dbos import DBOS, DBOSConfig, DBOSPortableJSONSerializer, SetWorkflowID, WorkflowStatus

from jobferry.errors import Conflict, ErrorCode, JobferryError, StoreError
from jobferry.events import Events
from jobferry.model.task import Ending, Task
from jobferry.sentences import sentence
from jobferry.tasks.ports import Clock, Handlers
from jobferry.tasks.work import Work

if TYPE_CHECKING:
    from jobferry.store import TaskLog

_events = Events("tasks")

_VERSION = "1"
"""DBOS only takes up work of the version that began it, and ours is taken up by every later one."""
_ATTEMPTS = 5
"""How many times work is taken up again. What ends the process every time is given up after that."""
_SWEEP_EVERY_S = 30.0
_SWEEP_TOGETHER_S = 5.0
"""How often several servers look for work that nobody does any more."""
_THREADS = 16
_SQLITE = "sqlite:///"
_ALONE = "local"
"""The one executor of a SQLite file."""
_FULL = ("database or disk is full", "No space left on device", "could not extend file")
_GIVEN_UP = "MAX_RECOVERY_ATTEMPTS_EXCEEDED"
_RUNNING = "PENDING"
_WAITING_OR_RUNNING = (_RUNNING, "ENQUEUED", "DELAYED")

_claim = threading.Lock()
_owner: Work | None = None


@DBOS.workflow(name="jobferry-task", max_recovery_attempts=_ATTEMPTS)
def _run(task_id: str) -> None:
    """The one durable function."""
    if _owner is None:
        raise RuntimeError("no runner is started in this process")
    _owner.carry_out(task_id)


class DurableRunner:
    """Runs tasks at least once, whatever happens to the process. One per process.

    ``system_database_url`` is PostgreSQL's, or ``sqlite:///`` and a path, taken as it is: nothing in it is
    decoded, a folder may have any name. On PostgreSQL the log's server is the executor. On SQLite there is
    one process, whose share of the work always has the same name: a restarted one has its former one again.
    """

    def __init__(
        self,
        log: TaskLog,
        handlers: Handlers,
        now: Clock,
        system_database_url: str,
        sweep_every_s: float | None = None,
    ) -> None:
        self._log = log
        self._work = Work(log, handlers, now)
        self._url = system_database_url
        self._is_alone = system_database_url.startswith(_SQLITE)
        self._sweep_every_s = sweep_every_s or (_SWEEP_EVERY_S if self._is_alone else _SWEEP_TOGETHER_S)
        self._stopping = threading.Event()
        self._sweeper = threading.Thread(target=self._sweep_on, name="jobferry-task-sweep", daemon=True)

    def start(self) -> None:
        """Takes up what an earlier process left unfinished, then new work; not for an event loop's thread.

        Raises:
            Conflict: this process already has a started runner.
            StoreError: the task database cannot be used.
        """
        self._take_claim()
        try:
            _forward_log()
            DBOS(config=self._config())
            DBOS.launch()
            self._work.open()
            self._sweep()
        except BaseException as error:
            self.stop(0)
            if isinstance(error, JobferryError) or not isinstance(error, Exception):
                raise
            raise _unusable(error) from error
        self._sweeper.start()

    def launch(self, task: Task) -> None:
        """Makes a task's work durable and starts it."""
        with self._work.admitted(task):
            try:
                _begin(task.id)
            except Exception as error:
                raise _unusable(error) from error

    def wait(self, task_id: str, timeout_s: float, seen: int | None = None) -> bool:
        """Waits at most so long for a task's end, or another revision than the one ``seen``."""
        return self._work.wait(task_id, timeout_s, seen)

    def forget(self, task_ids: Sequence[str]) -> None:
        """Removes DBOS's own rows of tasks that have ended."""
        try:
            DBOS.delete_workflows(list(task_ids))
        except Exception as error:
            raise _unusable(error) from error

    def stop(self, grace_s: float) -> None:
        """Waits at most so long for tasks; those that have not ended are taken up by the next start."""
        global _owner  # noqa: PLW0603 - DBOS is one per process, and so is this
        if _owner is not self._work:
            return
        self._stopping.set()
        if self._sweeper.ident is not None:
            self._sweeper.join()
        self._work.close(grace_s)
        DBOS.destroy()
        with _claim:
            _owner = None

    def _take_claim(self) -> None:
        global _owner  # noqa: PLW0603
        with _claim:
            if _owner is not None:
                raise Conflict(
                    ErrorCode.DATA_FOLDER_BUSY,
                    "this process already runs a platform with durable tasks",
                    hint="start the second platform in a process of its own",
                )
            _owner = self._work

    def _config(self) -> DBOSConfig:
        config = DBOSConfig(
            name="jobferry",
            system_database_url=self._url,
            executor_id=_ALONE if self._is_alone else self._log.servers.id,
            application_version=_VERSION,
            serializer=DBOSPortableJSONSerializer(),
            max_executor_threads=_THREADS,
            sys_db_pool_size=5,
            log_level="WARNING",
            enable_otlp=False,
            use_listen_notify=False,
            notification_listener_polling_interval_sec=0.2,  # nobody notifies; stopping waits this long
        )
        if self._is_alone:
            # as a URL, a path with % or ? in it would be another file
            path = self._url.removeprefix(_SQLITE)
            config["system_database_url"] = f"{_SQLITE}tasks.db"
            config["db_engine_kwargs"] = {"creator": partial(sqlite3.connect, path, check_same_thread=False)}
        return config

    def _sweep_on(self) -> None:
        while not self._stopping.wait(self._sweep_every_s):
            try:
                self._sweep()
            except Exception as error:
                _events.say("warning", "sweep of tasks failed", error=type(error).__name__)

    def _sweep(self) -> None:
        """Gives work to unfinished rows that have none, or whose server is no more."""
        underway = self._work.underway
        rows = [task for task in self._log.unfinished() if task.id not in underway]
        if not rows:
            return
        found = DBOS.list_workflows(
            workflow_ids=[task.id for task in rows], load_input=False, load_output=False
        )
        known = {one.workflow_id: one for one in found}
        others = frozenset() if self._is_alone else self._log.servers.live() - {self._log.servers.id}
        if not self._is_alone:
            self._take_over(found, others)
        for task in rows:
            self._mend(task, known.get(task.id), others)

    def _take_over(self, found: Sequence[WorkflowStatus], others: Collection[str]) -> None:
        """Puts back into the queue what servers that are no more were doing."""
        here = self._log.servers.id
        gone = {one.executor_id for one in found if one.status == _RUNNING} - {None, here, *others}
        if gone:
            _events.say("info", "tasks-taken-over", servers=sorted(map(str, gone)))
            DBOS._recover_pending_workflows(sorted(map(str, gone)))  # how DBOS's own administration does it

    def _mend(self, task: Task, work: WorkflowStatus | None, others: Collection[str]) -> None:
        """Starts a task that has no work; one that another server is about to start is left to it."""
        if work is None and task.server in others:
            return
        if work is not None:
            if work.status in _WAITING_OR_RUNNING and task.id not in self._work.left:
                return
            if work.status == _GIVEN_UP:
                message = sentence(
                    "given up: {attempts:process/processes} ended while carrying it out",
                    attempts=_ATTEMPTS + 1,
                )
                self._work.conclude(task, Ending(succeeded=False, message=message))
                return
            # it ended, and it or DBOS could not write so; a fresh one may take its id
            DBOS.delete_workflow(task.id)
            self._work.take_back(task.id)
        _events.say("info", "task without work is started", task=task.id)
        _begin(task.id)


def _begin(task_id: str) -> None:
    with SetWorkflowID(task_id):
        DBOS.start_workflow(_run, task_id)


class _Forward(logging.Handler):
    """Says in our log what DBOS has to say."""

    def emit(self, record: logging.LogRecord) -> None:
        error = record.exc_info[0] if record.exc_info else None
        level = "error" if record.levelno >= logging.ERROR else "warning"
        _events.say(level, "dbos", said=record.getMessage()[:300], error=error.__name__ if error else None)


def _forward_log() -> None:
    logger = logging.getLogger("dbos")
    if not any(isinstance(handler, _Forward) for handler in logger.handlers):
        logger.handlers[:] = [_Forward()]
        logger.propagate = False


def _unusable(error: Exception) -> StoreError:
    said = str(getattr(error, "orig", None) or error).strip().splitlines()
    full = any(text in str(error) for text in _FULL)
    return StoreError(
        ErrorCode.DISK_FULL if full else ErrorCode.STORE_FAILED,
        sentence(
            "the task database cannot be used: {value}", value=said[0] if said else type(error).__name__
        ),
        hint="make room on its disk and try again"
        if full
        else "check that the database is there, has room and can be written",
    )
