"""System tasks (T1): how an import is doing."""

from __future__ import annotations

import hashlib

from msgspec import UNSET, Struct, UnsetType

from jobferry.api.calls import Calls
from jobferry.api.factory.call import ProjectCall, camel
from jobferry.model.messages import Language, told
from jobferry.model.task import Subtask, Task, TaskKind, TaskStatus

api = Calls("/v1/{project_id}", keys=camel, is_lenient=True)

_TASK_NAME = {Language.ENGLISH: "Import the job from {path}.", Language.CHINESE: "从路径[{path}]导入作业。"}
_CONNECTIONS_NAME = {
    Language.ENGLISH: "Import the connections from {path}.",
    Language.CHINESE: "从路径[{path}]导入数据连接。",
}
_SUBTASK_NAME = {
    Language.ENGLISH: "Import the {name} {kind}.",
    Language.CHINESE: "导入{kind}[{name}]。",
}
_KINDS = {
    Language.ENGLISH: {},
    Language.CHINESE: {
        "job": "作业",
        "script": "脚本",
        "resource": "资源",
        "cdm": "CDM作业",
        "connection": "数据连接",
    },
}


class SubtaskAnswer(Struct, frozen=True, rename="camel"):
    """The part of an import that is about one object."""

    id: str
    task_id: str
    name: str
    last_update: int
    status: TaskStatus
    message: str


class TaskAnswer(Struct, frozen=True, rename="camel"):
    """How an import is doing; it has an ``endTime`` when it is over. Times are in ms."""

    id: str
    name: str
    start_time: int
    last_update: int
    status: TaskStatus
    message: str
    project_id: str
    subtasks: list[SubtaskAnswer]
    end_time: int | UnsetType = UNSET


@api.get("/system-tasks/{task_id}")
@api.get("/systemTasks/{task_id}", name="show_task_of_the_example")
def show_task(call: ProjectCall, task_id: str) -> TaskAnswer:
    """T1, at the declared address and at the one that the documentation's example uses."""
    report = call.platform.reports.task_report(call.caller, task_id, call.language)
    task = report.task
    names = _CONNECTIONS_NAME if task.kind is TaskKind.CONNECTIONS else _TASK_NAME
    return TaskAnswer(
        id=task.id,
        name=names[call.language].format(path=task.name),
        start_time=task.started_at,
        last_update=task.updated_at,
        status=_status(task.status),
        message=told(task.message, call.language),
        project_id=call.platform.identity.project_id,
        subtasks=[_subtask(subtask, task, call.language) for subtask in report.subtasks],
        end_time=UNSET if task.status is TaskStatus.RUNNING else task.ended_at,
    )


def _status(status: TaskStatus) -> TaskStatus:
    """The status in words that Factory clients know: what was cancelled has failed, its message tells why."""
    return TaskStatus.FAILED if status is TaskStatus.CANCELLED else status


def _subtask(subtask: Subtask, task: Task, language: Language) -> SubtaskAnswer:
    kind, _, name = subtask.name.partition(":")
    return SubtaskAnswer(
        id=hashlib.sha256(f"{task.id}/{subtask.name}".encode()).hexdigest()[:32],
        task_id=task.id,
        name=_SUBTASK_NAME[language].format(kind=_KINDS[language].get(kind, kind), name=name),
        last_update=subtask.updated_at,
        status=_status(subtask.status),
        message=subtask.message,
    )
