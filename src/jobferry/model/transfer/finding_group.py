"""Findings by what they are about: a thing once, with the objects that it concerns."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping

import msgspec

from jobferry.model.transfer.finding import CONSEQUENCES, PACKAGE, Finding, Severity

_FIRST = 10
_GRAVEST = {Severity.BLOCK: 0, Severity.HOLD: 1, Severity.WARN: 2}
_CAUSE = "cause"
_CAUSE_ARGS = "cause."


class Place(msgspec.Struct, frozen=True, gc=False, array_like=True):
    """An object that a finding concerns, and the path in its document; ``directory`` as it would be here."""

    kind: str
    name: str
    directory: str
    path: str


class Reason(msgspec.Struct, frozen=True, gc=False, array_like=True):
    """What a line of a plan or receipt refers to: a finding by its number, and the path in the document."""

    finding: int
    path: str


class FindingGroup(msgspec.Struct, frozen=True, kw_only=True):
    """What is the matter with one thing, said once. Groups are numbered from 1, the gravest first.

    ``need_kind`` and ``need_name`` are the thing, where it is one that is referred to. ``objects`` is how
    many objects it concerns, 0 where it concerns the package as a whole; ``first`` are up to ten of them.
    """

    number: int
    code: str
    severity: Severity
    need_kind: str
    need_name: str
    args: dict[str, str]
    objects: int
    first: tuple[Place, ...]

    def at(self, place: Place) -> Finding:
        """The finding on one of its objects."""
        return Finding(
            code=self.code,
            severity=self.severity,
            kind=place.kind,
            name=place.name,
            path=place.path,
            need_kind=self.need_kind,
            need_name=self.need_name,
            args=self.args,
        )


class FoundGroups:
    """All findings of a check as groups; ``places[i]`` are those of ``groups[i]``, by kind, name and path."""

    def __init__(self, groups: tuple[FindingGroup, ...], places: tuple[tuple[Place, ...], ...]) -> None:
        self.groups = groups
        self.places = places
        self._numbers = {_key(group): group.number for group in groups}

    @property
    def counts(self) -> dict[Severity, int]:
        """How many groups there are of each severity."""
        counted = Counter(group.severity for group in self.groups)
        return {severity: counted[severity] for severity in Severity if counted[severity]}

    def reasons(self, findings: Iterable[Finding]) -> tuple[Reason, ...]:
        """What stands for these findings, which were among the grouped, on one object's line."""
        numbers = self._numbers
        return tuple([Reason(numbers[_key(finding)], finding.path) for finding in findings])


NOTHING_FOUND = FoundGroups((), ())

_Key = tuple[object, ...]


def grouped(findings: Iterable[Finding], directories: Mapping[tuple[str, str], str]) -> FoundGroups:
    """Every finding in its group; ``directories`` tells where objects are, or would be."""
    found: dict[_Key, tuple[Finding, set[Place]]] = {}
    for finding in findings:
        key = _key(finding)
        entry = found.get(key)
        if entry is None:
            entry = found[key] = (finding, set())
        subject = (finding.kind, finding.name)
        if subject != PACKAGE:
            directory = directories.get(subject, "")
            entry[1].add(Place(finding.kind, finding.name, directory, finding.path))
    groups = [_group(first, sorted(places, key=_order)) for first, places in found.values()]
    groups.sort(key=lambda made: _rank(made[0]))
    numbered = tuple(
        msgspec.structs.replace(group, number=number) for number, (group, _) in enumerate(groups, 1)
    )
    return FoundGroups(numbered, tuple(places for _, places in groups))


def _group(finding: Finding, places: list[Place]) -> tuple[FindingGroup, tuple[Place, ...]]:
    first: dict[tuple[str, str], Place] = {}
    for place in places:
        first.setdefault((place.kind, place.name), place)
    caused = _CAUSE in finding.args
    group = FindingGroup(
        number=0,
        code=finding.code,
        severity=finding.severity,
        need_kind="" if caused else finding.need_kind,
        need_name="" if caused else finding.need_name,
        args=dict(_cause_args(finding.args)) if caused else finding.args,
        objects=len(first),
        first=tuple(list(first.values())[:_FIRST]),
    )
    return group, tuple(places)


def _key(finding: Finding | FindingGroup) -> _Key:
    """What findings of one group have in common; what follows from others goes by its first cause."""
    args = finding.args
    if _CAUSE in args:
        return (finding.code, finding.severity, *_cause_args(args))
    return (finding.code, finding.severity, finding.need_kind, finding.need_name, *args.items())


def _cause_args(args: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Why, without the objects in between."""
    return ((key, value) for key, value in args.items() if key == _CAUSE or key.startswith(_CAUSE_ARGS))


def _order(place: Place) -> tuple[str, str, str]:
    return place.kind, place.name, place.path


def _rank(group: FindingGroup) -> tuple[int, bool, int, str, str, str]:
    """The gravest first, what only follows from others after that; then by how many objects it concerns."""
    follows = group.code in CONSEQUENCES
    return (
        _GRAVEST[group.severity],
        follows,
        -group.objects,
        group.code,
        group.need_kind,
        group.need_name,
    )
