"""How many objects there are of each kind and subtype, and a revision of their names."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from sqlalchemy import Connection, func, select

from jobferry.model.kinds import ObjectKind
from jobferry.store.sql import bulk
from jobferry.store.sql.schema import object_counts

Place = tuple[str, str, str]
"""Workspace, kind, and subtype."""


class Count(NamedTuple):
    """How many objects there are, and the revision of their names: higher after every change of those."""

    number: int
    revision: int


def change(connection: Connection, differences: Mapping[Place, int]) -> None:
    """Notes so many more or fewer objects; where it is none, that they have other names."""
    rows = [(*place, difference, 1) for place, difference in differences.items()]
    bulk.save(connection, object_counts, rows, added=("number", "revision"))


def differences(*, gone: Iterable[Place] = (), come: Iterable[Place] = ()) -> dict[Place, int]:
    """What :func:`change` is to note; a place that lost as many as it won is among it."""
    found: dict[Place, int] = {}
    for places, step in ((gone, -1), (come, 1)):
        for place in places:
            found[place] = found.get(place, 0) + step
    return found


def count(connection: Connection, workspace_id: str, kind: ObjectKind, subtype: str = "") -> Count:
    """How many objects of a kind, and of a subtype if one is named."""
    here = (object_counts.c.workspace_id == workspace_id) & (object_counts.c.kind == kind.value)
    if subtype:
        here &= object_counts.c.subtype == subtype
    summed = select(func.sum(object_counts.c.number), func.sum(object_counts.c.revision)).where(here)
    number, revision = connection.execute(summed).one()
    return Count(int(number or 0), int(revision or 0))
