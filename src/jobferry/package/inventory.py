"""What the entries of a zip are: objects, resource files, and things to leave alone."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise

import msgspec

from jobferry.model.document.problems import Problem
from jobferry.model.package import Entry, Manifest
from jobferry.package import refusals
from jobferry.package.directory import Member
from jobferry.package.layouts import MANIFEST_PATH, Place, classify, file_digest, file_path
from jobferry.sentences import few, sentence

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


def take_inventory(members: Mapping[str, Member], manifest: Manifest | None) -> Inventory:
    """Sorts a zip's entries by their paths; objects are as the manifest lists them, where there is one.

    Raises:
        PackageRefused: ``package-altered``: an object is missing, not listed, listed twice, or of another
            kind or size.
    """
    places = {path: place for path in sorted(members) if (place := _place(path)) is not None}
    listed = None if manifest is None else _listed(manifest, members, places)
    if manifest is not None:
        _refuse_other_files(manifest, members)
    objects = tuple(_entry(place, members[path], listed) for path, place in places.items())
    others = [path for path in sorted(members.keys() - places.keys()) if not _is_known_otherwise(path)]
    files = {path: digest for path in others if (digest := file_digest(path))}
    unknown = tuple(path for path in others if path not in files)
    return Inventory(objects=objects, files=frozenset(files.values()), unknown=unknown)


def refuse_empty(inventory: Inventory, manifest: Manifest | None) -> None:
    """Lets a package pass that has an object, or tells of a deletion.

    Raises:
        PackageRefused: ``package-empty``, with up to five names of what was found instead.
    """
    if inventory.objects or (manifest is not None and manifest.deletions):
        return
    if not inventory.unknown:
        raise refusals.empty("is empty" if manifest is None else "holds no objects and tells of no deletions")
    names = [refusals.shown(path) for path in inventory.unknown]
    raise refusals.empty(
        sentence("holds no job, script or resource; it holds {names}", names=few(names, _NAMES_SHOWN))
    )


def package_warnings_of(inventory: Inventory, members: Mapping[str, Member]) -> Iterator[Problem]:
    """What is odd about a package that can be read; ``path`` is the entry's."""
    yield from _twins(inventory.objects)
    for entry in inventory.objects:
        if encoding := members[entry.path].encoding:
            yield Problem("legacy-name-encoding", entry.path, {"encoding": encoding, "name": entry.path})
    if inventory.unknown:
        args = {"count": str(len(inventory.unknown)), "example": refusals.shown(inventory.unknown[0])}
        yield Problem("unknown-entry", args=args)


def _twins(entries: Sequence[Entry]) -> Iterator[Problem]:
    """Paths that some file systems cannot tell apart: equal but for case or Unicode normal form.

    There are hardly ever any; comparing short hashes first keeps large packages out of memory.
    """
    hashes = sorted(hash(_folded(entry.path)) for entry in entries)
    if all(one != other for one, other in pairwise(hashes)):
        return
    seen: dict[str, str] = {}
    for entry in entries:
        other = seen.setdefault(_folded(entry.path), entry.path)
        if other != entry.path:
            yield Problem("twin-names", entry.path, {"other": other})


def _folded(path: str) -> str:
    return path.lower() if path.isascii() else unicodedata.normalize("NFC", path.casefold())


def _listed(
    manifest: Manifest, members: Mapping[str, Member], places: Mapping[str, Place]
) -> dict[str, Entry]:
    """The manifest's entries by path, each of which must be an object that is there."""
    listed: dict[str, Entry] = {}
    for entry in manifest.contents:
        path = entry.path
        if listed.setdefault(path, entry) is not entry:
            raise refusals.altered("is in the manifest twice", path)
        if path not in members:
            raise refusals.altered("is in the manifest and not in the package", path)
        if path not in places:
            raise refusals.altered("is in the manifest and has not the path of an object", path)
    return listed


def _refuse_other_files(manifest: Manifest, members: Mapping[str, Member]) -> None:
    """Files that a manifest does not list are left alone in format 1, which knew of none."""
    for file in manifest.files:
        path = file_path(file.sha256)
        if path not in members:
            raise refusals.altered("is in the manifest and not in the package", path)
        if members[path].size != file.size:
            reason = sentence(
                "has {size:,} bytes; the manifest says {file_size:,}",
                size=members[path].size,
                file_size=file.size,
            )
            raise refusals.altered(reason, path)


def _entry(place: Place, member: Member, listed: Mapping[str, Entry] | None) -> Entry:
    if listed is None:
        return Entry(kind=place.kind, name=place.name, path=member.path, size=member.size)
    entry = listed.get(member.path)
    if entry is None:
        raise refusals.altered("is in the package and not in its manifest", member.path)
    if entry.kind is not place.kind:
        raise refusals.altered(sentence("is called a {kind} in the manifest", kind=entry.kind), member.path)
    if entry.size != member.size:
        reason = sentence(
            "has {size:,} bytes; the manifest says {entry_size:,}", size=member.size, entry_size=entry.size
        )
        raise refusals.altered(reason, member.path)
    member.sha256 = entry.sha256
    return entry


def _place(path: str) -> Place | None:
    """Which object lies at a path, or none."""
    place = classify(path)
    return None if place is None or _is_known_otherwise(path) else place


def _is_known_otherwise(path: str) -> bool:
    """The manifest, folders, and what macOS adds."""
    return (
        path == MANIFEST_PATH
        or path.endswith("/")
        or path.startswith(_MAC_FOLDER)
        or path.rpartition("/")[2] == _MAC_FILE
    )
