"""What a package of connections or environment variables holds."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from enum import StrEnum

import msgspec

from jobferry.model.document.edits import Path
from jobferry.model.package import Provenance

SURROUNDINGS_FORMAT = 1
"""The newest manifest format of such packages that this program writes and reads."""


class SurroundingKind(StrEnum):
    """What travels besides objects, each kind in packages of its own."""

    CONNECTION = "connection"
    VARIABLE = "variable"


class SurroundingEntry(msgspec.Struct, frozen=True, kw_only=True):
    """One connection or variable in a package. ``size`` is in bytes."""

    kind: SurroundingKind
    name: str
    path: str
    size: int
    sha256: str


class SurroundingEmptied(msgspec.Struct, frozen=True, kw_only=True):
    """Where values of one left empty."""

    kind: SurroundingKind
    name: str
    paths: tuple[Path, ...]


class SurroundingManifest(msgspec.Struct, frozen=True, kw_only=True):
    """``manifest.json`` of such a package."""

    format: int
    contents: tuple[SurroundingEntry, ...]
    emptied: tuple[SurroundingEmptied, ...] = ()
    provenance: Provenance


def surroundings_digest(digests: Iterable[tuple[SurroundingKind, str, str]]) -> str:
    """SHA-256 over the sorted lines of kind, name and SHA-256: the same content has the same digest."""
    lines = sorted(f"{kind}\t{name}\t{sha256}\n" for kind, name, sha256 in digests)
    return hashlib.sha256("".join(lines).encode()).hexdigest()
