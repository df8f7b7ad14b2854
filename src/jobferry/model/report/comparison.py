"""Two collections of objects side by side: what goes with what, and how the two of a pair differ."""

from __future__ import annotations

import re
from collections.abc import Iterable
from enum import StrEnum
from typing import Any, NamedTuple

import msgspec

from jobferry.model.document.difference import Difference, differences
from jobferry.model.document.edits import edited
from jobferry.model.document.sensitive import emptied, mask, sensitive_places
from jobferry.model.document.text import UnusableText, parse
from jobferry.model.kinds import ObjectKind

_KINDS = list(ObjectKind)


class Thing(msgspec.Struct, frozen=True, gc=False):
    """One object on a side, found by its digest. ``uid`` is empty where nothing tells it."""

    kind: ObjectKind
    name: str
    uid: str
    digest: str


class Pair(NamedTuple):
    """An object on both sides, or on one of them."""

    former: Thing | None
    latter: Thing | None

    @property
    def is_alike(self) -> bool:
        """Whether name and very text are the same."""
        if self.former is None or self.latter is None:
            return False
        return (self.former.name, self.former.digest) == (self.latter.name, self.latter.digest)


class ObjectChange(StrEnum):
    """How an object of the latter side differs from that of the former."""

    ADDED = "added"
    REMOVED = "removed"
    RENAMED = "renamed"
    MOVED = "moved"
    CHANGED = "changed"


class Compared(msgspec.Struct, frozen=True, kw_only=True):
    """An object that is not the same on both sides, under its name on the latter side, if it is there.

    ``was`` and ``was_in`` are its former name and directory, where these differ. What is ``changed``
    without ``differences`` is only written otherwise, or cannot be read at all (``unusable``).
    """

    kind: ObjectKind
    name: str
    changes: tuple[ObjectChange, ...]
    directory: str
    was: str
    was_in: str
    differences: tuple[Difference, ...]
    unusable: bool


def paired(former: Iterable[Thing], latter: Iterable[Thing]) -> list[Pair]:
    """Everything on either side with what it was or became: by uid, then by name; sorted by kind and name."""
    before, after = list(former), list(latter)
    by_uid = {(thing.kind, thing.uid): thing for thing in before if thing.uid}
    same_uid = {thing: by_uid[thing.kind, thing.uid] for thing in after if (thing.kind, thing.uid) in by_uid}
    taken = set(same_uid.values())
    by_name = {(thing.kind, thing.name): thing for thing in before if thing not in taken}
    pairs = [Pair(same_uid.get(thing) or by_name.get((thing.kind, thing.name)), thing) for thing in after]
    met = {pair.former for pair in pairs}
    pairs += [Pair(thing, None) for thing in before if thing not in met]
    return sorted(pairs, key=_place)


def compared(pair: Pair, former: bytes, latter: bytes, sensitive: re.Pattern[str]) -> Compared | None:
    """How the two of a pair differ, or None if they do not. The text of a side that is absent is empty.

    Sensitive values are never shown, and one that is empty on one side counts as the same: it left so.
    """
    before, after = _parsed(former), _parsed(latter)
    if pair.former is None or pair.latter is None:
        return _alone(pair, before or after or {})
    thing = pair.latter
    if before is None or after is None:
        return _whole(thing, ObjectChange.CHANGED, unusable=True)
    if thing.kind is ObjectKind.JOB:
        places = sensitive_places(before, sensitive), sensitive_places(after, sensitive)
        spelled_alike = edited(former, emptied(before, places[0])) == edited(
            latter, emptied(after, places[1])
        )
        mask(before, places[0], after, places[1])
    else:
        spelled_alike = former == latter
    return _differing(pair.former, thing, before, after, spelled_alike=spelled_alike)


def _differing(
    was: Thing, latter: Thing, before: dict[str, Any], after: dict[str, Any], *, spelled_alike: bool
) -> Compared | None:
    found = differences(before, after)
    places = [document.get("directory") for document in (before, after)]
    moved = all(isinstance(place, str) for place in places) and places[0] != places[1]
    told = {"name"} if was.name != latter.name else set()
    told |= {"directory"} if moved else set()
    rest = tuple(difference for difference in found if difference.path not in told)
    changes = [ObjectChange.RENAMED] if was.name != latter.name else []
    changes += [ObjectChange.MOVED] if moved else []
    changes += [ObjectChange.CHANGED] if rest or not (changes or spelled_alike) else []
    if not changes:
        return None
    return Compared(
        kind=latter.kind,
        name=latter.name,
        changes=tuple(changes),
        directory=_directory(after),
        was=was.name if was.name != latter.name else "",
        was_in=_directory(before) if moved else "",
        differences=rest,
        unusable=False,
    )


def _alone(pair: Pair, document: dict[str, Any]) -> Compared:
    latter = pair.latter or pair.former
    if latter is None:
        raise AssertionError("a pair holds something")
    change = ObjectChange.ADDED if pair.latter else ObjectChange.REMOVED
    return _whole(latter, change, directory=_directory(document))


def _whole(latter: Thing, change: ObjectChange, *, directory: str = "", unusable: bool = False) -> Compared:
    return Compared(
        kind=latter.kind,
        name=latter.name,
        changes=(change,),
        directory=directory,
        was="",
        was_in="",
        differences=(),
        unusable=unusable,
    )


def _directory(document: dict[str, Any]) -> str:
    found = document.get("directory")
    return found if isinstance(found, str) else ""


def _parsed(text: bytes) -> dict[str, Any] | None:
    try:
        return parse(text)
    except UnusableText:
        return None


def _place(pair: Pair) -> tuple[int, str]:
    latter = pair.latter or pair.former
    return (_KINDS.index(latter.kind), latter.name) if latter else (0, "")
