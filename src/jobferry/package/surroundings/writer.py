"""A package of connections or variables as bytes: the same for the same content."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from jobferry.model.connections import (
    SURROUNDINGS_FORMAT,
    SurroundingEmptied,
    SurroundingEntry,
    SurroundingKind,
    SurroundingManifest,
    surroundings_digest,
)
from jobferry.model.document.edits import Path
from jobferry.model.package import Provenance
from jobferry.package.layouts import MANIFEST_PATH
from jobferry.package.manifest import encode
from jobferry.package.surroundings.layout import surrounding_path
from jobferry.package.writer import zip_chunks


class Leaving(NamedTuple):
    """One on its way out: its text, and where values of it left empty."""

    name: str
    text: bytes
    emptied: tuple[Path, ...] = ()


class Written(NamedTuple):
    """A package: its digest, and its bytes as they are read."""

    digest: str
    chunks: Iterator[bytes]


def write_surroundings(
    kind: SurroundingKind, leaving: Iterable[Leaving], provenance: Provenance | None
) -> Written:
    """All of one kind, sorted by name; with a manifest where there is a ``provenance``."""
    ordered = sorted(leaving)
    contents = tuple(_entry(kind, item) for item in ordered)
    entries = [(entry.path, item.text) for entry, item in zip(contents, ordered, strict=True)]
    if provenance is not None:
        entries.insert(0, (MANIFEST_PATH, encode(_manifest(kind, contents, ordered, provenance))))
    digest = surroundings_digest((entry.kind, entry.name, entry.sha256) for entry in contents)
    return Written(digest, zip_chunks(entries))


def _manifest(
    kind: SurroundingKind,
    contents: tuple[SurroundingEntry, ...],
    leaving: Sequence[Leaving],
    provenance: Provenance,
) -> SurroundingManifest:
    emptied = (
        SurroundingEmptied(kind=kind, name=item.name, paths=item.emptied) for item in leaving if item.emptied
    )
    return SurroundingManifest(
        format=SURROUNDINGS_FORMAT, contents=contents, emptied=tuple(emptied), provenance=provenance
    )


def _entry(kind: SurroundingKind, item: Leaving) -> SurroundingEntry:
    return SurroundingEntry(
        kind=kind,
        name=item.name,
        path=surrounding_path(kind, item.name),
        size=len(item.text),
        sha256=hashlib.sha256(item.text).hexdigest(),
    )
