"""Opens packages that anyone may have made. Nothing is ever extracted to disk.

Judged in this order: size, directory, names, local headers, manifest; then each entry as it is read.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from types import TracebackType
from typing import BinaryIO

import msgspec

from jobferry.model.document.problem import Problem
from jobferry.model.package import Entry, Layout, Manifest
from jobferry.package import manifest as manifests
from jobferry.package import refusals
from jobferry.package.bytesource import ByteSource
from jobferry.package.directory import Member, read_members
from jobferry.package.ending import find_directory
from jobferry.package.inventory import Inventory, listed, notices_of, refuse_empty, take_inventory
from jobferry.package.layouts import MANIFEST_PATH, file_path, layout_of
from jobferry.package.limits import PackageLimits
from jobferry.package.local import settle, unpacked
from jobferry.package.window import Batch, batches, worked

_Packed = tuple[Entry, Member, bytes, str]
"""an object, where it lies, its packed bytes, and the digest that the manifest gives it, if there is one"""


class OpenPackage:
    """A package that has passed everything that can be judged without unpacking its documents.

    ``entries`` are objects only, sorted by path: as the manifest lists them, or else named by their paths,
    with ``size`` and no digest. ``files`` are the digests of the resource files that travel with them.
    Good for one thread; the file it reads must stay open.
    """

    def __init__(
        self, source: ByteSource, members: dict[str, Member], manifest: Manifest | None, inventory: Inventory
    ) -> None:
        self._source = source
        self._members = members
        self.manifest = manifest
        self.files = inventory.files
        self.entries = inventory.objects if manifest is None else listed(inventory, manifest)
        self._digests = {entry.path: entry.sha256 for entry in self.entries} if manifest else {}
        self.layout: Layout = layout_of(entry.path for entry in self.entries)
        self.notices: tuple[Problem, ...] = tuple(notices_of(inventory, members))

    def __enter__(self) -> OpenPackage:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Nothing to close: the file belongs to who opened it."""

    def text(self, entry: Entry) -> bytes:
        """An object's exact bytes, found by its path.

        Raises:
            PackageRefused: the bytes are broken, or not what the manifest says (``package-altered``).
        """
        return _unpacked(self._packed(entry))[1]

    def file(self, sha256: str) -> bytes:
        """A resource file by its digest, one of ``files``.

        Raises:
            PackageRefused: the bytes are broken, or have another digest (``package-altered``).
        """
        path = file_path(sha256)
        member = self._members[path]
        data = unpacked(member, self._source.at(member.offset, member.packed, path))
        if hashlib.sha256(data).hexdigest() != sha256:
            raise refusals.altered("does not have the digest that is its name", path)
        return data

    def documents(self) -> Iterator[tuple[Entry, bytes]]:
        """Every object with its exact bytes, in the order of ``entries``, a few mebibytes ahead.

        The entries given here have the size and the digest of the bytes even where no manifest tells them.

        Raises:
            PackageRefused: as from :meth:`text`.
        """
        packed = (self._packed(entry) for entry in self.entries)
        for done in worked(_unpack_all, batches(packed, _weight)):
            yield from done

    def _packed(self, entry: Entry) -> _Packed:
        path = entry.path
        member = self._members[path]
        return entry, member, self._source.at(member.offset, member.packed, path), self._digests.get(path, "")


def open_package(file: BinaryIO, limits: PackageLimits) -> OpenPackage:
    """Opens a package for reading; to be used as a context manager. ``file`` must be seekable.

    Raises:
        PackageRefused: it is over a limit (``package-too-large``), no zip or a broken one
            (``package-unreadable``), one that may mislead (``package-unsafe``), without anything known
            (``package-empty``), or its manifest does not fit (``package-altered``,
            ``package-format-newer``).
    """
    source = ByteSource(file)
    if source.size > limits.package_bytes:
        raise refusals.too_large(f"has {source.size:,} bytes", "package_bytes", limits.package_bytes)
    span = find_directory(source)
    listing = read_members(source, span, limits)
    settle(source, listing, span.offset)
    members = {member.path: member for member in listing}
    manifest = _manifest(source, members.get(MANIFEST_PATH))
    inventory = take_inventory(members)
    refuse_empty(inventory, manifest)
    return OpenPackage(source, members, manifest, inventory)


def _manifest(source: ByteSource, member: Member | None) -> Manifest | None:
    if member is None:
        return None
    return manifests.decode(unpacked(member, source.at(member.offset, member.packed, member.path)))


def _weight(packed: _Packed) -> int:
    return packed[1].packed + packed[1].size


def _unpack_all(batch: Batch[_Packed]) -> list[tuple[Entry, bytes]]:
    return [_unpacked(packed) for packed in batch]


def _unpacked(packed: _Packed) -> tuple[Entry, bytes]:
    entry, member, body, promised = packed
    data = unpacked(member, body)
    digest = hashlib.sha256(data).hexdigest()
    if not promised:
        return msgspec.structs.replace(entry, size=len(data), sha256=digest), data
    if digest != promised:
        raise refusals.altered("has other contents than when it was exported", entry.path)
    return entry, data
