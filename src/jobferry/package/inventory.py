"""What the entries of a zip are: objects, resource files, and things to leave alone."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Mapping

import msgspec

from jobferry.model.document.problem import Problem
from jobferry.model.package import Entry, Manifest
from jobferry.package import refusals
from jobferry.package.directory import Member
from jobferry.package.layouts import MANIFEST_PATH, classify, file_digest

_MAC_FOLDER = "__MACOSX/"
_MAC_FILE = ".DS_Store"
_NAMES_SHOWN = 5


class Inventory(msgspec.Struct, frozen=True, kw_only=True):
    """The entries of a package by what they are. Folders and what macOS adds are in none of them.

    ``objects`` are sorted by path, ``files`` the digests of resource files, ``unknown`` paths.
    """

    objects: tuple[Entry, ...]
    files: frozenset[str]
    unknown: tuple[str, ...]


def take_inventory(members: Mapping[str, Member]) -> Inventory:
    """Sorts a zip's entries by their paths alone."""
    objects, files, unknown = [], set(), []
    for path in sorted(members):
        if path == MANIFEST_PATH or _is_noise(path):
            continue
        if place := classify(path):
            objects.append(Entry(kind=place.kind, name=place.name, path=path, size=members[path].size))
        elif digest := file_digest(path):
            files.add(digest)
        else:
            unknown.append(path)
    return Inventory(objects=tuple(objects), files=frozenset(files), unknown=tuple(unknown))


def listed(inventory: Inventory, manifest: Manifest) -> tuple[Entry, ...]:
    """The objects as the manifest lists them, sorted by path.

    Raises:
        PackageRefused: ``package-altered``: an object is missing, not listed, listed twice, or of another
            kind or size.
    """
    found = {entry.path: entry for entry in inventory.objects}
    entries: dict[str, Entry] = {}
    for entry in manifest.contents:
        if entry.path in entries:
            raise refusals.altered("is in the manifest twice", entry.path)
        there = found.get(entry.path)
        if there is None:
            raise refusals.altered("is in the manifest and not in the package", entry.path)
        if there.kind is not entry.kind:
            raise refusals.altered(f"is called a {entry.kind} in the manifest", entry.path)
        if there.size != entry.size:
            reason = f"has {there.size:,} bytes; the manifest says {entry.size:,}"
            raise refusals.altered(reason, entry.path)
        entries[entry.path] = entry
    for path in found:
        if path not in entries:
            raise refusals.altered("is in the package and not in its manifest", path)
    return tuple(entries[path] for path in found)


def refuse_empty(inventory: Inventory, manifest: Manifest | None) -> None:
    """Lets a package pass that has an object, or tells of a deletion.

    Raises:
        PackageRefused: ``package-empty``, with up to five names of what was found instead.
    """
    if inventory.objects or (manifest is not None and manifest.deletions):
        return
    if not inventory.unknown:
        raise refusals.empty("is empty" if manifest is None else "holds no objects and tells of no deletions")
    names = ", ".join(refusals.shown(path) for path in inventory.unknown[:_NAMES_SHOWN])
    more = len(inventory.unknown) - _NAMES_SHOWN
    rest = f" and {more:,} more" if more > 0 else ""
    raise refusals.empty(f"holds no job, script or resource; it holds {names}{rest}")


def notices_of(inventory: Inventory, members: Mapping[str, Member]) -> Iterator[Problem]:
    """What is odd about a package that can be read; ``path`` is the entry's."""
    yield from _twins(entry.path for entry in inventory.objects)
    for entry in inventory.objects:
        if encoding := members[entry.path].encoding:
            yield Problem("legacy-name-encoding", entry.path, {"encoding": encoding, "name": entry.path})
    if inventory.unknown:
        args = {"count": str(len(inventory.unknown)), "example": refusals.shown(inventory.unknown[0])}
        yield Problem("unknown-entry", args=args)


def _twins(paths: Iterable[str]) -> Iterator[Problem]:
    """Paths that some file systems cannot tell apart: equal but for case or Unicode normal form."""
    seen: dict[str, str] = {}
    for path in paths:
        other = seen.setdefault(unicodedata.normalize("NFC", path.casefold()), path)
        if other != path:
            yield Problem("twin-names", path, {"other": other})


def _is_noise(path: str) -> bool:
    return path.endswith("/") or path.startswith(_MAC_FOLDER) or path.rpartition("/")[2] == _MAC_FILE
