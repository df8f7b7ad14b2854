"""Names of objects: how many there are, those of one page, and those that hold a piece.

A row is all names of some objects as bytes, in which names are found without the database. It is read once
and used until the revision of its names is another one. Revisions are changed in the transaction that changes
names, and a row is taken by the revision that the reader's own snapshot shows: so no reader sees names of
another moment, however many processes write. A transaction that writes must not use rows: what it reads may
never come true, and its revision be given again. When it has committed, the row it found may go on with its
changes (:class:`Renames`).
"""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections import OrderedDict, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from operator import attrgetter
from threading import Lock
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Connection, Select, bindparam, false, func, literal, or_, select

from jobferry.model.document.facts import IndexTerm, IndexTermKind
from jobferry.model.kinds import ObjectKind
from jobferry.model.records import ObjectFilter, ObjectSort
from jobferry.store import bulk
from jobferry.store.index_terms import INDEXED, digests_with_terms
from jobferry.store.schema import contents, object_counts, objects, terms

Place = tuple[str, str, str]
"""Workspace, kind, and subtype."""
_END = b"\n"
_BLOCK_BYTES = 32 * 1024
_MOST_SEARCHES = 8
_ROOM_BYTES = 64 * 1024 * 1024
Key = tuple[str, str, str]
"""Workspace, kind, and subtype, which is empty for all of them."""
Named = tuple[Place, str]
"""A name, and where it is counted."""
_FEW_NAMES = 200
_DEEP_NAMES = 5_000
"""Beyond that many names a walk costs more than a row of names that is kept."""
_NOTHING = "[]"
_SORTED = {
    "name": objects.c.name,
    "directory": objects.c.directory,
    "type": objects.c.subtype,
    "created_at": objects.c.created_at,
    "updated_at": objects.c.updated_at,
}


_COUNT = select(func.sum(object_counts.c.number), func.sum(object_counts.c.revision)).where(
    object_counts.c.workspace_id == bindparam("workspace"), object_counts.c.kind == bindparam("kind")
)
_COUNT_OF_SUBTYPE = _COUNT.where(object_counts.c.subtype == bindparam("subtype"))


class Count(NamedTuple):
    """How many objects there are, and the revision of their names: higher after every change of those."""

    number: int
    revision: int


def change_counts(connection: Connection, differences: Mapping[Place, int]) -> None:
    """Notes so many more or fewer objects; where it is none, that they have other names."""
    rows = [(*place, difference, 1) for place, difference in differences.items()]
    bulk.save(connection, object_counts, rows, added=("number", "revision"))


def differences(*, gone: Iterable[Place] = (), come: Iterable[Place] = ()) -> dict[Place, int]:
    """What :func:`change_counts` is to note; a place that lost as many as it won is among it."""
    found: dict[Place, int] = {}
    for places, step in ((gone, -1), (come, 1)):
        for place in places:
            found[place] = found.get(place, 0) + step
    return found


def count_of(connection: Connection, workspace_id: str, kind: ObjectKind, subtype: str = "") -> Count:
    """How many objects of a kind, and of a subtype if one is named."""
    counted = _COUNT_OF_SUBTYPE if subtype else _COUNT
    bound = {"workspace": workspace_id, "kind": kind.value, "subtype": subtype}
    number, revision = connection.execute(counted, bound).one()
    return Count(int(number or 0), int(revision or 0))


def subtypes_of(connection: Connection, workspace_id: str, kind: ObjectKind) -> set[str]:
    """The subtypes that objects of a kind have."""
    here = (object_counts.c.workspace_id == workspace_id) & (object_counts.c.kind == kind.value)
    query = select(object_counts.c.subtype).where(here, object_counts.c.number > 0)
    return set(connection.scalars(query))


class _Block:
    """Some lines, which never change; and the same with ASCII letters in lower case, in as many bytes."""

    __slots__ = ("_lower", "_searches", "lines", "number")

    def __init__(self, lines: bytes) -> None:
        self.lines = lines
        self.number = lines.count(_END)
        self._lower = lines.lower()
        self._searches: OrderedDict[bytes, array[int]] = OrderedDict()

    @property
    def last(self) -> bytes:
        """The last name."""
        return self.lines[self.lines.rfind(_END, 0, -1) + 1 : -1]

    def names(self, begin: int, end: int) -> list[str]:
        """Names by their place in the order."""
        return self.lines.decode().split("\n")[begin:end]

    def search(self, part: bytes) -> array[int]:
        """A place in each name that holds the piece, which is in lower case."""
        found = self._searches.get(part)
        if found is None:
            found = self._searches[part] = self._search(part)
            if len(self._searches) > _MOST_SEARCHES:
                self._searches.popitem(last=False)
        return found

    def name_at(self, place: int) -> str:
        """The name that a place lies in."""
        begin = self.lines.rfind(_END, 0, place) + 1
        return self.lines[begin : self.lines.index(_END, place)].decode()

    def _search(self, part: bytes) -> array[int]:
        found = array("I")
        lower, note, end = self._lower, found.append, 0
        while (place := lower.find(part, end)) >= 0:
            note(place)
            end = lower.index(_END, place)
        return found


