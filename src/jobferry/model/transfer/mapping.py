"""A mapping: which local thing stands for one that a package names; and one suggested by similar names."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from collections.abc import Mapping as Pairs
from enum import StrEnum
from functools import lru_cache
from typing import Any

import msgspec

from jobferry.model.kinds import NeedKind
from jobferry.model.names import MAX_COMPARED_LETTERS

PREFIX_KINDS = frozenset({NeedKind.PATH, NeedKind.URL})
"""Kinds whose names are mapped by their beginnings."""


class Section(StrEnum):
    """What a mapping may speak of besides kinds of things that are referred to."""

    DIRECTORY = "directory"
    PARAMETER = "parameter"
    TIME_ZONE = "time-zone"


_BORDERS = "/?"
_ROOT = "/"
_MAX_CUT_LETTERS = 2048
"""Maximum letters of a name of which each beginning is looked up; for longer ones each key is looked at."""


class Mapping(msgspec.Struct, frozen=True):
    """By kind, from the package's name to the one used here.

    ``directories`` are where new objects go, ``parameters`` values by the parameters' names, ``zones`` time
    zones of schedules. ``copies`` are no part of what is said: new names of the package's own objects that
    come in as copies, which references inside this workspace follow.
    """

    names: dict[NeedKind, dict[str, str]] = {}
    directories: dict[str, str] = {}
    parameters: dict[str, str] = {}
    zones: dict[str, str] = {}
    copies: dict[NeedKind, dict[str, str]] = {}

    def __bool__(self) -> bool:
        return bool(self.names or self.directories or self.parameters or self.zones)

    def local(self, kind: NeedKind, name: str) -> str:
        """What a name becomes; a name that is not mapped stays."""
        pairs = self.names.get(kind)
        if not pairs:
            return name
        former = matched(kind, name, pairs)
        return name if former is None else pairs[former] + name[len(former) :]

    def inside(self, kind: NeedKind, name: str) -> str:
        """The same for a thing of this very workspace: what is not mapped follows to a copy."""
        local = self.local(kind, name)
        return self.copies.get(kind, {}).get(name, name) if local == name else local

    def place(self, directory: str) -> str:
        """What a directory of the package becomes, by the longest of its beginnings."""
        former = matched(NeedKind.PATH, directory, self.directories)
        if former is None:
            return directory
        rest = directory.removeprefix(former).strip(_ROOT)
        return "/".join(filter(None, (self.directories[former].rstrip(_ROOT), rest))) or _ROOT

    def sections(self) -> Iterator[tuple[str, dict[str, str]]]:
        """Every kind that is mapped, with its pairs."""
        yield from ((kind.value, pairs) for kind, pairs in self.names.items())
        others = (self.directories, self.parameters, self.zones)
        yield from ((section.value, pairs) for section, pairs in zip(Section, others, strict=True) if pairs)

    def over(self, other: Mapping) -> Mapping:
        """Both together; where both know a name, this one wins."""
        mine, its = dict(self.sections()), dict(other.sections())
        return mapping_of({kind: its.get(kind, {}) | mine.get(kind, {}) for kind in its | mine})


def mapping_of(sections: Pairs[Any, dict[str, str]]) -> Mapping:
    """A mapping from pairs by section: a kind of reference, ``directory``, ``parameter`` or ``time-zone``.

    Raises:
        ValueError: there is no such section.
    """
    names = {
        NeedKind(kind): pairs for kind, pairs in sections.items() if kind not in tuple(Section) and pairs
    }
    directories, parameters, zones = (sections.get(section, {}) for section in Section)
    return Mapping(names, directories, parameters, zones)


def matched(kind: NeedKind, name: str, pairs: Pairs[str, str]) -> str | None:
    """The key that a name is mapped by, if there is one."""
    if kind not in PREFIX_KINDS:
        return name if name in pairs else None
    if len(name) > _MAX_CUT_LETTERS:
        return max((key for key in pairs if _begins(name, key)), key=len, default=None)
    return next((start for start in _beginnings(name) if start in pairs), None)


def _beginnings(name: str) -> Iterator[str]:
    """The name and what it begins with up to each border, the longest first."""
    yield name
    for end in range(len(name) - 1, -1, -1):
        if name[end] in _BORDERS:
            yield name[: end + 1]
            yield name[:end]


def _begins(name: str, key: str) -> bool:
    """Return whether a key is one of the beginnings of a name."""
    rest = name[len(key) : len(key) + 1]
    return name.startswith(key) and (not rest or rest in _BORDERS or key[-1:] in tuple(_BORDERS))


def beginnings_within(prefixes: Iterable[str]) -> re.Pattern[str]:
    """Finds mapped beginnings of paths and URLs inside a text, where a name begins and up to a border."""
    return _within(tuple(sorted(prefixes, key=lambda one: (-len(one), one))))


@lru_cache(maxsize=256)
def _within(prefixes: tuple[str, ...]) -> re.Pattern[str]:
    ends = (
        re.escape(prefix) + ("" if prefix[-1] in _BORDERS else r"(?![\w.%~+$#{@=:*-])") for prefix in prefixes
    )
    return re.compile(r"(?<![\w./:%~+$}@-])(?:" + "|".join(ends) + ")")


UNMAPPABLE = frozenset({NeedKind.VARIABLE, NeedKind.CDM})
"""Kinds of things that no mapping can answer."""
_SHOWN = 10
_COMPARED = 50
_WORDS = re.compile(r"[^\W\d_]+|\d+")
_ENVIRONMENTS = frozenset(
    {"dev", "develop", "development", "test", "testing", "tst", "sit", "uat", "qa", "pre", "preprod"}
    | {"stage", "staging", "stg", "prod", "production", "prd", "online"}
)
_CHINESE_ENVIRONMENTS = re.compile("开发|测试|预发|预生产|生产|线上")

Names = Callable[[NeedKind], Sequence[str]]
"""Gives the names of all things of a kind that are here and may be seen."""


def likenesses(names: Names) -> Callable[[NeedKind, str], tuple[str, ...]]:
    """Gives the names of a kind that are most like one, the likest first; each kind is looked into once."""
    searches: dict[NeedKind, _Search] = {}

    def likest(kind: NeedKind, name: str) -> tuple[str, ...]:
        if kind not in searches:
            searches[kind] = _Search(names(kind))
        return searches[kind].likest(name)

    return likest


def guess(name: str, candidates: Iterable[str]) -> str:
    """The one candidate that is called the same but for words that name an environment; empty if there is
    none, or several."""
    words = _essence(name)
    same = [candidate for candidate in candidates if words and _essence(candidate) == words]
    return same[0] if len(same) == 1 else ""


def _essence(name: str) -> tuple[str, ...]:
    """The words of a name in order, without those that name an environment."""
    words = (word.lower() for word in _WORDS.findall(_CHINESE_ENVIRONMENTS.sub("", name)))
    return tuple(word for word in words if word not in _ENVIRONMENTS)


class _Search:
    """Looks for like names among many: first by the words that they share, then letter by letter."""

    def __init__(self, names: Sequence[str]) -> None:
        self._names = sorted(name for name in names if len(name) <= MAX_COMPARED_LETTERS)
        self._by_word: dict[str, list[int]] = {}
        for place, name in enumerate(self._names):
            for word in _words(name):
                self._by_word.setdefault(word, []).append(place)

    def likest(self, name: str) -> tuple[str, ...]:
        """The names that are most like this one, the likest first; none for a very long name."""
        from rapidfuzz.distance import Indel  # only here: most checks miss nothing

        if len(name) > MAX_COMPARED_LETTERS:
            return ()
        shares: dict[int, float] = {}
        for word in _words(name):
            places = self._by_word.get(word, [])
            for place in places:
                shares[place] = shares.get(place, 0.0) + 1 / len(places)
        near = sorted(shares, key=lambda place: (-shares[place], place))[:_COMPARED]
        if len(near) < _COMPARED:
            near += [place for place in range(min(len(self._names), _COMPARED)) if place not in shares]
        similar = {
            other: Indel.normalized_similarity(name.lower(), other.lower())
            for other in (self._names[place] for place in near)
        }
        return tuple(sorted(similar, key=lambda other: (-similar[other], other))[:_SHOWN])


def _words(name: str) -> set[str]:
    return {word.lower() for word in _WORDS.findall(name)}
