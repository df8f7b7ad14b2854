"""Marks of texts, by index: written when a text is put, looked for when jobs are."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import Connection, Select, Subquery, delete, false, select, union

from jobferry.model.document.facts import Mark, MarkKind
from jobferry.model.kinds import ObjectKind
from jobferry.store.sql import bulk
from jobferry.store.sql.derived.keys import key_of
from jobferry.store.sql.schema import marks, objects


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


def waits(
    connection: Connection, workspace_id: str, workspace: str, names: Iterable[str]
) -> dict[str, set[str]]:
    """Of all jobs whose drafts wait for the named ones, or for others that do: which of those each waits for.

    ``workspace`` is the name of the jobs' own workspace, which a document may say too.
    """
    # what is joined with nothing is no key of an index: SQLite would go through the whole workspace
    inside = (objects.c.workspace_id.concat("") == workspace_id) & (objects.c.kind == ObjectKind.JOB.value)
    upstream = (marks.c.kind == MarkKind.UPSTREAM.value) & marks.c.workspace.in_(["", key_of(workspace)])
    edges = select(marks.c.value.label("upstream"), objects.c.name.label("name")).select_from(
        marks.join(objects, objects.c.digest == marks.c.digest)
    )
    found: dict[str, set[str]] = {}
    for page in bulk.pages(bulk.texts(names)):
        first = edges.where(upstream, inside, bulk.among(connection, marks.c.value, page))
        down = first.cte("down", recursive=True)
        down = down.union(edges.where(upstream, inside, marks.c.value == down.c.name))
        for waited_for, name in connection.execute(select(down.c.upstream, down.c.name)):
            found.setdefault(name, set()).add(waited_for)
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
