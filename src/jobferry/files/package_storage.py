"""Packages in hand, each in a file of its own: ``<id>.zip`` beside ``<id>.name``, which names its owner too.

A package is there once its ``.zip`` is: it is written under another name, flushed to the disk, and renamed
last. What lies beside it (``.facts``, ``.report``) can be made again, and is not flushed. Anything else in
the folder is half-written and swept.
"""

from __future__ import annotations

import os
import re
import secrets
import time
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

import msgspec

from jobferry.events import Events
from jobferry.files.faults import closing, disk_fault, too_large
from jobferry.files.ports import Note, ReceivedPackage
from jobferry.files.received import Sealing, is_id, missing, name_note, noted_package, take_all
from jobferry.model.secrets import Secrets

_events = Events("files")

_BESIDE = [*Note, *(f"{note}-part" for note in Note)]
_OURS = re.compile(rf"[0-9a-f]{{32}}\.(zip|name|part|{'|'.join(_BESIDE)})\Z")
_PRIVATE = 0o600
_PRIVATE_FOLDER = 0o700


class Incoming:
    """A package that comes in piece by piece; implements ``IncomingPackage``."""

    def __init__(
        self, storage: LocalPackageStorage, received: ReceivedPackage, file: BinaryIO, limit: int
    ) -> None:
        self._storage = storage
        self._received = received
        self._file = file
        self._limit = limit
        self._size = 0

    def add(self, chunk: bytes) -> None:
        """Writes the next piece.

        Raises:
            PackageRefused: the package is larger than its limit (``package-too-large``).
            FilesError: ``disk-full`` or ``files-failed``.
        """
        self._size += len(chunk)
        if self._size > self._limit:
            raise too_large(self._received.name, self._limit, "package_bytes")
        _put(self._file, chunk, self._received.name)

    def keep(self) -> ReceivedPackage:
        """Keeps the package, flushed to the disk.

        Raises:
            FilesError: ``disk-full`` or ``files-failed``.
        """
        received = msgspec.structs.replace(self._received, size=self._size)
        with closing(self._file, received.name):
            _flush(self._file, received.name)
        _events.debug("package-part-written", package=received.id, bytes=received.size)
        self._storage.finish(received)
        _events.debug("package-received", package=received.id, bytes=received.size)
        return received

    def drop(self) -> None:
        """Deletes what was written; a package that is kept already goes too."""
        with suppress(OSError):
            self._file.close()
        self._storage.abandon(self._received.id)


