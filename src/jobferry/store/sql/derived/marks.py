"""Marks of texts, by index: written when a text is put, looked for when jobs are."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

from sqlalchemy import Connection, Select, Subquery, delete, false, select, union

from jobferry.model.document.marks import Mark
from jobferry.model.names import printable
from jobferry.store.sql import bulk
from jobferry.store.sql.schema import marks

_LONGEST = 200
_HASHED = "sha256:"


def note(connection: Connection, marked: Iterable[tuple[str, Iterable[Mark]]]) -> None:
    """Writes the marks of texts by digest. A text never changes, so what is there stays."""
    rows = {
        (mark.kind.value, _key(mark.workspace), _key(mark.value), digest)
        for digest, found in marked
        for mark in found
    }
    bulk.save(connection, marks, sorted(rows))


def forget(connection: Connection, digests: Iterable[str]) -> None:
    """Removes the marks of texts that are gone."""
    for page in bulk.pages(digests):
        connection.execute(delete(marks).where(bulk.among(connection, marks.c.digest, page)))


def digests(connection: Connection, wanted: Iterable[Mark]) -> Subquery:
    """The digests of texts that have any of the marks, each once."""
    values: dict[tuple[str, str], list[str]] = {}
    for mark in wanted:
        values.setdefault((mark.kind.value, _key(mark.workspace)), []).append(_key(mark.value))
    found: list[Select[tuple[str]]] = [
        select(marks.c.digest).where(
            marks.c.kind == kind,
            marks.c.workspace == workspace,
            bulk.among(connection, marks.c.value, listed),
        )
        for (kind, workspace), listed in values.items()
    ]
    return union(*found or [select(marks.c.digest).where(false())]).subquery("marked")


def _key(value: str) -> str:
    """The value as every database can hold and index it: anybody may write anything into a document."""
    if len(value) <= _LONGEST and not value.startswith(_HASHED) and printable(value) == value:
        return value
    return _HASHED + hashlib.sha256(value.encode("utf-8", "surrogatepass")).hexdigest()
