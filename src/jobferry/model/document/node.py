"""A job and its nodes, opened once for everybody who reads them.

Most jobs are *plain*: every field with a rule has the shape and the range it should have. Those are opened
in one go, and have been judged by that as far as types can say; so are plain nodes of other jobs. Only where
a node is not plain, the nodes are opened one by one, and shapes that nobody promised count as nothing.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta

from jobferry.model.document.edits import Path

FAIL_POLICIES = ("FAIL", "IGNORE", "SUSPEND", "FAIL_CHILD")
RANGES = {
    "pollingInterval": (1, 60),
    "maxExecutionTime": (5, 1440),
    "retryTimes": (0, 5),
    "retryInterval": (5, 120),
}
"""Lowest and highest value of a node's numbers (seconds, minutes, times, seconds)."""


class Property(msgspec.Struct, gc=False):
    """One property of a node; without a name where the document gives none that is a text."""

    name: Annotated[str, Meta(min_length=1)]
    value: Any = None
    value_is_sensitive: Any = None


class Condition(msgspec.Struct, gc=False):
    """When the edge from a predecessor is taken."""

    expression: Annotated[str, Meta(min_length=1)]


class Node(msgspec.Struct, gc=False, rename="camel"):
    """One node, as far as it is read."""

    name: Annotated[str, Meta(min_length=1, max_length=128)]
    type: Annotated[str, Meta(min_length=1)]
    properties: list[Property] = []
    pre_node_name: list[str] | None = None
    polling_interval: Annotated[int, Meta(ge=1, le=60)] | None = None
    max_execution_time: Annotated[int, Meta(ge=5, le=1440)] | None = None
    retry_times: Annotated[int, Meta(ge=0, le=5)] | None = None
    retry_interval: Annotated[int, Meta(ge=5, le=120)] | None = None
    fail_policy: Literal["FAIL", "IGNORE", "SUSPEND", "FAIL_CHILD", ""] | None = None
    conditions: list[Condition] | None = None
    cron_trigger: Any = None
    event_trigger: Any = None
    event: Any = None

    @property
    def is_triggered(self) -> bool:
        """Whether it brings its own schedule or event, as nodes of real-time jobs may."""
        return self.cron_trigger is not None or self.event_trigger is not None or self.event is not None

    def value(self, name: str) -> Any:
        """The value of a property, the last one where a name is doubled."""
        return next((item.value for item in reversed(self.properties) if item.name == name), None)


class PlainDepend(msgspec.Struct, gc=False, rename="camel"):
    """How a job waits for others."""

    depend_period: Literal["SAME_PERIOD", "PRE_PERIOD", ""] | None = None
    depend_fail_policy: Literal["FAIL", "IGNORE", "SUSPEND", ""] | None = None


class PlainCron(msgspec.Struct, gc=False, rename="camel"):
    """When a job runs by the clock."""

    expression: str
    start_time: str
    end_time: str | None = None
    expression_time_zone: str | None = None
    depend_jobs: PlainDepend | None = None


class PlainSchedule(msgspec.Struct, gc=False):
    """What starts a job; one that events start is looked at closely."""

    type: Literal["EXECUTE_ONCE", "CRON", "EVENT"]
    cron: PlainCron | None = None
    event: None = None


class PlainParameter(msgspec.Struct, gc=False):
    """A parameter of a job."""

    name: str
    value: Any = None
    type: Literal["variable", "constants", "constant", ""] | None = None


class PlainBasic(msgspec.Struct, gc=False, rename="camel"):
    """The basic configuration of a job."""

    owner: Annotated[str, Meta(max_length=128)] | None = None
    execute_user: str | None = None
    priority: Annotated[int, Meta(ge=0, le=2)] | None = None
    instance_timeout: Annotated[int, Meta(ge=0, le=1440)] | None = None
    custom_fields: Any = None


class PlainJob(msgspec.Struct, gc=False, rename="camel"):
    """A job, as far as it is judged."""

    name: str
    schedule: PlainSchedule
    directory: str | None = None
    process_type: Literal["BATCH", "REAL_TIME", ""] | None = None
    description: Annotated[str, Meta(max_length=255)] | None = None
    nodes: list[Node] = []
    params: list[PlainParameter] = []
    basic_config: PlainBasic | None = None


_Nodes = list[Node]
msgspec.convert([], _Nodes)  # two threads must not ask for the first time at once
msgspec.convert({"name": "n", "schedule": {"type": "EXECUTE_ONCE"}}, PlainJob)


def plain_job(document: dict[str, Any]) -> PlainJob | None:
    """The job, if it is plain."""
    try:
        return msgspec.convert(document, PlainJob)
    except msgspec.ValidationError:
        return None


def plain_nodes(document: dict[str, Any]) -> list[Node] | None:
    """The nodes, if all of them are plain."""
    try:
        return msgspec.convert(document.get("nodes", ()), _Nodes)
    except msgspec.ValidationError:
        return None


def nodes_of(document: dict[str, Any]) -> list[Node]:
    """The nodes of a job, plain or not."""
    nodes = plain_nodes(document)
    return [_opened(raw) for raw in listed(document, "nodes")] if nodes is None else nodes


def property_names(nodes: list[Node]) -> set[str]:
    """The names that properties of these nodes have."""
    return {item.name for node in nodes for item in node.properties}


def property_path(node: int, place: int) -> Path:
    """Where the value of a property stands."""
    return ("nodes", node, "properties", place, "value")


def listed(document: dict[str, Any], key: str) -> list[dict[str, Any]]:
    """The objects in the list at ``key``; anything else there counts as nothing."""
    value = document.get(key)
    return value if type(value) is list and {dict}.issuperset(map(type, value)) else []


def opened(document: dict[str, Any], key: str) -> dict[str, Any]:
    """The object at ``key``; anything else there counts as an empty one."""
    return as_object(document.get(key))


def as_object(value: Any) -> dict[str, Any]:
    """An object; anything else counts as an empty one."""
    return value if type(value) is dict else {}


def _opened(raw: dict[str, Any]) -> Node:
    name, before = raw.get("name"), raw.get("preNodeName")
    return Node(
        name=name if isinstance(name, str) else "",
        type=str(raw.get("type") or ""),
        properties=[_property(item) for item in listed(raw, "properties")],
        pre_node_name=before if isinstance(before, list) else None,
        cron_trigger=raw.get("cronTrigger"),
        event_trigger=raw.get("eventTrigger"),
        event=raw.get("event"),
    )


def _property(item: dict[str, Any]) -> Property:
    name = item.get("name")
    return Property(
        name=name if isinstance(name, str) else "",
        value=item.get("value"),
        value_is_sensitive=item.get("value_is_sensitive"),
    )
