"""A streaming zip writer: entries in, chunks out, the same bytes for the same entries.

Sizes are known before an entry is written, so there are no data descriptors; times, modes and flags are
fixed; an entry that does not shrink is stored. Memory stays at a few mebibytes, plus the packed manifest
until it is written, plus about 25 bytes an entry for the directory.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from itertools import chain
from typing import NamedTuple

from jobferry.model.package import Layout, Manifest
from jobferry.package import deflate, records
from jobferry.package.layouts import MANIFEST_PATH, layout_of
from jobferry.package.manifest import text_pieces
from jobferry.package.window import Batch, batches, worked

_CHUNK_BYTES = 256 * 1024
_MADE_BY = 3 << 8 | 45  # Unix
_VERSION = 20
_VERSION64 = 45
_BEGIN = struct.pack("<4sH", records.CENTRAL_MARK, _MADE_BY)
_MODE = 0o100644 << 16
_DATE = 1 << 5 | 1  # 1980-01-01, the first day that a zip knows


class StreamedEntry(NamedTuple):
    """An entry that is stored as it comes, in pieces; ``size`` in bytes and CRC-32 are known beforehand."""

    path: str
    size: int
    crc: int
    pieces: Callable[[], Iterator[bytes]]


_Packed = tuple[bytes, Iterable[bytes]]
"""local header, and the data in pieces"""


def package_chunks(
    layout: Layout, manifest: Manifest | None, documents: Iterable[tuple[str, bytes]]
) -> Iterator[bytes]:
    """A package: ``manifest.json`` first, where there is one, then the documents in the order they come.

    ``documents`` are paths as :func:`~jobferry.package.layouts.path_of` gives them for ``layout``, sorted,
    and the exact bytes to store. It is read on the caller's thread, a few mebibytes ahead of the chunks.

    Raises:
        ValueError: the manifest tells of an object that does not lie where ``layout`` puts objects.
    """
    if manifest is None:
        return zip_chunks(documents)
    if manifest.contents:
        written = layout_of(entry.path for entry in manifest.contents)
        if written is not layout:
            raise ValueError(f"the manifest's paths are those of the {written} layout, not of {layout}")
    return told_chunks(text_pieces(manifest), documents)


def told_chunks(
    manifest: Iterable[bytes],
    documents: Iterable[tuple[str, bytes]],
    files: Iterable[StreamedEntry] = (),
) -> Iterator[bytes]:
    """The same with a manifest whose text comes in pieces; it is packed before the first chunk. The ``files``
    come last."""
    first = _pack_pieces(MANIFEST_PATH.encode(), manifest)
    packing = partial(_pack_all, level=deflate.DEFAULT_LEVEL, fast=True)
    return _chunks([first], documents, packing, files)


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
    return _chunks([], entries, partial(_pack_all, level=level, fast=fast), streamed)


def _chunks(
    first: list[_Packed],
    entries: Iterable[tuple[str, bytes]],
    pack: Callable[[Batch[tuple[str, bytes]]], list[_Packed]],
    streamed: Iterable[StreamedEntry],
) -> Iterator[bytes]:
    directory = _Directory()
    waiting: list[bytes] = []
    size = 0
    packing = worked(pack, batches(entries, _size))
    listed = chain(_let_go(first), packing, ([_stored(entry)] for entry in streamed))
    for header, pieces in chain.from_iterable(listed):
        directory.add(header)
        for piece in chain((header,), pieces):
            directory.offset += len(piece)
            waiting.append(piece)
            size += len(piece)
            if size >= _CHUNK_BYTES:
                yield b"".join(waiting)
                waiting, size = [], 0
    yield from directory.end(b"".join(waiting))


def _stored(entry: StreamedEntry) -> _Packed:
    return _header(entry.path.encode(), records.STORED, entry.crc, entry.size, entry.size), entry.pieces()


def _let_go(entries: list[_Packed]) -> Iterator[list[_Packed]]:
    """One after the other; nobody holds what was given, which may be large."""
    while entries:
        yield [entries.pop(0)]


def _size(entry: tuple[str, bytes]) -> int:
    return len(entry[1])


def _pack_all(batch: Batch[tuple[str, bytes]], *, level: int, fast: bool) -> list[_Packed]:
    return [_pack(path.encode(), data, level, fast) for path, data in batch]


def _pack(path: bytes, data: bytes, level: int, fast: bool) -> _Packed:
    size = len(data)
    if level:
        packed, crc = deflate.pack(data, level, fast=fast)
        if len(packed) < size:
            return _header(path, records.DEFLATED, crc, len(packed), size), (packed,)
    else:
        crc = deflate.checksum(data)
    return _header(path, records.STORED, crc, size, size), (data,)


def _pack_pieces(path: bytes, pieces: Iterable[bytes]) -> _Packed:
    """An entry of which only the packed form is held."""
    crc = size = 0

    def measured() -> Iterator[bytes]:
        nonlocal crc, size
        for piece in pieces:
            crc, size = deflate.checksum(piece, crc), size + len(piece)
            yield piece

    body = list(deflate.packed_pieces(measured(), deflate.DEFAULT_LEVEL))
    return _header(path, records.DEFLATED, crc, sum(map(len, body)), size), body


def _header(path: bytes, method: int, crc: int, packed: int, size: int) -> bytes:
    if len(path) > records.MAX16 or size >= records.MAX32:
        raise ValueError(f"{path[:100]!r} is too large for an entry")
    fields = (_VERSION, records.UTF8_FLAG, method, 0, _DATE, crc, packed, size, len(path), 0)
    return records.LOCAL.pack(records.LOCAL_MARK, *fields) + path


class _Directory:
    """Keeps count of what was written where, and writes it down at the end."""

    def __init__(self) -> None:
        self.offset = 0
        """Where the next entry begins: whoever writes bytes counts them here."""
        self._pages: list[bytes] = []
        self._records = bytearray()
        self._size = 0
        self._count = 0

    def add(self, header: bytes) -> None:
        """Notes the entry whose local header comes next."""
        shared, path, offset, extra = header[records.SHARED], header[records.LOCAL.size :], self.offset, b""
        if offset >= records.MAX32:
            extra, offset = struct.pack("<2HQ", records.ZIP64_EXTRA, 8, offset), records.MAX32
            shared = struct.pack("<H22sH", _VERSION64, shared[2:-2], len(extra))
        rest = records.CENTRAL_REST.pack(0, 0, 0, _MODE, offset)
        self._records += b"".join((_BEGIN, shared, rest, path, extra))
        self._count += 1
        if len(self._records) >= _CHUNK_BYTES:
            self._turn()

    def end(self, before: bytes = b"") -> Iterator[bytes]:
        """The directory and its end, in 64 bits where 32 or 16 do not do; ``before`` comes first."""
        for page in self._pages:
            yield before + zlib.decompress(page)
            before = b""
        size, count = self._size + len(self._records), self._count
        short = min(count, records.MAX16)
        fields = (0, 0, short, short, min(size, records.MAX32), min(self.offset, records.MAX32), 0)
        end = records.END.pack(records.END_MARK, *fields)
        yield before + bytes(self._records) + self._end64(size) + end

    def _turn(self) -> None:
        """Keeps what there is of the directory packed; a third of its bytes remain."""
        self._size += len(self._records)
        self._pages.append(zlib.compress(self._records, 1))
        self._records = bytearray()

    def _end64(self, size: int) -> bytes:
        if self._count < records.MAX16 and max(size, self.offset) < records.MAX32:
            return b""
        rest = records.END64.size - 12
        counts = (self._count, self._count, size, self.offset)
        end = records.END64.pack(records.END64_MARK, rest, _MADE_BY, _VERSION64, 0, 0, *counts)
        return end + records.LOCATOR64.pack(records.LOCATOR64_MARK, 0, self.offset + size, 1)
