"""What a document refers to by name, read from one declarative table.

Node types are compared loosely (spaces and case ignored). An unknown node type passes untouched and
still has the rows for *any* node read. Properties that only EasyData's page lists (marked there without
a file format) go by our own names: ``resourceGroup``, ``taskName``, ``syncTaskName``, ``monitorName``.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterator
from enum import StrEnum
from functools import lru_cache
from typing import Any, NamedTuple

import msgspec

from jobferry.model.document.edits import Path
from jobferry.model.document.node import (
    Node,
    as_object,
    listed,
    nodes_of,
    opened,
    property_names,
    property_path,
)
from jobferry.model.kinds import NeedKind


class Reference(msgspec.Struct, frozen=True, gc=False, array_like=True):
    """One use of another thing by name.

    ``workspace`` names the workspace of a job that lives in another one; ``role`` tells nested from upstream
    jobs, and for a connection its type, where the node or script takes only one; ``path`` is where the name
    stands, so that a mapping can write another one there.
    """

    kind: NeedKind
    name: str
    path: Path
    workspace: str = ""
    role: str = ""


_KINDS = {kind: kind.value for kind in NeedKind}


def relation_of(reference: Reference) -> str:
    """How something is used: ``upstream`` or ``nested`` if it is a job, else its kind."""
    return reference.role if reference.kind is NeedKind.JOB else _KINDS[reference.kind]


class VariableSyntax(StrEnum):
    """The one spelling of an environment variable in a text; the other one is left for somebody else."""

    PLAIN = "${}"
    DLF = "${dlf.}"


ENVIRONMENT = "Env.get"
"""The third spelling, ``#{Env.get("x")}``, which counts everywhere."""


class Variable(NamedTuple):
    """A variable's name and its spelling in a text: a syntax, or ``Env.get``."""

    spelling: str
    name: str


DEPEND_PACKAGES = ("dependPackages", "depend_packages")
"""The two spellings of what a resource depends on."""

NESTED = "nested"
UPSTREAM = "upstream"

_ANY_NODE = {
    "connectionName": NeedKind.CONNECTION,
    "queueName": NeedKind.QUEUE,
    "agentName": NeedKind.AGENT,
    "resourceGroup": NeedKind.RESOURCE_GROUP,
    "database": NeedKind.DATABASE,
    "logPath": NeedKind.PATH,
    "graphName": NeedKind.GRAPH,
    "streamName": NeedKind.STREAM,
    "monitorName": NeedKind.QUALITY_MONITOR,
    "scriptName": NeedKind.SCRIPT,
    "resourcePath": NeedKind.RESOURCE,
    "dependFiles": NeedKind.RESOURCE,
    "dependPackages": NeedKind.RESOURCE,
}


def _spellings(name: str) -> set[str]:
    """A property that is documented as words: so, in small letters, and without the spaces."""
    joined = name.replace(" ", "")
    return {name, name.lower(), joined, joined.lower(), joined[0].lower() + joined[1:]}


