"""What is in a package, for somebody who wants to look before importing; nothing is written."""

from __future__ import annotations

from typing import Any

import msgspec

from jobferry.model.document.facts import Facts
from jobferry.model.document.text import parse_known
from jobferry.model.grant import Grant
from jobferry.model.kinds import ObjectKind
from jobferry.model.records import StoredObject
from jobferry.model.settings import read_settings
from jobferry.package.reader import OpenPackage
from jobferry.services.importing.opening import Sources, read_cargo
from jobferry.services.importing.planning import text_of
from jobferry.store.ports import Store


class ViewedObject(msgspec.Struct, frozen=True, kw_only=True):
    """One object of a package. ``params`` only for jobs; ``exists``: the workspace has its like."""

    kind: ObjectKind
    name: str
    directory: str
    exists: bool
    params: dict[str, str] = {}


def view(package: OpenPackage, grant: Grant, store: Store) -> list[ViewedObject]:
    """Every object of the package, in the package's order.

    Raises:
        PackageRefused: the package cannot be used.
    """
    reading = read_settings(grant.workspace.settings).reading
    read_text = text_of(package)
    with store.read() as snapshot:
        items = read_cargo(package, reading, Sources(snapshot.contents)).items
        there = {
            kind: snapshot.objects.by_names(
                grant.workspace.id, kind, [item.entry.name for item in items if item.entry.kind is kind]
            )
            for kind in {item.entry.kind for item in items}
        }
    return [
        ViewedObject(
            kind=item.entry.kind,
            name=item.entry.name,
            directory=item.facts.directory,
            exists=_is_seen(grant, there[item.entry.kind].get(item.entry.name)),
            params=_values(item.facts, read_text(item)) if item.facts.parameters else {},
        )
        for item in items
    ]


def _is_seen(grant: Grant, stored: StoredObject | None) -> bool:
    return stored is not None and grant.reaches(stored)


def _values(facts: Facts, text: bytes) -> dict[str, str]:
    document = parse_known(text)
    values: dict[str, str] = {}
    for name, path in facts.parameters:
        value: Any = document
        for part in path[:-1]:
            value = value[part]
        given = value.get(path[-1])
        values[name] = "" if given is None else str(given)
    return values
