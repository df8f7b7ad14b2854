"""The one place where a document's text is changed.

An edit opens only the containers on its path; every other value, key and space keeps its exact bytes.
Documents are never re-encoded as a whole, and nothing else in Jobferry encodes a document.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, cast

import msgspec

Path = tuple[str | int, ...]

_object = msgspec.json.Decoder(dict[str, msgspec.Raw])
_list = msgspec.json.Decoder(list[msgspec.Raw])
_BEFORE_MEMBER = re.compile(
    rb'[ \t\n\r]*[{,][ \t\n\r]*"[^"\\]*(?:\\.[^"\\]*)*"[ \t\n\r]*:[ \t\n\r]*', re.DOTALL
)
_BEFORE_PLACE = re.compile(rb"[ \t\n\r]*[\[,][ \t\n\r]*")
_ESCAPED = re.compile(r"\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|\\u[0-9a-fA-F]{4}|\\.")


class Put(msgspec.Struct, frozen=True, gc=False, tag="put"):
    """Write ``value`` at ``path``; missing objects on the way are made, missing list places are not.

    ``value`` is what JSON can say, or a :class:`msgspec.Raw` that is put in byte for byte.
    """

    path: Path
    value: Any


class Drop(msgspec.Struct, frozen=True, gc=False, tag="drop"):
    """Take away the key or list place at ``path``; nothing happens where there is none."""

    path: Path


Edit = Put | Drop


class EditMisses(LookupError):
    """An edit's path runs through something that is neither an object nor a list, or past a list's end."""


def edited(text: bytes, edits: Iterable[Edit]) -> bytes:
    """The text with all edits made, in one pass.

    Raises:
        EditMisses: a path does not fit the document.
    """
    tree: dict[str | int, Any] = {}
    for edit in edits:
        branch = tree
        for part in edit.path[:-1]:
            branch = cast("dict[str | int, Any]", branch.setdefault(part, {}))
        branch[edit.path[-1]] = edit
    return _rewrite(text, tree) if tree else text


def raw_at(text: bytes, path: Path) -> msgspec.Raw | None:
    """The exact bytes of the value at ``path``, or none where there is no such place."""
    current = msgspec.Raw(text)
    for part in path:
        try:
            place: Any = (_list if isinstance(part, int) else _object).decode(current)
            current = place[part]
        except (msgspec.MsgspecError, LookupError):
            return None
    return current


def value_at(document: Any, path: Path) -> Any:
    """A parsed document's value at a place that is there."""
    for part in path:
        document = document[part]
    return document


def respelled(written: bytes, changes: Sequence[tuple[int, int, str]]) -> msgspec.Raw:
    """A JSON string in which some pieces of its value read otherwise; all other letters keep their spelling.

    ``changes`` are (start, end, new) in the value's letters, in order, none over another.
    """
    spelling = written.decode()
    ends = iter(_places_in(spelling, [place for start, end, _ in changes for place in (start, end)]))
    pieces: list[str] = []
    copied = 0
    for _, _, new in changes:
        start, end = next(ends), next(ends)
        pieces += [spelling[copied:start], msgspec.json.encode(new).decode()[1:-1]]
        copied = end
    return msgspec.Raw("".join([*pieces, spelling[copied:]]).encode())


def _places_in(spelling: str, letters: list[int]) -> list[int]:
    """Where these letters of a JSON string's value stand in its spelling; an escape spells one letter."""
    places: list[int] = []
    before = 1  # the quote, and by how much escapes so far are longer than what they spell
    escapes = _ESCAPED.finditer(spelling)
    escape = next(escapes, None)
    for letter in letters:
        while escape is not None and escape.start() < letter + before:
            before += len(escape[0]) - 1
            escape = next(escapes, None)
        places.append(letter + before)
    return places


def _rewrite(text: bytes | msgspec.Raw, branch: dict[str | int, Any]) -> bytes:
    if all(isinstance(part, int) for part in branch):
        return _rewrite_list(text, cast("dict[int, Any]", branch))
    return _rewrite_object(text, cast("dict[str, Any]", branch))


def _rewrite_object(text: bytes | msgspec.Raw, branch: dict[str, Any]) -> bytes:
    values = _opened_object(text)
    new: dict[str, msgspec.Raw] = {}
    for key, action in branch.items():
        match action:
            case Put(value=value):
                new[key] = _raw(value)
            case Drop():
                continue
            case _:
                new[key] = msgspec.Raw(_rewrite(values.get(key, b"{}"), action))
    if values and not any(isinstance(action, Drop) and key in values for key, action in branch.items()):
        added = b"".join(b"," + _raw(key) + b":" + raw for key, raw in new.items() if key not in values)
        return _replaced(text, values, new, _BEFORE_MEMBER, added)
    for key, action in branch.items():
        if isinstance(action, Drop):
            values.pop(key, None)
    return msgspec.json.encode(values | new)


def _rewrite_list(text: bytes | msgspec.Raw, branch: dict[int, Any]) -> bytes:
    try:
        values = dict(enumerate(_list.decode(text)))
    except msgspec.MsgspecError:
        raise EditMisses(f"{bytes(memoryview(text))[:40]!r} is not a list") from None
    new: dict[int, msgspec.Raw] = {}
    for place, action in branch.items():
        if place not in values:
            raise EditMisses(f"the list has no place {place}")
        match action:
            case Put(value=value):
                new[place] = _raw(value)
            case Drop():
                continue
            case _:
                new[place] = msgspec.Raw(_rewrite(values[place], action))
    dropped = {place for place, action in branch.items() if isinstance(action, Drop)}
    if not dropped:
        return _replaced(text, values, new, _BEFORE_PLACE)
    return msgspec.json.encode([value for place, value in (values | new).items() if place not in dropped])


def _replaced(
    text: bytes | msgspec.Raw,
    values: Mapping[Any, msgspec.Raw],
    new: Mapping[Any, msgspec.Raw],
    before: re.Pattern[bytes],
    added: bytes = b"",
) -> bytes:
    """The container with new values in the places of its own, and ``added`` behind its last one."""
    whole = bytes(memoryview(text))
    pieces: list[bytes | msgspec.Raw] = []
    copied = at = 0
    for key, value in values.items():
        at = cast("re.Match[bytes]", before.match(whole, at)).end()
        end = at + len(memoryview(value))
        if key in new:
            pieces += [whole[copied:at], new[key]]
            copied = end
        at = end
    return b"".join([*pieces, whole[copied:at], added, whole[at:]])


def _opened_object(text: bytes | msgspec.Raw) -> dict[str, msgspec.Raw]:
    if bytes(memoryview(text)).strip() == b"null":
        return {}
    try:
        return _object.decode(text)
    except msgspec.MsgspecError:
        raise EditMisses(f"{bytes(memoryview(text))[:40]!r} is not an object") from None


def _raw(value: Any) -> msgspec.Raw:
    return value if isinstance(value, msgspec.Raw) else msgspec.Raw(msgspec.json.encode(value))