def _blocks(lines: bytes) -> Iterator[_Block]:
    """Blocks of about 32 to 64 KiB, or a single one that is smaller; none of no lines."""
    size = len(lines) // max(len(lines) // _BLOCK_BYTES, 1)
    begin = 0
    while begin < len(lines):
        end = lines.index(_END, min(begin + size, len(lines)) - 1) + 1
        yield _Block(lines[begin:end])
        begin = end


def _with_name(lines: bytes, name: bytes) -> bytes:
    """The lines and one more."""
    place = _place(lines, name)
    return b"".join((lines[:place], name, _END, lines[place:]))


def _without_name(lines: bytes, name: bytes) -> bytes:
    """The lines but one, which is among them."""
    place = _place(lines, name)
    return lines[:place] + lines[place + len(name) + 1 :]


def _place(lines: bytes, name: bytes) -> int:
    """Where a name's line begins or would begin."""
    low, high = 0, len(lines)
    while low < high:
        begin = lines.rfind(_END, low, (low + high) // 2) + 1 or low
        end = lines.index(_END, begin)
        if lines[begin:end] < name:
            low = end + 1
        else:
            high = begin
    return low


class NameRow:
    """Names in order, of one revision. Rows of other revisions share the blocks in which they are alike."""

    def __init__(self, made_of: Iterable[_Block], revision: int) -> None:
        self.revision = revision
        self._blocks = list(made_of)
        self.size = 2 * sum(len(block.lines) for block in self._blocks)

    @classmethod
    def of(cls, lines: bytes, revision: int) -> NameRow:
        """A row of names that stand in order, each ending with a line's end."""
        return cls(_blocks(lines), revision)

    @property
    def number(self) -> int:
        """How many names there are."""
        return sum(block.number for block in self._blocks)

    def between(self, offset: int, limit: int) -> list[str]:
        """Names by their place in the order."""
        numbers = [block.number for block in self._blocks]
        cover = _cover(numbers, offset, limit)
        return [name for block, begin, end in cover for name in self._blocks[block].names(begin, end)]

    def search(self, part: bytes, offset: int, limit: int) -> tuple[int, list[str]]:
        """How many names hold the piece, and some of them."""
        part = part.lower()
        found = [block.search(part) for block in self._blocks]
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
            _change(changed, _without_name, name.encode())
        for name in come:
            _change(changed, _with_name, name.encode())
        return NameRow(changed, revision)


class NameRows:
    """The rows that were used last, within bounds. Safe for threads."""

    def __init__(self, room: int = _ROOM_BYTES) -> None:
        self._room = room
        self._lock = Lock()
        self._rows: OrderedDict[Key, NameRow] = OrderedDict()

    def search(
        self, connection: Connection, wanted: ObjectFilter, there: Count, offset: int, limit: int
    ) -> tuple[int, list[str]] | None:
        """How many names hold the wanted piece, and a page of them; None if a row cannot tell."""
        part = wanted.name_part.encode("utf-8", "surrogatepass")
        row = None if _END in part else self._row(connection, wanted, there)
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
            while sum(name_row.size for name_row in self._rows.values()) > self._room:
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
    joined = connection.scalar(select(func.aggregate_strings(sorted_names.c.name, _END.decode())))
    return f"{joined}\n".encode() if joined else b""


def _cover(numbers: Sequence[int], offset: int, limit: int) -> Iterator[tuple[int, int, int]]:
    """Which of the blocks that hold so many make up a page, and from where to where in each."""
    before = 0
    for block, number in enumerate(numbers):
        begin, end = max(offset - before, 0), min(offset + limit - before, number)
        if begin < end:
            yield block, begin, end
        before += number


def _change(changed: list[_Block], change: Callable[[bytes, bytes], bytes], name: bytes) -> None:
    """Changes the block that the name belongs into."""
    place = max(min(bisect_left(changed, name, key=attrgetter("last")), len(changed) - 1), 0)
    lines = changed[place].lines if changed else b""
    changed[place : place + 1] = _blocks(change(lines, name))


@dataclass(slots=True)
class _Change:
    """Names of one kind that came and went, and by how much that raised their revision."""

    gone: set[str] = field(default_factory=set)
    come: set[str] = field(default_factory=set)
    steps: int = 0
    is_small: bool = True

    def note(self, gone: Sequence[str], come: Sequence[str]) -> None:
        self.is_small &= len(gone) + len(come) + len(self.gone) + len(self.come) <= _FEW_NAMES
        if self.is_small:
            left = self.gone | (set(gone) - self.come)
            there = self.come - set(gone)
            self.gone, self.come = left - set(come), there | (set(come) - left)


class Renames:
    """All that one transaction has done to names so far."""

    def __init__(self, rows: NameRows) -> None:
        self._rows = rows
        self._changes: defaultdict[tuple[str, str], _Change] = defaultdict(_Change)

    def note(self, gone: Sequence[Named], come: Sequence[Named]) -> None:
        """Takes note of what :func:`change_counts` was told at one time."""
        places = {place for place, _ in gone} | {place for place, _ in come}
        for workspace_id, kind, _ in places:
            self._changes[workspace_id, kind].steps += 1
        for here in {place[:2] for place in places}:
            left = [name for place, name in gone if place[:2] == here]
            self._changes[here].note(left, [name for place, name in come if place[:2] == here])

    def followed(self, connection: Connection) -> Iterator[tuple[Key, NameRow]]:
        """The rows that were up to date when the transaction began, as they are once it has committed."""
        for (workspace_id, kind), change in self._changes.items():
            key = (workspace_id, kind, "")
            row = self._rows.kept(key)
            if row is None or not change.is_small or any("\n" in name for name in change.come):
                continue
            revision = count_of(connection, workspace_id, ObjectKind(kind)).revision
            if row.revision == revision - change.steps:
                yield key, row.renamed(change.gone, change.come, revision)


class _Span(NamedTuple):
    """A page among all objects."""

    there: Count
    offset: int
    limit: int

    @property
    def size(self) -> int:
        return min(self.limit, self.there.number - self.offset)

    @property
    def behind(self) -> int:
        return self.there.number - self.offset - self.size


def page_of_names(
    connection: Connection, wanted: ObjectFilter, offset: int, limit: int, rows: NameRows | None
) -> tuple[int, list[str]]:
    """How many objects match in all, and the names of one page in order. ``rows`` only outside of writes."""
    if wanted.is_plain:
        there = count_of(connection, wanted.workspace_id, wanted.kind, wanted.subtype)
        if not wanted.name_part:
            return there.number, _counted(connection, wanted, _Span(there, offset, limit), rows)
        found = rows.search(connection, wanted, there, offset, limit) if rows is not None else None
        if found is not None:
            return found
    names = _matching(connection, wanted)
    return len(names), names[offset : offset + limit]


def has_index_term(
    connection: Connection, workspace_id: str, kind: ObjectKind, wanted: Iterable[IndexTerm]
) -> ColumnElement[bool]:
    """Whether an object of that workspace and kind has any of the terms."""
    # what is joined with nothing is no key of an index: SQLite would go through the whole workspace
    here = (objects.c.workspace_id.concat("") == workspace_id) & (objects.c.kind == kind.value)
    return here & objects.c.digest.in_(select(digests_with_terms(connection, wanted).c.digest))


def tag_counts(
    connection: Connection, workspace_id: str, directories: Iterable[str] | None
) -> dict[str, int]:
    """How many jobs have each tag in their drafts, of those in or below some directories; a long tag counts
    under its key."""
    # what is joined with nothing is no key of an index: SQLite would go through the whole workspace
    here = (objects.c.workspace_id.concat("") == workspace_id) & (objects.c.kind == ObjectKind.JOB.value)
    if directories is not None:
        here &= or_(false(), *(lies_in(directory) for directory in directories))
    counted = select(terms.c.value, func.count()).select_from(
        INDEXED.join(objects, objects.c.digest == contents.c.digest)
    )
    counted = counted.where(here, terms.c.kind == IndexTermKind.TAG.value).group_by(terms.c.value)
    return {tag: number for tag, number, *_ in bulk.rows(connection, counted)}


def _counted(connection: Connection, wanted: ObjectFilter, span: _Span, rows: NameRows | None) -> list[str]:
    """From the nearer end of an index, which can only be walked through; deep inside, from a row of names."""
    if span.size <= 0:
        return []
    if rows is not None and min(span.offset, span.behind) > _DEEP_NAMES:
        found = rows.between(connection, wanted, span.there, span.offset, span.size)
        if found is not None:
            return found
    is_backward = span.behind < span.offset
    page = _PAGES[bool(wanted.subtype), is_backward].rows(
        connection,
        workspace=wanted.workspace_id,
        kind=wanted.kind.value,
        subtype=wanted.subtype,
        size=span.size,
        offset=span.behind if is_backward else span.offset,
    )
    names = [name for (name,) in page]
    return names[::-1] if is_backward else names


def _page_query(*, of_subtype: bool, is_backward: bool) -> bulk.Known:
    """The names of a page from one end of the index or the other."""
    query = select(objects.c.name).where(
        objects.c.workspace_id == bindparam("workspace"), objects.c.kind == bindparam("kind")
    )
    if of_subtype:
        query = query.where(objects.c.subtype == bindparam("subtype"))
    query = query.order_by(objects.c.name.desc() if is_backward else objects.c.name)
    return bulk.Known(query.limit(bindparam("size")).offset(bindparam("offset")))


_PAGES = {
    (of_subtype, is_backward): _page_query(of_subtype=of_subtype, is_backward=is_backward)
    for of_subtype in (False, True)
    for is_backward in (False, True)
}


def _matching(connection: Connection, wanted: ObjectFilter) -> list[str]:
    """All names that match: counting them costs as much as reading them."""
    matching = _here(wanted)
    if wanted.index_terms:
        matching = has_index_term(connection, wanted.workspace_id, wanted.kind, wanted.index_terms)
        matching &= objects.c.subtype == wanted.subtype if wanted.subtype else literal(True)
    for condition in _conditions(wanted):
        matching &= condition
    if wanted.name_part:
        matching &= bulk.contains(connection, objects.c.name, wanted.name_part)
    return _names(connection, select(objects.c.name).where(matching).order_by(*_order(wanted.sort)))


def _conditions(wanted: ObjectFilter) -> Iterator[ColumnElement[bool]]:
    """What the columns of an object must say, its kind, type and name apart."""
    yield from _places(wanted)
    yield from _locks(wanted)
    if wanted.is_held is not None:
        yield (objects.c.held != _NOTHING) if wanted.is_held else (objects.c.held == _NOTHING)
    if wanted.is_live is not None:
        yield (objects.c.live_version > 0) if wanted.is_live else (objects.c.live_version == 0)
    if wanted.state is not None:
        yield objects.c.state == wanted.state.value
    for column, who in ((objects.c.created_by, wanted.created_by), (objects.c.updated_by, wanted.updated_by)):
        if who:
            yield column == who
    for column, since, until in (
        (objects.c.created_at, wanted.created_since, wanted.created_until),
        (objects.c.updated_at, wanted.updated_since, wanted.updated_until),
    ):
        if since:
            yield column >= since
        if until:
            yield column < until


def _places(wanted: ObjectFilter) -> Iterator[ColumnElement[bool]]:
    if wanted.directories is not None:
        yield or_(false(), *(lies_in(directory) for directory in wanted.directories))
    if wanted.directory is not None:
        yield lies_in(wanted.directory) if wanted.is_below else objects.c.directory == wanted.directory


def _locks(wanted: ObjectFilter) -> Iterator[ColumnElement[bool]]:
    if wanted.locked_by is not None:
        yield objects.c.locked_by == wanted.locked_by if wanted.locked_by else objects.c.locked_by != ""
    if wanted.is_locked is not None:
        yield (objects.c.locked_by != "") if wanted.is_locked else (objects.c.locked_by == "")


def _order(sort: ObjectSort) -> Iterator[ColumnElement[Any]]:
    column = _SORTED[sort.value.lstrip("-")]
    yield column.desc() if sort.value.startswith("-") else column.asc()
    if column is not objects.c.name:
        yield objects.c.name.asc()


def _names(connection: Connection, query: Select[str]) -> list[str]:
    return [name for (name,) in bulk.rows(connection, query)]


def _here(wanted: ObjectFilter) -> ColumnElement[bool]:
    here = (objects.c.workspace_id == wanted.workspace_id) & (objects.c.kind == wanted.kind.value)
    return here & (objects.c.subtype == wanted.subtype) if wanted.subtype else here


def lies_in(directory: str) -> ColumnElement[bool]:
    """In the directory or below it; not by ``like``, which takes ``a`` for ``A`` in SQLite."""
    start = f"{directory.rstrip('/')}/"
    return func.substr(objects.c.directory + "/", 1, len(start)) == start
