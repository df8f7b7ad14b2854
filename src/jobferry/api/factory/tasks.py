"""System tasks (T1): how an import is doing."""

from __future__ import annotations

import hashlib
from typing import Any

from fastapi import Response

from jobferry.api.factory.call import InProject
from jobferry.api.late import LateRouter
from jobferry.api.wire import PathText, answer
from jobferry.model.messages import Language
from jobferry.model.task import Subtask, Task, TaskKind, TaskStatus

router = LateRouter(prefix="/v1/{project_id}")

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


@router.get("/system-tasks/{task_id}")
@router.get("/systemTasks/{task_id}")
def show_task(call: InProject, task_id: PathText) -> Response:
    """T1, at the declared address and at the one that the documentation's example uses."""
    report = call.platform.reports.task_report(call.caller, task_id, call.language)
    task = report.task
    names = _CONNECTIONS_NAME if task.kind is TaskKind.CONNECTIONS else _TASK_NAME
    shown: dict[str, Any] = {
        "id": task.id,
        "name": names[call.language].format(path=task.name),
        "startTime": task.started_at,
        "lastUpdate": task.updated_at,
        "status": task.status,
        "message": task.message,
        "projectId": call.platform.identity.project_id,
        "subtasks": [_subtask(one, task, call.language) for one in report.subtasks],
    }
    if task.status is not TaskStatus.RUNNING:
        shown["endTime"] = task.ended_at
    return answer(shown)


def _subtask(subtask: Subtask, task: Task, language: Language) -> dict[str, Any]:
    kind, _, name = subtask.name.partition(":")
    return {
        "id": hashlib.sha256(f"{task.id}/{subtask.name}".encode()).hexdigest()[:32],
        "taskId": task.id,
        "name": _SUBTASK_NAME[language].format(kind=_KINDS[language].get(kind, kind), name=name),
        "lastUpdate": subtask.updated_at,
        "status": subtask.status,
        "message": subtask.message,
    }
