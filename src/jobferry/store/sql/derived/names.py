"""All names of some objects as one row of bytes, in which names are found without the database.

A row is read once and used until the revision of its names is another one. Revisions are changed in the
transaction that changes names, and a row is taken by the revision that the reader's own snapshot shows: so
no reader sees names of another moment, however many processes write. A transaction that writes must not
use rows: what it reads may never come true, and its revision be given again. When it has committed, the row
it found may go on with its changes (:mod:`~jobferry.store.sql.derived.renames`).
"""

from __future__ import annotations

from bisect import bisect_left
from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator, Sequence
from operator import attrgetter
from threading import Lock

from sqlalchemy import Connection, func, select

from jobferry.store.ports import ObjectFilter
from jobferry.store.sql.derived.blocks import END, Block, blocks, with_name, without_name
from jobferry.store.sql.derived.counts import Count
from jobferry.store.sql.schema import objects

_ROOM = 64 * 1024 * 1024

Key = tuple[str, str, str]
"""Workspace, kind, and subtype, which is empty for all of them."""


class NameRow:
    """Names in order, of one revision. Rows of other revisions share the blocks in which they are alike."""

    def __init__(self, made_of: Iterable[Block], revision: int) -> None:
        self.revision = revision
        self._blocks = list(made_of)
        self.size = 2 * sum(len(one.lines) for one in self._blocks)

    @classmethod
    def of(cls, lines: bytes, revision: int) -> NameRow:
        """A row of names that stand in order, each ending with a line's end."""
        return cls(blocks(lines), revision)

    @property
    def number(self) -> int:
        """How many names there are."""
        return sum(one.number for one in self._blocks)

    def between(self, offset: int, limit: int) -> list[str]:
        """Names by their place in the order."""
        numbers = [one.number for one in self._blocks]
        cover = _cover(numbers, offset, limit)
        return [name for block, begin, end in cover for name in self._blocks[block].names(begin, end)]

    def search(self, part: bytes, offset: int, limit: int) -> tuple[int, list[str]]:
        """How many names hold the piece, and some of them."""
        part = part.lower()
        found = [one.search(part) for one in self._blocks]
        numbers = [len(places) for places in found]
        names = [
            self._blocks[block].name_at(place)
            for block, begin, end in _cover(numbers, offset, limit)
            for place in found[block][begin:end]
        ]
        return sum(numbers), names

    def renamed(self, gone: Iterable[str], come: Iterable[str], revision: int) -> NameRow:
        """The row as it is after a few names have changed."""
        changed = list(self._blocks)
        for name in gone:
            _change(changed, without_name, name.encode())
        for name in come:
            _change(changed, with_name, name.encode())
        return NameRow(changed, revision)


class NameRows:
    """The rows that were used last, within bounds. Safe for threads."""

    def __init__(self, room: int = _ROOM) -> None:
        self._room = room
        self._lock = Lock()
        self._rows: OrderedDict[Key, NameRow] = OrderedDict()

    def search(
        self, connection: Connection, wanted: ObjectFilter, there: Count, offset: int, limit: int
    ) -> tuple[int, list[str]] | None:
        """How many names hold the wanted piece, and a page of them; None if a row cannot tell."""
        part = wanted.name_part.encode("utf-8", "surrogatepass")
        row = None if END in part else self._row(connection, wanted, there)
        if row is None:
            return None
        with self._lock:
            return row.search(part, offset, limit)

    def between(
        self, connection: Connection, wanted: ObjectFilter, there: Count, offset: int, limit: int
    ) -> list[str] | None:
        """A page of all names, which there must be; None if a row cannot tell."""
        row = self._row(connection, wanted, there)
        return row.between(offset, limit) if row is not None else None

    def kept(self, key: Key) -> NameRow | None:
        """The row that is there now, of whichever revision."""
        with self._lock:
            return self._rows.get(key)

    def keep(self, key: Key, row: NameRow) -> None:
        """Puts a row in the place of an older one."""
        with self._lock:
            former = self._rows.get(key)
            if former is None or former.revision < row.revision:
                self._rows[key] = row
            self._rows.move_to_end(key)
            while sum(one.size for one in self._rows.values()) > self._room:
                self._rows.popitem(last=False)

    def _row(self, connection: Connection, wanted: ObjectFilter, there: Count) -> NameRow | None:
        key = (wanted.workspace_id, wanted.kind.value, wanted.subtype)
        row = self.kept(key)
        if row is None or row.revision != there.revision:
            row = NameRow.of(_lines(connection, wanted), there.revision)
            if row.number != there.number:
                return None
        self.keep(key, row)
        return row


def _lines(connection: Connection, wanted: ObjectFilter) -> bytes:
    names = select(objects.c.name).where(
        objects.c.workspace_id == wanted.workspace_id, objects.c.kind == wanted.kind.value
    )
    if wanted.subtype:
        names = names.where(objects.c.subtype == wanted.subtype)
    sorted_names = names.order_by(objects.c.name).subquery()
    joined = connection.scalar(select(func.aggregate_strings(sorted_names.c.name, END.decode())))
    return f"{joined}\n".encode() if joined else b""


def _cover(numbers: Sequence[int], offset: int, limit: int) -> Iterator[tuple[int, int, int]]:
    """Which of the blocks that hold so many make up a page, and from where to where in each."""
    before = 0
    for block, number in enumerate(numbers):
        begin, end = max(offset - before, 0), min(offset + limit - before, number)
        if begin < end:
            yield block, begin, end
        before += number


def _change(changed: list[Block], change: Callable[[bytes, bytes], bytes], name: bytes) -> None:
    """Changes the block that the name belongs into."""
    place = max(min(bisect_left(changed, name, key=attrgetter("last")), len(changed) - 1), 0)
    lines = changed[place].lines if changed else b""
    changed[place : place + 1] = blocks(change(lines, name))
