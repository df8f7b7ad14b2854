"""The tree of directories: one level of it with counts, and the rules for a directory's place."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

import msgspec

from jobferry.model.names import ROOT, Limits, ancestors, directory_fault


class DirectoryCount(msgspec.Struct, frozen=True):
    """A directory with how many objects lie directly in it, how many in it and below, and how many
    directories lie directly in it."""

    path: str
    objects: int
    objects_below: int
    directories: int


class Level(msgspec.Struct, frozen=True):
    """One directory, and those directly in it by path."""

    parent: DirectoryCount
    children: list[DirectoryCount]


def level_of(
    parent: str, paths: Iterable[str], numbers: Mapping[str, int], covers: Callable[[str], bool]
) -> Level:
    """One level of a tree.

    ``paths`` are directories, ``numbers`` how many objects lie directly in each; both may say more than the
    level needs. ``covers`` tells in which directories the caller may work: others count nothing, and are
    shown only on the way to one.
    """
    shown: set[str] = set()
    for path in {*paths, *numbers}:
        if covers(path):
            shown.update(ancestors(path))
    inside: dict[str, int] = {}
    below: dict[str, int] = {}
    for path in shown:
        inside[above(path)] = inside.get(above(path), 0) + 1
    for path, number in numbers.items():
        if covers(path):
            for place in (ROOT, *ancestors(path)):
                below[place] = below.get(place, 0) + number

    def count(path: str) -> DirectoryCount:
        directly = numbers.get(path, 0) if covers(path) else 0
        return DirectoryCount(path, directly, below.get(path, 0), inside.get(path, 0))

    children = sorted(path for path in shown if above(path) == parent)
    return Level(count(parent), [count(path) for path in children])


def above(path: str) -> str:
    """The directory in which another one lies; the root lies in itself."""
    return path.rpartition("/")[0] or ROOT


def lies_in(path: str, directory: str) -> bool:
    """Whether a path is the directory or lies below it."""
    return f"{path}/".startswith(f"{directory.rstrip('/')}/")


def moved(path: str, directory: str, to: str) -> str:
    """What becomes of a path in or below a directory that goes elsewhere."""
    return (to.rstrip("/") + path[len(directory.rstrip("/")) :]) or ROOT


def depth(path: str) -> int:
    """How many levels a directory lies below the root."""
    return len(ancestors(path))


def fault_of(path: str, limits: Limits) -> str:
    """Why a directory cannot be called that, or an empty text."""
    return "is the root" if path == ROOT else directory_fault(path, limits)
