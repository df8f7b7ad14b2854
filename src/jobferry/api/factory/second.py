"""Jobs and scripts in the second version, whose keys are in snake case; and of its calls those that need an
engine, or are not offered here: each is refused by name."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated, Any, NoReturn

import msgspec
from msgspec import Meta, Raw, Struct

from jobferry.api.bodies import BodyLimit
from jobferry.api.calls import Calls, Media, Offset, QueryGroup
from jobferry.api.factory.call import FactoryCall, PageSize, camel
from jobferry.api.factory.jobs import create_job, job_line
from jobferry.api.factory.running import InstanceList, no_engine
from jobferry.errors import ErrorCode, InvalidRequest, NotFound
from jobferry.model.document.text import UnusableText, parse, parse_known, without_bom
from jobferry.model.kinds import JobType, ObjectKind, SchedulingState
from jobferry.model.records import ObjectFilter, StoredObject
from jobferry.model.rights import Action
from jobferry.sentences import sentence
from jobferry.services.listing import tag_terms
from jobferry.services.object_access import Editing

api = Calls("/v2/{project_id}/factory", is_lenient=True)

_MOST_IDS = 50
_EVERY = 1_000_000
_UNFILTERED = ("connection_name", "source_type", "source_name", "sink_type", "sink_name")
_KEYS = {"pre_node_names": "preNodeName"}
_FREE = "custom_fields"
"""What lies in there is the user's own."""
_object = msgspec.json.Decoder(dict[str, Raw])
_list = msgspec.json.Decoder(list[Raw])
JobBytes = Annotated[bytes, Media(("application/json",), {"type": "object"})]


class JobQuery(QueryGroup):
    """Which jobs; what is not said does not filter. ``job_id``: at most 50, with commas between them."""

    job_type: JobType | None = None
    job_name: str = ""
    job_id: str = ""
    status: SchedulingState | None = None
    tags: str = ""
    match_all_tags: bool = False
    need_alarms: bool = False
    connection_name: Annotated[str, Meta(description="Not a filter here; refused, like the next four.")] = ""
    source_type: str = ""
    source_name: str = ""
    sink_type: str = ""
    sink_name: str = ""


class JobResult(Struct, frozen=True):
    """A job as a line of the list. Nothing is told of runs: there are none."""

    name: str
    job_type: str
    status: SchedulingState
    owner: str
    priority: int
    create_user: str
    create_time: int
    last_update_time: int
    last_update_user: str
    path: str
    single_node_job_flag: bool
    single_node_job_type: str
    empty_running_job: str
    alarms: list[str]


class JobResults(Struct, frozen=True):
    """How many jobs match in all, and one page of them."""

    total: int
    jobs: list[JobResult]


class ScriptInfo(Struct, frozen=True):
    """A script as a line of the list, without its content."""

    id: str
    name: str
    type: str
    directory: str
    create_user: str
    owner: str
    connection_name: str
    database: str
    queue_name: str
    configuration: Raw
    description: str
    modify_time: int
    version: int


class ScriptInfos(Struct, frozen=True):
    """How many scripts match in all, and one page of them."""

    total: int
    scripts: list[ScriptInfo]


class RenameBody(Struct):
    """What a job is to be called."""

    name: str


class RenamedAnswer(Struct, frozen=True):
    """It is done."""

    is_success: bool


class SupplementQuery(QueryGroup):
    """Which runs for past dates are asked for."""

    sort: str = ""
    page: str = ""
    size: str = ""
    name: str = ""
    user_name: str = ""
    status: str = ""
    start_date: str = ""
    end_date: str = ""


class SupplementList(Struct, frozen=True):
    """Runs for past dates: none."""

    success: bool
    msg: str
    total: int
    rows: list[str]


class SupplementBody(Struct):
    """Which job would be run for past dates."""

    job_name: str


@api.get("/jobs", name="list_second_jobs")
def list_jobs(call: FactoryCall, said: JobQuery, offset: Offset = 0, limit: PageSize = 10) -> JobResults:
    """One page, in order of name; ``offset`` counts records. A job that has any of the tags is listed, with
    ``match_all_tags`` one that has all."""
    _refuse_unfiltered(said)
    tags = {tag.strip() for tag in said.tags.split(",") if tag.strip()}
    ids = {one.strip() for one in said.job_id.split(",") if one.strip()}
    if len(ids) > _MOST_IDS:
        raise InvalidRequest(
            ErrorCode.INVALID_VALUE,
            sentence("job_id names {count:job}; name at most {most}", count=len(ids), most=_MOST_IDS),
            subject="job_id",
        )
    wanted = ObjectFilter(
        workspace_id="",
        kind=ObjectKind.JOB,
        name_part=said.job_name,
        subtype=said.job_type or "",
        state=said.status,
        index_terms=tag_terms(tags),
    )
    is_narrow = bool(ids) or (said.match_all_tags and len(tags) > 1)
    start, most = (0, _EVERY) if is_narrow else (offset, limit)
    total, found = _jobs(call, wanted, start, most)
    if is_narrow:
        found = _narrowed(call, found, ids, tags if said.match_all_tags else set())
        total, found = len(found), found[offset : offset + limit]
    texts = call.platform.objects.texts(call.grant, ObjectKind.JOB, found)
    return JobResults(total, [_result(stored, texts[stored.digest]) for stored in found])