_BY_NODE_TYPE: dict[str, dict[str, NeedKind]] = {
    "cdmjob": {"clusterName": NeedKind.CLUSTER},
    "mrsspark": {"clusterName": NeedKind.CLUSTER},
    "mapreduce": {"clusterName": NeedKind.CLUSTER},
    "mrsflink": {"clusterName": NeedKind.CLUSTER},
    "mrsflinkjob": {"clusterName": NeedKind.CLUSTER},
    "mrshetuengine": {
        "clusterName": NeedKind.CLUSTER,
        **dict.fromkeys(_spellings("Data Warehouse"), NeedKind.CONNECTION),
        **dict.fromkeys(_spellings("Database"), NeedKind.DATABASE),
        **dict.fromkeys(_spellings("Queue"), NeedKind.QUEUE),
    },
    "mrssparkpython": {"clusterName": NeedKind.CLUSTER},
    "dlispark": {"clusterName": NeedKind.QUEUE},
    "dlfsubjob": {"jobName": NeedKind.JOB, "subJobName": NeedKind.JOB},
    "subjob": {"jobName": NeedKind.JOB, "subJobName": NeedKind.JOB},
    "foreachjob": {"jobName": NeedKind.JOB, "subJobName": NeedKind.JOB},
    "nestedflow": {"taskName": NeedKind.JOB},
    "aiflow": {"taskName": NeedKind.JOB},
    "offlinesync": {"syncTaskName": NeedKind.SYNC_TASK},
    "dataqualitymonitor": {"ruleName": NeedKind.QUALITY_MONITOR},
    "smn": {"topic": NeedKind.TOPIC},
    "restapi": {"url": NeedKind.URL},
    "restclient": {"url": NeedKind.URL},
    "obsmanager": {"path": NeedKind.PATH},
}
_CONNECTION_TYPES = {
    "hivesql": "HIVE",
    "sparksql": "SparkSQL",
    "dwssql": "DWS",
    "dlisql": "DLI",
    "rdssql": "RDS",
    "shell": "HOST",
    "python": "HOST",
}
"""By type of a node or script, the only type of connection that it takes; others are not documented."""
_SCRIPT_ROWS = {
    "connectionName": NeedKind.CONNECTION,
    "database": NeedKind.DATABASE,
    "currentDatabase": NeedKind.DATABASE,
    "queueName": NeedKind.QUEUE,
}
_BASIC_ROWS = {
    "executeUser": NeedKind.USER,
    "owner": NeedKind.USER,
    "queue": NeedKind.QUEUE,
    "resourceGroup": NeedKind.RESOURCE_GROUP,
}
_RESOURCE_LIST = re.compile(r"[,;\s]+")
_MOST_RESOURCES = 1_000
_MOST_VARIABLES = 10_000
_VARIABLE = {
    VariableSyntax.PLAIN.value: (b"${", re.compile(rb"\$\{([A-Za-z0-9_\-]+)\}")),
    VariableSyntax.DLF.value: (b"${dlf.", re.compile(rb"\$\{dlf\.([A-Za-z0-9_\-]+)\}")),
    ENVIRONMENT: (b"Env.get", re.compile(rb"""Env\.get\(\s*\\?["']([^"'\\]+)\\?["']\s*\)""")),
}
"""By spelling, what every text with such a variable holds, and the names after it."""


def loose(node_type: str) -> str:
    """A node type as it is compared: ``MRS Spark Python`` and ``mrssparkpython`` are the same."""
    return node_type.replace(" ", "").lower()


def job_references(document: dict[str, Any]) -> list[Reference]:
    """All that a job refers to, in document order; one entry a place."""
    nodes = nodes_of(document)
    return [*_nodes_references(nodes, property_names(nodes)), *_other_references(document)]


def things_referred_to(
    document: dict[str, Any], nodes: list[Node], names: Container[str]
) -> tuple[Reference, ...]:
    """Each thing that a job refers to once, with the first place where that happens.

    ``names`` are those of all properties.
    """
    first: dict[tuple[NeedKind, str, str, str], Reference] = {}
    for reference in (*_nodes_references(nodes, names, once=True), *_other_references(document)):
        first.setdefault((reference.kind, reference.name, reference.workspace, reference.role), reference)
    return tuple(first.values())


def _other_references(document: dict[str, Any]) -> list[Reference]:
    return [*schedule_references(document), *_basic_references(document)]


def script_references(document: dict[str, Any]) -> list[Reference]:
    """A script's connection, database and queue."""
    wanted = _connection_type(document.get("type"))
    return [
        msgspec.structs.replace(reference, role=wanted)
        if wanted and reference.kind is NeedKind.CONNECTION
        else reference
        for reference in _rows(document, _SCRIPT_ROWS, ())
    ]


