"""A job in outline: its nodes, when it runs, its parameters, what it refers to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from jobferry.api.calls import Calls
from jobferry.api.native.call import Placed
from jobferry.api.native.objects import LIVE, SavedAnswer, saved_answer, version_number
from jobferry.model.document.outline import OutlineParameter, OutlineSchedule, OutlineUse
from jobferry.model.messages import Language
from jobferry.model.messages.schedules import schedule_words

if TYPE_CHECKING:
    from jobferry.model.document.outline import OutlineNode

api = Calls("/api/workspaces/{workspace}/jobs", tag="objects")


class ScheduleOutline(Struct, frozen=True):
    """What starts a job or a node of a real-time job: as it is written, and in words."""

    type: str
    expression: str
    zone: str
    start: str
    end: str
    event: str
    words: str


class NodeOutline(Struct, frozen=True):
    """A node, the nodes before it, and what it refers to."""

    name: str
    type: str
    after: list[str]
    uses: list[OutlineUse]
    schedule: ScheduleOutline | None


class JobOutlineAnswer(Struct, frozen=True):
    """A job and one of its texts in outline; ``version`` is 0 for the draft.

    ``next_runs`` are the next five times (ms) at which its schedule fires; null where it has no cron
    expression, or one that is not evaluated. ``zone`` is where its expression is read.
    """

    object: SavedAnswer
    version: int
    description: str
    owner: str
    priority: str
    schedule: ScheduleOutline
    zone: str
    next_runs: list[int] | None
    waits_for: list[OutlineUse]
    uses: list[OutlineUse]
    parameters: list[OutlineParameter]
    nodes: list[NodeOutline]


@api.get("/{name:path}/outline")
def outline_job(call: Placed, name: str, version: str = "") -> JobOutlineAnswer:
    """What a person wants to know of a job: of its draft, of a version by number, or of the ``live`` one.

    Sensitive values are masked. The schedule is told in words, in the caller's language.
    """
    number = version_number(version)
    found = call.platform.outlines.of(call.grant, name, version=number, live=version == LIVE)
    outline = found.outline
    return JobOutlineAnswer(
        object=saved_answer(call, found.stored),
        version=found.version,
        description=outline.description,
        owner=outline.owner,
        priority=outline.priority,
        schedule=_schedule(outline.schedule, call.language),
        zone=found.zone,
        next_runs=found.next_runs,
        waits_for=outline.waits_for,
        uses=outline.uses,
        parameters=outline.parameters,
        nodes=[_node(node, call.language) for node in outline.nodes],
    )


def _node(node: OutlineNode, language: Language) -> NodeOutline:
    schedule = None if node.schedule is None else _schedule(node.schedule, language)
    return NodeOutline(node.name, node.type, node.after, node.uses, schedule)


def _schedule(schedule: OutlineSchedule, language: Language) -> ScheduleOutline:
    return ScheduleOutline(
        type=schedule.type,
        expression=schedule.expression,
        zone=schedule.zone,
        start=schedule.start,
        end=schedule.end,
        event=schedule.event,
        words=schedule_words(schedule.type, schedule.expression, schedule.event, language),
    )
