"""Calls about runs (J10, J13 to J17, S5, S7, S8). No engine is attached: nothing has run and nothing will.

So nothing is made up: what would need an engine is refused, what asks for a run by its id does not find
it, the list of runs is empty because there are none, as are that of a real-time job's nodes and that of
alarms.
"""

from __future__ import annotations

from typing import NoReturn

from msgspec import Struct

from jobferry.api.bodies import BodyLimit
from jobferry.api.calls import Calls, Instant, Limit, Offset, QueryGroup
from jobferry.api.decoding import decoded
from jobferry.api.factory.call import FactoryCall, camel
from jobferry.api.factory.jobs import StartBody, StartBytes
from jobferry.api.factory.translation import NotForRealTime
from jobferry.errors import Conflict, ErrorCode, InvalidRequest, NotFound
from jobferry.model.kinds import JobType, ObjectKind, SchedulingState
from jobferry.model.rights import Action
from jobferry.sentences import as_sentence, sentence

api = Calls("/v1/{project_id}", keys=camel, is_lenient=True)
second = Calls("/v2/{project_id}/factory", is_lenient=True)

_INSTANCE = "/jobs/{job_name}/instances/{instance_id}"
_RUN = "/scripts/{script_name}/instances/{instance_id}"


class InstanceList(Struct, frozen=True):
    """Runs of jobs: none."""

    total: int
    instances: list[str]


class JobStatus(Struct, frozen=True):
    """The state of a real-time job, and no nodes."""

    name: str
    nodes: list[str]
    status: SchedulingState


class AlarmSpan(QueryGroup):
    """Which alarms are asked for."""

    start_time: Instant = 0
    end_time: Instant = 0
    offset: Offset = 0
    limit: Limit = 100


class AlarmList(Struct, frozen=True):
    """Alarms: none."""

    total: int
    alarm_info: list[str]


@api.get("/jobs/instances/detail")
def list_job_instances(
    call: FactoryCall,  # noqa: ARG001 - whoever may enter is told
    offset: Offset = 0,  # noqa: ARG001
    limit: Limit = 10,  # noqa: ARG001
) -> InstanceList:
    """J14: there are none."""
    return InstanceList(0, [])


@api.post("/jobs/{job_name}/run-immediate", body_limit=BodyLimit.NAMES)
def run_once(call: FactoryCall, job_name: str, body: StartBytes) -> NoReturn:
    """J10: only batch jobs could be run once, and there is nothing to run them."""
    job = call.platform.scheduling.job(call.grant, job_name, Action.JOB_OPERATE)
    decoded(StartBody, body, strict=False)
    if job.subtype != JobType.BATCH:
        raise NotForRealTime(
            ErrorCode.INVALID_TYPE,
            sentence(
                "the job {job_name} is a real-time job; only batch jobs are run once", job_name=job_name
            ),
            subject=job_name,
            hint="start it instead",
        )
    raise no_engine(sentence("the job {job_name} cannot be run", job_name=job_name))


@api.get("/jobs/{job_name}/status")
def show_job_status(call: FactoryCall, job_name: str) -> JobStatus:
    """J13: the state of a real-time job, without nodes: what these are doing, nobody knows."""
    job = call.platform.scheduling.job(call.grant, job_name)
    if job.subtype == JobType.BATCH:
        raise InvalidRequest(
            ErrorCode.INVALID_VALUE,
            sentence(
                "the job {job_name} is a batch job; only real-time jobs have a running status",
                job_name=job_name,
            ),
            subject=job_name,
            hint="GET jobs shows whether it is scheduled, GET jobs/instances/detail its runs",
        )
    return JobStatus(job.name, [], job.state)


@api.get(_INSTANCE, name="show_job_instance")
@api.post(f"{_INSTANCE}/stop", name="stop_job_instance")
@api.post(f"{_INSTANCE}/restart", name="restart_job_instance")
def job_instance(call: FactoryCall, job_name: str, instance_id: str) -> NoReturn:
    """J15, J16, J17: there is no such instance."""
    call.platform.scheduling.job(call.grant, job_name)
    raise _no_instance("job", job_name, instance_id)


@api.post("/scripts/{script_name}/execute")
def execute_script(call: FactoryCall, script_name: str) -> NoReturn:
    """S7: there is nothing to run scripts."""
    _script(call, script_name)
    raise no_engine(sentence("the script {script_name} cannot be run", script_name=script_name))


@api.get(_RUN, name="show_script_instance")
@api.post(f"{_RUN}/stop", name="stop_script_instance")
def script_instance(call: FactoryCall, script_name: str, instance_id: str) -> NoReturn:
    """S5, S8: there is no such run."""
    _script(call, script_name)
    raise _no_instance("script", script_name, instance_id)


@second.get("/alarm-info")
def list_alarms(call: FactoryCall, span: AlarmSpan) -> AlarmList:  # noqa: ARG001 - it is the same for any
    """The notifications of a span of time (``start_time``, ``end_time``, in ms): there are none."""
    return AlarmList(0, [])


def no_engine(what: str) -> Conflict:
    """The error for what would need an engine."""
    return Conflict(
        ErrorCode.NO_ENGINE,
        sentence("{what}: no engine is attached to this platform", what=as_sentence(what)),
        hint="Jobferry keeps, checks and transfers jobs; run them on the platform that they are exported to",
    )


def _script(call: FactoryCall, name: str) -> None:
    call.platform.objects.show(call.grant, ObjectKind.SCRIPT, name)


def _no_instance(kind: str, name: str, instance_id: str) -> NotFound:
    return NotFound(
        ErrorCode.INSTANCE_MISSING,
        sentence(
            "the {kind} {name} has no instance {instance_id}", kind=kind, name=name, instance_id=instance_id
        ),
        subject=instance_id,
        hint="no engine is attached to this platform, so nothing has run",
    )
