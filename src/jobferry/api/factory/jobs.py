"""Jobs: create, change, list, show, delete, start, stop and tag (J1 to J5, J11, J12)."""

from __future__ import annotations

from typing import Annotated, Any

from msgspec import Meta, Struct

from jobferry.api.bodies import BodyLimit, LongList, ShortList
from jobferry.api.calls import LATEST, Calls, Document, Media, Offset
from jobferry.api.decoding import decoded
from jobferry.api.factory.call import FactoryCall, PageSize, camel
from jobferry.api.factory.documents import DocumentAnswer, JobBytes
from jobferry.api.factory.overlay import JOB_CONTROLS, job_answer, taken_apart
from jobferry.api.factory.values import DeleteBody
from jobferry.model.document.text import parse_known
from jobferry.model.kinds import JobType, ObjectKind, SchedulingState
from jobferry.model.records import StoredObject
from jobferry.model.rights import Action
from jobferry.services.object_access import Editing

api = Calls("/v1/{project_id}/jobs", keys=camel, is_lenient=True)
second = Calls("/v2/{project_id}/factory/jobs", is_lenient=True)

Version = Annotated[int, Meta(ge=1, le=LATEST)]


class JobLine(Struct, frozen=True, rename="camel"):
    """A job as a line of the list."""

    name: str
    job_type: str
    owner: str
    priority: int
    status: SchedulingState
    create_user: str
    create_time: int
    last_update_time: int
    last_update_user: str
    path: str
    single_node_job_flag: bool


class JobList(Struct, frozen=True):
    """How many jobs match in all, and one page of them."""

    total: int
    jobs: list[JobLine]


class JobParam(Struct):
    """A parameter value for one run. Its type has the key ``paramType`` or ``type``."""

    name: Annotated[str, Meta(max_length=64)]
    value: Annotated[str, Meta(max_length=1024)] | int | float | bool | None = ""


class StartBody(Struct, rename="camel"):
    """Of start and run-immediate."""

    job_params: LongList[JobParam] | None = None


class TagsBody(Struct):
    """The tags that a job is to have; an empty list takes all off."""

    tag_names: ShortList[str]


StartBytes = Annotated[bytes, Media(("application/json",), StartBody)]
"""Judged after the job is found."""


@api.post("", status=204, body_limit=BodyLimit.DOCUMENT)
def create_job(call: FactoryCall, body: JobBytes) -> None:
    """J1: saves a job, and submits it unless it is to be ``SAVED`` only."""
    order = taken_apart(body, JOB_CONTROLS)
    call.platform.objects.create(
        call.grant, ObjectKind.JOB, order.text, submit=order.submit, approval=order.approval
    )


@api.get("")
def list_jobs(
    call: FactoryCall,
    job_type: JobType = JobType.BATCH,
    job_name: str = "",
    tags: str = "",
    offset: Offset = 0,
    limit: PageSize = 10,
) -> JobList:
    """J3: one page, in order of name. ``offset`` counts records; a job that has any of the tags is listed."""
    wanted = {tag.strip() for tag in tags.split(",") if tag.strip()}
    objects = call.platform.objects
    if wanted:
        total, found = objects.tagged(
            call.grant, wanted, offset=offset, limit=limit, name_part=job_name, subtype=job_type
        )
    else:
        total, found = objects.page(
            call.grant, ObjectKind.JOB, offset=offset, limit=limit, name_part=job_name, subtype=job_type
        )
    texts = objects.texts(call.grant, ObjectKind.JOB, found)
    return JobList(total, [job_line(stored, texts[stored.digest]) for stored in found])


@api.get("/{job_name}")
def show_job(
    call: FactoryCall,
    job_name: str,
    version: Version | None = None,
    get_job_submit_version: bool = False,
    dependencies: bool = False,
) -> DocumentAnswer:
    """J4: the draft, a version, or the live version; with ``dependencies`` also the jobs that wait for it."""
    live = version is None and get_job_submit_version
    shown = call.platform.objects.show(call.grant, ObjectKind.JOB, job_name, version=version, live=live)
    more: dict[str, Any] = {}
    if dependencies:
        waiting = call.platform.objects.downstream(call.grant, shown.stored.name)
        more["downstreamJobs"] = [
            {"workSpace": call.grant.workspace.name, "jobName": stored.name, "jobId": str(stored.id)}
            for stored in waiting
        ]
    return Document(bytes(job_answer(shown.stored, shown.text, shown.version, more)))


@api.put("/{job_name}", status=204, body_limit=BodyLimit.DOCUMENT)
def update_job(call: FactoryCall, job_name: str, body: JobBytes) -> None:
    """J2: replaces a job's draft, and submits it unless it is to be ``SAVED`` only. Another name renames.

    There is no call for locks: saving takes the lock with it where nobody holds it.
    """
    order = taken_apart(body, JOB_CONTROLS)
    call.platform.objects.update(
        call.grant,
        ObjectKind.JOB,
        job_name,
        order.text,
        submit=order.submit,
        how=Editing(take_lock=True, approval=order.approval),
    )


@api.delete("/{job_name}", status=204)
def delete_job(call: FactoryCall, job_name: str, body: DeleteBody) -> None:
    """J5: deletes a stopped job, or has the approvers asked where the workspace wants a review."""
    call.platform.objects.delete(call.grant, ObjectKind.JOB, job_name, body.approval)


@api.post("/{job_name}/start", status=204, body_limit=BodyLimit.NAMES)
def start_job(call: FactoryCall, job_name: str, body: StartBytes) -> None:
    """J11: puts a job into scheduling. Parameters are taken; without an engine nobody reads them."""
    call.platform.scheduling.job(call.grant, job_name, Action.JOB_OPERATE)
    decoded(StartBody, body, strict=False)
    call.platform.scheduling.start(call.grant, job_name)


@api.post("/{job_name}/stop", status=204)
def stop_job(call: FactoryCall, job_name: str) -> None:
    """J12: takes a job out of scheduling."""
    call.platform.scheduling.stop(call.grant, job_name)


@second.post("/{job_name}/tags", status=204)
def put_tags(call: FactoryCall, job_name: str, body: TagsBody) -> None:
    """Gives a job these tags instead of those that it has; of the second version."""
    call.platform.tags.put(call.grant, job_name, body.tag_names, Editing(take_lock=True))


def job_line(stored: StoredObject, text: bytes) -> JobLine:
    """A job as a line of the list."""
    document = parse_known(text)
    basic = document.get("basicConfig")
    basic = basic if isinstance(basic, dict) else {}
    return JobLine(
        name=stored.name,
        job_type=stored.subtype,
        owner=basic.get("owner") or stored.created_by,
        priority=_priority(basic.get("priority")),
        status=stored.state,
        create_user=stored.created_by,
        create_time=stored.created_at,
        last_update_time=stored.updated_at,
        last_update_user=stored.updated_by,
        path=stored.directory,
        single_node_job_flag=document.get("singleNodeJobFlag") is True,
    )


def _priority(value: Any) -> int:
    return int(value) if str(value) in ("0", "1", "2") else 0
