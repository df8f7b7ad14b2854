"""Texts by digest, each stored once, with what was read from it; and what exports ask about them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from operator import attrgetter
from typing import Any

import msgspec
from sqlalchemy import ColumnElement, Connection, LargeBinary, Select, bindparam, delete, literal, select
from sqlalchemy import cast as sql_cast

from jobferry.model.document.facts import ExportFacts, Facts, index_terms_of, read_export_facts, read_tags
from jobferry.model.kinds import ObjectKind
from jobferry.model.records import Outgoing, SizedFacts, Text
from jobferry.store import bulk
from jobferry.store.index_terms import forget_index_terms, note_index_terms, tags_of
from jobferry.store.schema import contents, landings, objects, receipt_items, receipt_texts, versions

_PAGE_BYTES = 8 * 1024 * 1024
_PAGE_TEXTS = 2000
_PUT_TEXTS = 100
"""So many are made rows of at once: the driver wants each text as a string, which is as large again."""
_REREAD = ("stored_at", "edition", "facts")
_FRESH_MS = 60 * 60 * 1000
"""A text that is put again within the hour, with facts of the same version, is left as it is."""

_NUMBERED = (contents.c.digest, contents.c.number)
_PUT_BEFORE = (*_NUMBERED, contents.c.edition, contents.c.stored_at)
_SIZED = (contents.c.digest, contents.c.size, contents.c.edition, contents.c.facts)
_TEXT_BYTES = sql_cast(contents.c.text, LargeBinary)
"""SQLite's text as bytes, without the driver making a string of it first."""
_facts = msgspec.json.Decoder(Facts)
_PAGE_OBJECTS = 500


class Contents:
    """Texts by digest. A text is stored once and never changes."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def known(self, digests: Iterable[str], facts_version: str = "") -> set[str]:
        """Which of the texts are here, with facts of that version if one is named."""
        return {digest for (digest,) in self._look(digests, contents.c.digest, edition=facts_version)}

    def texts(self, digests: Sequence[str]) -> Iterator[tuple[str, bytes]]:
        """The texts that exist by digest, a few megabytes at a time, in no particular order; each once."""
        if len(digests) == 1:
            yield from self.texts_at_once(digests).items()
            return
        for page in _by_weight(self._look(digests, contents.c.digest, contents.c.size)):
            yield from self.texts_at_once(page).items()

    def texts_at_once(self, digests: Iterable[str]) -> dict[str, bytes]:
        """The same in one go, for who knows that they are not too large to be held together."""
        text = contents.c.text if bulk.is_postgres(self._connection) else _TEXT_BYTES
        found = self._look(digests, contents.c.digest, text)
        return {digest: text.encode() if isinstance(text, str) else text for digest, text in found}

    def facts(self, digests: Iterable[str], facts_version: str) -> dict[str, Facts]:
        """Stored facts of the given version; other versions do not count."""
        rows = self._look(digests, contents.c.digest, contents.c.facts, edition=facts_version)
        return {digest: _facts.decode(facts) for digest, facts in rows}

    def job_tags(self, digests: Iterable[str], facts_version: str) -> dict[str, tuple[str, ...]]:
        """The tags of texts in their order, of those that have facts of the given version; by digest."""
        rows = self._look(digests, contents.c.digest, contents.c.facts, edition=facts_version)
        return {digest: read_tags(facts) for digest, facts in rows}

    def tags(self, digests: Iterable[str]) -> dict[str, set[str]]:
        """Of those texts that have tags, which; by digest."""
        return tags_of(self._connection, bulk.texts(digests))

    def sizes(self, digests: Iterable[str]) -> dict[str, int]:
        """Sizes in bytes of those texts that exist."""
        return {row[0]: row[1] for row in self._look(digests, contents.c.digest, contents.c.size)}

    def _look(
        self, digests: Iterable[str], *columns: ColumnElement[Any], edition: str = ""
    ) -> Iterator[Sequence[Any]]:
        """Columns of those of the texts that are here, with facts of that version if one is named."""
        on_postgres = bulk.is_postgres(self._connection)
        query = _query(columns, on_postgres=on_postgres, with_edition=bool(edition))
        named = {"edition": edition} if edition else {}
        for page in bulk.pages(bulk.texts(digests)):
            wanted = bulk.given(self._connection, page) | named
            yield from self._connection.execute(query, wanted).all()


@cache
def _query(columns: tuple[ColumnElement[Any], ...], *, on_postgres: bool, with_edition: bool) -> Select[Any]:
    """Made once: that takes longer than a small query takes the database."""
    query = select(*columns).where(bulk.among_these(contents.c.digest, on_postgres=on_postgres))
    return query.where(contents.c.edition == bindparam("edition")) if with_edition else query


class ContentWriter(Contents):
    """Texts, to be stored and swept."""

    def put(self, texts: Sequence[Text], *, at: int) -> None:
        """Stores texts that are not there yet; those that are get these facts and count as put again.

        Index terms that the facts tell of are noted for all of them. Those who write other parts may store
        the same texts at once: all go by the order of digests, so that nobody waits in a circle.
        """
        given = {text.digest: text for text in sorted(texts, key=attrgetter("digest"))}
        known = {digest: (number, put) for digest, number, *put in self._look(given, *_PUT_BEFORE)}
        numbers = {digest: number for digest, (number, _) in known.items()}
        added, fresh = self._add([text for digest, text in given.items() if digest not in known], at)
        numbers |= added
        stale = [
            given[digest] for digest, (_, put) in sorted(known.items()) if _is_stale(given[digest], put, at)
        ]
        for page in bulk.pages(stale, _PUT_TEXTS):
            bulk.amend(self._connection, contents, _REREAD, [_reread(text, at) for text in page])
        terms: defaultdict[int, list[tuple[str, str, str]]] = defaultdict(list)
        for text in texts:
            terms[numbers[text.digest]] += index_terms_of(text.facts)
        note_index_terms(self._connection, terms, fresh=fresh)

    def _add(self, new: Sequence[Text], at: int) -> tuple[dict[str, int], set[int]]:
        """Adds texts; gives their numbers by digest, and which of these nobody else has added meanwhile."""
        if not new:
            return {}, set()
        first = bulk.reserve(self._connection, "contents", len(new))
        numbers = {text.digest: number for number, text in enumerate(new, first)}
        added = 0
        for page in bulk.pages(new, _PUT_TEXTS):
            rows = [_values(text, numbers[text.digest], at) for text in page]
            added += bulk.add_absent(self._connection, contents, rows)
        fresh = set(numbers.values())
        if added < len(new):
            numbers = dict(map(tuple, self._look(numbers, *_NUMBERED)))
            fresh &= set(numbers.values())
        return numbers, fresh

    def sweep(self, *, before: int) -> int:
        """Deletes texts put before that time that no object, version, landing or receipt refers to."""
        unused = (
            select(contents.c.digest)
            .where(contents.c.stored_at < before)
            .except_(
                select(objects.c.digest),
                select(versions.c.digest),
                select(landings.c.result_digest),
                select(receipt_items.c.prior_digest),
                select(receipt_texts.c.digest),
            )
        )
        removed = delete(contents).where(contents.c.digest.in_(unused)).returning(contents.c.number)
        gone = self._connection.scalars(removed).all()
        forget_index_terms(self._connection, gone)
        return len(gone)


def _by_weight(sizes: Iterable[Sequence[Any]]) -> Iterator[list[str]]:
    """Digests in pages whose texts together stay within the page's bytes (one text may be larger)."""
    page: list[str] = []
    weight = 0
    for digest, size in list(sizes):
        if page and (weight + size > _PAGE_BYTES or len(page) >= _PAGE_TEXTS):
            yield page
            page, weight = [], 0
        page.append(digest)
        weight += size
    if page:
        yield page


