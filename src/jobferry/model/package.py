"""What a package holds, apart from how its bytes lie in a zip."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from enum import StrEnum

import msgspec

from jobferry.model.document.edits import Path
from jobferry.model.kinds import NeedKind, ObjectKind

MANIFEST_FORMAT = 2
"""The newest manifest format that this program reads; it is written where resource files travel."""
FORMAT_WITHOUT_FILES = 1
"""What is written elsewhere, so that older programs read it."""


class Layout(StrEnum):
    """Where entries lie in a package."""

    FACTORY = "factory"
    FACTORY_BATCH = "factory-batch"
    TASK = "task"


class ExportState(StrEnum):
    """Which state of a job or script is exported: the draft, or the live version."""

    DRAFT = "draft"
    SUBMITTED = "submitted"


class Entry(msgspec.Struct, frozen=True, gc=False, kw_only=True, omit_defaults=True):
    """One object in a package. ``uid`` is empty where no manifest tells it.

    ``size`` is in bytes; ``sha256`` is empty until a manifest or a reading has told it.
    """

    kind: ObjectKind
    name: str
    path: str
    size: int = 0
    sha256: str = ""
    uid: str = ""
    state: ExportState = ExportState.DRAFT
    version: int = 0


class Need(msgspec.Struct, frozen=True, gc=False, kw_only=True, omit_defaults=True):
    """A reference of the package that the package does not itself satisfy."""

    kind: NeedKind
    name: str
    workspace: str = ""


class Deletion(msgspec.Struct, frozen=True, kw_only=True):
    """An object that the source no longer has."""

    kind: ObjectKind
    name: str
    uid: str


class Emptied(msgspec.Struct, frozen=True, kw_only=True):
    """Where sensitive values of an object left empty."""

    kind: ObjectKind
    name: str
    paths: tuple[Path, ...]


class PackedFile(msgspec.Struct, frozen=True, kw_only=True):
    """A resource's file in a package, called by its digest. ``size`` is in bytes."""

    sha256: str
    size: int


class Provenance(msgspec.Struct, frozen=True, kw_only=True):
    """Where a package comes from. No clock, user or host: the same content has the same manifest."""

    platform_id: str
    platform_name: str
    workspace: str


class Manifest(msgspec.Struct, frozen=True, kw_only=True):
    """The first entry of a package, ``manifest.json``."""

    format: int
    contents: tuple[Entry, ...]
    deletions: tuple[Deletion, ...] = ()
    emptied: tuple[Emptied, ...] = ()
    needs: tuple[Need, ...] = ()
    files: tuple[PackedFile, ...] = ()
    provenance: Provenance


def package_digest(contents: Iterable[Entry], deletions: Iterable[Deletion] = ()) -> str:
    """SHA-256 over the sorted lines of kind, name, uid, SHA-256 and of the deletions.

    The same content has the same digest wherever it was exported and in whatever layout: copies of one
    object count once, paths do not count.
    """
    lines = {entry_line(entry.kind, entry.name, entry.uid, entry.sha256) for entry in contents}
    return digest_of_lines([*sorted(set(map(deletion_line, deletions))), *sorted(lines)])


def entry_line(kind: ObjectKind, name: str, uid: str, sha256: str) -> str:
    """The line of an object."""
    return f"{kind}\t{name}\t{uid}\t{sha256}\n"


def deletion_line(gone: Deletion) -> str:
    """The line of something that is gone; all of these come before those of objects."""
    return f"-{gone.kind}\t{gone.name}\t{gone.uid}\n"


def digest_of_lines(lines: Iterable[str]) -> str:
    """The package digest by its lines, which are sorted and each there once."""
    whole = hashlib.sha256()
    for line in lines:
        whole.update(line.encode())
    return whole.hexdigest()
