"""Copies on this machine of packages that lie elsewhere: readers of packages go back and forth in them.

A copy is a file without a name, so that nothing is left of it when the process ends, however it ends.
"""

from __future__ import annotations

import io
import os
import tempfile
import threading
import weakref
from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, BinaryIO, cast

from jobferry.files.faults import disk_fault

_IDLE_BYTES = 256 * 1024 * 1024
_PRIVATE_FOLDER = 0o700


class LocalCopies:
    """One copy of each package while it is read, and of the last ones a little longer.

    Packages never change, so a copy holds as long as its package is there; whoever asks has seen that.
    """

    def __init__(self, folder: Path, *, idle_bytes: int = _IDLE_BYTES) -> None:
        """At most ``idle_bytes`` are kept for the next reader."""
        self._folder = folder
        self._idle_bytes = idle_bytes
        self._lock = threading.Lock()
        self._copies: OrderedDict[str, _Copy] = OrderedDict()
        weakref.finalize(self, _close, self._copies)

    def has(self, package_id: str) -> bool:
        """Whether there is a copy."""
        return package_id in self._copies

    @contextmanager
    def opened(self, package_id: str, fetch: Callable[[], Iterable[bytes]]) -> Iterator[BinaryIO]:
        """A package as a seekable file. ``fetch`` gives its bytes where there is no copy.

        Raises:
            FilesError: ``disk-full`` or ``files-failed``; what ``fetch`` raises passes through.
        """
        copy = self._taken(package_id) or self._made(package_id, fetch)
        try:
            with io.BufferedReader(_Reader(copy.file.fileno(), copy.size)) as file:
                yield cast("BinaryIO", file)
        finally:
            self._put_back(package_id, copy)

    def forget(self, package_id: str) -> None:
        """The package is gone; who reads it just now may go on."""
        with self._lock:
            copy = self._copies.pop(package_id, None)
            if copy is not None and not copy.readers:
                copy.file.close()

    def _taken(self, package_id: str) -> _Copy | None:
        with self._lock:
            copy = self._copies.get(package_id)
            if copy is not None:
                copy.readers += 1
            return copy

    def _made(self, package_id: str, fetch: Callable[[], Iterable[bytes]]) -> _Copy:
        """Two who ask for the same package at once each make a copy; one of them stays."""
        copy = _Copy(self._file(package_id))
        try:
            for chunk in fetch():
                copy.add(chunk, package_id)
        except BaseException:
            copy.file.close()
            raise
        with self._lock:
            self._copies.setdefault(package_id, copy)
        return copy

    def _file(self, package_id: str) -> IO[bytes]:
        try:
            self._folder.mkdir(mode=_PRIVATE_FOLDER, parents=True, exist_ok=True)
            return tempfile.TemporaryFile(dir=self._folder, buffering=0)
        except OSError as error:
            raise disk_fault(error, package_id) from error

    def _put_back(self, package_id: str, copy: _Copy) -> None:
        with self._lock:
            copy.readers -= 1
            if self._copies.get(package_id) is copy:
                self._copies.move_to_end(package_id)
            elif not copy.readers:
                copy.file.close()
            idle = [(name, found) for name, found in self._copies.items() if not found.readers]
            size = sum(found.size for _, found in idle)
            for name, found in idle:
                if size <= self._idle_bytes:
                    return
                self._copies.pop(name).file.close()
                size -= found.size


def _close(copies: OrderedDict[str, _Copy]) -> None:
    for copy in copies.values():
        copy.file.close()


class _Copy:
    def __init__(self, file: IO[bytes]) -> None:
        self.file = file
        self.size = 0
        self.readers = 1

    def add(self, chunk: bytes, package_id: str) -> None:
        rest = memoryview(chunk)
        try:
            while rest:
                written = self.file.write(rest)
                rest = rest[written:]
                self.size += written
        except OSError as error:
            raise disk_fault(error, package_id) from error


class _Reader(io.RawIOBase):
    """Reads a file at a place of its own, beside others that read it."""

    def __init__(self, descriptor: int, size: int) -> None:
        self._descriptor = descriptor
        self._size = size
        self._at = 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        found = os.pread(self._descriptor, len(buffer), self._at)
        buffer[: len(found)] = found
        self._at += len(found)
        return len(found)

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        begin = {os.SEEK_SET: 0, os.SEEK_CUR: self._at, os.SEEK_END: self._size}[whence]
        self._at = max(0, begin + offset)
        return self._at

    def tell(self) -> int:
        return self._at
