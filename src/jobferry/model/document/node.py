"""A job's nodes, opened once for everybody who reads them."""

from __future__ import annotations

from typing import Any

import msgspec

from jobferry.model.document.edits import Path

_FEW_PROPERTIES = 64


class Node(msgspec.Struct, frozen=True, gc=False):
    """One node. ``named`` holds its properties' values by name, the last one where a name is doubled.

    ``places`` tells where each stands, only for nodes with so many that looking for one would take long.
    """

    index: int
    raw: dict[str, Any]
    named: dict[str, Any]
    places: dict[str, int] | None = None

    @property
    def path(self) -> Path:
        return ("nodes", self.index)

    def place(self, name: str) -> Path:
        """Where the value of a property stands."""
        if self.places is not None:
            return ("nodes", self.index, "properties", self.places[name], "value")
        properties = self.raw["properties"]
        last = len(properties) - 1
        while properties[last].get("name") != name:
            last -= 1
        return ("nodes", self.index, "properties", last, "value")


def nodes_of(document: dict[str, Any]) -> list[Node]:
    """The nodes of a job; shapes that nobody promised count as nothing."""
    return [
        Node(index, raw, _named(raw), _places(raw)) for index, raw in enumerate(listed(document, "nodes"))
    ]


def listed(document: dict[str, Any], key: str) -> list[dict[str, Any]]:
    """The objects in the list at ``key``; anything else there counts as nothing."""
    value = document.get(key)
    return value if type(value) is list and {dict}.issuperset(map(type, value)) else []


def opened(document: dict[str, Any], key: str) -> dict[str, Any]:
    """The object at ``key``; anything else there counts as an empty one."""
    value = document.get(key)
    return value if type(value) is dict else {}


def _named(raw: dict[str, Any]) -> dict[str, Any]:
    try:
        return {item["name"]: item["value"] for item in raw["properties"]}
    except (KeyError, TypeError):
        properties = listed(raw, "properties")
        return {item["name"]: item.get("value") for item in properties if type(item.get("name")) is str}


def _places(raw: dict[str, Any]) -> dict[str, int] | None:
    properties = raw.get("properties")
    if type(properties) is not list or len(properties) <= _FEW_PROPERTIES:
        return None
    names = (item.get("name") for item in listed(raw, "properties"))
    return {name: place for place, name in enumerate(names) if type(name) is str}
