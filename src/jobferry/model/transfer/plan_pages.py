"""A plan with its findings, packed, and read page by page: filtered, sorted, no more decoded than needed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from enum import StrEnum
from typing import Any, NamedTuple, Self, TypeVar

import msgspec

from jobferry.model.directories import lies_in
from jobferry.model.kinds import ObjectKind
from jobferry.model.transfer.finding import Severity
from jobferry.model.transfer.finding_group import FindingGroup, FoundGroups, Place
from jobferry.model.transfer.plan_view import Change, PlanLine, Verdict

T = TypeVar("T")


_STAYING = frozenset({Verdict.UNCHANGED, Verdict.SKIP})
"""Verdicts that leave an object as it is."""


class StepOrder(StrEnum):
    """In which order a plan's steps are shown; that of the plan where nothing else is said."""

    PLAN = "plan"
    NAME = "name"
    NAME_DOWN = "-name"
    KIND = "kind"
    DIRECTORY = "directory"
    DIRECTORY_DOWN = "-directory"
    VERDICT = "verdict"


class FindingOrder(StrEnum):
    """In which order findings are shown; the gravest first where nothing else is said."""

    GRAVEST = "gravest"
    CODE = "code"
    NEED = "need"
    OBJECTS = "objects"
    OBJECTS_DOWN = "-objects"


class StepFilter(msgspec.Struct, frozen=True, kw_only=True):
    """Which steps are wanted: ``directory`` and what is below it, ``finding`` those that it concerns,
    ``stays`` those of objects that stay as they are, or of all others."""

    kind: ObjectKind | None = None
    name_part: str = ""
    directory: str = ""
    verdict: Verdict | None = None
    change: Change | None = None
    finding: int | None = None
    stays: bool | None = None
    order: StepOrder = StepOrder.PLAN


class PlaceFilter(msgspec.Struct, frozen=True, kw_only=True):
    """Which objects are wanted; ``directory`` and what is below it."""

    kind: ObjectKind | None = None
    name_part: str = ""
    directory: str = ""


class FindingFilter(msgspec.Struct, frozen=True, kw_only=True):
    """Which findings are wanted; of ``objects`` those that concern such ones."""

    severity: Severity | None = None
    code: str = ""
    need_kind: str = ""
    need_part: str = ""
    objects: PlaceFilter = PlaceFilter()
    order: FindingOrder = FindingOrder.GRAVEST


class Span(NamedTuple):
    """Which page of a list."""

    offset: int
    limit: int

    def of(self, items: Sequence[T]) -> tuple[int, list[T]]:
        """How many items there are, and those of the page."""
        return len(items), list(items[self.offset : self.offset + self.limit])


class PlanPages(msgspec.Struct, frozen=True):
    """The packed parts; each is decoded when it is asked for. ``places`` lists each finding's objects."""

    lines: msgspec.Raw
    groups: msgspec.Raw
    places: msgspec.Raw

    @classmethod
    def of(cls, lines: Iterable[PlanLine], found: FoundGroups) -> Self:
        """A plan's lines with all that was found."""
        return cls(packed(tuple(lines)), packed(found.groups), packed(found.places))

    def all_lines(self) -> list[PlanLine]:
        """Every line, in the order of the plan."""
        return _lines.decode(self.lines)

    def steps(self, wanted: StepFilter, span: Span) -> tuple[int, list[PlanLine]]:
        """How many steps fit, and one page of them; of a plan as it is, only those are decoded."""
        if wanted == StepFilter():
            total, page = span.of(_raws.decode(self.lines))
            return total, [_line.decode(raw) for raw in page]
        concerned = None
        if wanted.finding is not None:
            concerned = {(place.kind, place.name) for place in self._places_of(wanted.finding)}
        found = [
            line
            for line in self.all_lines()
            if _fits(line, wanted) and (concerned is None or (line.kind, line.name) in concerned)
        ]
        if wanted.order is not StepOrder.PLAN:
            _sort(found, wanted.order, _STEP_KEYS)
        return span.of(found)

    def all_findings(self) -> list[FindingGroup]:
        """Every finding, the gravest first."""
        return _groups.decode(self.groups)

    def found(self) -> FoundGroups:
        """Every finding with all its objects."""
        return FoundGroups(tuple(self.all_findings()), tuple(self._all_places()))

    def findings(self, wanted: FindingFilter, span: Span) -> tuple[int, list[FindingGroup]]:
        """How many findings fit, and one page of them."""
        return findings_page(self.all_findings(), self._all_places, wanted, span)

    def objects(self, number: int, wanted: PlaceFilter, span: Span) -> tuple[int, list[Place]]:
        """How many places of a finding fit, and one page of them; none where there is no such finding."""
        return span.of([place for place in self._places_of(number) if place_fits(place, wanted)])

    def _places_of(self, number: int) -> tuple[Place, ...]:
        packed_places = _raws.decode(self.places)
        if not 0 < number <= len(packed_places):
            return ()
        return _places.decode(packed_places[number - 1])

    def _all_places(self) -> list[tuple[Place, ...]]:
        return _all_places.decode(self.places)