def resource_references(document: dict[str, Any]) -> Iterator[Reference]:
    """The places of the files that a resource depends on; where its own file lies is the resource itself.

    The service's Terraform provider writes ``depend_packages``, the service itself ``dependPackages``.
    """
    for key in DEPEND_PACKAGES:
        for place, item in enumerate(listed(document, key)):
            location = item.get("location")
            if isinstance(location, str) and "://" in location:
                yield Reference(NeedKind.PATH, location, (key, place, "location"))


def variables_in(text: bytes) -> set[Variable]:
    """Names in ``${x}``, ``${dlf.x}`` and ``#{Env.get("x")}`` anywhere in a document's text.

    Ten thousand of each are found; no job has more, but a text made to fill memory may have millions.
    """
    return {
        Variable(spelling, name.decode())
        for spelling, (start, pattern) in _VARIABLE.items()
        if start in text
        for name in _found(pattern, text)
    }


def spellings_of(syntax: VariableSyntax) -> tuple[str, str]:
    """The spellings that are variables where this syntax is set."""
    return (syntax.value, ENVIRONMENT)


def _found(pattern: re.Pattern[bytes], text: bytes) -> set[bytes]:
    if len(text) <= _MOST_VARIABLES * len("${x}"):
        return set(pattern.findall(text))
    found: set[bytes] = set()
    for match in pattern.finditer(text):
        found.add(match[1])
        if len(found) >= _MOST_VARIABLES:
            break
    return found


def _rows(values: dict[str, Any], rows: dict[str, NeedKind], path: Path) -> Iterator[Reference]:
    for key, kind in rows.items():
        name = values.get(key)
        if name and isinstance(name, str):
            yield Reference(kind, name, (*path, key))


class _NodeType(NamedTuple):
    """What is known of nodes of a type: the kinds of things that their properties name, by the properties'
    names, and the role of a reference by its kind."""

    kinds: dict[str, NeedKind]
    roles: dict[NeedKind, str]
    is_cdm: bool


def _node_type(written: str) -> _NodeType:
    plain = loose(written)
    own = _BY_NODE_TYPE.get(plain)
    return _NodeType(
        kinds=_ANY_NODE | own if own else _ANY_NODE,
        roles={NeedKind.JOB: NESTED, NeedKind.CONNECTION: _CONNECTION_TYPES.get(plain, "")},
        is_cdm=plain == "cdmjob",
    )


def _connection_type(type_: Any) -> str:
    """The type of connection that such a script takes; empty where that is not known."""
    return _CONNECTION_TYPES.get(loose(type_), "") if isinstance(type_, str) else ""


_known_type = lru_cache(maxsize=4096)(_node_type)
_LONGEST_KNOWN = 128
"""Longer types are not remembered: whoever hands in documents could fill the memory with them."""


def _nodes_references(nodes: list[Node], names: Container[str], *, once: bool = False) -> list[Reference]:
    """What the nodes refer to, ``once`` or at each place; ``names`` are those of all their properties."""
    found: list[Reference] = []
    seen: set[tuple[NeedKind, str]] = set()
    may_be_statements = "statementOrScript" in names
    for index, node in enumerate(nodes):
        kinds, roles, is_cdm = (_known_type if len(node.type) <= _LONGEST_KNOWN else _node_type)(node.type)
        paths: list[int] = []
        for place, item in enumerate(node.properties):
            value = item.value
            if type(value) is not str or not value:
                continue
            kind = kinds.get(item.name)
            if kind is None:
                if value.startswith("obs://"):
                    paths.append(place)
                continue
            is_unused = kind is NeedKind.SCRIPT and may_be_statements and _is_statement(node)
            if is_unused or (kind, value) in seen:
                continue
            if once:
                seen.add((kind, value))
            path: Path = ("nodes", index, "properties", place, "value")
            if kind is NeedKind.RESOURCE:
                found += _resource_references(value, path)
            else:
                found.append(Reference(kind, value, path, "", roles.get(kind, "")))
        if paths:
            found += [_path_reference(node, index, place) for place in paths]
        if is_cdm or node.event_trigger is not None or node.event is not None:
            found += _rarer_references(node, index, is_cdm=is_cdm)
    return found


