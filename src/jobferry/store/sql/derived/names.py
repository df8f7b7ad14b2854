"""All names of some objects as one row of bytes, in which a piece of a name is found without the database.

A row is read once and used until the revision of its names is another one. Revisions are changed in the
transaction that changes names, and a row is taken by the revision that the reader's own snapshot shows: so
no reader sees names of another moment, however many processes write. A transaction that writes must not
use rows: what it reads may never come true, and its revision be given again.
"""

from __future__ import annotations

from array import array
from collections import OrderedDict
from threading import Lock

from sqlalchemy import Connection, func, select

from jobferry.store.ports import ObjectFilter
from jobferry.store.sql.derived import counts
from jobferry.store.sql.schema import objects

_BETWEEN = b"\n"
_MOST_SEARCHES = 8
_ROOM = 64 * 1024 * 1024

Key = tuple[str, str, str]


class NameRow:
    """Names in order, joined; and the same in lower case (ASCII letters), which takes as many bytes."""

    def __init__(self, names: bytes, revision: int) -> None:
        self.revision = revision
        self.size = 2 * len(names)
        self._names = names
        self._lower = names.lower()
        self._searches: OrderedDict[bytes, array[int]] = OrderedDict()

    def page(self, part: bytes, offset: int, limit: int) -> tuple[int, list[str]]:
        """How many names hold the piece, and some of them."""
        part = part.lower()
        found = self._searches.get(part)
        if found is None:
            found = self._search(part)
            self._searches[part] = found
            if len(self._searches) > _MOST_SEARCHES:
                self._searches.popitem(last=False)
        return len(found), [self._name_at(place) for place in found[offset : offset + limit]]

    def _search(self, part: bytes) -> array[int]:
        """A place in each name that holds the piece."""
        found = array("Q")
        lower, note, end = self._lower, found.append, 0
        while (place := lower.find(part, end)) >= 0:
            note(place)
            end = lower.find(_BETWEEN, place)
            if end < 0:
                break
        return found

    def _name_at(self, place: int) -> str:
        begin = self._names.rfind(_BETWEEN, 0, place) + 1
        end = self._names.find(_BETWEEN, place)
        return self._names[begin : end if end >= 0 else None].decode()


class NameRows:
    """The rows that were used last, within bounds. Safe for threads."""

    def __init__(self, room: int = _ROOM) -> None:
        self._room = room
        self._lock = Lock()
        self._rows: OrderedDict[Key, NameRow] = OrderedDict()

    def page(
        self, connection: Connection, wanted: ObjectFilter, offset: int, limit: int
    ) -> tuple[int, list[str]] | None:
        """How many names hold the wanted piece, and a page of them; None if a row cannot tell."""
        part = wanted.name_part.encode("utf-8", "surrogatepass")
        if _BETWEEN in part:
            return None
        number, revision = counts.count(connection, wanted.workspace_id, wanted.kind, wanted.subtype)
        if not number:
            return 0, []
        key = (wanted.workspace_id, wanted.kind.value, wanted.subtype)
        with self._lock:
            row = self._rows.get(key)
        if row is None or row.revision != revision:
            names = _joined(connection, wanted)
            if names.count(_BETWEEN) != number - 1:
                return None
            row = NameRow(names, revision)
        with self._lock:
            self._keep(key, row)
            return row.page(part, offset, limit)

    def _keep(self, key: Key, row: NameRow) -> None:
        self._rows[key] = row
        self._rows.move_to_end(key)
        while sum(one.size for one in self._rows.values()) > self._room:
            self._rows.popitem(last=False)


def _joined(connection: Connection, wanted: ObjectFilter) -> bytes:
    names = select(objects.c.name).where(
        objects.c.workspace_id == wanted.workspace_id, objects.c.kind == wanted.kind.value
    )
    if wanted.subtype:
        names = names.where(objects.c.subtype == wanted.subtype)
    sorted_names = names.order_by(objects.c.name).subquery()
    joined = connection.scalar(select(func.aggregate_strings(sorted_names.c.name, _BETWEEN.decode())))
    return str(joined or "").encode()
