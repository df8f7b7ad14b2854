"""What a plan or receipt says, page by page: findings, each once, and what becomes of each object."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from msgspec import Struct

from jobferry.api.calls import QueryGroup
from jobferry.model.kinds import ObjectKind
from jobferry.model.messages.reader import Reader
from jobferry.model.review import ReleaseMode
from jobferry.model.transfer.finding import Severity
from jobferry.model.transfer.finding_group import FindingGroup, Place, Reason
from jobferry.model.transfer.plan_pages import (
    FindingFilter,
    FindingOrder,
    PlaceFilter,
    StepFilter,
    StepOrder,
    referred,
)
from jobferry.model.transfer.plan_view import Change, PlanLine, Verdict
from jobferry.sentences import sentence


class FindingObject(Struct, frozen=True, gc=False):
    """An object that a finding concerns: where it would be here, and the path in its document."""

    kind: str
    name: str
    directory: str
    path: str


class FindingHead(Struct, frozen=True):
    """What is the matter with one thing, in the caller's language, with the code and arguments it was said
    from. ``number`` names it in this report; ``objects`` is how many it concerns, 0 for the package."""

    number: int
    code: str
    severity: Severity
    need_kind: str
    need_name: str
    args: dict[str, str]
    message: str
    remedy: str
    objects: int


class FindingAnswer(FindingHead, frozen=True):
    """The same with the first ten objects."""

    first: list[FindingObject]


class FindingList(Struct, frozen=True):
    """How many findings fit, and one page of them."""

    total: int
    items: list[FindingAnswer]


class FindingObjectList(Struct, frozen=True):
    """How many places of a finding fit, and one page of them: an object has one for each path."""

    total: int
    items: list[FindingObject]


class ReasonAnswer(Struct, frozen=True, gc=False):
    """A finding by its number, and where in the object's document."""

    finding: int
    path: str


class StepAnswer(Struct, frozen=True, gc=False):
    """What would become of one object. ``submits`` is a version or 0, ``way`` how it goes live; ``tag`` is
    the failed tag that a blocked job gets; ``files`` are where those of a resource are put."""

    verdict: Verdict
    kind: ObjectKind
    name: str
    directory: str
    note: str
    change: Change | None
    submits: int
    way: ReleaseMode
    lock_from: str
    tag: str
    held: tuple[str, ...]
    files: tuple[str, ...]
    reasons: list[ReasonAnswer]


class StepList(Struct, frozen=True):
    """How many steps fit, one page of them, and the findings that these refer to."""

    total: int
    items: list[StepAnswer]
    findings: list[FindingHead]


class StepQuery(QueryGroup):
    """Which steps of a plan: ``name`` is a part of the name, ``directory`` also what is below it, ``finding``
    the number of one that concerns them, ``stays`` whether they stay as they are."""

    kind: ObjectKind | None = None
    name: str = ""
    directory: str = ""
    verdict: Verdict | None = None
    change: Change | None = None
    finding: int | None = None
    stays: bool | None = None
    sort: StepOrder = StepOrder.PLAN

    def wanted(self) -> StepFilter:
        """The same in the engine's words."""
        return StepFilter(
            kind=self.kind,
            name_part=self.name,
            directory=self.directory,
            verdict=self.verdict,
            change=self.change,
            finding=self.finding,
            stays=self.stays,
            order=self.sort,
        )


class PlaceQuery(QueryGroup):
    """Which objects that a finding concerns: ``name`` is a part of the name, ``directory`` also what is below
    it."""

    kind: ObjectKind | None = None
    name: str = ""
    directory: str = ""

    def objects(self) -> PlaceFilter:
        """The same in the engine's words."""
        return PlaceFilter(kind=self.kind, name_part=self.name, directory=self.directory)


class FindingQuery(PlaceQuery):
    """Which findings: those that concern such objects, ``need_name`` a part of the needed thing's name."""

    severity: Severity | None = None
    code: str = ""
    need_kind: str = ""
    need_name: str = ""
    sort: FindingOrder = FindingOrder.GRAVEST

    def wanted(self) -> FindingFilter:
        """The same in the engine's words."""
        return FindingFilter(
            severity=self.severity,
            code=self.code,
            need_kind=self.need_kind,
            need_part=self.need_name,
            objects=self.objects(),
            order=self.sort,
        )


def finding_list(found: tuple[int, list[FindingGroup]], reader: Reader) -> FindingList:
    """A page of findings."""
    total, groups = found
    return FindingList(total, [_finding(group, reader) for group in groups])


def object_list(found: tuple[int, list[Place]]) -> FindingObjectList:
    """A page of what a finding concerns."""
    total, places = found
    return FindingObjectList(total, [_object(place) for place in places])


def step_list(found: tuple[int, list[PlanLine]], groups: Sequence[FindingGroup], reader: Reader) -> StepList:
    """A page of a plan; ``groups`` are all its findings."""
    total, lines = found
    heads = finding_heads(referred(groups, lines), reader)
    return StepList(total, [_step(line, reader) for line in lines], heads)


def finding_heads(groups: Iterable[FindingGroup], reader: Reader) -> list[FindingHead]:
    """Findings without the objects that they concern."""
    return [_head(group, reader) for group in groups]


def reason_answers(reasons: Iterable[Reason]) -> list[ReasonAnswer]:
    """What a line refers to."""
    return [ReasonAnswer(reason.finding, reason.path) for reason in reasons]


def _head(group: FindingGroup, reader: Reader) -> FindingHead:
    said = reader.phrase(group.code, group.args)
    return FindingHead(
        group.number,
        group.code,
        group.severity,
        group.need_kind,
        group.need_name,
        group.args,
        said.message,
        said.remedy,
        group.objects,
    )


def _finding(group: FindingGroup, reader: Reader) -> FindingAnswer:
    said = reader.phrase(group.code, group.args)
    return FindingAnswer(
        group.number,
        group.code,
        group.severity,
        group.need_kind,
        group.need_name,
        group.args,
        said.message,
        said.remedy,
        group.objects,
        [_object(place) for place in group.first],
    )


def _object(place: Place) -> FindingObject:
    return FindingObject(place.kind, place.name, place.directory, place.path)


def _step(line: PlanLine, reader: Reader) -> StepAnswer:
    return StepAnswer(
        line.verdict,
        line.kind,
        line.name,
        line.directory,
        reader.told(_note(line)),
        line.change,
        line.submits,
        line.way,
        line.lock_from,
        line.tag,
        line.held,
        line.files,
        reason_answers(line.reasons),
    )


def _note(line: PlanLine) -> str:
    if line.former_name:
        return sentence("renamed from {name}", name=line.former_name)
    if line.copy_of:
        return sentence("copy of {name}", name=line.copy_of)
    if line.former_directory:
        return sentence("moved from {name}", name=line.former_directory)
    if line.verdict in (Verdict.DELETE, Verdict.BLOCKED) or line.change is Change.DELETED_AT_SOURCE:
        return ""
    if line.verdict is Verdict.UNCHANGED:
        return sentence("same digest")
    return sentence("exists; duplicate policy is skip") if line.verdict is Verdict.SKIP else ""
