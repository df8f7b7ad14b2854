"""Calls about runs (J10, J13 to J17, S5, S7, S8). No engine is attached: nothing has run and nothing will.

So nothing is made up: what would need an engine is refused, what asks for a run by its id does not find
it, the list of runs is empty because there are none, and so is that of a real-time job's nodes.
"""

from __future__ import annotations

from fastapi import Depends, Request, Response

from jobferry.api.factory.bodies import StartBody
from jobferry.api.factory.call import FactoryCall, InWorkspace, factory_call
from jobferry.api.factory.translation import NotForRealTime
from jobferry.api.late import LateRouter
from jobferry.api.wire import PathText, answer, query_number, read_body
from jobferry.errors import Conflict, ErrorCode, InvalidRequest, NotFound
from jobferry.model.kinds import JobType, ObjectKind
from jobferry.model.rights import Action

router = LateRouter(prefix="/v1/{project_id}")

_INSTANCE = "/jobs/{job_name}/instances/{instance_id}"
_RUN = "/scripts/{script_name}/instances/{instance_id}"


@router.get("/jobs/instances/detail", dependencies=[Depends(factory_call)])
def list_job_instances(request: Request) -> Response:
    """J14: there are none."""
    query_number(request, "offset", 0)
    query_number(request, "limit", 10, low=1, high=1000)
    return answer({"total": 0, "instances": []})


@router.post("/jobs/{job_name}/run-immediate")
def run_once(call: InWorkspace, job_name: PathText) -> Response:
    """J10: only batch jobs could be run once, and there is nothing to run them."""
    job = call.platform.scheduling.job(call.grant, job_name, Action.JOB_OPERATE)
    read_body(StartBody, call.body)
    if job.subtype != JobType.BATCH:
        raise NotForRealTime(
            ErrorCode.INVALID_TYPE,
            f"the job {job_name} is a real-time job; only batch jobs are run once",
            subject=job_name,
            hint="start it instead",
        )
    raise no_engine(f"the job {job_name} cannot be run")


@router.get("/jobs/{job_name}/status")
def show_job_status(call: InWorkspace, job_name: PathText) -> Response:
    """J13: the state of a real-time job, without nodes: what these are doing, nobody knows."""
    job = call.platform.scheduling.job(call.grant, job_name)
    if job.subtype == JobType.BATCH:
        raise InvalidRequest(
            ErrorCode.INVALID_VALUE,
            f"the job {job_name} is a batch job; only real-time jobs have a running status",
            subject=job_name,
            hint="GET jobs shows whether it is scheduled, GET jobs/instances/detail its runs",
        )
    return answer({"name": job.name, "nodes": [], "status": job.state})


@router.get(_INSTANCE)
@router.post(f"{_INSTANCE}/stop")
@router.post(f"{_INSTANCE}/restart")
def job_instance(call: InWorkspace, job_name: PathText, instance_id: PathText) -> Response:
    """J15, J16, J17: there is no such instance."""
    call.platform.scheduling.job(call.grant, job_name)
    raise _no_instance("job", job_name, instance_id)


@router.post("/scripts/{script_name}/execute")
def execute_script(call: InWorkspace, script_name: PathText) -> Response:
    """S7: there is nothing to run scripts."""
    _script(call, script_name)
    raise no_engine(f"the script {script_name} cannot be run")


@router.get(_RUN)
@router.post(f"{_RUN}/stop")
def script_instance(call: InWorkspace, script_name: PathText, instance_id: PathText) -> Response:
    """S5, S8: there is no such run."""
    _script(call, script_name)
    raise _no_instance("script", script_name, instance_id)


def no_engine(what: str) -> Conflict:
    """The error for what would need an engine."""
    return Conflict(
        ErrorCode.NO_ENGINE,
        f"{what}: no engine is attached to this platform",
        hint="Jobferry keeps, checks and moves jobs; run them on the platform that they are exported to",
    )


def _script(call: FactoryCall, name: str) -> None:
    call.platform.objects.show(call.grant, ObjectKind.SCRIPT, name)


def _no_instance(kind: str, name: str, instance_id: str) -> NotFound:
    return NotFound(
        ErrorCode.INSTANCE_MISSING,
        f"the {kind} {name} has no instance {instance_id}",
        subject=instance_id,
        hint="no engine is attached to this platform, so nothing has run",
    )
