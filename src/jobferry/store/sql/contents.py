"""Texts by digest, each stored once, with what was read from it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import msgspec
from sqlalchemy import ColumnElement, Connection, LargeBinary, delete, select
from sqlalchemy import cast as sql_cast

from jobferry.model.document.facts import Facts, marks_of
from jobferry.store.ports import Text
from jobferry.store.sql import bulk
from jobferry.store.sql.derived import marks
from jobferry.store.sql.schema import contents, landings, objects, receipt_items, receipt_texts, versions

_PAGE_BYTES = 8 * 1024 * 1024
_PAGE_TEXTS = 2000
_PUT_TEXTS = 100
"""So many are made rows of at once: the driver wants each text as a string, which is as large again."""
_REREAD = ("stored_at", "edition", "facts")
_STALE = "contents.edition <> excluded.edition OR contents.stored_at < excluded.stored_at - 3600000"
"""A text that is put again within the hour, with facts of the same edition, is left as it is."""

_facts = msgspec.json.Decoder(Facts)


class SqlContents:
    """Texts in a transaction, to read or to change."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def known(self, digests: Iterable[str], edition: str = "") -> set[str]:
        """Which of the texts are here, with facts of that edition if one is named."""
        where = contents.c.edition == edition if edition else None
        return {digest for (digest,) in self._look(digests, contents.c.digest, where=where)}

    def texts(self, digests: Sequence[str]) -> Iterator[tuple[str, bytes]]:
        """The texts that exist, by digest, a few megabytes at a time."""
        for page in _by_weight(self._look(digests, contents.c.digest, contents.c.size)):
            yield from self.texts_at_once(page).items()

    def texts_at_once(self, digests: Iterable[str]) -> dict[str, bytes]:
        """The same in one go, without asking for their sizes first."""
        found = self._look(digests, contents.c.digest, self._text_bytes())
        return {digest: text.encode() if isinstance(text, str) else text for digest, text in found}

    def facts(self, digests: Iterable[str], edition: str) -> dict[str, Facts]:
        """Stored facts of the given edition."""
        rows = self._look(digests, contents.c.digest, contents.c.facts, where=contents.c.edition == edition)
        return {digest: _facts.decode(facts) for digest, facts in rows}

    def tags(self, digests: Iterable[str]) -> dict[str, set[str]]:
        """Of those texts that have tags, which; by digest."""
        return marks.tags(self._connection, bulk.texts(digests))

    def sizes(self, digests: Iterable[str]) -> dict[str, int]:
        """Sizes in bytes of those texts that exist."""
        return {row[0]: row[1] for row in self._look(digests, contents.c.digest, contents.c.size)}

    def put(self, texts: Sequence[Text], *, at: int) -> None:
        """Stores texts that are not there yet; those that are get these facts and count as put again."""
        for page in bulk.pages(texts, _PUT_TEXTS):
            rows = [_values(text, at) for text in page]
            bulk.save(self._connection, contents, rows, changed=_REREAD, where=_STALE)
        found = ((text.digest, marks_of(text.facts.tags, text.facts.references)) for text in texts)
        marks.note(self._connection, found)

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
        removed = delete(contents).where(contents.c.digest.in_(unused)).returning(contents.c.digest)
        gone = self._connection.scalars(removed).all()
        marks.forget(self._connection, gone)
        return len(gone)

    def _look(
        self, digests: Iterable[str], *columns: ColumnElement[Any], where: ColumnElement[bool] | None = None
    ) -> Iterator[Sequence[Any]]:
        query = select(*columns).where(bulk.among_given(self._connection, contents.c.digest))
        if where is not None:
            query = query.where(where)
        for page in bulk.pages(bulk.texts(digests)):
            yield from self._connection.execute(query, bulk.given(self._connection, page)).all()

    def _text_bytes(self) -> ColumnElement[Any]:
        """A text as bytes, without the driver making a string of it first."""
        if bulk.is_postgres(self._connection):
            return contents.c.text
        return sql_cast(contents.c.text, LargeBinary)


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


def _values(text: Text, at: int) -> bulk.Values:
    facts = msgspec.json.encode(text.facts)
    return (text.digest, len(text.text), at, text.edition, facts, text.text.decode())
