"""Commands about package files alone; no platform is needed for these."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

import msgspec

from jobferry.model.document.facts import FactRules
from jobferry.model.document.sensitive import compiled
from jobferry.model.package import Need, Provenance
from jobferry.model.transfer.contents import PackageContents, needs_of
from jobferry.package.folder import document_chunks, folder_chunks
from jobferry.package.layouts import lone_path
from jobferry.package.limits import PackageLimits
from jobferry.package.reader import open_package
from jobferry.services.comparing import Comparison, PackageSide
from jobferry.services.importing.read_package import read_contents


class Inspection(msgspec.Struct, frozen=True, kw_only=True):
    """What a package holds and needs."""

    contents: PackageContents
    digest: str
    needs: tuple[Need, ...]
    provenance: Provenance | None


def pack_folder(folder: Path) -> Iterator[bytes]:
    """A local folder with a package's tree as a package, in chunks.

    Raises:
        InvalidRequest: it holds nothing known.
        FilesError: something in it cannot be read.
    """
    return folder_chunks(folder)


def is_document(file: Path) -> bool:
    """Whether a file is called like a job, script or resource."""
    return bool(lone_path(file.name))


def pack_document(file: Path) -> Iterator[bytes]:
    """A job, script or resource in a file by itself as a package, in chunks.

    Raises:
        FilesError: it cannot be read.
    """
    return document_chunks(file)


def inspect(file: BinaryIO, limits: PackageLimits | None = None) -> Inspection:
    """Reads a whole package, within the limits that hold where nobody has set any.

    Raises:
        PackageRefused: it cannot be used.
    """
    with open_package(file, limits or PackageLimits()) as package:
        contents = read_contents(package, FactRules())
    return Inspection(
        contents=contents,
        digest=contents.digest,
        needs=needs_of(contents),
        provenance=contents.manifest.provenance if contents.manifest else None,
    )


@contextmanager
def compare(former: BinaryIO, latter: BinaryIO) -> Iterator[Comparison]:
    """What differs between two packages, within the limits of :func:`inspect`; good until the block ends.

    Raises:
        PackageRefused: one cannot be used.
    """
    limits, fact_rules = PackageLimits(), FactRules()
    with open_package(former, limits) as package, open_package(latter, limits) as other:
        yield Comparison(PackageSide(package), PackageSide(other), compiled(fact_rules.patterns))
