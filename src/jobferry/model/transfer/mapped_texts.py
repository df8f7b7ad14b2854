"""What a mapping changes inside the texts of an object: SQL, shell, paths and URLs wherever they stand.

Only the letters of a name that is replaced change. What may be meant but cannot be told for sure is left
alone, and said.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any, NamedTuple, cast

import msgspec

from jobferry.model.document.edits import Path, Put, raw_at, respelled
from jobferry.model.document.node import listed, nodes_of, property_path
from jobferry.model.document.problems import pointer
from jobferry.model.document.sql import (
    MAX_TEXT_PLACES,
    TOO_LARGE,
    database_places,
    dialect_of,
    is_plain,
    mentions,
    too_large,
)
from jobferry.model.files import named_files
from jobferry.model.kinds import NeedKind, ObjectKind
from jobferry.model.transfer.mapping import PREFIX_KINDS, Mapping, beginnings_within

_STATEMENT = "statement"
_LEAST_LETTERS = 1024 * 1024
_MOST_LETTERS = 64 * 1024 * 1024
_LETTERS_PER_BYTE = 32
_LETTERS_PER_PLACE = 64
_SPELLED_OTHERWISE = (b"\\u", b"\\/")


class Replacement(msgspec.Struct, frozen=True, gc=False):
    """A place where a mapping has another name. ``line`` is 0 where the name is the whole value."""

    kind: NeedKind
    former: str
    local: str
    path: str
    line: int = 0


class NotReplaced(msgspec.Struct, frozen=True, gc=False):
    """A place that may mean a mapped name and was not changed; ``reason`` is a code."""

    kind: NeedKind
    name: str
    path: str
    line: int
    reason: str


class Room:
    """How much of an import's texts a mapping still looks through: letters of SQL, and places in any text.

    It grows with the package, so that a small one never makes much work. What does not fit takes nothing.
    """

    def __init__(self, package_bytes: int = 0) -> None:
        """1 Mi letters, and 32 for each byte of the package, but 64 Mi at most; a place for 64 of them."""
        self._letters = min(_LEAST_LETTERS + _LETTERS_PER_BYTE * package_bytes, _MOST_LETTERS)
        self._places = self._letters // _LETTERS_PER_PLACE

    def takes(self, *, letters: int = 0, places: int = 0) -> bool:
        """Whether there is room for so much more; if so, it is taken."""
        if letters > self._letters or places > self._places:
            return False
        self._letters -= letters
        self._places -= places
        return True


class _Body:
    """A text inside a document. Without a ``type`` it is looked through for paths and URLs only."""

    def __init__(self, path: Path, text: str, type_: str = "") -> None:
        self.path = path
        self.text = text
        self.type = type_
        self._counted = (0, 1)

    def line(self, at: int) -> int:
        """The line of a letter, from 1; counted on from the one before, since most are asked in order."""
        start, line = self._counted if self._counted[0] <= at else (0, 1)
        line += self.text.count("\n", start, at)
        self._counted = (at, line)
        return line


class _Change(NamedTuple):
    start: int
    end: int
    kind: NeedKind
    former: str
    local: str


class TextReplacements(NamedTuple):
    """What is to be put into one object's texts, what that changes, and what was left alone."""

    edits: list[Put]
    replacements: list[Replacement]
    not_replaced: list[NotReplaced]