@api.post("/jobs", status=204, name="create_second_job", body_limit=BodyLimit.DOCUMENT)
def create_second_job(call: FactoryCall, body: JobBytes) -> None:
    """Saves a job as the first version has it, and submits it unless it is to be ``SAVED`` only."""
    create_job(call, job_document(body))


@api.put("/jobs/{job_name}/rename")
def rename_job(call: FactoryCall, job_name: str, body: RenameBody) -> RenamedAnswer:
    """Gives a job another name; what refers to it goes on to say the former one."""
    call.platform.objects.rename(call.grant, ObjectKind.JOB, job_name, body.name, Editing(take_lock=True))
    return RenamedAnswer(is_success=True)


@api.get("/scripts", name="list_second_scripts")
def list_scripts(
    call: FactoryCall, script_name: str = "", offset: Offset = 0, limit: PageSize = 10
) -> ScriptInfos:
    """One page, in order of name; ``offset`` counts records."""
    objects = call.platform.objects
    total, found = objects.page(
        call.grant, ObjectKind.SCRIPT, offset=offset, limit=limit, name_part=script_name
    )
    texts = objects.texts(call.grant, ObjectKind.SCRIPT, found)
    return ScriptInfos(total, [_script(stored, texts[stored.digest]) for stored in found])


@api.get("/jobs/{job_name}/instances/detail", name="list_second_instances")
def list_instances(
    call: FactoryCall,
    job_name: str,
    offset: Offset = 0,  # noqa: ARG001 - there are none
    limit: PageSize = 10,  # noqa: ARG001
) -> InstanceList:
    """The runs of a job: there are none."""
    call.platform.scheduling.job(call.grant, job_name)
    return InstanceList(0, [])


@api.post("/jobs/{job_name}/instances/retry")
def retry_instances(call: FactoryCall, job_name: str) -> NoReturn:
    """Refused: no engine has run anything that could be run again."""
    call.platform.scheduling.job(call.grant, job_name, Action.JOB_OPERATE)
    raise no_engine(sentence("the job {job_name} cannot be run again", job_name=job_name))


@api.get("/real-time-jobs/{job_name}")
def show_real_time_job(call: FactoryCall, job_name: str) -> NoReturn:
    """Refused: what a real-time job is doing, only an engine knows."""
    call.platform.scheduling.job(call.grant, job_name)
    raise no_engine(sentence("nothing is known of the runs of the job {job_name}", job_name=job_name))


@api.get("/supplement-data")
def list_supplement_data(call: FactoryCall, said: SupplementQuery) -> SupplementList:  # noqa: ARG001
    """Runs for past dates ("patch data"): there are none."""
    return SupplementList(success=True, msg="", total=0, rows=[])


@api.post("/supplement-data")
def create_supplement_data(call: FactoryCall, body: SupplementBody) -> NoReturn:
    """Refused: no engine could run a job for past dates."""
    call.platform.scheduling.job(call.grant, body.job_name, Action.JOB_OPERATE)
    raise no_engine(sentence("the job {job_name} cannot be run for past dates", job_name=body.job_name))


@api.post("/supplement-data/{instance_name}/stop")
def stop_supplement_data(call: FactoryCall, instance_name: str) -> NoReturn:  # noqa: ARG001 - whoever may enter
    """There is no run of that name."""
    raise _no_run(instance_name)


@api.get("/instances/{instance_id}/depend-instances")
def show_dependent_instances(call: FactoryCall, instance_id: str) -> NoReturn:  # noqa: ARG001
    """There is no run of that id."""
    raise _no_run(instance_id)


@api.get("/jobs/{job_name}/depend", is_described=False, name="show_second_dependencies")
@api.get("/workspaces/approval", is_described=False, name="list_second_approvals")
@api.get("/alarm/rules", is_described=False, name="list_second_alarm_rules")
@api.get("/search", is_described=False, name="search_second")
@api.get("/monitor/task-completion-data", is_described=False, name="show_second_completion")
@api.get("/monitor/task-statistics-overview", is_described=False, name="show_second_overview")
@api.get("/task-table-references", is_described=False, name="list_second_table_references")
@api.get("/aiops/{instance_id}/baseline", is_described=False, name="list_second_baselines")
@api.post("/aiops/{instance_id}/baseline", is_described=False, name="create_second_baseline")
@api.get("/aiops/{instance_id}/baselineinstance", is_described=False, name="list_second_baseline_runs")
@api.get("/aiops/{instance_id}/event", is_described=False, name="list_second_events")
def refuse_call(call: FactoryCall) -> NoReturn:  # noqa: ARG001 - whoever may enter is told
    """A documented call that Jobferry does not offer."""
    raise NotFound(
        ErrorCode.UNKNOWN_ROUTE,
        "this call of the Factory API is not offered here",
        hint="the documentation of the Factory API lists the calls that are offered, and what "
        "replaces the others",
    )


