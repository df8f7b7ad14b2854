"""Export, import and a look into a file (J6 to J9)."""

from __future__ import annotations

from typing import Any

from msgspec import Struct

from jobferry.api.bodies import BodyLimit, LongList, LongMap, ShortList
from jobferry.api.calls import Calls, Package, Threads
from jobferry.api.factory.call import FactoryCall, camel
from jobferry.api.factory.values import (
    POLICIES,
    TARGET_STATES,
    Approver,
    Value,
    chosen,
    listed,
    names_of,
    texts_of,
)
from jobferry.errors import ErrorCode, InvalidRequest
from jobferry.model.kinds import FACTORY_REPLACEMENT_KINDS, NeedKind, ObjectKind
from jobferry.model.package import ExportState
from jobferry.model.transfer.checked_import import ImportClient
from jobferry.model.transfer.mapping import Mapping
from jobferry.model.transfer.policy import Duplicates, ImportAct, ImportOptions
from jobferry.sentences import sentence
from jobferry.services.exporting.exports import PackageStream
from jobferry.services.importing.receive import ReceivedPackage

api = Calls("/v1/{project_id}/jobs", keys=camel, is_lenient=True)

_BATCH = "jobs"
_EXPORT_STATES = {"DEVELOP": ExportState.DRAFT, "SUBMIT": ExportState.SUBMITTED}


class WrittenPackage(Struct, frozen=True, rename="camel"):
    """The new folder that a package was written to, ``obs://bucket/…``."""

    obs_path: str


class BegunTask(Struct, frozen=True, rename="camel"):
    """The task that tells how an import is doing."""

    task_id: str


class ScriptInside(Struct, frozen=True):
    """A script of a package."""

    name: str
    path: str


class JobInside(ScriptInside, frozen=True):
    """A job of a package, with its parameters."""

    params: dict[str, str]


class ResourceInside(ScriptInside, frozen=True):
    """A resource of a package; ``exists``: the workspace has its like."""

    exists: bool


class PackageContents(Struct, frozen=True):
    """What is in a package."""

    jobs: list[JobInside]
    scripts: list[ScriptInside]
    resources: list[ResourceInside]


class ExportBody(Struct, rename="camel"):
    """What is exported beside the jobs, in which state, and whereto."""

    export_depend: bool | None = None
    obs_path: str | None = None
    export_status: str | None = None

    @property
    def depend(self) -> bool:
        return self.export_depend is not False

    @property
    def state(self) -> ExportState:
        return chosen(self.export_status, "exportStatus", _EXPORT_STATES, ExportState.DRAFT)


class BatchExportBody(ExportBody):
    """``jobList`` is required, and judged where the limit is known."""

    job_list: LongList[str] = []


class FileBody(Struct):
    """Which package is looked into."""

    path: str


class JobParams(Struct):
    """Parameter values for one job."""

    name: str
    params: LongMap[Value] | None = None


class Replacement(Struct):
    """A cloud resource that the package refers to, and what stands for it here."""

    name: str
    type: str
    replace: str | None = None


class ImportBody(Struct, rename="camel"):
    """Which package is imported, and how."""

    path: str
    params: LongMap[Value] | None = None
    same_name_policy: str | None = None
    jobs_param: LongList[JobParams] | LongMap[Any] | None = None
    execute_user: str | None = None
    target_status: str | None = None
    approvers: ShortList[Approver] | None = None
    resources: LongList[Replacement] | None = None

    def options(self) -> ImportOptions:
        """What the engine is asked to do.

        Raises:
            InvalidRequest: a word that is not documented, or parameters that do not fit; the message names
                which.
        """
        jobs = listed(self.jobs_param, "jobsParam", JobParams)
        return ImportOptions(
            target_status=chosen(self.target_status, "targetStatus", TARGET_STATES, None),
            duplicates=chosen(self.same_name_policy, "sameNamePolicy", POLICIES, Duplicates.SKIP),
            approvers=names_of(self.approvers),
            execute_user=self.execute_user or None,
            params=texts_of(self.params),
            job_params={job.name: texts_of(job.params) for job in jobs},
            mapping=_mapping(self.resources or []),
            act=ImportAct.JOB,
        )


@api.post("/batch-export", body_limit=BodyLimit.LIST, threads=Threads.EXTERNAL)
def export_jobs(call: FactoryCall, body: BatchExportBody) -> Package | WrittenPackage:
    """J7: up to 100 jobs, one folder each."""
    stream = call.platform.exports.factory_batch(
        call.grant, body.job_list, depend=body.depend, state=body.state, download=not body.obs_path
    )
    return _sent(call, stream, body, _BATCH)


@api.post("/import", body_limit=BodyLimit.LIST, threads=Threads.EXTERNAL)
def import_jobs(call: FactoryCall, body: ImportBody) -> BegunTask:
    """J8: fetches the package at once, judges and applies it in the background."""
    options = body.options()
    package = _fetched(call, body.path)
    try:
        task = call.platform.imports.begin(call.grant, package, options, client=ImportClient.FACTORY)
    except BaseException:
        call.platform.imports.discard(package)
        raise
    return BegunTask(task.id)


@api.post("/check-file", threads=Threads.EXTERNAL)
def check_file(call: FactoryCall, body: FileBody) -> PackageContents:
    """J9: what is in a package; nothing is written."""
    package = _fetched(call, body.path)
    try:
        found = call.platform.imports.view(call.grant, package, ImportAct.JOB)
    finally:
        call.platform.imports.discard(package)
    contents = PackageContents([], [], [])
    for viewed in found:
        match viewed.kind:
            case ObjectKind.JOB:
                contents.jobs.append(JobInside(viewed.name, viewed.directory, viewed.params))
            case ObjectKind.SCRIPT:
                contents.scripts.append(ScriptInside(viewed.name, viewed.directory))
            case ObjectKind.RESOURCE:
                contents.resources.append(ResourceInside(viewed.name, viewed.directory, viewed.exists))
    return contents


@api.post("/{job_name}/export", threads=Threads.EXTERNAL)
def export_job(call: FactoryCall, job_name: str, body: ExportBody) -> Package | WrittenPackage:
    """J6: one job with what it needs, streamed, or written below ``obsPath``."""
    stream = call.platform.exports.factory_job(
        call.grant, job_name, depend=body.depend, state=body.state, download=not body.obs_path
    )
    return _sent(call, stream, body, job_name)


def _sent(call: FactoryCall, stream: PackageStream, body: ExportBody, name: str) -> Package | WrittenPackage:
    """The package itself, or where it was written: the object is there before the answer is."""
    if not body.obs_path:
        return Package(stream.filename, stream.chunks)
    return WrittenPackage(call.platform.exports.into_folder(call.grant, stream, body.obs_path, name))


def _fetched(call: FactoryCall, path: str) -> ReceivedPackage:
    return call.platform.imports.fetch(call.grant, path, ImportAct.JOB)


def _mapping(replacements: list[Replacement]) -> Mapping:
    names: dict[NeedKind, dict[str, str]] = {}
    for replacement in replacements:
        kind = FACTORY_REPLACEMENT_KINDS.get(replacement.type)
        if kind is None:
            raise InvalidRequest(
                ErrorCode.INVALID_VALUE,
                sentence(
                    "resources: {type} of {name} is not a type that can be replaced",
                    type=repr(replacement.type),
                    name=replacement.name,
                ),
                subject=replacement.type,
                hint=sentence("types are: {types}", types=FACTORY_REPLACEMENT_KINDS),
            )
        if replacement.replace:
            names.setdefault(kind, {})[replacement.name] = replacement.replace
    return Mapping(names)
