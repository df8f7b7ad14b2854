"""Values that must not travel: where they stand in a job, and how they are emptied or kept.

Sensitive is a node property with ``value_is_sensitive: true``, a parameter named in ``maskedParams``, and
any property or parameter whose name matches one of the workspace's patterns.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from fnmatch import translate
from functools import cache, lru_cache
from typing import Any

from jobferry.model.document.edits import Edit, Path, Put, raw_at
from jobferry.model.document.node import Node, listed, nodes_of, property_names, property_path

DEFAULT_PATTERNS = (
    "*password*",
    "*passwd*",
    "*pwd*",
    "*passphrase*",
    "*secret*",
    "*credential*",
    "*apikey*",
    "*api?key*",
    "*authkey*",
    "*auth?key*",
    "*accesskey*",
    "*access?key*",
    "*privatekey*",
    "*private?key*",
    "*token",
)
"""Names that are sensitive unless a workspace says otherwise; case does not matter."""

_REMEMBERED = 128
_EMPTY = ("", None)
_MASK, _OTHER_MASK = "***", "*** (another)"


@cache
def compiled(patterns: tuple[str, ...]) -> re.Pattern[str]:
    """One pattern that matches a name if any of the given shell-style patterns does."""
    return re.compile("|".join(translate(pattern.lower()) for pattern in patterns) or r"(?!)")


def is_telling(name: str, patterns: tuple[str, ...]) -> bool:
    """Whether something of that name is sensitive by one of these patterns."""
    return _is_telling(compiled(patterns), name)


def _is_telling(names: re.Pattern[str], name: str) -> bool:
    """Long names are not remembered: whoever hands in documents could fill the memory with them."""
    return _is_known_telling(names, name) if len(name) <= _REMEMBERED else _matches(names, name)


@lru_cache(maxsize=65_536)
def _is_known_telling(names: re.Pattern[str], name: str) -> bool:
    return _matches(names, name)


def _matches(names: re.Pattern[str], name: str) -> bool:
    return names.match(name.lower()) is not None


def sensitive_places(document: dict[str, Any], names: re.Pattern[str]) -> list[Path]:
    """Where the sensitive values of a job stand, empty ones included."""
    nodes = nodes_of(document)
    return sensitive_values(document, names, nodes, property_names(nodes))


def sensitive_values(
    document: dict[str, Any], names: re.Pattern[str], nodes: list[Node], used: Iterable[str]
) -> list[Path]:
    """The same, where the nodes are open; ``used`` are the names of their properties."""
    places = _parameter_places(document, names)
    if any(_is_telling(names, name) for name in used) or _has_marks(nodes):
        places += _property_places(nodes, names)
    return places


def _has_marks(nodes: list[Node]) -> bool:
    return any(True for node in nodes for item in node.properties if item.value_is_sensitive is True)


def _parameter_places(document: dict[str, Any], names: re.Pattern[str]) -> list[Path]:
    masked = document.get("maskedParams")
    masked_names = {name for name in masked if isinstance(name, str)} if isinstance(masked, list) else set()
    places: list[Path] = []
    for place, item in enumerate(listed(document, "params")):
        name = item.get("name")
        if isinstance(name, str) and (name in masked_names or _is_telling(names, name)):
            places.append(("params", place, "value"))
    return places


def _property_places(nodes: list[Node], names: re.Pattern[str]) -> list[Path]:
    return [
        property_path(index, place)
        for index, node in enumerate(nodes)
        for place, item in enumerate(node.properties)
        if item.value_is_sensitive is True or (item.name and _is_telling(names, item.name))
    ]


def emptied(document: dict[str, Any], places: Iterable[Path]) -> list[Edit]:
    """Edits that empty the sensitive values which are not empty yet."""
    return [Put(path, "") for path in places if _value(document, path) not in _EMPTY]


def kept(
    document: dict[str, Any], places: Iterable[Path], target_text: bytes, target: dict[str, Any]
) -> list[Edit]:
    """Edits that put the target's values where the incoming sensitive values are empty.

    A parameter is found again by its name, a property by its node's name and its own.
    """
    there = {_address(target, path): path for path in _all_places(target)}
    edits: list[Edit] = []
    for path in places:
        place = there.get(_address(document, path))
        if place is None or _value(document, path) not in _EMPTY:
            continue
        value = raw_at(target_text, place)
        if value is not None and bytes(memoryview(value)) not in (b'""', b"null"):
            edits.append(Put(path, value.copy()))
    return edits


def mask_secrets(document: dict[str, Any], names: re.Pattern[str], masks: dict[str, str]) -> dict[str, Any]:
    """Puts a mark in the place of every filled sensitive value of a job: the same one for the same value.

    ``index_terms`` remembers them, so that documents marked with the same ones differ where they did before.
    """
    for path in sensitive_places(document, names):
        value = _value(document, path)
        if value not in _EMPTY:
            later = f" ({len(masks) + 1})" if masks else ""
            _put(document, path, masks.setdefault(repr(value), f"{_MASK}{later}"))
    return document


def mask(
    former: dict[str, Any], places: Iterable[Path], latter: dict[str, Any], others: Iterable[Path]
) -> None:
    """Puts marks into the place of the sensitive values of two documents that are to be compared.

    Of two values that differ the marks differ. Where one is empty both become so: it travelled empty.
    """
    there = {_address(latter, path): path for path in others}
    for path in places:
        other = there.pop(_address(former, path), None)
        mine, theirs = _value(former, path), _value(latter, other) if other else None
        is_empty = other is not None and (mine in _EMPTY or theirs in _EMPTY)
        _put(former, path, "" if is_empty or mine in _EMPTY else _MASK)
        if other is not None:
            _put(latter, other, "" if is_empty else _MASK if mine == theirs else _OTHER_MASK)
    for path in there.values():
        _put(latter, path, "" if _value(latter, path) in _EMPTY else _MASK)


def _all_places(document: dict[str, Any]) -> list[Path]:
    return sensitive_places(document, re.compile(""))


def _address(document: dict[str, Any], path: Path) -> tuple[str, ...]:
    """Where a value stands in words that survive reordering."""
    names: list[str] = []
    current: Any = document
    for part in path[:-1]:
        current = current[part]
        if isinstance(part, int):
            names.append(str(current.get("name")))
    return tuple(names)


def _put(document: dict[str, Any], path: Path, value: str) -> None:
    current: Any = document
    for part in path[:-1]:
        current = current[part]
    if path[-1] in current:
        current[path[-1]] = value


def _value(document: dict[str, Any], path: Path) -> Any:
    current: Any = document
    for part in path[:-1]:
        current = current[part]
    return current.get(path[-1])
