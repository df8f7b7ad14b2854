"""The job document: its rules, its nodes' order, its schedules' zones and ends, and its parameters.

Lengths, ranges and words are those of the Factory API. ``nodes`` may be missing (such a job cannot be
started), numbers may be spelled as texts, ``tags`` may be ``{}``, unknown keys and node types are kept.
"""

from __future__ import annotations

from collections.abc import Iterable
from graphlib import CycleError, TopologicalSorter
from typing import Any

from jobferry.model.document.cron import cron_faults, is_monthly
from jobferry.model.document.edits import Path
from jobferry.model.document.node import (
    FAIL_POLICIES,
    RANGES,
    Node,
    PlainBasic,
    PlainCron,
    PlainJob,
    PlainParameter,
    as_object,
    listed,
    opened,
)
from jobferry.model.document.problems import Faults, Problem, pointer
from jobferry.model.document.references import loose
from jobferry.model.document.times import is_time, is_zone
from jobferry.model.kinds import JobType
from jobferry.model.names import (
    JOB_NAME,
    NODE_LETTERS,
    NODE_NAME,
    PARAMETER_NAME,
    Limits,
    directory_fault,
)

_SCHEDULE_TYPES = ("EXECUTE_ONCE", "CRON", "EVENT")
_EVENT_TYPES = ("KAFKA", "DIS", "OBS")
_PERIODS = ("SAME_PERIOD", "PRE_PERIOD")
_UPSTREAM_POLICIES = ("FAIL", "IGNORE", "SUSPEND")
_PARAMETER_TYPES = ("variable", "constants", "constant")
"""The last is how the service spells it of environment variables."""
_FORMER_FAIL_POLICIES = {"EXIT": "FAIL", "EXIT_CHILD": "FAIL_CHILD", "CONTINUE": "IGNORE"}
"""The words of the service's reference of 2021, and those that mean the same today."""
_PARAMETER_LENGTH = 1024
_CUSTOM_LENGTH = 2048
"""Of the names and values of custom fields together."""
_SHOWN = 140
_CYCLE_SHOWN = 20
_QUEUE = {"mrshetuengine": "Queue"} | dict.fromkeys(
    (
        "hivesql",
        "sparksql",
        "mrshivesql",
        "mrssparksql",
        "mrsspark",
        "mrssparkpython",
        "mapreduce",
        "mrsmapreduce",
        "mrsflink",
        "mrsflinkjob",
    ),
    "queueName",
)
"""The node types that run on MRS, and the property that names their queue."""


def job_problems(document: dict[str, Any], limits: Limits, plain: PlainJob | None) -> list[Problem]:
    """Everything that is wrong in a job document, or worth knowing of it, each with its path.

    ``plain`` is the same job, if it is plain.
    """
    if plain is not None and _is_sound(plain, limits):
        return []
    faults = Faults()
    faults.name(document.get("name"), ("name",), JOB_NAME)
    faults.directory(document.get("directory"), limits)
    faults.choice(document.get("processType"), ("processType",), tuple(JobType))
    faults.text(document.get("description"), ("description",), 255)
    _check_nodes(faults, document, limits)
    _check_schedule(faults, document)
    _check_parameters(faults, document)
    _check_basic(faults, document)
    return faults.found


def unqueued(nodes: list[Node]) -> list[Problem]:
    """A problem for each node that runs on MRS and names no queue."""
    return [
        Problem("mrs-queue-unset", pointer(("nodes", index)), {"node": node.name[:_SHOWN]})
        for index, node in enumerate(nodes)
        if (queue := _QUEUE.get(loose(node.type))) and not node.value(queue)
    ]


def job_type(document: dict[str, Any]) -> JobType:
    """Batch or real-time; a document that does not say is a batch job."""
    return JobType.REAL_TIME if document.get("processType") == JobType.REAL_TIME else JobType.BATCH


def parameter_places(document: dict[str, Any]) -> list[tuple[str, Path]]:
    """Each parameter's name and where its value stands."""
    return [
        (item["name"], ("params", place, "value"))
        for place, item in enumerate(listed(document, "params"))
        if isinstance(item.get("name"), str)
    ]


def cron_places(document: dict[str, Any], nodes: list[Node]) -> list[tuple[dict[str, Any], Path]]:
    """The job's schedule and those of its nodes, as far as they are there, and where they stand."""
    places: list[tuple[dict[str, Any], Path]] = []
    if cron := opened(opened(document, "schedule"), "cron"):
        places.append((cron, ("schedule", "cron")))
    for index, node in enumerate(nodes):
        if node.cron_trigger is not None:
            places.append((as_object(node.cron_trigger), ("nodes", index, "cronTrigger")))
    return places


def zone_places(crons: Iterable[tuple[dict[str, Any], Path]]) -> list[tuple[str, Path]]:
    """Each cron expression's time zone (empty where none is given) and where it stands.

    A missing zone means the zone of the service.
    """
    return [(_zone(cron), (*path, "expressionTimeZone")) for cron, path in crons if cron.get("expression")]


