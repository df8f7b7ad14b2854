"""The outline of a job: what a person wants to know of it, without its document."""

from __future__ import annotations

from collections.abc import Container
from typing import Any

import msgspec

from jobferry.model.document.edits import Path
from jobferry.model.document.node import as_object, listed, nodes_of, opened
from jobferry.model.document.references import UPSTREAM, job_references
from jobferry.model.kinds import NeedKind

MASK = "***"


class OutlineUse(msgspec.Struct, frozen=True):
    """Something that a node or job refers to; ``workspace`` where that is said to live elsewhere."""

    kind: NeedKind
    name: str
    workspace: str


class OutlineSchedule(msgspec.Struct, frozen=True):
    """What starts a job or node, as it is written; what is not said is empty."""

    type: str
    expression: str
    zone: str
    start: str
    end: str
    event: str


class OutlineNode(msgspec.Struct, frozen=True):
    """A node, the nodes before it, what it refers to, and its own schedule in a real-time job."""

    name: str
    type: str
    after: list[str]
    uses: list[OutlineUse]
    schedule: OutlineSchedule | None


class OutlineParameter(msgspec.Struct, frozen=True):
    """A parameter; of a sensitive one that is not empty the value is a mask."""

    name: str
    value: str
    type: str
    is_sensitive: bool


class Outline(msgspec.Struct, frozen=True):
    """A job in outline. ``waits_for`` are jobs; ``uses`` is what the job itself refers to besides them."""

    description: str
    owner: str
    priority: str
    nodes: list[OutlineNode]
    schedule: OutlineSchedule
    waits_for: list[OutlineUse]
    uses: list[OutlineUse]
    parameters: list[OutlineParameter]


def outline_of(document: dict[str, Any], sensitive: Container[Path]) -> Outline:
    """Reads a parsed job; ``sensitive`` are the places whose values nobody is to see."""
    nodes, basic = nodes_of(document), opened(document, "basicConfig")
    by_node: dict[int, dict[OutlineUse, None]] = {}
    waits_for: dict[OutlineUse, None] = {}
    uses: dict[OutlineUse, None] = {}
    for reference in job_references(document):
        use = OutlineUse(reference.kind, reference.name, reference.workspace)
        if reference.path[0] == "nodes":
            by_node.setdefault(int(reference.path[1]), {})[use] = None
        elif reference.role == UPSTREAM:
            waits_for[use] = None
        elif reference.kind is not NeedKind.WORKSPACE:
            uses[use] = None
    schedule = opened(document, "schedule")
    return Outline(
        description=_text(document.get("description")),
        owner=_text(basic.get("owner")),
        priority=_text(basic.get("priority")),
        nodes=[
            OutlineNode(
                name=node.name,
                type=node.type,
                after=[name for name in node.pre_node_name or () if isinstance(name, str)],
                uses=list(by_node.get(index, ())),
                schedule=_schedule(
                    "", as_object(node.cron_trigger), as_object(node.event_trigger or node.event)
                )
                if node.is_triggered
                else None,
            )
            for index, node in enumerate(nodes)
        ],
        schedule=_schedule(_text(schedule.get("type")), opened(schedule, "cron"), opened(schedule, "event")),
        waits_for=list(waits_for),
        uses=list(uses),
        parameters=[
            _parameter(item, ("params", place, "value") in sensitive)
            for place, item in enumerate(listed(document, "params"))
        ],
    )


def _schedule(kind: str, cron: dict[str, Any], event: dict[str, Any]) -> OutlineSchedule:
    return OutlineSchedule(
        type=kind or ("CRON" if cron else "EVENT" if event else ""),
        expression=_text(cron.get("expression")),
        zone=_text(cron.get("expressionTimeZone")),
        start=_text(cron.get("startTime")),
        end=_text(cron.get("endTime")),
        event=_text(event.get("eventType")),
    )


def _parameter(item: dict[str, Any], is_sensitive: bool) -> OutlineParameter:
    value = _text(item.get("value"))
    return OutlineParameter(
        name=_text(item.get("name")),
        value=MASK if is_sensitive and value else value,
        type=_text(item.get("type")) or "variable",
        is_sensitive=is_sensitive,
    )


def _text(value: Any) -> str:
    """A text or number as it is written; anything else counts as nothing."""
    return str(value) if isinstance(value, str | int | float) and not isinstance(value, bool) else ""
