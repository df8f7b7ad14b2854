"""Index terms: the terms of texts, and what held objects wait for, each found without reading documents."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from operator import itemgetter

import msgspec
from sqlalchemy import Connection, Subquery, bindparam, delete, select

from jobferry.model.document.facts import IndexTerm, IndexTermKind
from jobferry.model.kinds import ObjectKind
from jobferry.model.names import is_storable
from jobferry.model.records import StoredObject
from jobferry.model.transfer.plan_view import Waited, waited
from jobferry.store import bulk
from jobferry.store.schema import contents, holds, objects, postings, terms

_LONGEST = 200
_HASHED = "sha256:"
INDEXED = terms.join(postings, postings.c.term == terms.c.number).join(
    contents, contents.c.number == postings.c.content
)
"""Terms, with the texts that have them."""
_TERMS = bulk.Lookup(
    select(terms.c.number, terms.c.value).where(
        terms.c.kind == bindparam("kind"), terms.c.place == bindparam("place")
    ),
    terms.c.value,
)
_ANY_HOLD = select(holds.c.object_id).limit(1)
_FEW = 100
"""So many terms are looked for at once, of whatever kinds they are."""
_FEW_ON_SQLITE = """
    SELECT json_group_array(json_array(number, kind, value, place)) FROM terms WHERE (kind, value, place) IN (
        SELECT json_extract(value, '$[0]'), json_extract(value, '$[1]'), json_extract(value, '$[2]')
        FROM json_each(?)
    )"""
_FEW_ON_POSTGRES = """
    SELECT number, kind, value, place FROM terms WHERE (kind, value, place) IN (
        SELECT * FROM unnest(%s::text[], %s::text[], %s::text[])
    )"""
_found = msgspec.json.Decoder(list[tuple[int, str, str, str]])


def key_of(value: str) -> str:
    """The value itself, or a hash of one that is long or that a database cannot hold: anybody may write
    anything into a document."""
    if len(value) <= _LONGEST and not value.startswith(_HASHED) and is_storable(value):
        return value
    return _HASHED + hashlib.sha256(value.encode("utf-8", "surrogatepass")).hexdigest()


def note_index_terms(
    connection: Connection,
    marked: Mapping[int, Iterable[tuple[str, str, str]]],
    *,
    fresh: Collection[int],
) -> None:
    """Writes the terms of texts by their numbers. A text never changes, so what is there stays.

    Texts whose numbers are ``fresh`` were added by this transaction and have no terms yet.
    """
    texts: defaultdict[tuple[str, str, str], list[int]] = defaultdict(list)
    for number in sorted(marked):
        for term in marked[number]:
            listed = texts[term]
            if not listed or listed[-1] != number:
                listed.append(number)
    keyed = {(kind, key_of(value), key_of(place)): listed for (kind, value, place), listed in texts.items()}
    numbers = sorted(_numbered(connection, keyed).items(), key=itemgetter(1))
    rows = [(number, text) for term, number in numbers for text in keyed[term]]
    bulk.add_absent(connection, postings, [row for row in rows if row[1] not in fresh])
    rows = [row for row in rows if row[1] in fresh]
    bulk.add(connection, postings, rows)
    bulk.tell_planner(connection, postings, len(rows))


def _numbered(
    connection: Connection, wanted: Collection[tuple[str, str, str]]
) -> dict[tuple[str, str, str], int]:
    """The numbers of terms as they are kept; those that have none get one, unless others give it at once."""
    numbers = {term: number for number, term in _known(connection, wanted)}
    new = sorted(term for term in wanted if term not in numbers)
    if new:
        first = bulk.reserve(connection, "terms", len(new))
        rows = [(number, kind, place, value) for number, (kind, value, place) in enumerate(new, first)]
        added = bulk.add_absent(connection, terms, rows)
        bulk.tell_planner(connection, terms, added)
        numbers.update(zip(new, range(first, first + len(new)), strict=True))
        if added < len(new):
            numbers.update((term, number) for number, term in _known(connection, new))
    return numbers


def term_numbers(connection: Connection, wanted: Iterable[IndexTerm]) -> list[int]:
    """The numbers of those of the terms that any text has."""
    keys = {(kind, key_of(value), key_of(place)) for kind, value, place in wanted}
    return [number for number, _ in _known(connection, keys)]


def _known(
    connection: Connection, wanted: Collection[tuple[str, str, str]]
) -> Iterator[tuple[int, tuple[str, str, str]]]:
    """Those of the terms, as they are kept, that there are, with their numbers."""
    if len(wanted) <= _FEW:
        yield from _few_known(connection, wanted)
        return
    values: dict[tuple[str, str], list[str]] = {}
    for kind, value, place in wanted:
        values.setdefault((kind, place), []).append(value)
    for (kind, place), listed in values.items():
        for number, value in _TERMS.rows(connection, listed, kind=kind, place=place):
            yield number, (kind, value, place)


def _few_known(
    connection: Connection, wanted: Collection[tuple[str, str, str]]
) -> Iterator[tuple[int, tuple[str, str, str]]]:
    """The same of a few terms, in one statement."""
    if not wanted:
        return
    if bulk.is_postgres(connection):
        columns = tuple(map(list, zip(*wanted, strict=True)))
        found = [tuple(row) for row in connection.exec_driver_sql(_FEW_ON_POSTGRES, columns)]
    else:
        given = msgspec.json.encode(list(wanted)).decode()
        found = _found.decode(connection.exec_driver_sql(_FEW_ON_SQLITE, (given,)).scalar_one())
    for number, kind, value, place in found:
        yield number, (kind, value, place)


def forget_index_terms(connection: Connection, texts: Iterable[int]) -> None:
    """Removes the terms of texts that are gone, by their numbers."""
    gone = 0
    for page in bulk.pages(texts):
        gone += connection.execute(
            delete(postings).where(bulk.among(connection, postings.c.content, page))
        ).rowcount
    if gone:
        used = select(postings.c.term).where(postings.c.term == terms.c.number)
        connection.execute(delete(terms).where(~used.exists()))


def tags_of(connection: Connection, texts: Iterable[str]) -> dict[str, set[str]]:
    """The tags of texts by digest; a name that is too long to be a tag's comes as its key."""
    found: dict[str, set[str]] = {}
    wanted = select(contents.c.digest, terms.c.value).select_from(INDEXED)
    for page in bulk.pages(texts):
        here = bulk.among(connection, contents.c.digest, page) & (terms.c.kind == IndexTermKind.TAG.value)
        for digest, tag in connection.execute(wanted.where(here)):
            found.setdefault(digest, set()).add(tag)
    return found