def end_places(crons: Iterable[tuple[dict[str, Any], Path]]) -> list[tuple[str, Path]]:
    """When each schedule ends, as it is written, and where that stands; most go on for ever."""
    ends = [(cron.get("endTime"), (*path, "endTime")) for cron, path in crons]
    return [(end, path) for end, path in ends if isinstance(end, str) and end]


def _zone(cron: dict[str, Any]) -> str:
    zone = cron.get("expressionTimeZone")
    return zone if isinstance(zone, str) else ""


def _is_sound(job: PlainJob, limits: Limits) -> bool:
    """Whether a plain job also keeps the rules that no type can say, as most do."""
    return (
        JOB_NAME.match(job.name) is not None
        and not (job.directory and directory_fault(job.directory, limits))
        and _are_in_order(job.nodes, limits)
        and all(_is_sound_parameter(param) for param in job.params)
        and (job.schedule.cron is None or _is_sound_cron(job.schedule.cron))
        and (job.basic_config is None or _is_sound_basic(job.basic_config))
    )


def _are_in_order(nodes: list[Node], limits: Limits) -> bool:
    """Whether nodes are well named, few enough, without triggers, and listed after their predecessors, as
    most are: then nothing is unknown or circular."""
    seen: set[str] = set()
    for node in nodes:
        if node.pre_node_name and not seen.issuperset(node.pre_node_name):
            return False
        if node.is_triggered:
            return False
        seen.add(node.name)
    return len(seen) == len(nodes) <= limits.nodes and NODE_LETTERS.match("".join(seen)) is not None


def _is_sound_parameter(parameter: PlainParameter) -> bool:
    too_long = isinstance(parameter.value, str) and len(parameter.value) > _PARAMETER_LENGTH
    return PARAMETER_NAME.match(parameter.name) is not None and not too_long


def _is_sound_cron(cron: PlainCron) -> bool:
    return (
        bool(cron.expression)
        and not cron_faults(cron.expression)
        and not is_monthly(cron.expression)
        and is_time(cron.start_time)
        and not (cron.end_time and not is_time(cron.end_time))
        and not (cron.expression_time_zone and not is_zone(cron.expression_time_zone))
    )


def _is_sound_basic(basic: PlainBasic) -> bool:
    return (basic.instance_timeout or 5) >= 5 and _length(basic.custom_fields) <= _CUSTOM_LENGTH


def _length(custom: Any) -> int:
    """How long custom fields are, names and values together."""
    if not isinstance(custom, dict):
        return 0
    return sum(len(str(key)) + len(str(value)) for key, value in custom.items())


def _check_nodes(faults: Faults, document: dict[str, Any], limits: Limits) -> None:
    nodes = faults.objects(document.get("nodes"), ("nodes",))
    if len(nodes) > limits.nodes:
        faults.add("too-many-nodes", ("nodes",), count=str(len(nodes)), limit=str(limits.nodes))
    names: set[str] = set()
    for index, node in enumerate(nodes):
        path: Path = ("nodes", index)
        name = node.get("name")
        if faults.name(name, (*path, "name"), NODE_NAME):
            if name in names:
                faults.add("node-doubled", (*path, "name"), node=str(name))
            names.add(str(name))
        _check_node(faults, node, path)
    _check_order(faults, nodes, names)


def _check_node(faults: Faults, node: dict[str, Any], path: Path) -> None:
    if type(node.get("type")) is not str or not node["type"]:
        faults.add("field-missing", (*path, "type"))
    for key, (low, high) in RANGES.items():
        faults.whole(node.get(key), (*path, key), low, high, zero=key == "retryInterval")
    _check_fail_policy(faults, node.get("failPolicy"), (*path, "failPolicy"))
    for place, item in enumerate(listed(node, "conditions")):
        faults.required(item.get("expression"), (*path, "conditions", place, "expression"))
    trigger = as_object(node.get("cronTrigger"))
    _check_cron(faults, trigger, (*path, "cronTrigger"), needed=bool(trigger))
    for key in ("eventTrigger", "event"):
        _check_event(faults, as_object(node.get(key)), (*path, key))
    for place, item in enumerate(faults.objects(node.get("properties"), (*path, "properties"))):
        if not isinstance(item.get("name"), str) or not item["name"]:
            faults.add("field-missing", (*path, "properties", place, "name"))


def _check_order(faults: Faults, nodes: list[dict[str, Any]], names: set[str]) -> None:
    sorter: TopologicalSorter[str] = TopologicalSorter()
    for index, node in enumerate(nodes):
        before = node.get("preNodeName")
        if before is None or before == "":
            continue
        path: Path = ("nodes", index, "preNodeName")
        if not isinstance(before, list) or not all(isinstance(name, str) for name in before):
            faults.add("field-type", path, expected="a list of node names")
            continue
        for place, name in enumerate(before):
            if name not in names:
                faults.add(
                    "predecessor-unknown",
                    (*path, place),
                    node=str(node.get("name"))[:_SHOWN],
                    predecessor=name[:_SHOWN],
                )
        sorter.add(str(node.get("name")), *(name for name in before if name in names))
    try:
        sorter.prepare()
    except CycleError as error:
        cycle = error.args[1]
        shown = cycle if len(cycle) <= _CYCLE_SHOWN else [*cycle[: _CYCLE_SHOWN - 1], "…"]
        faults.add("nodes-cyclic", ("nodes",), cycle=" → ".join(shown))


