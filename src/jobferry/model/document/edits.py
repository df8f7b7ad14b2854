"""The one place where a document's text is changed.

An edit opens only the containers on its path; every other value keeps its exact bytes. Documents are
never re-encoded as a whole, and nothing else in Jobferry encodes a document.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, cast

import msgspec

Path = tuple[str | int, ...]

_object = msgspec.json.Decoder(dict[str, msgspec.Raw])
_list = msgspec.json.Decoder(list[msgspec.Raw])


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


def _rewrite(text: bytes | msgspec.Raw, branch: dict[str | int, Any]) -> bytes:
    if all(isinstance(part, int) for part in branch):
        return _rewrite_list(text, cast("dict[int, Any]", branch))
    return _rewrite_object(text, cast("dict[str, Any]", branch))


def _rewrite_object(text: bytes | msgspec.Raw, branch: dict[str, Any]) -> bytes:
    values = _opened_object(text)
    for key, action in branch.items():
        match action:
            case Put(value=value):
                values[key] = _raw(value)
            case Drop():
                values.pop(key, None)
            case _:
                values[key] = msgspec.Raw(_rewrite(values.get(key, b"{}"), action))
    return msgspec.json.encode(values)


def _rewrite_list(text: bytes | msgspec.Raw, branch: dict[int, Any]) -> bytes:
    try:
        values: list[msgspec.Raw | None] = list(_list.decode(text))
    except msgspec.MsgspecError:
        raise EditMisses(f"{bytes(memoryview(text))[:40]!r} is not a list") from None
    for place, action in branch.items():
        if not 0 <= place < len(values):
            raise EditMisses(f"the list has no place {place}")
        match action:
            case Put(value=value):
                values[place] = _raw(value)
            case Drop():
                values[place] = None
            case _:
                values[place] = msgspec.Raw(_rewrite(cast("msgspec.Raw", values[place]), action))
    return msgspec.json.encode([value for value in values if value is not None])


def _opened_object(text: bytes | msgspec.Raw) -> dict[str, msgspec.Raw]:
    if bytes(memoryview(text)).strip() == b"null":
        return {}
    try:
        return _object.decode(text)
    except msgspec.MsgspecError:
        raise EditMisses(f"{bytes(memoryview(text))[:40]!r} is not an object") from None


def _raw(value: Any) -> msgspec.Raw:
    return value if isinstance(value, msgspec.Raw) else msgspec.Raw(msgspec.json.encode(value))
