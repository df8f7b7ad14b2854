"""A mapping that would answer what is missing, guessed from the names of what is here."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from difflib import SequenceMatcher

import msgspec

from jobferry.model.kinds import NeedKind
from jobferry.model.transfer.finding import Finding
from jobferry.model.transfer.mapping import Section

_UNMAPPABLE = frozenset({NeedKind.VARIABLE, NeedKind.CDM})
_SHOWN = 10
_COMPARED = 50
_WORDS = re.compile(r"[^\W\d_]+|\d+")

Names = Callable[[NeedKind], Sequence[str]]
"""Gives the names of all things of a kind that are here and may be seen."""


class Guess(msgspec.Struct, frozen=True):
    """What is missing, by the name that the package has for it; the likeliest candidates first."""

    section: str
    name: str
    candidates: tuple[str, ...] = ()


def guesses(
    findings: Iterable[Finding], pairs: Mapping[NeedKind, Mapping[str, str]], names: Names
) -> tuple[Guess, ...]:
    """One for each thing that is missing and can be mapped, in order; ``pairs`` is what is mapped already."""
    found: dict[tuple[str, str], Guess] = {}
    likest = likenesses(names)
    for one in findings:
        if one.code == "time-zone-differs":
            zone = one.args["zone"]
            found[Section.TIME_ZONE, zone] = Guess(Section.TIME_ZONE, zone, (one.args["local"],))
        kind = _missing_kind(one)
        if kind is None:
            continue
        for name in _formers(one.need_name, pairs.get(kind, {})):
            if (kind, name) not in found:
                found[kind, name] = Guess(kind, name, likest(kind, one.need_name))
    return tuple(found[key] for key in sorted(found))


def likenesses(names: Names) -> Callable[[NeedKind, str], tuple[str, ...]]:
    """Gives the names of a kind that are most like one, the likest first; each kind is looked into once."""
    searches: dict[NeedKind, _Search] = {}

    def likest(kind: NeedKind, name: str) -> tuple[str, ...]:
        if kind not in searches:
            searches[kind] = _Search(names(kind))
        return searches[kind].likest(name)

    return likest


def _missing_kind(finding: Finding) -> NeedKind | None:
    if not finding.need_kind or not finding.code.endswith("-missing") or finding.code.startswith("mapping-"):
        return None
    kind = NeedKind(finding.need_kind)
    return None if kind in _UNMAPPABLE or finding.code == "upstream-elsewhere-missing" else kind


def _formers(name: str, pairs: Mapping[str, str]) -> list[str]:
    """What the package calls a thing that is missing under this name, which may itself be mapped to."""
    return [former for former, local in pairs.items() if local == name] or [name]


class _Search:
    """Looks for like names among many: first by the words that they share, then letter by letter."""

    def __init__(self, names: Sequence[str]) -> None:
        self._names = sorted(names)
        self._by_word: dict[str, list[int]] = {}
        for place, name in enumerate(self._names):
            for word in _words(name):
                self._by_word.setdefault(word, []).append(place)

    def likest(self, name: str) -> tuple[str, ...]:
        """The names that are most like this one, the likest first."""
        shares: dict[int, float] = {}
        for word in _words(name):
            places = self._by_word.get(word, [])
            for place in places:
                shares[place] = shares.get(place, 0.0) + 1 / len(places)
        near = sorted(shares, key=lambda place: (-shares[place], place))[:_COMPARED]
        if len(near) < _COMPARED:
            near += [place for place in range(min(len(self._names), _COMPARED)) if place not in shares]
        compared = SequenceMatcher(b=name.lower(), autojunk=False)
        scores: list[tuple[float, str]] = []
        for place in near:
            compared.set_seq1(self._names[place].lower())
            scores.append((-compared.ratio(), self._names[place]))
        return tuple(one for _, one in sorted(scores)[:_SHOWN])


def _words(name: str) -> set[str]:
    return {word.lower() for word in _WORDS.findall(name)}
