"""A plan as people look at it: one line an object, its three sides, and what held objects wait for."""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum
from typing import Any

import msgspec

from jobferry.model.document.difference import (
    Difference,
    LineComparison,
    differences,
    differing_values,
    is_same,
)
from jobferry.model.kinds import NeedKind, ObjectKind
from jobferry.model.review import ReleaseMode
from jobferry.model.transfer.finding_group import FoundGroups, Reason
from jobferry.model.transfer.import_context import DELETION_CODES, ImportContext, ImportItem, Intent
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
    reasons_of,
)
from jobferry.model.transfer.target_state import TargetState


class Change(StrEnum):
    """How an object of a package stands to the one that is here. ``DIFFERS``: no common state is known."""

    NEW = "new"
    UNCHANGED = "unchanged"
    PACKAGE_NEWER = "package-newer"
    TARGET_EDITED = "target-edited"
    BOTH_EDITED = "both-edited"
    DIFFERS = "differs"
    DELETED_AT_SOURCE = "deleted-at-source"


def change_of(item: ImportItem, state: TargetState) -> Change:
    """An item's change; an object edited back to what had landed counts as not edited."""
    target = item.target
    if target is None:
        return Change.NEW
    if item.intent is Intent.UNCHANGED or item.digest == target.digest:
        return Change.UNCHANGED
    landed = state.landed.get(target.id)
    if landed is None:
        return Change.DIFFERS
    if landed == target.digest:
        return Change.PACKAGE_NEWER
    entry = state.landed_entries.get(target.id)
    return Change.TARGET_EDITED if entry == item.entry.info.sha256 else Change.BOTH_EDITED


class Verdict(StrEnum):
    """What a plan says of one object."""

    CREATE = "create"
    OVERWRITE = "overwrite"
    UNCHANGED = "unchanged"
    SKIP = "skip"
    HELD = "held"
    """It comes in, new or as another text, and cannot be started yet."""
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
    way: ReleaseMode = ReleaseMode.LIVE
    lock_from: str = ""
    tag: str = ""
    held: tuple[str, ...] = ()
    files: tuple[str, ...] = ()
    """Where files of a resource are put."""
    reasons: tuple[Reason, ...] = ()


def lines_of(plan: Plan, found: FoundGroups, context: ImportContext | None = None) -> Iterator[PlanLine]:
    """A plan in its order; that of an import with its context. ``found`` numbers its findings."""
    arriving = {item.key: item for item in context.items} if context else {}
    for leading, following in plan.objects():
        departs = is_departure(leading)
        item = None if departs else arriving.get((leading.kind, leading.name))
        line = _line(leading, following, item, found)
        if context is not None and item is not None:
            line = msgspec.structs.replace(line, change=change_of(item, context.target_state))
        yield msgspec.structs.replace(line, change=Change.DELETED_AT_SOURCE) if departs else line


def is_departure(leading: Step) -> bool:
    """Whether a step is about something that the source has deleted, whatever becomes of it here."""
    if isinstance(leading, Skip | Block):
        return any(finding.code in DELETION_CODES for finding in leading.findings)
    return isinstance(leading, Delete)


def _line(
    leading: Step, following: tuple[Step, ...], item: ImportItem | None, found: FoundGroups
) -> PlanLine:
    submitted = next((step for step in following if isinstance(step, Submit | AskReview)), None)
    renamed = isinstance(leading, Overwrite | Restore) and leading.former_name != leading.name
    place = item.directory if item is not None else ""
    if isinstance(leading, Delete):
        place = leading.directory
    held = next((step.missing for step in following if isinstance(step, Hold)), ())
    moved = isinstance(leading, Overwrite) and leading.former_directory != leading.directory
    return PlanLine(
        verdict=Verdict.HELD if held else _VERDICTS[type(leading)],
        kind=leading.kind,
        name=leading.name,
        directory=leading.prior.directory if isinstance(leading, Restore) else place,
        former_name=leading.former_name if isinstance(leading, Overwrite | Restore) and renamed else "",
        former_directory=leading.former_directory if isinstance(leading, Overwrite) and moved else "",
        copy_of=item.entry.info.name if item is not None and item.is_copy else "",
        submits=submitted.number if submitted else 0,
        way=_way(submitted),
        lock_from=next((step.former_holder for step in following if isinstance(step, Lock)), ""),
        tag=next((step.tag for step in following if isinstance(step, Tag)), ""),
        held=held,
        files=tuple(step.place for step in following if isinstance(step, PlaceFile)),
        reasons=found.reasons(reasons_of(leading, following)),
    )


def _way(submitted: Submit | AskReview | None) -> ReleaseMode:
    if isinstance(submitted, AskReview):
        return ReleaseMode.REVIEW
    return ReleaseMode.RELEASE if submitted is not None and not submitted.live else ReleaseMode.LIVE


class Side(msgspec.Struct, frozen=True):
    """What one side has at a path; ``there`` tells nothing from an empty value."""

    there: bool
    value: Any


class Sides(msgspec.Struct, frozen=True, kw_only=True):
    """One path at which the sides differ. ``base`` is None where no common state is known.

    ``lines`` are those that go from here and come by the package, in texts of several lines.
    """

    path: str
    base: Side | None
    here: Side
    package: Side
    lines: tuple[str, ...]


def sides(base: Any | None, here: Any, package: Any) -> list[Sides]:
    """Every path at which the package differs from here, or either from the base; by path.

    Where both made the same edit there is nothing to decide, and nothing is told.
    """
    if base is None:
        return [_two(difference) for difference in differences(here, package)]
    return list(_three(differing_values(base, here), differing_values(base, package)))


def _two(difference: Difference) -> Sides:
    return Sides(
        path=difference.path,
        base=None,
        here=_former(difference),
        package=_latter(difference),
        lines=difference.lines,
    )


def _three(mine: list[Difference], theirs: list[Difference]) -> Iterator[Sides]:
    here, package = ({difference.path: difference for difference in side} for side in (mine, theirs))
    texts = LineComparison()
    for path in sorted(here.keys() | package.keys()):
        left, right = here.get(path), package.get(path)
        base = _former(left or right or _NOTHING)
        at_here, at_package = (_latter(difference) if difference else base for difference in (left, right))
        if at_here.there != at_package.there or not is_same(at_here.value, at_package.value):
            lines = texts.compare(at_here.value, at_package.value)
            yield Sides(path=path, base=base, here=at_here, package=at_package, lines=lines)


_NOTHING = Difference(path="", in_former=False, in_latter=False, former=None, latter=None, lines=())


def _former(difference: Difference) -> Side:
    return Side(difference.in_former, difference.former)


def _latter(difference: Difference) -> Side:
    return Side(difference.in_latter, difference.latter)


_IN = " @ "

Waited = tuple[str, str, str]
"""Kind, name, and the other workspace, if the thing is a job that lives in one."""


def told(kind: str, name: str, workspace: str = "") -> str:
    """A thing as a held object names it."""
    return f"{kind} {name}{_IN}{workspace}" if workspace else f"{kind} {name}"


def waited(entry: str) -> Waited:
    """What :func:`told` was given."""
    kind, _, name = entry.partition(" ")
    if kind == NeedKind.JOB and _IN in name:
        name, _, workspace = name.rpartition(_IN)
        return kind, name, workspace
    return kind, name, ""
