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
from jobferry.model.kinds import NeedKind


class Reference(msgspec.Struct, frozen=True, array_like=True):
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
_RULE = "rule"

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
_VARIABLE = re.compile(r"""\$\{(?:dlf\.)?([A-Za-z0-9_\-]+)\}|Env\.get\(\s*\\?["']([^"'\\]+)\\?["']\s*\)""")


def loose(node_type: str) -> str:
    """A node type as it is compared: ``MRS Spark Python`` and ``mrssparkpython`` are the same."""
    return node_type.replace(" ", "").lower()


def job_references(document: dict[str, Any]) -> list[Reference]:
    """All that a job refers to, in document order; one entry a place."""
    found = [
        reference
        for index, node in enumerate(listed(document, "nodes"))
        for reference in _node_references(node, ("nodes", index))
    ]
    found.extend(_schedule_references(document))
    found.extend(_basic_references(document))
    return found


def script_references(document: dict[str, Any]) -> list[Reference]:
    """A script's connection, database and queue."""
    return list(_rows(document, _SCRIPT_ROWS, ()))


def variables_used(document_text: str) -> set[str]:
    """Names in ``${x}``, ``${dlf.x}`` and ``#{Env.get("x")}`` anywhere in a document's text."""
    if "${" not in document_text and "Env.get" not in document_text:
        return set()
    return {plain or env for plain, env in _VARIABLE.findall(document_text)}


def listed(document: dict[str, Any], key: str) -> list[dict[str, Any]]:
    """The objects in the list at ``key``; anything else there counts as nothing."""
    value = document.get(key)
    return value if isinstance(value, list) and all(type(item) is dict for item in value) else []


def opened(document: dict[str, Any], key: str) -> dict[str, Any]:
    """The object at ``key``; anything else there counts as an empty one."""
    value = document.get(key)
    return value if isinstance(value, dict) else {}


def _rows(values: dict[str, Any], rows: dict[str, NeedKind], path: Path) -> Iterator[Reference]:
    for key, kind in rows.items():
        name = values.get(key)
        if name and isinstance(name, str):
            yield Reference(kind, name, (*path, key))


def _node_references(node: dict[str, Any], path: Path) -> Iterator[Reference]:
    node_type = loose(str(node.get("type") or ""))
    own_rows = _BY_NODE_TYPE.get(node_type, {})
    named: dict[str, tuple[str, Path]] = {}
    for place, item in enumerate(listed(node, "properties")):
        name, value = item.get("name"), item.get("value")
        if not value or not isinstance(value, str) or not isinstance(name, str):
            continue
        named[name] = (value, (*path, "properties", place, "value"))
    for name, (value, place_path) in named.items():
        kind = own_rows.get(name) or _ANY_NODE.get(name)
        if kind is not None:
            yield Reference(kind, value, place_path, role=_role(kind, name))
        elif name in _RESOURCE_PROPERTIES:
            yield from _resource_references(value, place_path)
        elif value.startswith("obs://"):
            yield Reference(NeedKind.PATH, value, place_path)
    yield from _script_reference(named)
    yield from _cdm_reference(node_type, named)
    for key in ("eventTrigger", "event"):
        if key in node:
            yield from _channel(opened(node, key), (*path, key))


def _role(kind: NeedKind, name: str) -> str:
    if kind is NeedKind.JOB:
        return NESTED
    return _RULE if name == "ruleName" else ""


def _script_reference(named: dict[str, tuple[str, Path]]) -> Iterator[Reference]:
    if "scriptName" in named and named.get("statementOrScript", ("", ()))[0].upper() != "STATEMENT":
        value, path = named["scriptName"]
        yield Reference(NeedKind.SCRIPT, value, path)


def _cdm_reference(node_type: str, named: dict[str, tuple[str, Path]]) -> Iterator[Reference]:
    if node_type == "cdmjob" and "clusterName" in named and "jobName" in named:
        yield Reference(NeedKind.CDM, f"{named['clusterName'][0]}/{named['jobName'][0]}", named["jobName"][1])


def _resource_references(value: str, path: Path) -> Iterator[Reference]:
    """A resource by name; a value that is a path of its own is only mappable."""
    if "://" in value or value.startswith("/"):
        yield Reference(NeedKind.PATH, value, path)
        return
    for name in filter(None, _RESOURCE_LIST.split(value)):
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