def waits_for(
    connection: Connection,
    workspace_id: str,
    workspace: str,
    names: Iterable[str],
    most: int | None = None,
) -> dict[str, set[str]] | None:
    """Of all jobs whose drafts wait for the named ones, or for others that do: which of those each waits for.

    ``workspace`` is the name of the jobs' own workspace, which a document may say too. None if there are more
    than ``most`` of these pairs.
    """
    # what is joined with nothing is no key of an index: SQLite would go through the whole workspace
    inside = (objects.c.workspace_id.concat("") == workspace_id) & (
        objects.c.kind.concat("") == ObjectKind.JOB.value
    )
    upstream = (terms.c.kind == IndexTermKind.UPSTREAM.value) & terms.c.place.in_(["", key_of(workspace)])
    edges = select(terms.c.value.label("upstream"), objects.c.name.label("name")).select_from(
        INDEXED.join(objects, objects.c.digest == contents.c.digest)
    )
    found: dict[str, set[str]] = {}
    left = most
    for page in bulk.pages(bulk.texts(names)):
        first = edges.where(upstream, inside, bulk.among(connection, terms.c.value, page))
        down = first.cte("down", recursive=True)
        down = down.union(edges.where(upstream, inside, terms.c.value == down.c.name))
        asked = select(down.c.upstream, down.c.name)
        rows = connection.execute(asked if left is None else asked.limit(left + 1)).all()
        if left is not None and (left := left - len(rows)) < 0:
            return None
        for waited_for, name in rows:
            found.setdefault(name, set()).add(waited_for)
    return found


def digests_with_terms(connection: Connection, wanted: Iterable[IndexTerm]) -> Subquery:
    """The digests of texts that have any of the terms, each once."""
    having = bulk.among(connection, postings.c.term, term_numbers(connection, wanted))
    texts = postings.join(contents, contents.c.number == postings.c.content)
    return select(contents.c.digest).select_from(texts).where(having).distinct().subquery("indexed")


def note_holds(connection: Connection, objects: Sequence[StoredObject], *, fresh: bool) -> None:
    """Writes what these objects wait for now; those that are not ``fresh`` may have waited before."""
    if not fresh and connection.execute(_ANY_HOLD).first() is not None:
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
