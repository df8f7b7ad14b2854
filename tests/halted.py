"""Tasks that hold the import lock and that nobody carries out: to be looked at and cancelled at leisure."""

from __future__ import annotations

import itertools
import secrets
from typing import Any

import msgspec

from jobferry.bootstrap.platform import RunningPlatform
from jobferry.model.people import Caller
from jobferry.model.records import Slot
from jobferry.model.task import Task, TaskKind
from jobferry.model.transfer.policy import ImportOptions
from jobferry.services.importing.request import ImportRequest
from people import administrator, entered

_starts = itertools.count(1_700_000_000_000)


def halted(
    running: RunningPlatform,
    workspace: str | None = None,
    caller: Caller | None = None,
    *,
    package: bytes = b"no package",
    **more: Any,
) -> Task:
    """An import of ``p.zip`` whose process stands still: package, lock and the task's row."""
    by, at, limits = caller or administrator(running), next(_starts), running.stored.limits()
    place = entered(running, workspace).workspace.id
    received = running.imports.receive(by, "p.zip", iter([package]), limits)
    request = ImportRequest(
        package_id=received.id,
        package_name=received.name,
        options=ImportOptions(),
        caller=by,
        fence=at,
        limits=limits,
    )
    values: dict[str, Any] = {
        "id": secrets.token_hex(16),
        "kind": TaskKind.IMPORT,
        "workspace_id": place,
        "name": "p.zip",
        "created_by": by.name,
        "started_at": at,
        "updated_at": at,
        "request": msgspec.json.encode(request),
    }
    task = Task(**values | more)
    with running.parts.runtime.store.write() as uow:
        uow.slots.take(Slot(workspace_id=place, task_id=task.id, holder=by.name, since=at, fence=at))
        uow.commit()
    running.parts.log.add(task)
    return task