def job_document(body: bytes) -> bytes:
    """A job of the second version as the first has it; values keep their bytes.

    What cannot be read is passed on: whoever saves it says what is wrong with it.

    Raises:
        InvalidRequest: jobs that it waits for come with several periods or policies, which is one here.
    """
    text = without_bom(body)
    try:
        parse(text)
    except UnusableText:
        return text
    document = _renamed(Raw(text))
    basic = document.setdefault("basicConfig", {})
    for key in ("owner", "priority"):
        if key in document and isinstance(basic, dict):
            basic.setdefault(key, document[key])
        document.pop(key, None)
    schedule = document.get("schedule")
    cron = schedule.get("cron") if isinstance(schedule, dict) else None
    if isinstance(cron, dict) and isinstance(cron.get("dependJobs"), list):
        cron["dependJobs"] = _one_of(cron["dependJobs"])
    return msgspec.json.encode(document)


def _renamed(value: Raw) -> Any:
    """The same with its keys in camel case."""
    start = bytes(value).lstrip()[:1]
    if start == b"{":
        return {
            _KEYS.get(key, camel(key)): inner if key == _FREE else _renamed(inner)
            for key, inner in _object.decode(value).items()
        }
    return [_renamed(inner) for inner in _list.decode(value)] if start == b"[" else value


def _one_of(groups: list[Any]) -> Any:
    """Groups of jobs that are waited for as the one that the first version has."""
    known = [group for group in groups if isinstance(group, dict)]
    if not known or len({bytes(msgspec.json.encode({**group, "jobs": 0})) for group in known}) > 1:
        raise InvalidRequest(
            ErrorCode.INVALID_VALUE,
            "depend_jobs has groups with different periods or policies; a job here has one of each",
            subject="depend_jobs",
            hint="put all jobs into one group",
        )
    jobs = [name for group in known for name in group.get("jobs", [])]
    return {**known[0], "jobs": jobs}


def _no_run(name: str) -> NotFound:
    return NotFound(
        ErrorCode.INSTANCE_MISSING,
        sentence("there is no run {name}", name=name),
        subject=name,
        hint="no engine is attached to this platform, so nothing has run",
    )


def _jobs(call: FactoryCall, wanted: ObjectFilter, offset: int, limit: int) -> tuple[int, list[StoredObject]]:
    try:
        return call.platform.objects.found(call.grant, wanted, offset=offset, limit=limit)
    except NotFound:
        return 0, []


def _narrowed(
    call: FactoryCall, found: list[StoredObject], ids: set[str], tags: Iterable[str]
) -> list[StoredObject]:
    """Those with these ids, if any are said, and with all these tags."""
    kept = [stored for stored in found if not ids or str(stored.id) in ids]
    having = call.platform.objects.tags(call.grant, kept)
    return [stored for stored in kept if {*tags} <= {*having.get(stored.digest, ())}]


def _refuse_unfiltered(said: JobQuery) -> None:
    for key in _UNFILTERED:
        if getattr(said, key):
            raise InvalidRequest(
                ErrorCode.INVALID_VALUE,
                sentence("jobs are not filtered by {key} here", key=key),
                subject=key,
                hint="leave it out",
            )


def _result(stored: StoredObject, text: bytes) -> JobResult:
    line, document = job_line(stored, text), parse_known(text)
    return JobResult(
        **msgspec.structs.asdict(line),
        single_node_job_type=_text(document, "singleNodeJobType"),
        empty_running_job=_text(document, "emptyRunningJob") or "0",
        alarms=[],
    )


def _script(stored: StoredObject, text: bytes) -> ScriptInfo:
    document = parse_known(text)
    inside = _object.decode(text) if isinstance(document.get("configuration"), dict) else {}
    return ScriptInfo(
        id=stored.uid,
        name=stored.name,
        type=stored.subtype,
        directory=stored.directory,
        create_user=stored.created_by,
        owner=_text(document, "owner") or stored.created_by,
        connection_name=_text(document, "connectionName"),
        database=_text(document, "database") or _text(document, "currentDatabase"),
        queue_name=_text(document, "queueName"),
        configuration=inside.get("configuration", Raw(b"{}")),
        description=_text(document, "description"),
        modify_time=stored.updated_at,
        version=stored.last_version,
    )


def _text(document: dict[str, Any], key: str) -> str:
    value = document.get(key)
    return value if isinstance(value, str) else ""
