"""A plan as people look at it: one line an object, in no language yet."""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum
from typing import Any

import msgspec

from jobferry.model.kinds import ObjectKind
from jobferry.model.review import Way
from jobferry.model.transfer.arrival import Arrival, Passage
from jobferry.model.transfer.finding import Finding
from jobferry.model.transfer.plan import (
    AskReview,
    Block,
    Create,
    Delete,
    Hold,
    Keep,
    Lock,
    Overwrite,
    PlaceFile,
    Plan,
    Remove,
    Restore,
    Retag,
    Skip,
    Step,
    Submit,
    Tag,
)
from jobferry.model.transfer.planned.change import Change, change_of
from jobferry.model.transfer.planned.departure import DEPARTURE_CODES


class Verdict(StrEnum):
    """What a plan says of one object."""

    CREATE = "create"
    OVERWRITE = "overwrite"
    UNCHANGED = "unchanged"
    SKIP = "skip"
    RESTORE = "restore"
    REMOVE = "remove"
    DELETE = "delete"
    BLOCKED = "blocked"


_VERDICTS: dict[type[Any], Verdict] = {
    Create: Verdict.CREATE,
    Overwrite: Verdict.OVERWRITE,
    Keep: Verdict.UNCHANGED,
    Skip: Verdict.SKIP,
    Block: Verdict.BLOCKED,
    Restore: Verdict.RESTORE,
    Retag: Verdict.RESTORE,
    Remove: Verdict.REMOVE,
    Delete: Verdict.DELETE,
}


class PlanLine(msgspec.Struct, frozen=True, gc=False, kw_only=True, omit_defaults=True):
    """One object of a plan. ``submits`` is the version that it becomes in that
    ``way``, or 0; ``held`` is what is missing.

    ``tag`` is the failed tag that a blocked job gets. ``lock_from`` is who loses the lock by it.
    ``former_name`` is told where the object gets another name, ``former_directory`` where it gets another
    place, ``copy_of`` what the package calls what comes in as a copy.
    """

    verdict: Verdict
    kind: ObjectKind
    name: str
    directory: str = ""
    former_name: str = ""
    former_directory: str = ""
    copy_of: str = ""
    change: Change | None = None
    submits: int = 0
    way: Way = Way.LIVE
    lock_from: str = ""
    tag: str = ""
    held: tuple[str, ...] = ()
    files: tuple[str, ...] = ()
    """Where files of a resource are put."""
    reasons: tuple[Finding, ...] = ()


def lines_of(plan: Plan, passage: Passage | None = None) -> Iterator[PlanLine]:
    """A plan in its order; that of an import with its passage."""
    arriving = {arrival.key: arrival for arrival in passage.arrivals} if passage else {}
    for leading, following in plan.objects():
        departs = is_departure(leading)
        arrival = None if departs else arriving.get((leading.kind, leading.name))
        line = _line(leading, following, arrival)
        if passage is not None and arrival is not None:
            line = msgspec.structs.replace(line, change=change_of(arrival, passage.view))
        yield msgspec.structs.replace(line, change=Change.DELETED_AT_SOURCE) if departs else line


def is_departure(leading: Step) -> bool:
    """Whether a step is about something that the source has deleted, whatever becomes of it here."""
    if isinstance(leading, Skip | Block):
        return any(one.code in DEPARTURE_CODES for one in leading.findings)
    return isinstance(leading, Delete)


def _line(leading: Step, following: tuple[Step, ...], arrival: Arrival | None) -> PlanLine:
    submitted = next((step for step in following if isinstance(step, Submit | AskReview)), None)
    renamed = isinstance(leading, Overwrite | Restore) and leading.former_name != leading.name
    place = arrival.directory if arrival is not None else ""
    if isinstance(leading, Delete):
        place = leading.directory
    moved = isinstance(leading, Overwrite) and leading.former_directory != leading.directory
    return PlanLine(
        verdict=_VERDICTS[type(leading)],
        kind=leading.kind,
        name=leading.name,
        directory=leading.prior.directory if isinstance(leading, Restore) else place,
        former_name=leading.former_name if isinstance(leading, Overwrite | Restore) and renamed else "",
        former_directory=leading.former_directory if isinstance(leading, Overwrite) and moved else "",
        copy_of=arrival.item.entry.name if arrival is not None and arrival.is_copy else "",
        submits=submitted.number if submitted else 0,
        way=_way(submitted),
        lock_from=next((step.former_holder for step in following if isinstance(step, Lock)), ""),
        tag=next((step.tag for step in following if isinstance(step, Tag)), ""),
        held=next((step.missing for step in following if isinstance(step, Hold)), ()),
        files=tuple(step.place for step in following if isinstance(step, PlaceFile)),
        reasons=leading.findings if isinstance(leading, Block | Skip) else (),
    )


def _way(submitted: Submit | AskReview | None) -> Way:
    if isinstance(submitted, AskReview):
        return Way.REVIEW
    return Way.RELEASE if submitted is not None and not submitted.live else Way.LIVE