def _check_fail_policy(faults: Faults, value: Any, path: Path) -> None:
    now = _FORMER_FAIL_POLICIES.get(value) if isinstance(value, str) else None
    if now is None:
        faults.choice(value, path, FAIL_POLICIES)
    else:
        faults.add("word-former", path, value=value, now=now)


def _check_schedule(faults: Faults, document: dict[str, Any]) -> None:
    """A CRON schedule without a ``cron`` object is legal, as in the service's own example."""
    if document.get("schedule") is None:
        faults.add("schedule-missing", ("schedule",))
        return
    path: Path = ("schedule",)
    schedule = faults.object(document["schedule"], path)
    type_ = schedule.get("type")
    faults.required(type_, (*path, "type"))
    faults.choice(type_, (*path, "type"), _SCHEDULE_TYPES)
    cron = faults.object(schedule.get("cron"), (*path, "cron"))
    _check_cron(faults, cron, (*path, "cron"), needed=type_ == "CRON" and schedule.get("cron") is not None)
    event = faults.object(schedule.get("event"), (*path, "event"))
    faults.whole(event.get("concurrent"), (*path, "event", "concurrent"), 1, 128, zero=True)
    _check_event(faults, event, (*path, "event"))


def _check_cron(faults: Faults, cron: dict[str, Any], path: Path, *, needed: bool = False) -> None:
    """``needed``: it is what starts the job, so that it has to say when."""
    for key in ("expression", "startTime", "endTime", "expressionTimeZone"):
        faults.text(cron.get(key), (*path, key))
    for key in ("expression", "startTime") if needed else ():
        faults.required(cron.get(key), (*path, key))
    if type(expression := cron.get("expression")) is str and expression:
        _check_expression(faults, expression, (*path, "expression"))
    for key in ("startTime", "endTime"):
        if type(time := cron.get(key)) is str and time and not is_time(time):
            faults.add("time-illegal", (*path, key), time=time[:80])
    if type(zone := cron.get("expressionTimeZone")) is str and zone and not is_zone(zone):
        faults.add("zone-unknown", (*path, "expressionTimeZone"), zone=zone[:80])
    depend = opened(cron, "dependJobs")
    faults.choice(depend.get("dependPeriod"), (*path, "dependJobs", "dependPeriod"), _PERIODS)
    faults.choice(
        depend.get("dependFailPolicy"), (*path, "dependJobs", "dependFailPolicy"), _UPSTREAM_POLICIES
    )


def _check_expression(faults: Faults, expression: str, path: Path) -> None:
    wrong = cron_faults(expression)
    for fault in wrong:
        faults.add(
            "cron-illegal",
            path,
            expression=expression[:80],
            field=str(fault.field),
            value=fault.value[:40] or "-",
            allowed=fault.allowed or "-",
        )
    if not wrong and is_monthly(expression):
        faults.add("cron-monthly", path, expression=expression[:80])


def _check_event(faults: Faults, event: dict[str, Any], path: Path) -> None:
    faults.choice(event.get("eventType"), (*path, "eventType"), _EVENT_TYPES)
    faults.choice(event.get("failPolicy"), (*path, "failPolicy"), ("SUSPEND", "IGNORE"))
    faults.choice(event.get("readPolicy"), (*path, "readPolicy"), ("LAST", "NEW"))
    if event.get("eventType") == "DIS":
        faults.required(event.get("channel"), (*path, "channel"))


def _check_parameters(faults: Faults, document: dict[str, Any]) -> None:
    for place, item in enumerate(faults.objects(document.get("params"), ("params",))):
        faults.name(item.get("name"), ("params", place, "name"), PARAMETER_NAME)
        faults.choice(item.get("type"), ("params", place, "type"), _PARAMETER_TYPES)
        value = item.get("value")
        if isinstance(value, str) and len(value) > _PARAMETER_LENGTH:
            faults.add(
                "field-too-long",
                ("params", place, "value"),
                length=str(len(value)),
                limit=str(_PARAMETER_LENGTH),
            )


def _check_basic(faults: Faults, document: dict[str, Any]) -> None:
    basic = faults.object(document.get("basicConfig"), ("basicConfig",))
    path: Path = ("basicConfig",)
    faults.text(basic.get("owner"), (*path, "owner"), 128)
    faults.text(basic.get("executeUser"), (*path, "executeUser"))
    faults.whole(basic.get("priority"), (*path, "priority"), 0, 2)
    faults.whole(basic.get("instanceTimeout"), (*path, "instanceTimeout"), 5, 1440, zero=True)
    if (length := _length(basic.get("customFields"))) > _CUSTOM_LENGTH:
        faults.add("field-too-long", (*path, "customFields"), length=str(length), limit=str(_CUSTOM_LENGTH))
