"""Marks of texts, by index: written when a text is put, looked for when jobs are."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import Connection, Select, Subquery, delete, false, select, union

from jobferry.model.document.marks import Mark, MarkKind
from jobferry.store.sql import bulk
from jobferry.store.sql.derived.keys import key_of
from jobferry.store.sql.schema import marks


def note(connection: Connection, marked: Iterable[tuple[str, Iterable[Mark]]]) -> None:
    """Writes the marks of texts by digest. A text never changes, so what is there stays."""
    rows = {
        (mark.kind.value, key_of(mark.workspace), key_of(mark.value), digest)
        for digest, found in marked
        for mark in found
    }
    bulk.save(connection, marks, sorted(rows))


def forget(connection: Connection, digests: Iterable[str]) -> None:
    """Removes the marks of texts that are gone."""
    for page in bulk.pages(digests):
        connection.execute(delete(marks).where(bulk.among(connection, marks.c.digest, page)))


def tags(connection: Connection, texts: Iterable[str]) -> dict[str, set[str]]:
    """The tags of texts by digest; a name that is too long to be a tag's comes as its key."""
    found: dict[str, set[str]] = {}
    for page in bulk.pages(texts):
        here = bulk.among(connection, marks.c.digest, page) & (marks.c.kind == MarkKind.TAG.value)
        for digest, tag in connection.execute(select(marks.c.digest, marks.c.value).where(here)):
            found.setdefault(digest, set()).add(tag)
    return found


def digests(connection: Connection, wanted: Iterable[Mark]) -> Subquery:
    """The digests of texts that have any of the marks, each once."""
    values: dict[tuple[str, str], list[str]] = {}
    for mark in wanted:
        values.setdefault((mark.kind.value, key_of(mark.workspace)), []).append(key_of(mark.value))
    found: list[Select[tuple[str]]] = [
        select(marks.c.digest).where(
            marks.c.kind == kind,
            marks.c.workspace == workspace,
            bulk.among(connection, marks.c.value, listed),
        )
        for (kind, workspace), listed in values.items()
    ]
    return union(*found or [select(marks.c.digest).where(false())]).subquery("marked")