def _values(text: Text, number: int, at: int) -> bulk.Values:
    facts = msgspec.json.encode(text.facts)
    return (text.digest, len(text.text), at, text.facts_version, facts, number, text.text.decode())


def _is_stale(text: Text, put: Sequence[Any], at: int) -> bool:
    """Whether a text that is there has facts of another version, or was put long ago."""
    edition, stored_at = put
    return bool(edition != text.facts_version or stored_at < at - _FRESH_MS)


def _reread(text: Text, at: int) -> bulk.Values:
    """Values for the columns in ``_REREAD``, and the text's digest."""
    return (at, text.facts_version, msgspec.json.encode(text.facts), text.digest)


class OutgoingObjects:
    """What exports ask about objects and their texts: no more of either than they need."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def every(
        self, workspace_id: str, kind: ObjectKind, facts_version: str, *, live: bool
    ) -> Iterator[Outgoing]:
        """All objects of a kind in order of name, fetched in pages; ``live`` asks for the live versions.

        Export facts are read when its object is given: who keeps few of them at a time, holds little.
        """
        digest = objects.c.live_digest if live else objects.c.digest
        version = objects.c.live_version if live else literal(0)
        columns = (objects.c.name, objects.c.uid, objects.c.directory, digest, version)
        wanted = select(*columns, contents.c.size, contents.c.edition, contents.c.facts)
        wanted = wanted.select_from(objects.outerjoin(contents, contents.c.digest == digest))
        wanted = wanted.where(objects.c.workspace_id == workspace_id, objects.c.kind == kind.value)
        wanted = wanted.order_by(objects.c.name).limit(_PAGE_OBJECTS)
        query = wanted
        while True:
            rows = self._connection.execute(query).all()
            for name, uid, directory, text, number, size, found, facts in rows:
                export_facts = _export_facts(facts, found, facts_version)
                yield Outgoing(name, uid, directory, text, number, size or 0, export_facts)
            if len(rows) < _PAGE_OBJECTS:
                return
            query = wanted.where(objects.c.name > rows[-1].name)

    def sized_facts(self, digests: Iterable[str], facts_version: str) -> dict[str, SizedFacts]:
        """Sizes and export facts of those texts that exist, by digest."""
        query = _query(_SIZED, on_postgres=bulk.is_postgres(self._connection), with_edition=False)
        found: dict[str, SizedFacts] = {}
        for page in bulk.pages(bulk.texts(digests), _PAGE_OBJECTS):
            for digest, size, known, facts in self._connection.execute(
                query, bulk.given(self._connection, page)
            ).all():
                found[digest] = SizedFacts(size, _export_facts(facts, known, facts_version))
        return found


def _export_facts(facts: bytes, found: str, facts_version: str) -> ExportFacts | None:
    return read_export_facts(facts) if found == facts_version else None
