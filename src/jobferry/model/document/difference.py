"""What differs between two documents: fields by their path, things in lists by their names, texts by line."""

from __future__ import annotations

import difflib
from collections.abc import Iterator
from typing import Any

import msgspec

_ABSENT: Any = object()


class Difference(msgspec.Struct, frozen=True, kw_only=True):
    """One place where two documents differ.

    ``path`` names things in lists by their names: ``nodes[load].properties[queueName].value``. A side that
    has nothing there is not ``in_former`` or not ``in_latter``. For texts of several lines ``lines`` holds
    what goes (``-``) and comes (``+``), after the place (``@@``), as unified differences do.
    """

    path: str
    in_former: bool
    in_latter: bool
    former: Any
    latter: Any
    lines: tuple[str, ...]


def differences(former: Any, latter: Any) -> list[Difference]:
    """All places where two parsed documents differ, in the order of the former; none if they are alike."""
    return list(_differing(former, latter, ""))


def _differing(former: Any, latter: Any, path: str) -> Iterator[Difference]:
    if repr(former) == repr(
        latter
    ):  # most of two documents is alike; 1 and true are not, though they compare so
        return
    if isinstance(former, dict) and isinstance(latter, dict):
        yield from _members(former, latter, path)
    elif isinstance(former, list) and isinstance(latter, list):
        yield from _places(former, latter, path)
    elif type(former) is not type(latter) or former != latter:
        yield _difference(former, latter, path)


def _difference(former: Any, latter: Any, path: str) -> Difference:
    lines: tuple[str, ...] = ()
    if isinstance(former, str) and isinstance(latter, str) and "\n" in former + latter:
        lines = _lines(former, latter)
    return Difference(
        path=path,
        in_former=former is not _ABSENT,
        in_latter=latter is not _ABSENT,
        former=None if former is _ABSENT else former,
        latter=None if latter is _ABSENT else latter,
        lines=lines,
    )


def _members(former: dict[str, Any], latter: dict[str, Any], path: str) -> Iterator[Difference]:
    for key in dict.fromkeys((*former, *latter)):
        step = f"{path}.{key}" if path else key
        yield from _differing(former.get(key, _ABSENT), latter.get(key, _ABSENT), step)


def _places(former: list[Any], latter: list[Any], path: str) -> Iterator[Difference]:
    """Things with names are found again by these wherever they stand, all else by its place."""
    before, after = _by_name(former), _by_name(latter)
    if before is None or after is None:
        before, after = dict(enumerate(former)), dict(enumerate(latter))
    for key in dict.fromkeys((*before, *after)):
        yield from _differing(before.get(key, _ABSENT), after.get(key, _ABSENT), f"{path}[{key}]")
    order = [key for key in before if key in after]
    if order != [key for key in after if key in before]:
        yield _difference(list(before), list(after), path)


def _by_name(things: list[Any]) -> dict[Any, Any] | None:
    """The things by their names, or none if one has no name or two have the same."""
    named = {
        thing["name"]: thing
        for thing in things
        if isinstance(thing, dict) and isinstance(thing.get("name"), str)
    }
    return named if len(named) == len(things) else None


def _lines(former: str, latter: str) -> tuple[str, ...]:
    compared = difflib.unified_diff(former.splitlines(), latter.splitlines(), n=0, lineterm="")
    return tuple(compared)[2:]
