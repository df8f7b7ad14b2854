"""Export, import and a look into a file (J6 to J9)."""

from __future__ import annotations

from typing import Any

from fastapi import Response

from jobferry.api.factory.bodies import BatchExportBody, ExportBody, FileBody, ImportBody
from jobferry.api.factory.call import FactoryCall, InWorkspace
from jobferry.api.late import LateRouter
from jobferry.api.wire import ZIP_ANSWER, PathText, answer, package_answer, read_body
from jobferry.model.kinds import ObjectKind
from jobferry.model.transfer.policy import ImportAct
from jobferry.services.exporting.exports import PackageStream
from jobferry.services.importing.receive import ReceivedPackage, ViewedObject

router = LateRouter(prefix="/v1/{project_id}/jobs")

_BATCH = "jobs"


@router.post("/batch-export", responses=ZIP_ANSWER)
def export_jobs(call: InWorkspace) -> Response:
    """J7: up to 100 jobs, one folder each."""
    asked = read_body(BatchExportBody, call.body)
    stream = call.platform.exports.factory_batch(
        call.grant, asked.job_list or [], depend=asked.depend, state=asked.state, download=not asked.obs_path
    )
    return _sent(call, stream, asked, _BATCH)


@router.post("/import")
def import_jobs(call: InWorkspace) -> Response:
    """J8: fetches the package at once, judges and applies it in the background."""
    asked = read_body(ImportBody, call.body)
    options = asked.options()
    package = _fetched(call, asked.path)
    try:
        task = call.platform.imports.begin(call.grant, package, options)
    except BaseException:
        call.platform.imports.discard(package)
        raise
    return answer({"taskId": task.id})


@router.post("/check-file")
def check_file(call: InWorkspace) -> Response:
    """J9: what is in a package; nothing is written."""
    package = _fetched(call, read_body(FileBody, call.body).path)
    try:
        found = call.platform.imports.view(call.grant, package, ImportAct.JOB)
    finally:
        call.platform.imports.discard(package)
    return answer(
        {
            "jobs": [{**_placed(one), "params": one.params} for one in found if one.kind is ObjectKind.JOB],
            "scripts": [_placed(one) for one in found if one.kind is ObjectKind.SCRIPT],
            "resources": [
                {**_placed(one), "exists": one.exists} for one in found if one.kind is ObjectKind.RESOURCE
            ],
        }
    )


@router.post("/{job_name}/export", responses=ZIP_ANSWER)
def export_job(call: InWorkspace, job_name: PathText) -> Response:
    """J6: one job with what it needs, streamed, or written below ``obsPath``."""
    asked = read_body(ExportBody, call.body)
    stream = call.platform.exports.factory_job(
        call.grant, job_name, depend=asked.depend, state=asked.state, download=not asked.obs_path
    )
    return _sent(call, stream, asked, job_name)


def _sent(call: FactoryCall, stream: PackageStream, asked: ExportBody, name: str) -> Response:
    """The package itself, or where it was written: the object is there before the answer is."""
    if not asked.obs_path:
        return package_answer(stream)
    return answer({"obsPath": call.platform.exports.into_folder(call.grant, stream, asked.obs_path, name)})


def _fetched(call: FactoryCall, path: str) -> ReceivedPackage:
    return call.platform.imports.fetch(call.grant, path, ImportAct.JOB)


def _placed(one: ViewedObject) -> dict[str, Any]:
    return {"name": one.name, "path": one.directory}
