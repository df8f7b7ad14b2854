"""What a document refers to by name, read from one declarative table.

Node types are compared loosely (spaces and case ignored). An unknown node type passes untouched and
still has the rows for *any* node read. Properties that only EasyData's page lists (marked there without
a file format) go by our own names: ``resourceGroup``, ``taskName``, ``syncTaskName``, ``monitorName``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import msgspec

from jobferry.model.document.edits import Path
from jobferry.model.document.node import Node, listed, nodes_of, opened
from jobferry.model.kinds import NeedKind


class Reference(msgspec.Struct, frozen=True, gc=False, array_like=True):
    """One use of another thing by name.

    ``workspace`` names the workspace of a job that lives in another one; ``role`` tells nested from upstream
    jobs; ``path`` is where the name stands, so that a mapping can write another one there.
    """

    kind: NeedKind
    name: str
    path: Path
    workspace: str = ""
    role: str = ""


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
}
_BY_NODE_TYPE: dict[str, dict[str, NeedKind]] = {
    "cdmjob": {"clusterName": NeedKind.CLUSTER},
    "mrsspark": {"clusterName": NeedKind.CLUSTER},
    "mapreduce": {"clusterName": NeedKind.CLUSTER},
    "mrsflinkjob": {"clusterName": NeedKind.CLUSTER},
    "mrshetuengine": {"clusterName": NeedKind.CLUSTER},
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
_RESOURCE_PROPERTIES = frozenset({"resourcePath", "dependFiles", "dependPackages"})
_NO_ROWS: dict[str, NeedKind] = {}
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
_VARIABLE = re.compile(rb"\$\{(?:dlf\.)?([A-Za-z0-9_\-]+)\}")
_ENVIRONMENT = re.compile(rb"""Env\.get\(\s*\\?["']([^"'\\]+)\\?["']\s*\)""")


def loose(node_type: str) -> str:
    """A node type as it is compared: ``MRS Spark Python`` and ``mrssparkpython`` are the same."""
    return node_type.replace(" ", "").lower()


def job_references(document: dict[str, Any]) -> list[Reference]:
    """All that a job refers to, in document order; one entry a place."""
    found = [reference for node in nodes_of(document) for reference in _node_references(node)]
    return found + _other_references(document)


def things_referred_to(document: dict[str, Any], nodes: list[Node]) -> list[Reference]:
    """Each thing that a job refers to once, with the first place where that happens."""
    seen: set[tuple[NeedKind, str]] = set()
    found = [reference for node in nodes for reference in _node_references(node, seen)]
    found += _other_references(document)
    first = {(one.kind, one.name, one.workspace, one.role): one for one in reversed(found)}
    return [one for one in found if first[(one.kind, one.name, one.workspace, one.role)] is one]


def _other_references(document: dict[str, Any]) -> list[Reference]:
    return [*_schedule_references(document), *_basic_references(document)]


def script_references(document: dict[str, Any]) -> list[Reference]:
    """A script's connection, database and queue."""
    return list(_rows(document, _SCRIPT_ROWS, ()))


def variables_used(text: bytes) -> set[str]:
    """Names in ``${x}``, ``${dlf.x}`` and ``#{Env.get("x")}`` anywhere in a document's text.

    Ten thousand of each are found; no job has more, but a text made to fill memory may have millions.
    """
    found = _first(_VARIABLE, text)
    if b"Env.get" in text:
        found |= _first(_ENVIRONMENT, text)
    return {name.decode() for name in found}


def _first(pattern: re.Pattern[bytes], text: bytes) -> set[bytes]:
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


def _node_references(node: Node, seen: set[tuple[NeedKind, str]] | None = None) -> Iterator[Reference]:
    """A node's references; with ``seen``, things in it are passed over and new ones noted there."""
    node_type = loose(str(node.raw.get("type") or ""))
    own_rows = _BY_NODE_TYPE.get(node_type, _NO_ROWS)
    for name, value in node.named.items():
        if type(value) is not str or not value:
            continue
        kind = own_rows.get(name) or _ANY_NODE.get(name) or _kind_of(node, name, value)
        if kind is None:
            continue
        if seen is not None:
            if (kind, value) in seen:
                continue
            seen.add((kind, value))
        yield from _named_references(node, name, value, kind)
    if node_type == "cdmjob":
        yield from _cdm_reference(node)
    for key in ("eventTrigger", "event"):
        if key in node.raw:
            yield from _channel(opened(node.raw, key), (*node.path, key))


def _kind_of(node: Node, name: str, value: str) -> NeedKind | None:
    """What a property names whose row depends on more than its own name."""
    if name == "scriptName":
        is_statement = str(node.named.get("statementOrScript")).upper() == "STATEMENT"
        return None if is_statement else NeedKind.SCRIPT
    if name in _RESOURCE_PROPERTIES:
        return NeedKind.RESOURCE
    return NeedKind.PATH if value.startswith("obs://") else None


def _named_references(node: Node, name: str, value: str, kind: NeedKind) -> Iterator[Reference]:
    path = node.place(name)
    if kind is NeedKind.RESOURCE:
        yield from _resource_references(value, path)
    else:
        yield Reference(kind, value, path, role=NESTED if kind is NeedKind.JOB else "")


def _cdm_reference(node: Node) -> Iterator[Reference]:
    cluster, name = node.named.get("clusterName"), node.named.get("jobName")
    if cluster and name and type(cluster) is str and type(name) is str:
        yield Reference(NeedKind.CDM, f"{cluster}/{name}", node.place("jobName"))


def _resource_references(value: str, path: Path) -> Iterator[Reference]:
    """A resource by name; a value that is a path of its own is only mappable.

    What follows the thousandth name is taken as one name more, which is nowhere.
    """
    if "://" in value or value.startswith("/"):
        yield Reference(NeedKind.PATH, value, path)
        return
    for name in filter(None, _RESOURCE_LIST.split(value, _MOST_RESOURCES)):
        yield Reference(NeedKind.RESOURCE, name, path)


def _channel(event: dict[str, Any], path: Path) -> Iterator[Reference]:
    if str(event.get("eventType") or "DIS").upper() == "DIS":
        yield from _rows(event, {"channel": NeedKind.STREAM}, path)


def _schedule_references(document: dict[str, Any]) -> Iterator[Reference]:
    schedule = opened(document, "schedule")
    yield from _channel(opened(schedule, "event"), ("schedule", "event"))
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
