"""Background tasks, as they stand."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta, Struct

from jobferry.api.calls import Calls, Threads
from jobferry.api.native.call import Call
from jobferry.model.task import TaskStatus

api = Calls("/api/tasks", tag="tasks")

_LONGEST_WAIT_S = 60
Wait = Annotated[float, Meta(ge=0, le=_LONGEST_WAIT_S)]
"""Seconds."""


class StartedAnswer(Struct, frozen=True):
    """The task that carries out what was asked."""

    task_id: str


class TaskAnswer(Struct, frozen=True):
    """A task as it stands; times in ms, ``receipt_id`` once there is a receipt.

    ``code`` names the error that ended it, if one did.
    """

    id: str
    kind: str
    name: str
    workspace_id: str
    status: TaskStatus
    message: str
    code: str
    done: int
    total: int
    started_at: int
    updated_at: int
    ended_at: int
    receipt_id: str | None


@api.get("/{task_id}", threads=Threads.WAITING)
def show_task(call: Call, task_id: str, wait: Wait = 0) -> TaskAnswer:
    """A task; with ``wait`` the answer comes at its end, or after so many seconds."""
    reports = call.platform.reports
    task = reports.task(call.caller, task_id)
    if wait and task.status is TaskStatus.RUNNING:
        call.platform.wait(task_id, wait)
        task = reports.task(call.caller, task_id)
    return TaskAnswer(
        id=task.id,
        kind=task.kind,
        name=task.name,
        workspace_id=task.workspace_id,
        status=task.status,
        message=task.message,
        code=task.code,
        done=task.done,
        total=task.total,
        started_at=task.started_at,
        updated_at=task.updated_at,
        ended_at=task.ended_at,
        receipt_id=task_id if reports.has_receipt(call.caller, task_id) else None,
    )
