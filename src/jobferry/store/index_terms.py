"""Index terms: the terms of texts, and what held objects wait for, each found without reading documents."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence

from sqlalchemy import Connection, Select, Subquery, delete, false, select, union

from jobferry.model.document.facts import IndexTerm, IndexTermKind
from jobferry.model.kinds import ObjectKind
from jobferry.model.names import printable
from jobferry.model.records import StoredObject
from jobferry.model.transfer.plan_view import Waited, waited
from jobferry.store import bulk
from jobferry.store.schema import holds, marks, objects

_LONGEST = 200
_HASHED = "sha256:"


def key_of(value: str) -> str:
    """The value itself, or a hash of one that is long or that a database cannot hold: anybody may write
    anything into a document."""
    if len(value) <= _LONGEST and not value.startswith(_HASHED) and printable(value) == value:
        return value
    return _HASHED + hashlib.sha256(value.encode("utf-8", "surrogatepass")).hexdigest()


def note_index_terms(connection: Connection, marked: Iterable[tuple[str, Iterable[IndexTerm]]]) -> None:
    """Writes the terms of texts by digest. A text never changes, so what is there stays."""
    rows = {
        (term.kind.value, key_of(term.workspace), key_of(term.value), digest)
        for digest, found in marked
        for term in found
    }
    bulk.save(connection, marks, sorted(rows))


def forget_index_terms(connection: Connection, digests: Iterable[str]) -> None:
    """Removes the terms of texts that are gone."""
    for page in bulk.pages(digests):
        connection.execute(delete(marks).where(bulk.among(connection, marks.c.digest, page)))


def tags_of(connection: Connection, texts: Iterable[str]) -> dict[str, set[str]]:
    """The tags of texts by digest; a name that is too long to be a tag's comes as its key."""
    found: dict[str, set[str]] = {}
    for page in bulk.pages(texts):
        here = bulk.among(connection, marks.c.digest, page) & (marks.c.kind == IndexTermKind.TAG.value)
        for digest, tag in connection.execute(select(marks.c.digest, marks.c.value).where(here)):
            found.setdefault(digest, set()).add(tag)
    return found


def waits_for(
    connection: Connection, workspace_id: str, workspace: str, names: Iterable[str]
) -> dict[str, set[str]]:
    """Of all jobs whose drafts wait for the named ones, or for others that do: which of those each waits for.

    ``workspace`` is the name of the jobs' own workspace, which a document may say too.
    """
    # what is joined with nothing is no key of an index: SQLite would go through the whole workspace
    inside = (objects.c.workspace_id.concat("") == workspace_id) & (objects.c.kind == ObjectKind.JOB.value)
    upstream = (marks.c.kind == IndexTermKind.UPSTREAM.value) & marks.c.workspace.in_(["", key_of(workspace)])
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


def digests_with_terms(connection: Connection, wanted: Iterable[IndexTerm]) -> Subquery:
    """The digests of texts that have any of the terms, each once."""
    values: dict[tuple[str, str], list[str]] = {}
    for term in wanted:
        values.setdefault((term.kind.value, key_of(term.workspace)), []).append(key_of(term.value))
    found: list[Select[tuple[str]]] = [
        select(marks.c.digest).where(
            marks.c.kind == kind,
            marks.c.workspace == workspace,
            bulk.among(connection, marks.c.value, listed),
        )
        for (kind, workspace), listed in values.items()
    ]
    return union(*found or [select(marks.c.digest).where(false())]).subquery("marked")


def note_holds(connection: Connection, objects: Sequence[StoredObject], *, fresh: bool) -> None:
    """Writes what these objects wait for now; those that are not ``fresh`` may have waited before."""
    if not fresh and connection.execute(select(holds.c.object_id).limit(1)).first() is not None:
        for page in bulk.pages([stored.id for stored in objects]):
            connection.execute(delete(holds).where(bulk.among(connection, holds.c.object_id, page)))
    rows = {
        (stored.workspace_id, kind, key_of(place), key_of(name), stored.id)
        for stored in objects
        for kind, name, place in map(waited, stored.held)
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
