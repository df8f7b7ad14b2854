"""A streaming zip writer: entries in, chunks out, the same bytes for the same entries.

Sizes are known before an entry is written, so there are no data descriptors; times, modes and flags are
fixed; an entry that does not shrink is stored. Memory stays at a few mebibytes plus about 100 bytes an
entry for the directory.
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from typing import NamedTuple

from jobferry.model.package import Layout, Manifest
from jobferry.package import deflate, records
from jobferry.package.layouts import MANIFEST_PATH, layout_of
from jobferry.package.manifest import encode
from jobferry.package.window import Batch, batches, worked

_CHUNK_BYTES = 256 * 1024
_MADE_BY = 3 << 8 | 45  # Unix
_VERSION = 20
_VERSION64 = 45
_MODE = 0o100644 << 16
_DATE = 1 << 5 | 1  # 1980-01-01, the first day that a zip knows


class StreamedEntry(NamedTuple):
    """An entry that is stored as it comes, in pieces; ``size`` in bytes and CRC-32 are known beforehand."""

    path: str
    size: int
    crc: int
    pieces: Callable[[], Iterator[bytes]]


_Packed = tuple[bytes, int, int, int, int, bytes]
"""path, method, CRC-32, packed and unpacked size, local header with data"""


def package_chunks(
    layout: Layout,
    manifest: Manifest | None,
    documents: Iterable[tuple[str, bytes]],
    files: Iterable[StreamedEntry] = (),
) -> Iterator[bytes]:
    """A package: ``manifest.json`` first, where there is one, then the documents in the order they come, then
    the ``files``.

    ``documents`` are paths as :func:`~jobferry.package.layouts.path_of` gives them for ``layout``, sorted,
    and the exact bytes to store. It is read on the caller's thread, a few mebibytes ahead of the chunks.

    Raises:
        ValueError: the manifest tells of an object that does not lie where ``layout`` puts objects.
    """
    if manifest is not None and manifest.contents:
        written = layout_of(entry.path for entry in manifest.contents)
        if written is not layout:
            raise ValueError(f"the manifest's paths are those of the {written} layout, not of {layout}")
    return zip_chunks(_with_manifest(manifest, documents), streamed=files)


def zip_chunks(
    entries: Iterable[tuple[str, bytes]],
    *,
    level: int = deflate.DEFAULT_LEVEL,
    fast: bool = True,
    streamed: Iterable[StreamedEntry] = (),
) -> Iterator[bytes]:
    """A zip of the entries, in chunks of about 256 KiB.

    ``level`` is on zlib's scale, 0 to 9; ``fast`` allows ISA-L, which is four times as fast and at most 12 %
    larger. Paths must be different; nothing here looks at them. ``streamed`` entries come last, uncompressed.

    Raises:
        ValueError: a path is longer than 65,535 bytes, or an entry has 4 GiB or more.
    """
    directory = _Directory()
    waiting: list[bytes] = []
    size = 0
    for packed in worked(partial(_pack_all, level=level, fast=fast), batches(entries, _size)):
        waiting += directory.added(packed)
        size += sum(len(entry[5]) for entry in packed)
        if size >= _CHUNK_BYTES:
            yield b"".join(waiting)
            waiting, size = [], 0
    for one in streamed:
        path = one.path.encode()
        header = _header(path, records.STORED, one.crc, one.size, one.size)
        entry = (path, records.STORED, one.crc, one.size, one.size, header)
        yield b"".join((*waiting, *directory.added([entry], one.size)))
        waiting = []
        yield from one.pieces()
    yield from directory.end(b"".join(waiting))


def _with_manifest(
    manifest: Manifest | None, documents: Iterable[tuple[str, bytes]]
) -> Iterator[tuple[str, bytes]]:
    if manifest is not None:
        yield MANIFEST_PATH, encode(manifest)
        del manifest  # it is large, and the rest takes long
    yield from documents


def _size(entry: tuple[str, bytes]) -> int:
    return len(entry[1])


def _pack_all(batch: Batch[tuple[str, bytes]], *, level: int, fast: bool) -> list[_Packed]:
    return [_pack(path.encode(), data, level, fast) for path, data in batch]


def _pack(path: bytes, data: bytes, level: int, fast: bool) -> _Packed:
    size, method, body = len(data), records.STORED, data
    if len(path) > records.MAX16 or size >= records.MAX32:
        raise ValueError(f"{path[:100]!r} is too large for an entry")
    if level:
        packed = deflate.pack(data, level, fast=fast)
        if len(packed) < size:
            method, body = records.DEFLATED, packed
    crc = deflate.checksum(data)
    header = _header(path, method, crc, len(body), size)
    return path, method, crc, len(body), size, b"".join((header, body))


def _header(path: bytes, method: int, crc: int, packed: int, size: int) -> bytes:
    fields = (_VERSION, records.UTF8_FLAG, method, 0, _DATE, crc, packed, size, len(path), 0)
    return records.LOCAL.pack(records.LOCAL_MARK, *fields) + path


class _Directory:
    """Keeps count of what was written where, and writes it down at the end."""

    def __init__(self, offset: int = 0) -> None:
        self._offset = offset
        self._records = bytearray()
        self._count = 0

    def added(self, entries: list[_Packed], following: int = 0) -> Iterator[bytes]:
        """Notes each entry and gives its bytes; so many more are ``following`` them."""
        for path, method, crc, packed, size, whole in entries:
            extra, offset = b"", self._offset
            if offset >= records.MAX32:
                extra, offset = struct.pack("<2HQ", records.ZIP64_EXTRA, 8, offset), records.MAX32
            version = _VERSION64 if extra else _VERSION
            fields = (_MADE_BY, version, records.UTF8_FLAG, method, 0, _DATE, crc, packed, size)
            rest = (len(path), len(extra), 0, 0, 0, _MODE, offset)
            self._records += records.CENTRAL.pack(records.CENTRAL_MARK, *fields, *rest) + path + extra
            self._offset += len(whole) + following
            self._count += 1
            yield whole

    def end(self, before: bytes = b"") -> Iterator[bytes]:
        """The directory and its end, in 64 bits where 32 or 16 do not do; ``before`` comes first."""
        size, count = len(self._records), self._count
        self._records += self._end64(size)
        short = min(count, records.MAX16)
        fields = (0, 0, short, short, min(size, records.MAX32), min(self._offset, records.MAX32), 0)
        self._records += records.END.pack(records.END_MARK, *fields)
        yield before + bytes(self._records[:_CHUNK_BYTES])
        for at in range(_CHUNK_BYTES, len(self._records), _CHUNK_BYTES):
            yield bytes(self._records[at : at + _CHUNK_BYTES])

    def _end64(self, size: int) -> bytes:
        if self._count < records.MAX16 and max(size, self._offset) < records.MAX32:
            return b""
        rest = records.END64.size - 12
        counts = (self._count, self._count, size, self._offset)
        end = records.END64.pack(records.END64_MARK, rest, _MADE_BY, _VERSION64, 0, 0, *counts)
        return end + records.LOCATOR64.pack(records.LOCATOR64_MARK, 0, self._offset + size, 1)
