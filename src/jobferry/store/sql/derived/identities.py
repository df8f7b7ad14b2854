"""Who objects are: what of them has indexes, is counted and is told when it changes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from jobferry.model.change_log import Aspect
from jobferry.model.kinds import ObjectKind
from jobferry.model.records import StoredObject
from jobferry.store.sql.bulk import Values
from jobferry.store.sql.derived.renames import Named

IDENTITY = ["workspace_id", "kind", "name", "uid", "subtype"]
ASPECT = ["workspace_id", "kind", "uid", "name", "directory", "digest", "live_digest"]
"""In the order of :class:`~jobferry.model.change_log.Aspect`."""

_KINDS = {kind.value: kind for kind in ObjectKind}


class Former(NamedTuple):
    """How an object stands before it is written."""

    aspect: Aspect
    subtype: str

    @property
    def identity(self) -> Values:
        """Values for the columns in ``IDENTITY``."""
        was = self.aspect
        return was.workspace_id, was.kind.value, was.name, was.uid, self.subtype

    @property
    def named(self) -> Named:
        was = self.aspect
        return (was.workspace_id, was.kind.value, self.subtype), was.name


def differing(
    wanted: Sequence[StoredObject], known: Mapping[int, Former]
) -> tuple[list[StoredObject], list[StoredObject], list[Named]]:
    """Which objects get another identity, and which another draft: only their indexes need work.
    And how the first are still named and counted.
    """
    present = [(one, known[one.id]) for one in wanted if one.id in known]
    moving = [(one, was) for one, was in present if was.identity != identity_of(one)]
    redrafted = [one for one, was in present if was.aspect.digest != one.digest]
    return [one for one, _ in moving], redrafted, [was.named for _, was in moving]


def aspect_from(values: Sequence[Any]) -> Aspect:
    """What a row's columns in ``ASPECT`` say."""
    workspace_id, kind, *rest = values
    return Aspect(workspace_id, _KINDS[kind], *rest)


def named(one: StoredObject) -> Named:
    """An object's name, and where it is counted."""
    return (one.workspace_id, one.kind.value, one.subtype), one.name


def identity_of(one: StoredObject) -> Values:
    """Values for the columns in ``IDENTITY``: those that seldom change, and have indexes."""
    return one.workspace_id, one.kind.value, one.name, one.uid, one.subtype