class Bodies:
    """A mapping as it is looked for in texts; made once for many objects, within the ``room`` they share."""

    def __init__(self, mapping: Mapping, room: Room | None = None) -> None:
        self._room = room or Room()
        self._databases = mapping.names.get(NeedKind.DATABASE, {})
        self._prefixes = {
            former: (kind, local)
            for kind in sorted(PREFIX_KINDS, reverse=True)
            for former, local in mapping.names.get(kind, {}).items()
            if "/" in former
        }
        wanted = [re.escape(name.encode()) for name in (*self._databases, *self._prefixes)]
        self._any = re.compile(b"|".join(wanted), re.IGNORECASE) if wanted else None

    def within(
        self, kind: ObjectKind, text: bytes, document: dict[str, Any], spared: set[Path]
    ) -> TextReplacements:
        """All replacements in a document's texts but those at the ``spared`` places."""
        found = TextReplacements([], [], [])
        for body in _bodies(kind, document):
            if body.path in spared:
                continue
            changes = self._changes(body, found.not_replaced)
            if not changes:
                continue
            raw = cast("msgspec.Raw", raw_at(text, body.path))  # the parsed document has it
            put = respelled(
                bytes(memoryview(raw)), [(change.start, change.end, change.local) for change in changes]
            )
            found.edits.append(Put(body.path, put))
            place = pointer(body.path)
            found.replacements.extend(
                Replacement(change.kind, change.former, change.local, place, body.line(change.start))
                for change in changes
            )
        return found

    @property
    def wanted(self) -> bool:
        """Whether the mapping holds anything that texts may name."""
        return self._any is not None

    def may_be_in(self, text: bytes) -> bool:
        """Whether a document's text has to be looked through at all."""
        if self._any is None:
            return False
        return self._any.search(text) is not None or any(one in text for one in _SPELLED_OTHERWISE)

    def _changes(self, body: _Body, left: list[NotReplaced]) -> list[_Change]:
        """In order, none over another; none at all in a text that has too many."""
        changes = list(islice(self._beginnings(body.text), MAX_TEXT_PLACES + 1))
        unsure: list[NotReplaced] = []
        if body.type and self._databases:
            changes += self._database_changes(body, unsure)
        count = len(changes) + len(unsure)
        if count > MAX_TEXT_PLACES or not self._room.takes(places=count):
            left += _too_many(body, changes, unsure)
            return []
        left += unsure
        apart: list[_Change] = []
        for change in sorted(changes):
            if not apart or apart[-1].end <= change.start:
                apart.append(change)
        return apart

    def _beginnings(self, text: str) -> Iterator[_Change]:
        if not self._prefixes:
            return
        for found in beginnings_within(self._prefixes).finditer(text):
            kind, local = self._prefixes[found[0]]
            yield _Change(found.start(), found.end(), kind, found[0], local)

    def _database_changes(self, body: _Body, left: list[NotReplaced]) -> Iterator[_Change]:
        dialect = dialect_of(body.type)
        if dialect is None:
            said = (
                mention
                for mention in mentions(body.text, self._databases)
                if _is_qualifier(body.text, *mention)
            )
            qualifiers = islice(said, MAX_TEXT_PLACES + 1)
            left += [self._left(body, at, name, "text-not-sql") for at, name in qualifiers]
            return
        if next(mentions(body.text, self._databases), None) is None:
            return
        if self._room.takes(letters=len(body.text)):
            places, unread = database_places(body.text, dialect, self._databases)
        else:
            places, unread = [], too_large(body.text, self._databases)
        left += [self._left(body, one.start, one.name, f"text-{one.reason}") for one in unread]
        for start, end in places:
            former = body.text[start:end]
            local = self._databases[former]
            if is_plain(local) or not is_plain(former) or body.text[end : end + 1] in ('"', "`", "]"):
                yield _Change(start, end, NeedKind.DATABASE, former, local)
            else:
                left.append(self._left(body, start, former, "text-needs-quotes"))

    @staticmethod
    def _left(body: _Body, at: int, name: str, reason: str) -> NotReplaced:
        return NotReplaced(NeedKind.DATABASE, name, pointer(body.path), body.line(at), reason)


def _is_qualifier(text: str, at: int, name: str) -> bool:
    return text[at + len(name) : at + len(name) + 1] == "."


def _too_many(body: _Body, changes: Iterable[_Change], unsure: Iterable[NotReplaced]) -> list[NotReplaced]:
    """Each name of a text that has too many places, once."""
    path, reason = pointer(body.path), f"text-{TOO_LARGE}"
    first: dict[tuple[NeedKind, str], NotReplaced] = {}
    for change in changes:
        if (change.kind, change.former.lower()) not in first:
            told = NotReplaced(change.kind, change.former, path, body.line(change.start), reason)
            first[change.kind, change.former.lower()] = told
    for other in unsure:
        first.setdefault((other.kind, other.name.lower()), msgspec.structs.replace(other, reason=reason))
    return list(first.values())


def _bodies(kind: ObjectKind, document: dict[str, Any]) -> Iterator[_Body]:
    """The texts of a document that may hold names; a CDM definition has none."""
    match kind:
        case ObjectKind.SCRIPT:
            yield from _texts(document, ("content",), str(document.get("type") or "?"))
        case ObjectKind.JOB:
            yield from _job_bodies(document)
        case ObjectKind.RESOURCE:
            yield from (_Body(file.path, file.location) for file in named_files(document))


def _job_bodies(document: dict[str, Any]) -> Iterator[_Body]:
    yield from _texts(document, ("logPath",))
    for place, item in enumerate(listed(document, "params")):
        yield from _texts(item, ("params", place, "value"))
    for index, node in enumerate(nodes_of(document)):
        for place, one in enumerate(node.properties):
            if type(one.value) is str and one.value:
                type_ = node.type if one.name == _STATEMENT else ""
                yield _Body(property_path(index, place), one.value, type_)


def _texts(holder: dict[str, Any], path: Path, type_: str = "") -> Iterator[_Body]:
    value = holder.get(str(path[-1]))
    if type(value) is str and value:
        yield _Body(path, value, type_)