_encoder = msgspec.msgpack.Encoder()
_line = msgspec.msgpack.Decoder(PlanLine)
_lines = msgspec.msgpack.Decoder(list[PlanLine])
_groups = msgspec.msgpack.Decoder(list[FindingGroup])
_raws = msgspec.msgpack.Decoder(list[msgspec.Raw])
_places = msgspec.msgpack.Decoder(tuple[Place, ...])
_all_places = msgspec.msgpack.Decoder(list[tuple[Place, ...]])


def packed(value: Any) -> msgspec.Raw:
    """A part as it is kept."""
    return msgspec.Raw(_encoder.encode(value))


def findings_page(
    groups: Sequence[FindingGroup],
    places: Callable[[], Sequence[tuple[Place, ...]]],
    wanted: FindingFilter,
    span: Span,
) -> tuple[int, list[FindingGroup]]:
    """How many findings fit, and one page; ``places`` is only asked where a filter is about objects."""
    found = [group for group in groups if _group_fits(group, wanted)]
    if wanted.objects != PlaceFilter():
        there = places()
        found = [
            group
            for group in found
            if any(place_fits(place, wanted.objects) for place in there[group.number - 1])
        ]
    if wanted.order is not FindingOrder.GRAVEST:
        _sort(found, wanted.order, _FINDING_KEYS)
    return span.of(found)


def referred(groups: Sequence[FindingGroup], lines: Iterable[Any]) -> list[FindingGroup]:
    """The findings that lines of a plan or receipt name as their reasons, in order of number."""
    numbers = {reason.finding for line in lines for reason in line.reasons}
    return [groups[number - 1] for number in sorted(numbers)]


def place_fits(place: Place, wanted: PlaceFilter) -> bool:
    """Whether an object is wanted."""
    return (
        (wanted.kind is None or place.kind == wanted.kind)
        and wanted.name_part.lower() in place.name.lower()
        and (not wanted.directory or lies_in(place.directory, wanted.directory))
    )


def _fits(line: PlanLine, wanted: StepFilter) -> bool:
    return (
        (wanted.kind is None or line.kind is wanted.kind)
        and (wanted.verdict is None or line.verdict is wanted.verdict)
        and (wanted.stays is None or (line.verdict in _STAYING) is wanted.stays)
        and (wanted.change is None or line.change is wanted.change)
        and wanted.name_part.lower() in line.name.lower()
        and (not wanted.directory or lies_in(line.directory, wanted.directory))
    )


def _group_fits(group: FindingGroup, wanted: FindingFilter) -> bool:
    return (
        (wanted.severity is None or group.severity is wanted.severity)
        and (not wanted.code or group.code == wanted.code)
        and (not wanted.need_kind or group.need_kind == wanted.need_kind)
        and wanted.need_part.lower() in group.need_name.lower()
    )


_STEP_KEYS: dict[str, Callable[[PlanLine], Any]] = {
    "name": lambda line: line.name,
    "kind": lambda line: line.kind,
    "directory": lambda line: (line.directory, line.name),
    "verdict": lambda line: list(Verdict).index(line.verdict),
}
_FINDING_KEYS: dict[str, Callable[[FindingGroup], Any]] = {
    "code": lambda group: group.code,
    "need": lambda group: (group.need_kind, group.need_name),
    "objects": lambda group: group.objects,
}


def _sort(items: list[T], order: StrEnum, keys: dict[str, Callable[[T], Any]]) -> None:
    """Sorts in place; what is alike stays in the order in which it was."""
    items.sort(key=keys[order.removeprefix("-")], reverse=order.startswith("-"))
