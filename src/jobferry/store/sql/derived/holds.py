"""What held objects wait for, by index: so a thing that appears finds those that waited for it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sqlalchemy import Connection, delete, select

from jobferry.model.records import StoredObject
from jobferry.model.transfer.plan_view import Waited, waited
from jobferry.store.sql import bulk
from jobferry.store.sql.derived.keys import key_of
from jobferry.store.sql.schema import holds


def note(connection: Connection, objects: Sequence[StoredObject], *, fresh: bool) -> None:
    """Writes what these objects wait for now; those that are not ``fresh`` may have waited before."""
    if not fresh and connection.execute(select(holds.c.object_id).limit(1)).first() is not None:
        for page in bulk.pages([one.id for one in objects]):
            connection.execute(delete(holds).where(bulk.among(connection, holds.c.object_id, page)))
    rows = {
        (one.workspace_id, kind, key_of(place), key_of(name), one.id)
        for one in objects
        for kind, name, place in map(waited, one.held)
    }
    bulk.save(connection, holds, sorted(rows))


def waiting_for_kinds(connection: Connection, workspace_id: str, kinds: Iterable[str]) -> list[int]:
    """The ids of objects that wait for anything of these kinds."""
    here = (holds.c.workspace_id == workspace_id) & holds.c.kind.in_(sorted(kinds))
    return sorted(connection.scalars(select(holds.c.object_id).where(here).distinct()))


def waiting(connection: Connection, workspace_id: str, things: Iterable[Waited]) -> list[int]:
    """The ids of objects that wait for any of the things."""
    names: dict[tuple[str, str], list[str]] = {}
    for kind, name, place in things:
        names.setdefault((kind, key_of(place)), []).append(key_of(name))
    found: set[int] = set()
    for (kind, place), listed in names.items():
        for page in bulk.pages(listed):
            here = select(holds.c.object_id).where(
                holds.c.workspace_id == workspace_id,
                holds.c.kind == kind,
                holds.c.place == place,
                bulk.among(connection, holds.c.name, page),
            )
            found.update(connection.scalars(here))
    return sorted(found)
