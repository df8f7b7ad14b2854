"""Opens packages that anyone may have made. Nothing is ever extracted to disk.

Judged in this order: size, directory, names, local headers, manifest; then each entry as it is read.
"""

from __future__ import annotations

import hashlib
from collections import deque
from collections.abc import Iterator
from types import TracebackType
from typing import BinaryIO, NamedTuple

import msgspec

from jobferry.model.document.problems import Problem
from jobferry.model.package import Entry, Layout, Manifest
from jobferry.package import manifest as manifests
from jobferry.package import records, refusals
from jobferry.package.archive import ByteSource, find_directory
from jobferry.package.directory import Member, read_members
from jobferry.package.inventory import Inventory, package_warnings_of, refuse_empty, take_inventory
from jobferry.package.layouts import MANIFEST_PATH, file_path, layout_of
from jobferry.package.limits import PackageLimits
from jobferry.package.local import pieces_of, settle, unpacked
from jobferry.package.surroundings.layout import refuse_surroundings
from jobferry.sentences import sentence


class PackageIndex(NamedTuple):
    """What is known of a package without its documents' bytes; it outlives the file that it was read from.

    ``limits`` are those it was judged by. ``entries`` are objects only, sorted by path: as the manifest lists
    them, or else named by their paths, with ``size`` and no digest. ``files`` are the digests of the resource
    files that travel with them.
    """

    limits: PackageLimits
    members: dict[str, Member]
    manifest: Manifest | None
    entries: tuple[Entry, ...]
    files: frozenset[str]
    layout: Layout
    warnings: tuple[Problem, ...]


class OpenPackage:
    """A package that has passed everything that can be judged without unpacking its documents.

    ``size`` is its own, in bytes; the rest is as its :class:`PackageIndex` has it. Good for one thread; the
    file it reads must stay open.
    """

    def __init__(self, source: ByteSource, index: PackageIndex) -> None:
        self._source = source
        self._members = index.members
        self.index = index
        self.size = source.size
        self.limits = index.limits
        self.manifest = index.manifest
        self.files = index.files
        self.entries = index.entries
        self.layout: Layout = index.layout
        self.warnings = index.warnings

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
        return self._read(entry)[1]

    def file(self, sha256: str) -> Iterator[bytes]:
        """A resource file by its digest, one of ``files``, in pieces.

        Raises, after the last piece at the latest:
            PackageRefused: the bytes are broken, or have another digest (``package-altered``).
        """
        path = file_path(sha256)
        whole = hashlib.sha256()
        for piece in pieces_of(self._members[path], self._source):
            whole.update(piece)
            yield piece
        if whole.hexdigest() != sha256:
            raise refusals.altered("does not have the digest that is its name", path)

    def documents(self) -> Iterator[tuple[Entry, bytes]]:
        """Every object with its exact bytes, in the order of ``entries``, one at a time.

        The entries given here have the size and the digest of the bytes even where no manifest tells them.
        There are no threads in this: whoever checks what comes needs the interpreter meanwhile, and then two
        threads more were measured to cost and not to gain.

        Raises:
            PackageRefused: as from :meth:`text`.
        """
        for entry in self.entries:
            digest, data = self._read(entry)
            yield entry if entry.sha256 else msgspec.structs.replace(entry, sha256=digest), data

    def _read(self, entry: Entry) -> tuple[str, bytes]:
        member = self._members[entry.path]
        data = unpacked(member, self._source.at(member.offset, member.packed, member.path))
        digest = hashlib.sha256(data).hexdigest()
        if member.sha256 and digest != member.sha256:
            raise refusals.altered("has other contents than when it was exported", member.path)
        return digest, data


def open_package(file: BinaryIO, limits: PackageLimits, index: PackageIndex | None = None) -> OpenPackage:
    """Opens a package for reading; to be used as a context manager. ``file`` must be seekable.

    The ``index`` of the same package, opened before, saves reading it again. Each document is compared with
    it all the same when it is read.

    Raises:
        PackageRefused: it is over a limit (``package-too-large``), no zip or a broken one
            (``package-unreadable``), one that may mislead (``package-unsafe``), without anything known
            (``package-empty``), or its manifest does not fit (``package-altered``,
            ``package-format-newer``).
    """
    source = ByteSource(file)
    return OpenPackage(source, index or _index(source, limits))


def _index(source: ByteSource, limits: PackageLimits) -> PackageIndex:
    if source.size > limits.package_bytes:
        raise refusals.too_large(sentence("has {size:byte}", size=source.size), limits, "package_bytes")
    span = find_directory(source)
    members = read_members(source, span, limits)
    settle(source, members.values(), span.offset)
    refuse_surroundings(members)
    manifest = _manifest(source, members.get(MANIFEST_PATH))
    inventory = take_inventory(members, manifest)
    refuse_empty(inventory, manifest)
    _refuse_early_ends(source, members, inventory)
    return PackageIndex(
        limits=limits,
        members=members,
        manifest=manifest,
        entries=inventory.objects,
        files=inventory.files,
        layout=layout_of(entry.path for entry in inventory.objects),
        warnings=tuple(package_warnings_of(inventory, members)),
    )


def _refuse_early_ends(source: ByteSource, members: dict[str, Member], inventory: Inventory) -> None:
    """Lets a package pass whose streamed entries end where the directory says, the unread ones too.

    Who reads from the front goes on where the stream ends, and would find entries there.
    """
    read = {entry.path for entry in inventory.objects}
    for path, member in members.items():
        if member.deflated and member.flags & records.DESCRIPTOR_FLAG and path not in read:
            deque(pieces_of(member, source), maxlen=0)


def _manifest(source: ByteSource, member: Member | None) -> Manifest | None:
    if member is None:
        return None
    return manifests.decode(unpacked(member, source.at(member.offset, member.packed, member.path)))
