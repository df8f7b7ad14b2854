"""Names of one page of objects, found in an index; whoever asks reads the rows of just those."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import ColumnElement, Connection, func, select

from jobferry.model.document.marks import Mark
from jobferry.model.kinds import ObjectKind
from jobferry.store.ports import ObjectFilter
from jobferry.store.sql import bulk
from jobferry.store.sql.derived import counts, marks
from jobferry.store.sql.derived.names import NameRows
from jobferry.store.sql.schema import objects


def page(
    connection: Connection, wanted: ObjectFilter, offset: int, limit: int, rows: NameRows | None
) -> tuple[int, list[str]]:
    """How many objects match in all, and the names of one page in order. ``rows`` only outside of writes."""
    if wanted.marks:
        return _marked_page(connection, wanted, offset, limit)
    if not wanted.name_part:
        number, _ = counts.count(connection, wanted.workspace_id, wanted.kind, wanted.subtype)
        return number, _names(connection, wanted, number, offset, limit)
    found = rows.page(connection, wanted, offset, limit) if rows is not None else None
    return _scanned(connection, wanted, offset, limit) if found is None else found


def marked(
    connection: Connection, workspace_id: str, kind: ObjectKind, wanted: Iterable[Mark]
) -> ColumnElement[bool]:
    """Whether an object of that workspace and kind has any of the marks."""
    # what is joined with nothing is no key of an index: SQLite would go through the whole workspace
    here = (objects.c.workspace_id.concat("") == workspace_id) & (objects.c.kind == kind.value)
    return here & objects.c.digest.in_(select(marks.digests(connection, wanted).c.digest))


def _names(connection: Connection, wanted: ObjectFilter, number: int, offset: int, limit: int) -> list[str]:
    """Counted from the nearer end: an index can only be walked through."""
    limit = min(limit, number - offset)
    if limit <= 0:
        return []
    query, behind = select(objects.c.name).where(_here(wanted)), number - offset - limit
    if behind < offset:
        found = connection.scalars(query.order_by(objects.c.name.desc()).limit(limit).offset(behind))
        return list(found)[::-1]
    return list(connection.scalars(query.order_by(objects.c.name).limit(limit).offset(offset)))


def _scanned(connection: Connection, wanted: ObjectFilter, offset: int, limit: int) -> tuple[int, list[str]]:
    """All names that match, in one scan, of which the page is a part."""
    matching = _here(wanted) & bulk.contains(connection, objects.c.name, wanted.name_part)
    found = connection.scalars(select(objects.c.name).where(matching).order_by(objects.c.name)).all()
    return len(found), list(found[offset : offset + limit])


def _marked_page(
    connection: Connection, wanted: ObjectFilter, offset: int, limit: int
) -> tuple[int, list[str]]:
    matching = marked(connection, wanted.workspace_id, wanted.kind, wanted.marks)
    if wanted.subtype:
        matching &= objects.c.subtype == wanted.subtype
    if wanted.name_part:
        matching &= bulk.contains(connection, objects.c.name, wanted.name_part)
    number = connection.scalar(select(func.count()).select_from(objects).where(matching)) or 0
    if offset >= number or limit <= 0:
        return number, []
    query = select(objects.c.name).where(matching).order_by(objects.c.name).limit(limit).offset(offset)
    return number, list(connection.scalars(query))


def _here(wanted: ObjectFilter) -> ColumnElement[bool]:
    here = (objects.c.workspace_id == wanted.workspace_id) & (objects.c.kind == wanted.kind.value)
    return here & (objects.c.subtype == wanted.subtype) if wanted.subtype else here
