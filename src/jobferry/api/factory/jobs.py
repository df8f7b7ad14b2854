"""Jobs: create, change, list, show, delete, start and stop (J1 to J5, J11, J12)."""

from __future__ import annotations

from typing import Any

from fastapi import Request, Response

from jobferry.api.factory.bodies import DeleteBody, StartBody
from jobferry.api.factory.call import InWorkspace
from jobferry.api.factory.overlay import JOB_CONTROLS, job_answer, listed_job, taken_apart
from jobferry.api.late import LateRouter
from jobferry.api.wire import PathText, answer, document_answer, query_choice, query_number, read_body
from jobferry.errors import ErrorCode, InvalidRequest
from jobferry.model.kinds import JobType, ObjectKind
from jobferry.model.rights import Action
from jobferry.services.object_access import Editing

router = LateRouter(prefix="/v1/{project_id}/jobs")


@router.post("", status_code=204)
def create_job(call: InWorkspace) -> None:
    """J1: saves a job, and submits it unless it is to be ``SAVED`` only."""
    order = taken_apart(call.body, JOB_CONTROLS)
    call.platform.objects.create(
        call.grant, ObjectKind.JOB, order.text, submit=order.submit, approval=order.approval
    )


@router.get("")
def list_jobs(call: InWorkspace, request: Request) -> Response:
    """J3: one page, in order of name. ``offset`` counts records."""
    job_type = query_choice(request, "jobType", tuple(JobType), JobType.BATCH)
    offset = query_number(request, "offset", 0)
    limit = query_number(request, "limit", 10, low=1, high=100)
    name_part = request.query_params.get("jobName", "")
    tags = {tag.strip() for tag in request.query_params.get("tags", "").split(",") if tag.strip()}
    objects = call.platform.objects
    if tags:
        total, found = objects.tagged(
            call.grant, tags, offset=offset, limit=limit, name_part=name_part, subtype=job_type
        )
    else:
        total, found = objects.page(
            call.grant, ObjectKind.JOB, offset=offset, limit=limit, name_part=name_part, subtype=job_type
        )
    texts = objects.texts(call.grant, ObjectKind.JOB, found)
    return answer({"total": total, "jobs": [listed_job(one, texts[one.digest]) for one in found]})


@router.get("/{job_name}")
def show_job(call: InWorkspace, job_name: PathText, request: Request) -> Response:
    """J4: the draft, a version, or the live version; with ``dependencies`` also the jobs that wait for it."""
    version = query_number(request, "version", 0, low=1)
    live = not version and _flag(request, "getJobSubmitVersion")
    shown = call.platform.objects.show(
        call.grant, ObjectKind.JOB, job_name, version=version or None, live=live
    )
    more: dict[str, Any] = {}
    if _flag(request, "dependencies"):
        waiting = call.platform.objects.downstream(call.grant, shown.stored.name)
        more["downstreamJobs"] = [
            {"workSpace": call.grant.workspace.name, "jobName": one.name, "jobId": str(one.id)}
            for one in waiting
        ]
    return document_answer(bytes(job_answer(shown.stored, shown.text, shown.version, more)))


@router.put("/{job_name}", status_code=204)
def update_job(call: InWorkspace, job_name: PathText) -> None:
    """J2: replaces a job's draft, and submits it unless it is to be ``SAVED`` only. Another name renames.

    There is no call for locks: saving takes the lock with it where nobody holds it.
    """
    order = taken_apart(call.body, JOB_CONTROLS)
    call.platform.objects.update(
        call.grant,
        ObjectKind.JOB,
        job_name,
        order.text,
        submit=order.submit,
        how=Editing(take_lock=True, approval=order.approval),
    )


@router.delete("/{job_name}", status_code=204)
def delete_job(call: InWorkspace, job_name: PathText) -> None:
    """J5: deletes a stopped job, or has the approvers asked where the workspace wants a review."""
    asked = read_body(DeleteBody, call.body)
    call.platform.objects.delete(call.grant, ObjectKind.JOB, job_name, asked.approval)


@router.post("/{job_name}/start", status_code=204)
def start_job(call: InWorkspace, job_name: PathText) -> None:
    """J11: puts a job into scheduling. Parameters are taken; without an engine nobody reads them."""
    call.platform.scheduling.job(call.grant, job_name, Action.JOB_OPERATE)
    read_body(StartBody, call.body)
    call.platform.scheduling.start(call.grant, job_name)


@router.post("/{job_name}/stop", status_code=204)
def stop_job(call: InWorkspace, job_name: PathText) -> None:
    """J12: takes a job out of scheduling."""
    call.platform.scheduling.stop(call.grant, job_name)


def _flag(request: Request, name: str) -> bool:
    said = request.query_params.get(name, "").lower()
    if said not in ("", "true", "false"):
        raise InvalidRequest(
            ErrorCode.INVALID_VALUE, f"{name} is {said[:40]!r}; use true or false", subject=name
        )
    return said == "true"
