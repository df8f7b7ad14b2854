"""What a mapping changes inside the texts of an object: SQL, shell, paths and URLs wherever they stand.

Only the letters of a hit change. What may be meant but cannot be told for sure is left alone, and said.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, NamedTuple, cast

import msgspec

from jobferry.model.document.edits import Path, Put, raw_at, respelled
from jobferry.model.document.node import listed, nodes_of, property_path
from jobferry.model.document.problem import pointer
from jobferry.model.document.references import DEPEND_PACKAGES
from jobferry.model.document.sql import database_places, dialect_of, is_plain, mentions
from jobferry.model.kinds import NeedKind, ObjectKind
from jobferry.model.transfer.mapping import PREFIX_KINDS, Mapping, beginnings_within

_STATEMENT = "statement"
_SPELLED_OTHERWISE = (b"\\u", b"\\/")


class Hit(msgspec.Struct, frozen=True, gc=False):
    """A place where a mapping has another name. ``line`` is 0 where the name is the whole value."""

    kind: NeedKind
    former: str
    local: str
    path: str
    line: int = 0


class LeftAlone(msgspec.Struct, frozen=True, gc=False):
    """A place that may mean a mapped name and was not changed; ``reason`` is a code."""

    kind: NeedKind
    name: str
    path: str
    line: int
    reason: str


class _Body(NamedTuple):
    """A text inside a document. Without a ``type`` it is looked through for paths and URLs only."""

    path: Path
    text: str
    type: str = ""


class _Change(NamedTuple):
    start: int
    end: int
    kind: NeedKind
    former: str
    local: str


class Found(NamedTuple):
    """What is to be put into one object's texts, what that changes, and what was left alone."""

    edits: list[Put]
    hits: list[Hit]
    left: list[LeftAlone]


class Bodies:
    """A mapping as it is looked for in texts; made once for many objects."""

    def __init__(self, mapping: Mapping) -> None:
        self._databases = mapping.names.get(NeedKind.DATABASE, {})
        self._prefixes = {
            former: (kind, local)
            for kind in sorted(PREFIX_KINDS, reverse=True)
            for former, local in mapping.names.get(kind, {}).items()
            if "/" in former
        }
        wanted = [re.escape(name.encode()) for name in (*self._databases, *self._prefixes)]
        self._any = re.compile(b"|".join(wanted), re.IGNORECASE) if wanted else None

    def within(self, kind: ObjectKind, text: bytes, document: dict[str, Any], spared: set[Path]) -> Found:
        """All hits in a document's texts but those at the ``spared`` places."""
        found = Found([], [], [])
        for body in _bodies(kind, document):
            if body.path in spared:
                continue
            changes = self._changes(body, found.left)
            if not changes:
                continue
            raw = cast("msgspec.Raw", raw_at(text, body.path))  # the parsed document has it
            put = respelled(bytes(memoryview(raw)), [(one.start, one.end, one.local) for one in changes])
            found.edits.append(Put(body.path, put))
            place = pointer(body.path)
            found.hits.extend(
                Hit(one.kind, one.former, one.local, place, _line(body.text, one.start)) for one in changes
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

    def _changes(self, body: _Body, left: list[LeftAlone]) -> list[_Change]:
        """In order, none over another."""
        changes = [*self._beginnings(body.text)]
        if body.type and self._databases:
            changes += self._database_changes(body, left)
        apart: list[_Change] = []
        for one in sorted(changes):
            if not apart or apart[-1].end <= one.start:
                apart.append(one)
        return apart

    def _beginnings(self, text: str) -> Iterator[_Change]:
        if not self._prefixes:
            return
        for found in beginnings_within(self._prefixes).finditer(text):
            kind, local = self._prefixes[found[0]]
            yield _Change(found.start(), found.end(), kind, found[0], local)

    def _database_changes(self, body: _Body, left: list[LeftAlone]) -> Iterator[_Change]:
        dialect = dialect_of(body.type)
        if dialect is None:
            qualifiers = [
                one for one in mentions(body.text, self._databases) if _is_qualifier(body.text, *one)
            ]
            left += [self._left(body, at, name, "text-not-sql") for at, name in qualifiers]
            return
        places, unread = database_places(body.text, dialect, self._databases)
        left += [self._left(body, one.start, one.name, f"text-{one.reason}") for one in unread]
        for start, end in places:
            former = body.text[start:end]
            local = self._databases[former]
            if is_plain(local) or not is_plain(former) or body.text[end : end + 1] in ('"', "`", "]"):
                yield _Change(start, end, NeedKind.DATABASE, former, local)
            else:
                left.append(self._left(body, start, former, "text-needs-quotes"))

    @staticmethod
    def _left(body: _Body, at: int, name: str, reason: str) -> LeftAlone:
        return LeftAlone(NeedKind.DATABASE, name, pointer(body.path), _line(body.text, at), reason)


def _is_qualifier(text: str, at: int, name: str) -> bool:
    return text[at + len(name) : at + len(name) + 1] == "."


def _line(text: str, at: int) -> int:
    return text.count("\n", 0, at) + 1


def _bodies(kind: ObjectKind, document: dict[str, Any]) -> Iterator[_Body]:
    """The texts of a document that may hold names."""
    match kind:
        case ObjectKind.SCRIPT:
            yield from _texts(document, ("content",), str(document.get("type") or "?"))
        case ObjectKind.JOB:
            yield from _job_bodies(document)
        case ObjectKind.RESOURCE:
            yield from _texts(document, ("location",))
            yield from _texts(document, ("dependFiles",))
            for key in DEPEND_PACKAGES:
                for place, item in enumerate(listed(document, key)):
                    yield from _texts(item, (key, place, "location"))
        case ObjectKind.CDM:
            return


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
