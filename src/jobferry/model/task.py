"""A piece of background work with progress ("system task" in the Factory API)."""

from __future__ import annotations

from enum import StrEnum

import msgspec


class TaskStatus(StrEnum):
    """The only three states that callers know how to wait for."""

    RUNNING = "RUNNING"
    SUCCESSFUL = "SUCCESSFUL"
    FAILED = "FAILED"


class TaskKind(StrEnum):
    """What a task does; ``bootstrap`` gives each kind its callable."""

    IMPORT = "import"
    EXPORT = "export"
    UNDO = "undo"
    CONNECTIONS = "connections-import"
    """Noted when it is over: it is done within its call."""


class Task(msgspec.Struct, frozen=True, kw_only=True):
    """One task. ``request`` is what is needed to do it again from the start, as JSON.

    ``is_private`` tells the log to keep the request sealed, since it may hold secrets; it is not read back.
    ``message`` says how it ended, ``code`` which error ended it, if one did; ``subjects`` names its
    subtasks while it runs. Times are in ms. ``done`` and ``total`` count objects.
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
    done: int = 0
    total: int = 0


class Subtask(msgspec.Struct, frozen=True, kw_only=True):
    """The part of a task that is about one object."""

    name: str
    status: TaskStatus
    message: str = ""
    updated_at: int = 0


class Ending(msgspec.Struct, frozen=True):
    """How a task ended, for its row: callers see it as SUCCESSFUL or FAILED with this message."""

    succeeded: bool
    message: str
    code: str = ""
    """The error code, where an error ended it."""
