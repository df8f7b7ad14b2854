"""Background tasks: listed, waited for, cancelled; and who holds a workspace's import lock."""

from __future__ import annotations

import time
from collections.abc import Collection
from typing import TYPE_CHECKING, Annotated

from msgspec import Meta, Struct

from jobferry.api.calls import LATEST, Calls, Instant, Limit, Offset, QueryGroup, Threads, has_client_left
from jobferry.api.native.call import AboutTask, Call, Placed
from jobferry.model.messages.reader import Reader
from jobferry.model.task import TaskFilter, TaskKind, TaskPhase, TaskStatus

if TYPE_CHECKING:
    from jobferry.model.task import Task

api = Calls("/api", tag="tasks")

_LONGEST_WAIT_S = 60
_LOOK_SECONDS = 1.0
"""How often a waiting call looks whether its client is still there."""
Wait = Annotated[float, Meta(ge=0, le=_LONGEST_WAIT_S)]
"""Seconds."""
Revision = Annotated[int, Meta(ge=0, le=LATEST, description="The revision of the last answer.")]


class StartedAnswer(Struct, frozen=True):
    """The task that carries out what was asked."""

    task_id: str


class TaskAnswer(Struct, frozen=True):
    """A task as it stands; times in ms, ``receipt_id`` once there is a receipt.

    ``done`` and ``total`` count what its ``phase`` goes through. ``revision`` changes with every change.
    ``code`` names the error that ended it, if one did.
    """

    id: str
    kind: TaskKind
    name: str
    workspace_id: str
    created_by: str
    status: TaskStatus
    message: str
    code: str
    phase: TaskPhase
    done: int
    total: int
    revision: int
    started_at: int
    updated_at: int
    ended_at: int
    receipt_id: str | None


class TaskList(Struct, frozen=True):
    """How many tasks there are, and one page of them, newest first."""

    total: int
    items: list[TaskAnswer]


class ImportLockAnswer(Struct, frozen=True):
    """Who imports into a workspace, or undoes an import there, since when (ms), and how far that is.

    What is about the task is null for the moment in which it is only beginning.
    """

    holder: str
    since: int
    task_id: str
    kind: TaskKind | None
    package_name: str | None
    phase: TaskPhase | None
    done: int
    total: int


class TaskQuery(QueryGroup):
    """Which tasks; what is not said does not filter."""

    kind: TaskKind | None = None
    status: TaskStatus | None = None
    by: Annotated[str, Meta(description="Who began them.")] = ""
    since: Annotated[Instant, Meta(description="Milliseconds since 1970 (UTC).")] = 0
    until: Annotated[Instant, Meta(description="Exclusive; 0 for now.")] = 0

    def wanted(self) -> TaskFilter:
        """The same in the engine's words."""
        return TaskFilter(
            kind=self.kind, status=self.status, created_by=self.by, since=self.since, until=self.until
        )


@api.get("/tasks/{task_id}", threads=Threads.WAITING)
def show_task(call: AboutTask, task_id: str, wait: Wait = 0, seen: Revision | None = None) -> TaskAnswer:
    """A task. With ``wait`` the answer comes at its end, or as soon as its revision is another than the one
    ``seen``; at the latest after so many seconds."""
    tasks = call.platform.tasks
    task = tasks.show(call.caller, task_id)
    if wait and task.status is TaskStatus.RUNNING:
        wait_for(call, task_id, wait, seen)
        task = tasks.show(call.caller, task_id)
    return _shown(task, tasks.with_receipts([task]), call.reader)


def wait_for(call: Call, task_id: str, seconds: float, seen: int | None) -> None:
    """Wait for news of a task as long as the client is there, and no longer than so many seconds."""
    now, end = time.monotonic(), time.monotonic() + seconds
    while now < end and not has_client_left():
        until = min(end, now + _LOOK_SECONDS)
        if call.platform.wait(task_id, until - now, seen):
            return
        now = time.monotonic()
        if now < until:
            return  # this server is stopping


@api.get("/workspaces/{workspace}/tasks")
def list_tasks(call: Placed, asked: TaskQuery, offset: Offset = 0, limit: Limit = 100) -> TaskList:
    """Tasks of a workspace, newest first: one's own; those who run the workspace see all."""
    total, found = call.platform.tasks.page(call.grant, asked.wanted(), offset=offset, limit=limit)
    return _listed(call, total, found)


@api.get("/tasks")
def list_all_tasks(call: Call, asked: TaskQuery, offset: Offset = 0, limit: Limit = 100) -> TaskList:
    """Tasks of all workspaces, newest first, for operations."""
    total, found = call.platform.tasks.page_everywhere(
        call.caller, asked.wanted(), offset=offset, limit=limit
    )
    return _listed(call, total, found)


@api.post("/tasks/{task_id}/cancel", threads=Threads.EXTERNAL)
def cancel_task(call: AboutTask, task_id: str) -> TaskAnswer:
    """Ends a task early: nothing of it is done. What has been applied is not cancelled, but undone. Asked
    again: the same answer."""
    return _shown(call.platform.tasks.cancel(call.caller, task_id), (), call.reader)


@api.get("/workspaces/{workspace}/import-lock")
def show_import_lock(call: Placed) -> ImportLockAnswer | None:
    """Who imports into the workspace at this moment; nothing (204) where nobody does."""
    found = call.platform.tasks.lock(call.grant)
    if found is None:
        return None
    slot, task = found
    return ImportLockAnswer(
        holder=slot.holder,
        since=slot.since,
        task_id=slot.task_id,
        kind=task.kind if task else None,
        package_name=task.name if task else None,
        phase=task.phase if task else None,
        done=task.done if task else 0,
        total=task.total if task else 0,
    )


def _listed(call: Call, total: int, found: list[Task]) -> TaskList:
    receipts = call.platform.tasks.with_receipts(found)
    return TaskList(total, [_shown(task, receipts, call.reader) for task in found])


def _shown(task: Task, receipts: Collection[str], reader: Reader) -> TaskAnswer:
    """A task as answers show it."""
    return TaskAnswer(
        id=task.id,
        kind=task.kind,
        name=task.name,
        workspace_id=task.workspace_id,
        created_by=task.created_by,
        status=task.status,
        message=reader.whole(task.message),
        code=task.code,
        phase=task.phase,
        done=task.done,
        total=task.total,
        revision=task.revision,
        started_at=task.started_at,
        updated_at=task.updated_at,
        ended_at=task.ended_at,
        receipt_id=task.id if task.id in receipts else None,
    )
