"""Names of one page of objects, found in an index; whoever asks reads the rows of just those."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from sqlalchemy import ColumnElement, Connection, Select, false, func, literal, or_, select

from jobferry.model.document.facts import Mark
from jobferry.model.kinds import ObjectKind
from jobferry.store.ports import ObjectFilter
from jobferry.store.sql import bulk
from jobferry.store.sql.derived import counts, marks
from jobferry.store.sql.derived.counts import Count
from jobferry.store.sql.derived.names import NameRows
from jobferry.store.sql.schema import objects

_DEEP = 5_000
"""Beyond that many names a walk costs more than a row of names that is kept."""


class _Span(NamedTuple):
    """A page among all objects."""

    there: Count
    offset: int
    limit: int

    @property
    def size(self) -> int:
        return min(self.limit, self.there.number - self.offset)

    @property
    def behind(self) -> int:
        return self.there.number - self.offset - self.size


def page(
    connection: Connection, wanted: ObjectFilter, offset: int, limit: int, rows: NameRows | None
) -> tuple[int, list[str]]:
    """How many objects match in all, and the names of one page in order. ``rows`` only outside of writes."""
    everywhere = wanted.directories is None and wanted.locked_by is None
    if everywhere and not wanted.marks:
        there = counts.count(connection, wanted.workspace_id, wanted.kind, wanted.subtype)
        if not wanted.name_part:
            return there.number, _counted(connection, wanted, _Span(there, offset, limit), rows)
        found = rows.search(connection, wanted, there, offset, limit) if rows is not None else None
        if found is not None:
            return found
    names = _matching(connection, wanted)
    return len(names), names[offset : offset + limit]


def marked(
    connection: Connection, workspace_id: str, kind: ObjectKind, wanted: Iterable[Mark]
) -> ColumnElement[bool]:
    """Whether an object of that workspace and kind has any of the marks."""
    # what is joined with nothing is no key of an index: SQLite would go through the whole workspace
    here = (objects.c.workspace_id.concat("") == workspace_id) & (objects.c.kind == kind.value)
    return here & objects.c.digest.in_(select(marks.digests(connection, wanted).c.digest))


def _counted(connection: Connection, wanted: ObjectFilter, span: _Span, rows: NameRows | None) -> list[str]:
    """From the nearer end of an index, which can only be walked through; deep inside, from a row of names."""
    if span.size <= 0:
        return []
    if rows is not None and min(span.offset, span.behind) > _DEEP:
        found = rows.between(connection, wanted, span.there, span.offset, span.size)
        if found is not None:
            return found
    query = select(objects.c.name).where(_here(wanted)).limit(span.size)
    if span.behind < span.offset:
        return _names(connection, query.order_by(objects.c.name.desc()).offset(span.behind))[::-1]
    return _names(connection, query.order_by(objects.c.name).offset(span.offset))


def _matching(connection: Connection, wanted: ObjectFilter) -> list[str]:
    """All names that match: counting them costs as much as reading them."""
    matching = _here(wanted)
    if wanted.marks:
        matching = marked(connection, wanted.workspace_id, wanted.kind, wanted.marks)
        matching &= objects.c.subtype == wanted.subtype if wanted.subtype else literal(True)
    if wanted.directories is not None:
        matching &= or_(false(), *(_lies_in(one) for one in wanted.directories))
    if wanted.locked_by is not None:
        matching &= objects.c.locked_by == wanted.locked_by if wanted.locked_by else objects.c.locked_by != ""
    if wanted.name_part:
        matching &= bulk.contains(connection, objects.c.name, wanted.name_part)
    return _names(connection, select(objects.c.name).where(matching).order_by(objects.c.name))


def _names(connection: Connection, query: Select[str]) -> list[str]:
    return [name for (name,) in bulk.rows(connection, query)]


def _here(wanted: ObjectFilter) -> ColumnElement[bool]:
    here = (objects.c.workspace_id == wanted.workspace_id) & (objects.c.kind == wanted.kind.value)
    return here & (objects.c.subtype == wanted.subtype) if wanted.subtype else here


def _lies_in(directory: str) -> ColumnElement[bool]:
    """In the directory or below it; not by ``like``, which takes ``a`` for ``A`` in SQLite."""
    start = f"{directory.rstrip('/')}/"
    return func.substr(objects.c.directory + "/", 1, len(start)) == start
