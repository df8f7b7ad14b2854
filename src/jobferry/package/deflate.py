"""Raw deflate and CRC-32: by ISA-L where it is installed, by zlib elsewhere. All of it leaves the GIL."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator
from typing import Any

isal_zlib: Any
igzip: Any
try:
    from isal import igzip_lib as igzip
    from isal import isal_zlib
except ImportError:  # pragma: no cover - depends on the machine
    isal_zlib = igzip = None

_FAULTS: tuple[type[Exception], ...] = (zlib.error, ValueError)
if igzip is not None:
    _FAULTS = (*_FAULTS, igzip.IsalError)

DEFAULT_LEVEL = 6
"""On zlib's scale: 0 stores, 1 is fastest, 9 is smallest."""

_ISAL_LEVELS = (0, 1, 1, 2, 3, 3, 3, 3, 3, 3)
_RAW = -15
_GZIP = 31
_GZIP_HEAD = 10
_GZIP_TAIL = 8  # CRC-32 and size


class BrokenData(Exception):
    """The bytes are no deflate stream; the text says why."""


def pack(data: bytes, level: int, *, fast: bool = True) -> tuple[bytes, int]:
    """One raw deflate stream, and the CRC-32 of the data: both in one go, as gzip has them.

    The same bytes give the same stream as long as the compressor is the same.
    """
    if fast and isal_zlib is not None:
        packed: bytes = isal_zlib.compress(data, _ISAL_LEVELS[level], _GZIP)
    else:
        packed = zlib.compress(data, level, _GZIP)
    return packed[_GZIP_HEAD:-_GZIP_TAIL], int.from_bytes(packed[-_GZIP_TAIL : -_GZIP_TAIL // 2], "little")


def packed_pieces(pieces: Iterable[bytes], level: int, *, fast: bool = True) -> Iterator[bytes]:
    """One raw deflate stream of all the pieces, piece by piece."""
    if fast and isal_zlib is not None:
        stream = isal_zlib.compressobj(_ISAL_LEVELS[level], zlib.DEFLATED, _RAW)
    else:
        stream = zlib.compressobj(level, zlib.DEFLATED, _RAW)
    for piece in pieces:
        if packed := stream.compress(piece):
            yield packed
    yield stream.flush()


def unpack(packed: bytes, size: int) -> tuple[bytes, bool]:
    """What a raw deflate stream holds, and whether stream and input end together.

    Never gives more than ``size`` + 1 bytes, so a longer result shows without being unpacked.

    Raises:
        BrokenData: it is no deflate stream.
    """
    try:
        if igzip is None:
            return _unpack_by_zlib(packed, size)
        stream = igzip.IgzipDecompressor(igzip.DECOMP_DEFLATE)
        data: bytes = stream.decompress(packed, size + 1)
        return data, stream.eof and not stream.unused_data
    except _FAULTS as error:
        raise BrokenData(str(error)) from None


def checksum(data: bytes, former: int = 0) -> int:
    """CRC-32; that of what came before, if anything did, is the ``former``."""
    if isal_zlib is not None:
        crc: int = isal_zlib.crc32(data, former)
        return crc
    return zlib.crc32(data, former)


def _unpack_by_zlib(packed: bytes, size: int) -> tuple[bytes, bool]:
    stream = zlib.decompressobj(_RAW)
    data = stream.decompress(packed, size + 1)
    return data, stream.eof and not stream.unused_data
