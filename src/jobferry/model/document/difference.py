"""What differs between two documents: fields by their path, things in lists by their names, texts by line."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import msgspec

TOO_LONG = "too long to compare line by line"
"""The only line given for two texts that are not compared by line. Other lines begin with ``@@``, - or +."""
MAX_LINES = 200_000
"""Maximum lines of two texts together; a script of 4 MiB rarely has more."""
MAX_LINE_PAIRS = 20_000**2
"""Maximum pairs of lines compared in two documents, without equal beginnings and ends: 0.1 s and 50 MiB."""
MAX_PATH_LETTERS = 16 * 1024**2
"""Maximum letters in the paths of all values compared; what is inside the others is compared as a whole."""
_ABSENT: Any = object()


class Difference(msgspec.Struct, frozen=True, kw_only=True):
    """One place where two documents differ.

    ``path`` names things in lists by their names: ``nodes[load].properties[queueName].value``. A side that
    has nothing there is not ``in_former`` or not ``in_latter``. For texts of several lines ``lines`` holds
    what goes (``-``) and comes (``+``), after the place (``@@``), as unified differences do; for very long
    texts it holds only the line ``too long to compare line by line``.
    """

    path: str
    in_former: bool
    in_latter: bool
    former: Any
    latter: Any
    lines: tuple[str, ...]


def differences(former: Any, latter: Any) -> list[Difference]:
    """All places where two parsed documents differ, in the order of the former; none if they are alike."""
    return _Comparison(former, latter, LineComparison().compare).found


def differing_values(former: Any, latter: Any) -> list[Difference]:
    """Return the same places without the ``lines`` of texts."""
    return _Comparison(former, latter, lambda _former, _latter: ()).found


def is_same(former: Any, latter: Any) -> bool:
    """Return whether two values are equal and of the same types; Python's 1 and true are not."""
    if type(former) is not type(latter):
        return False
    if isinstance(former, dict):
        return former.keys() == latter.keys() and all(is_same(former[key], latter[key]) for key in former)
    if isinstance(former, list):
        return len(former) == len(latter) and all(map(is_same, former, latter))
    return bool(former == latter)


class _Comparison:
    def __init__(self, former: Any, latter: Any, lines: Callable[[Any, Any], tuple[str, ...]]) -> None:
        self.found: list[Difference] = []
        self._lines = lines
        self._letters_left = MAX_PATH_LETTERS
        self._compare(former, latter, "")

    def _compare(self, former: Any, latter: Any, path: str) -> None:
        if isinstance(former, dict) and isinstance(latter, dict) and self._has_room(path, former, latter):
            for key, before, after in _differing(former, latter):
                self._compare(before, after, f"{path}.{key}" if path else key)
        elif isinstance(former, list) and isinstance(latter, list) and self._has_room(path, former, latter):
            self._compare_lists(former, latter, path)
        elif not is_same(former, latter):
            self._add(former, latter, path)

    def _compare_lists(self, former: list[Any], latter: list[Any], path: str) -> None:
        """Things with names are found again by these wherever they stand, all else by its place."""
        before, after = _by_name(former), _by_name(latter)
        if before is None or after is None:
            before, after = dict(enumerate(former)), dict(enumerate(latter))
        for key, was, becomes in _differing(before, after):
            self._compare(was, becomes, f"{path}[{key}]")
        order = [key for key in before if key in after]
        if order != [key for key in after if key in before]:
            self._add(list(before), list(after), path)

    def _has_room(self, path: str, *sides: dict[str, Any] | list[Any]) -> bool:
        needed = len(path) * sum(map(len, sides))
        has_room = needed <= self._letters_left
        self._letters_left -= needed if has_room else 0
        return has_room

    def _add(self, former: Any, latter: Any, path: str) -> None:
        difference = Difference(
            path=path,
            in_former=former is not _ABSENT,
            in_latter=latter is not _ABSENT,
            former=None if former is _ABSENT else former,
            latter=None if latter is _ABSENT else latter,
            lines=self._lines(former, latter),
        )
        self.found.append(difference)


def _differing(former: dict[Any, Any], latter: dict[Any, Any]) -> Iterator[tuple[Any, Any, Any]]:
    """Each key with its two values, without those that are the same text or number."""
    for key in dict.fromkeys((*former, *latter)):
        before, after = former.get(key, _ABSENT), latter.get(key, _ABSENT)
        if isinstance(before, dict | list) or not is_same(before, after):
            yield key, before, after


def _by_name(things: list[Any]) -> dict[Any, Any] | None:
    """The things by their names, or none if one has no name or two have the same."""
    named = {
        thing["name"]: thing
        for thing in things
        if isinstance(thing, dict) and isinstance(thing.get("name"), str)
    }
    return named if len(named) == len(things) else None


class LineComparison:
    """Compares the texts of two documents line by line, with one limit for the work of all of them."""

    def __init__(self, max_pairs: int = MAX_LINE_PAIRS) -> None:
        self._pairs_left = max_pairs

    def compare(self, former: Any, latter: Any) -> tuple[str, ...]:
        """Return the lines that differ, as :class:`Difference` has them; none if a value is not a text, or
        both have only one line."""
        if not isinstance(former, str) or not isinstance(latter, str) or "\n" not in former + latter:
            return ()
        before, after = former.splitlines(), latter.splitlines()
        if len(before) + len(after) > MAX_LINES:
            return (TOO_LONG,)
        start = _common(before, after)
        end = _common(before[:start:-1], after[:start:-1])
        olds, news = before[start : len(before) - end], after[start : len(after) - end]
        pairs = len(olds) * len(news)
        if pairs > self._pairs_left:
            return (TOO_LONG,)
        self._pairs_left -= pairs
        return tuple(_unified(olds, news, start))


def _common(former: list[str], latter: list[str]) -> int:
    """Return how many lines are equal at the beginning of both."""
    pairs = enumerate(zip(former, latter, strict=False))
    return next((place for place, (old, new) in pairs if old != new), min(len(former), len(latter)))


def _unified(olds: list[str], news: list[str], start: int) -> Iterator[str]:
    """Yield a unified difference without context; ``start`` lines come before the given ones."""
    from rapidfuzz.distance import Indel  # only here: most commands compare nothing

    numbers: dict[str, int] = {}
    sides = ([numbers.setdefault(line, len(numbers)) for line in side] for side in (olds, news))
    old, new = 0, 0
    for block in Indel.editops(*sides).as_matching_blocks():
        if old < block.a or new < block.b:
            yield f"@@ -{_range(start + old, block.a - old)} +{_range(start + new, block.b - new)} @@"
            yield from (f"-{line}" for line in olds[old : block.a])
            yield from (f"+{line}" for line in news[new : block.b])
        old, new = block.a + block.size, block.b + block.size


def _range(start: int, count: int) -> str:
    if count == 1:
        return str(start + 1)
    return f"{start + 1 if count else start},{count}"