class LocalPackageStorage:
    """Packages in a folder, readable by its owner only; implements ``PackageStorage``.

    A folder of this machine has one such storage at a time, so what is half-written and not being written by
    this one was given up. One that several servers share may hold what another one is writing.
    """

    def __init__(
        self, folder: Path, secrets: Callable[[], Secrets] | None = None, *, is_shared: bool = False
    ) -> None:
        """``secrets`` are asked when the first report is kept or read; without them it is kept in clear."""
        self._folder = folder
        self._sealing = Sealing(secrets)
        self._is_shared = is_shared
        self._in_writing: set[str] = set()

    def receive(self, name: str, chunks: Iterable[bytes], *, owner: str, limit: int) -> ReceivedPackage:
        """Keeps a package, whole or not at all. What ``chunks`` raises passes through.

        Raises:
            PackageRefused: it is larger than ``limit`` bytes (``package-too-large``).
            FilesError: ``disk-full`` or ``files-failed``.
        """
        return take_all(self.begin(name, owner=owner, limit=limit), chunks)

    def begin(self, name: str, *, owner: str, limit: int) -> Incoming:
        """Begins to write a package that comes in pieces, ``limit`` bytes at most.

        Raises:
            FilesError: ``disk-full`` or ``files-failed``.
        """
        package_id = secrets.token_hex(16)
        self._in_writing.add(package_id)
        try:
            file = self._create(self._path(package_id, "part"))
        except BaseException:
            self._in_writing.discard(package_id)
            raise
        return Incoming(self, ReceivedPackage(package_id, name, 0, owner), file, limit)

    def finish(self, received: ReceivedPackage) -> None:
        """Puts a package that is written in its place."""
        package_id, name = received.id, received.name
        sidecar = self._create(self._path(package_id, "name"))
        with closing(sidecar, name):
            _put(sidecar, name_note(received), name)
            _flush(sidecar, name)
        _events.debug("package-name-written", package=package_id)
        try:
            self._path(package_id, "part").rename(self._path(package_id, "zip"))
            folder = os.open(self._folder, os.O_RDONLY)
            try:
                os.fsync(folder)
            finally:
                os.close(folder)
        except OSError as error:
            raise disk_fault(error, name) from error
        self._in_writing.discard(package_id)

    def abandon(self, package_id: str) -> None:
        """Deletes a package that is not wanted any more, however much of it is written."""
        self._remove(package_id)
        self._in_writing.discard(package_id)

    @contextmanager
    def open(self, package_id: str) -> Iterator[BinaryIO]:
        """The package as a seekable file.

        Raises:
            NotFound: ``package-missing``.
            FilesError: ``files-failed``.
        """
        try:
            file = self._path(package_id, "zip").open("rb") if is_id(package_id) else None
        except FileNotFoundError:
            file = None
        except OSError as error:
            raise disk_fault(error, package_id) from error
        if file is None:
            raise missing(package_id)
        with file:
            yield file

    def stream(self, package_id: str) -> AbstractContextManager[BinaryIO]:
        """The package as a file that is read from its beginning.

        Raises:
            NotFound: ``package-missing``.
            FilesError: ``files-failed``.
        """
        return self.open(package_id)

    def find(self, package_id: str) -> ReceivedPackage | None:
        """A package's name and size, or none where there is no such package."""
        if not is_id(package_id):
            return None
        try:
            size = self._path(package_id, "zip").stat().st_size
            note = self._path(package_id, "name").read_bytes()
        except FileNotFoundError:
            return None
        except OSError as error:
            raise disk_fault(error, package_id) from error
        return noted_package(package_id, note, size)

    def of(self, owner: str) -> list[ReceivedPackage]:
        """All that a user has handed in and that is still here."""
        there = self._folder.glob("*.zip") if self._folder.is_dir() else ()
        found = (self.find(path.stem) for path in there)
        return [package for package in found if package is not None and package.owner == owner]

    def keep(self, package_id: str, note: Note, content: bytes) -> None:
        """Lays something beside a package, whole or not at all, in the place of what lay there.

        Raises:
            NotFound: ``package-missing``.
            FilesError: ``disk-full`` or ``files-failed``.
        """
        if self.find(package_id) is None:
            raise missing(package_id)
        content = self._sealing.seal(note, content)
        part = self._path(package_id, f"{note}-part")
        try:
            part.unlink(missing_ok=True)
            file = self._create(part)
            with closing(file, package_id):
                _put(file, content, package_id)
            part.rename(self._path(package_id, note))
        except OSError as error:
            raise disk_fault(error, package_id) from error
        _events.debug("package-note-kept", package=package_id, note=note, bytes=len(content))

    def kept(self, package_id: str, note: Note) -> bytes | None:
        """What lies beside a package; none, too, of what this key does not open.

        Raises:
            FilesError: ``files-failed``.
        """
        if not is_id(package_id):
            return None
        try:
            content = self._path(package_id, note).read_bytes()
        except FileNotFoundError:
            return None
        except OSError as error:
            raise disk_fault(error, package_id) from error
        return self._sealing.unseal(note, content)

    def discard(self, package_id: str) -> None:
        """Deletes a package; nothing happens where there is none."""
        if is_id(package_id):
            self._remove(package_id)

    def sweep(self, *, older_than: float, keep: Collection[str] = ()) -> int:
        """Deletes packages handed in more than so many seconds ago and all half-written files; of a folder
        that is shared, those that are as old.

        Those to ``keep`` stay, however old.

        Gives the number of packages deleted.
        """
        latest, swept = time.time() - older_than, 0
        for path in sorted(self._folder.glob("*")) if self._folder.is_dir() else ():
            if not _OURS.match(path.name) or path.stem in self._in_writing or path.stem in keep:
                continue
            if path.suffix != ".zip":
                if not path.with_suffix(".zip").exists():
                    with suppress(OSError):
                        if not self._is_shared or path.stat().st_mtime < latest:
                            path.unlink(missing_ok=True)
                continue
            with suppress(OSError):
                if path.stat().st_mtime < latest:
                    self._remove(path.stem)
                    swept += 1
        return swept

    def _create(self, path: Path) -> BinaryIO:
        try:
            self._folder.mkdir(mode=_PRIVATE_FOLDER, parents=True, exist_ok=True)
            return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _PRIVATE), "wb")
        except OSError as error:
            raise disk_fault(error, path.name) from error

    def _remove(self, package_id: str) -> None:
        """The ``.zip`` first, so that a package is never there without its name."""
        for ending in ("zip", "part", "name", *_BESIDE):
            with suppress(OSError):
                self._path(package_id, ending).unlink(missing_ok=True)

    def _path(self, package_id: str, ending: str) -> Path:
        return self._folder / f"{package_id}.{ending}"


def _put(file: BinaryIO, chunk: bytes, name: str) -> None:
    try:
        file.write(chunk)
    except OSError as error:
        raise disk_fault(error, name) from error


def _flush(file: BinaryIO, name: str) -> None:
    try:
        file.flush()
        os.fsync(file.fileno())
    except OSError as error:
        raise disk_fault(error, name) from error
