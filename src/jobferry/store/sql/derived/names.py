"""All names of some objects as one row of bytes, in which names are found without the database.

A row is read once and used until the revision of its names is another one. Revisions are changed in the
transaction that changes names, and a row is taken by the revision that the reader's own snapshot shows: so
no reader sees names of another moment, however many processes write. A transaction that writes must not
use rows: what it reads may never come true, and its revision be given again. When it has committed, the row
it found may go on with its changes (:mod:`~jobferry.store.sql.derived.renames`).
"""

from __future__ import annotations

from array import array
from collections import OrderedDict
from collections.abc import Iterable
from threading import Lock

from sqlalchemy import Connection, func, select

from jobferry.store.ports import ObjectFilter
from jobferry.store.sql.derived import counts
from jobferry.store.sql.schema import objects

_END = b"\n"
_NEAR = 4096
_MOST_SEARCHES = 8
_ROOM = 64 * 1024 * 1024

Key = tuple[str, str, str]
"""Workspace, kind, and subtype, which is empty for all of them."""


class NameRow:
    """Names in order, a line each; and the same in lower case (ASCII letters), which takes as many bytes."""

    def __init__(self, lines: bytes, revision: int) -> None:
        self.revision = revision
        self.size = 2 * len(lines)
        self._lines = lines
        self._lower = lines.lower()
        self._searches: OrderedDict[bytes, array[int]] = OrderedDict()

    def between(self, offset: int, limit: int) -> list[str]:
        """Names by their place in the order, of which there must be as many."""
        begin = end = self._beginning(offset)
        for _ in range(limit):
            end = self._lines.index(_END, end) + 1
        return self._lines[begin:end].decode().split("\n")[:-1]

    def search(self, part: bytes, offset: int, limit: int) -> tuple[int, list[str]]:
        """How many names hold the piece, and some of them."""
        part = part.lower()
        found = self._searches.get(part)
        if found is None:
            found = self._search(part)
            self._searches[part] = found
            if len(self._searches) > _MOST_SEARCHES:
                self._searches.popitem(last=False)
        return len(found), [self._name_at(place) for place in found[offset : offset + limit]]

    def renamed(self, gone: Iterable[str], come: Iterable[str], revision: int) -> NameRow:
        """The row as it is after a few names have changed."""
        lines = self._lines
        for line in map(_line, gone):
            place = _place(lines, line)
            lines = lines[:place] + lines[place + len(line) :]
        for line in map(_line, come):
            place = _place(lines, line)
            lines = lines[:place] + line + lines[place:]
        return NameRow(lines, revision)

    def _beginning(self, number: int) -> int:
        """Where the line of that number begins, the first being number 0; halved by counting ends."""
        begin, end = 0, len(self._lines)
        while number and end - begin > _NEAR:
            middle = (begin + end) // 2
            before = self._lines.count(_END, begin, middle)
            if before < number:
                begin, number = middle, number - before
            else:
                end = middle
        for _ in range(number):
            begin = self._lines.index(_END, begin) + 1
        return begin

    def _search(self, part: bytes) -> array[int]:
        """A place in each name that holds the piece."""
        found = array("Q")
        lower, note, end = self._lower, found.append, 0
        while (place := lower.find(part, end)) >= 0:
            note(place)
            end = lower.index(_END, place)
        return found

    def _name_at(self, place: int) -> str:
        begin = self._lines.rfind(_END, 0, place) + 1
        return self._lines[begin : self._lines.index(_END, place)].decode()


class NameRows:
    """The rows that were used last, within bounds. Safe for threads."""

    def __init__(self, room: int = _ROOM) -> None:
        self._room = room
        self._lock = Lock()
        self._rows: OrderedDict[Key, NameRow] = OrderedDict()

    def search(
        self, connection: Connection, wanted: ObjectFilter, offset: int, limit: int
    ) -> tuple[int, list[str]] | None:
        """How many names hold the wanted piece, and a page of them; None if a row cannot tell."""
        part = wanted.name_part.encode("utf-8", "surrogatepass")
        row = None if _END in part else self._row(connection, wanted)
        if row is None:
            return None
        with self._lock:
            return row.search(part, offset, limit)

    def between(
        self, connection: Connection, wanted: ObjectFilter, offset: int, limit: int
    ) -> list[str] | None:
        """A page of all names, which there must be; None if a row cannot tell."""
        row = self._row(connection, wanted)
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

    def _row(self, connection: Connection, wanted: ObjectFilter) -> NameRow | None:
        number, revision = counts.count(connection, wanted.workspace_id, wanted.kind, wanted.subtype)
        key = (wanted.workspace_id, wanted.kind.value, wanted.subtype)
        row = self.kept(key)
        if row is None or row.revision != revision:
            lines = _lines(connection, wanted)
            if lines.count(_END) != number:
                return None
            row = NameRow(lines, revision)
        self.keep(key, row)
        return row


def _lines(connection: Connection, wanted: ObjectFilter) -> bytes:
    names = select(objects.c.name).where(
        objects.c.workspace_id == wanted.workspace_id, objects.c.kind == wanted.kind.value
    )
    if wanted.subtype:
        names = names.where(objects.c.subtype == wanted.subtype)
    sorted_names = names.order_by(objects.c.name).subquery()
    joined = connection.scalar(select(func.aggregate_strings(sorted_names.c.name, _END.decode())))
    return _line(str(joined)) if joined else b""


def _line(name: str) -> bytes:
    return name.encode() + _END


def _place(lines: bytes, line: bytes) -> int:
    """Where a line stands or would stand, in order of its name."""
    low, high = 0, len(lines)
    while low < high:
        begin = lines.rfind(_END, low, (low + high) // 2) + 1 or low
        end = lines.index(_END, begin)
        if lines[begin:end] < line[:-1]:
            low = end + 1
        else:
            high = begin
    return low
