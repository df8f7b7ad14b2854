"""A piece of background work with progress ("system task" in the Factory API)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from enum import StrEnum
from typing import TypeAlias, TypeVar

import msgspec

from jobferry.sentences import sentence

T = TypeVar("T")

TASK_FORMAT = 1
"""Number of the form in which requests of tasks are stored. Raise it if servers of the former form and of the
new one could not run each other's tasks: such servers do not run side by side."""


class TaskStatus(StrEnum):
    """How a task stands. Factory clients know the first three; to them a cancelled task has failed."""

    RUNNING = "RUNNING"
    SUCCESSFUL = "SUCCESSFUL"
    FAILED = "FAILED"
    CANCELLED = "CANCELLED"


class TaskKind(StrEnum):
    """What a task does; ``bootstrap`` gives each kind its callable."""

    IMPORT = "import"
    EXPORT = "export"
    UNDO = "undo"
    ASSET_BACKUP = "asset-backup"
    CHECK = "check"
    CONNECTIONS = "connections-import"
    """Noted when it is over: it is done within its call."""


class TaskPhase(StrEnum):
    """What a task has come to. Imports go through the first six, undos through *planned* and *applied*,
    exports and asset backups through *selected* and *packed*."""

    RECEIVED = "received"
    READ = "read"
    CHECKED = "checked"
    PLANNED = "planned"
    STAGED = "staged"
    APPLIED = "applied"
    SELECTED = "selected"
    PACKED = "packed"

    @property
    def words(self) -> str:
        """How people are told."""
        return self.value


class TaskInterrupted(BaseException):
    """This process ends before a task does, whose row stays for the next start. No handler treats it as an
    error."""


Progress: TypeAlias = Callable[[TaskPhase, int, int], None]
"""Is told a phase, how much of it is done, and of how much."""


def unnoted(_phase: TaskPhase, _done: int, _total: int) -> None:
    """The progress of work that nobody waits for."""


def counted(items: Iterable[T], progress: Progress, phase: TaskPhase, total: int) -> Iterator[T]:
    """The items themselves, each noted as done when the next one is asked for."""
    for done, item in enumerate(items):
        progress(phase, done, total)
        yield item


def noted(items: Iterable[T], note: Callable[[], object]) -> Iterator[T]:
    """Yield the items. ``note`` is called before each, and stops the work by an exception."""
    for item in items:
        note()
        yield item


class Task(msgspec.Struct, frozen=True, kw_only=True):
    """One task. ``request`` is what is needed to do it again from the start, as JSON.

    ``is_private`` tells the log to keep the request sealed, since it may hold secrets; it is not read back.
    ``message`` says how it ended, ``code`` which error ended it, if one did; ``subjects`` names its
    subtasks while it runs. Times are in ms. ``done`` and ``total`` count what the ``phase`` goes through.
    ``revision`` grows with every change; ``cancelled_by`` is who has asked to end it early, ``server`` the
    server that began it; empty while nobody has.
    """

    id: str
    kind: TaskKind
    workspace_id: str
    name: str
    created_by: str
    started_at: int
    updated_at: int
    request: bytes
    is_private: bool = False
    status: TaskStatus = TaskStatus.RUNNING
    ended_at: int = 0
    message: str = ""
    code: str = ""
    subjects: tuple[str, ...] = ()
    phase: TaskPhase = TaskPhase.RECEIVED
    done: int = 0
    total: int = 0
    revision: int = 0
    cancelled_by: str = ""
    server: str = ""


class Subtask(msgspec.Struct, frozen=True, kw_only=True):
    """The part of a task that is about one object."""

    name: str
    status: TaskStatus
    message: str = ""
    updated_at: int = 0


class Ending(msgspec.Struct, frozen=True):
    """How a task ended, for its row: callers see it as SUCCESSFUL, FAILED or CANCELLED with this message."""

    succeeded: bool
    message: str
    code: str = ""
    """The error code, where an error ended it."""
    is_cancelled: bool = False
    phase: TaskPhase | None = None
    """The last phase, where the task came to its end."""

    @property
    def status(self) -> TaskStatus:
        """The status that the task has from now on."""
        if self.is_cancelled:
            return TaskStatus.CANCELLED
        return TaskStatus.SUCCESSFUL if self.succeeded else TaskStatus.FAILED


def cancelled(by: str) -> Ending:
    """The ending of a task that somebody has cancelled."""
    message = sentence("cancelled by {user}; nothing was changed", user=by)
    return Ending(succeeded=False, message=message, is_cancelled=True)


class TaskFilter(msgspec.Struct, frozen=True, kw_only=True):
    """Which tasks; what is not said does not filter. Times are in ms, ``until`` is exclusive."""

    workspace_id: str | None = None
    kind: TaskKind | None = None
    status: TaskStatus | None = None
    created_by: str = ""
    since: int = 0
    until: int = 0
