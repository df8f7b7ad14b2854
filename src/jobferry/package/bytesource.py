"""Reads ranges of a seekable file; neighbouring ranges cost one read."""

from __future__ import annotations

from typing import BinaryIO

from jobferry.package import refusals

_READ_BYTES = 256 * 1024
_JUMP_BYTES = 4 * 1024


class ByteSource:
    """The bytes of a package. ``size`` is in bytes. Not to be used by two threads at once.

    Ranges in the file's order are read 256 KiB ahead; a jump reads little more than what is asked for.
    """

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self.size = file.seek(0, 2)
        self._start = 0
        self._held = b""

    def at(self, offset: int, length: int, entry: str = "") -> bytes:
        """Exactly the bytes of a range.

        Raises:
            PackageRefused: the file ends before the range does; ``entry`` is named then.
        """
        begin = offset - self._start
        if begin < 0 or begin + length > len(self._held):
            self._read(offset, length, entry)
            begin = 0
        return self._held[begin : begin + length]

    def _read(self, offset: int, length: int, entry: str) -> None:
        if offset + length <= self.size:
            gap = offset - self._start - len(self._held)
            ahead = _READ_BYTES if self._start <= offset and gap <= _JUMP_BYTES else _JUMP_BYTES
            self._file.seek(offset)
            self._held = self._file.read(max(length, ahead))
            self._start = offset
            if len(self._held) >= length:
                return
        raise refusals.unreadable("is cut short: its data is not all there", entry)
