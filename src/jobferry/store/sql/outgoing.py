"""Objects as they would leave: each with the size and the outline of its text, in one query a page."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from sqlalchemy import Connection, literal, select

from jobferry.model.document.facts import Outline, read_outline
from jobferry.model.kinds import ObjectKind
from jobferry.store.ports.outgoing import Outgoing, Outlined
from jobferry.store.sql import bulk
from jobferry.store.sql.schema import contents, objects

_PAGE = 500


class SqlOutgoing:
    """What exports read of objects and texts."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def every(self, workspace_id: str, kind: ObjectKind, edition: str, *, live: bool) -> Iterator[Outgoing]:
        """All objects of a kind in order of name, in pages that start after the last name."""
        digest = objects.c.live_digest if live else objects.c.digest
        version = objects.c.live_version if live else literal(0)
        columns = (objects.c.name, objects.c.uid, objects.c.directory, digest, version)
        wanted = select(*columns, contents.c.size, contents.c.edition, contents.c.facts)
        wanted = wanted.select_from(objects.outerjoin(contents, contents.c.digest == digest))
        wanted = wanted.where(objects.c.workspace_id == workspace_id, objects.c.kind == kind.value)
        wanted = wanted.order_by(objects.c.name).limit(_PAGE)
        query = wanted
        while True:
            rows = self._connection.execute(query).all()
            for name, uid, directory, text, number, size, found, facts in rows:
                outline = _outline(facts, found, edition)
                yield Outgoing(name, uid, directory, text, number, size or 0, outline)
            if len(rows) < _PAGE:
                return
            query = wanted.where(objects.c.name > rows[-1].name)

    def outlines(self, digests: Iterable[str], edition: str) -> dict[str, Outlined]:
        """Sizes and outlines of those texts that exist, by digest."""
        here = bulk.among_given(self._connection, contents.c.digest)
        query = select(contents.c.digest, contents.c.size, contents.c.edition, contents.c.facts).where(here)
        found: dict[str, Outlined] = {}
        for page in bulk.pages(bulk.texts(digests), _PAGE):
            for digest, size, known, facts in self._connection.execute(
                query, bulk.given(self._connection, page)
            ).all():
                found[digest] = Outlined(size, _outline(facts, known, edition))
        return found


def _outline(facts: bytes, found: str, edition: str) -> Outline | None:
    return read_outline(facts) if found == edition else None
