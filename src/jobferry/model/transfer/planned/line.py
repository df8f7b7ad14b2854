"""A plan as people look at it: one line an object, in no language yet."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from enum import StrEnum
from typing import Any

import msgspec

from jobferry.model.kinds import ObjectKind
from jobferry.model.records import ObjectKey
from jobferry.model.transfer.arrival import Arrival
from jobferry.model.transfer.finding import Finding
from jobferry.model.transfer.plan import (
    Block,
    Create,
    Hold,
    Keep,
    Lock,
    Overwrite,
    Plan,
    Remove,
    Restore,
    Skip,
    Step,
    Submit,
)


class Verdict(StrEnum):
    """What a plan says of one object."""

    CREATE = "create"
    OVERWRITE = "overwrite"
    UNCHANGED = "unchanged"
    SKIP = "skip"
    RESTORE = "restore"
    REMOVE = "remove"
    BLOCKED = "blocked"


_VERDICTS: dict[type[Any], Verdict] = {
    Create: Verdict.CREATE,
    Overwrite: Verdict.OVERWRITE,
    Keep: Verdict.UNCHANGED,
    Skip: Verdict.SKIP,
    Block: Verdict.BLOCKED,
    Restore: Verdict.RESTORE,
    Remove: Verdict.REMOVE,
}


class PlanLine(msgspec.Struct, frozen=True, gc=False, kw_only=True, omit_defaults=True):
    """One object of a plan. ``submits`` is the version that it becomes, or 0; ``held`` is what is missing.

    ``lock_from`` is who loses the lock by it. ``former_name`` is told where the object gets another name.
    """

    verdict: Verdict
    kind: ObjectKind
    name: str
    directory: str = ""
    former_name: str = ""
    submits: int = 0
    lock_from: str = ""
    held: tuple[str, ...] = ()
    reasons: tuple[Finding, ...] = ()


def lines_of(plan: Plan, arrivals: Iterable[Arrival] = ()) -> Iterator[PlanLine]:
    """A plan in its order; that of an import with its arrivals."""
    places = {arrival.key: arrival.directory for arrival in arrivals}
    for leading, following in plan.objects():
        yield _line(leading, following, places)


def _line(leading: Step, following: tuple[Step, ...], places: dict[ObjectKey, str]) -> PlanLine:
    renamed = isinstance(leading, Overwrite | Restore) and leading.former_name != leading.name
    key = (leading.kind, leading.name)
    return PlanLine(
        verdict=_VERDICTS[type(leading)],
        kind=leading.kind,
        name=leading.name,
        directory=leading.prior.directory if isinstance(leading, Restore) else places.get(key, ""),
        former_name=leading.former_name if isinstance(leading, Overwrite | Restore) and renamed else "",
        submits=next((step.number for step in following if isinstance(step, Submit)), 0),
        lock_from=next((step.former_holder for step in following if isinstance(step, Lock)), ""),
        held=next((step.missing for step in following if isinstance(step, Hold)), ()),
        reasons=leading.findings if isinstance(leading, Block) else (),
    )