def _rarer_references(node: Node, index: int, *, is_cdm: bool) -> Iterator[Reference]:
    if is_cdm:
        yield from _cdm_reference(node, index)
    yield from _channel(node.event_trigger, ("nodes", index, "eventTrigger"))
    yield from _channel(node.event, ("nodes", index, "event"))


def _path_reference(node: Node, index: int, place: int) -> Reference:
    return Reference(NeedKind.PATH, node.properties[place].value, property_path(index, place))


def _is_statement(node: Node) -> bool:
    """Whether a node runs the statement that stands in it instead of the script it names."""
    return str(node.value("statementOrScript")).upper() == "STATEMENT"


def _cdm_reference(node: Node, index: int) -> Iterator[Reference]:
    """The CDM definition that a node runs, unless the definition stands in the node itself (``cdmJson``)."""
    places = {item.name: place for place, item in enumerate(node.properties)}
    cluster, name = node.value("clusterName"), node.value("jobName")
    is_defined_here = node.value("jobType") == "newJob" or (
        node.value("cdmJson") and not node.value("jobType")
    )
    if cluster and name and type(cluster) is str and type(name) is str and not is_defined_here:
        yield Reference(NeedKind.CDM, f"{cluster}/{name}", property_path(index, places["jobName"]))


def _resource_references(value: str, path: Path) -> Iterator[Reference]:
    """A resource by name; a value that is a path of its own is only mappable.

    What follows the thousandth name is taken as one name more, which is nowhere.
    """
    if "://" in value or value.startswith("/"):
        yield Reference(NeedKind.PATH, value, path)
        return
    for name in filter(None, _RESOURCE_LIST.split(value, _MOST_RESOURCES)):
        yield Reference(NeedKind.RESOURCE, name, path)


def _channel(trigger: Any, path: Path) -> Iterator[Reference]:
    event = as_object(trigger)
    if event and str(event.get("eventType") or "DIS").upper() == "DIS":
        yield from _rows(event, {"channel": NeedKind.STREAM}, path)


def schedule_references(document: dict[str, Any]) -> Iterator[Reference]:
    """The stream whose events start a job, and the jobs that it waits for."""
    schedule = opened(document, "schedule")
    yield from _channel(schedule.get("event"), ("schedule", "event"))
    depend = opened(opened(schedule, "cron"), "dependJobs")
    path: Path = ("schedule", "cron", "dependJobs")
    jobs = depend.get("jobs")
    for place, name in enumerate(jobs if isinstance(jobs, list) else ()):
        if name and isinstance(name, str):
            yield Reference(NeedKind.JOB, name, (*path, "jobs", place), role=UPSTREAM)
    for key in ("sameWorkSpaceJobs", "otherWorkSpaceJobs"):
        for place, item in enumerate(listed(depend, key)):
            yield from _upstream_elsewhere(item, (*path, key, place), elsewhere=key == "otherWorkSpaceJobs")


def _upstream_elsewhere(item: dict[str, Any], path: Path, *, elsewhere: bool) -> Iterator[Reference]:
    name, workspace = item.get("jobName"), item.get("workSpace")
    place = workspace if elsewhere and isinstance(workspace, str) else ""
    if place:
        yield Reference(NeedKind.WORKSPACE, place, (*path, "workSpace"))
    if name and isinstance(name, str):
        yield Reference(NeedKind.JOB, name, (*path, "jobName"), workspace=place, role=UPSTREAM)


def _basic_references(document: dict[str, Any]) -> Iterator[Reference]:
    yield from _rows(opened(document, "basicConfig"), _BASIC_ROWS, ("basicConfig",))
    yield from _rows(document, {"logPath": NeedKind.PATH}, ())
