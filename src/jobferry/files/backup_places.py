"""Where backups lie: a folder of this machine, or one of object storage. Nothing half-written is in it."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from jobferry.files.faults import disk_fault
from jobferry.files.ports import ObjectPath, ObjectStorage, StoredEntry, Write

_PRIVATE_FOLDER = 0o700
_DRAFT = ".writing-"
"""How a file is called while it is written, before its name."""


class BackupFolder:
    """A folder of this machine; implements ``BackupPlace``. One process writes there at a time."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def path(self, name: str) -> str:
        """The file of a backup."""
        return str(self._folder / name)

    def entries(self) -> list[StoredEntry]:
        """Its files but for those that are being written."""
        try:
            found = sorted(self._folder.iterdir()) if self._folder.exists() else []
            files = [path for path in found if path.is_file() and not path.name.startswith(_DRAFT)]
            return [_entry(path) for path in files]
        except OSError as error:
            raise disk_fault(error, str(self._folder)) from error

    @contextmanager
    def writing(self, name: str) -> Iterator[Write]:
        """Writes a draft and renames it; a draft of the same platform goes that was left by a kill."""
        file = self._folder / name
        with _in_words(file):
            self._folder.mkdir(mode=_PRIVATE_FOLDER, parents=True, exist_ok=True)
            for left in self._folder.glob(f"{_DRAFT}{_without_time(name)}*"):
                left.unlink(missing_ok=True)
            handle, draft = tempfile.mkstemp(prefix=f"{_DRAFT}{name}.", dir=self._folder)
        try:
            with os.fdopen(handle, "wb") as stream:

                def write(chunk: bytes) -> None:
                    with _in_words(file):
                        stream.write(chunk)

                yield write
                with _in_words(file):
                    stream.flush()
                    os.fsync(stream.fileno())
            with _in_words(file):
                Path(draft).replace(file)
        except BaseException:
            with suppress(OSError):
                Path(draft).unlink(missing_ok=True)
            raise

    @contextmanager
    def reading(self, name: str) -> Iterator[BinaryIO]:
        """Opens a file."""
        with _in_words(self._folder / name), (self._folder / name).open("rb") as file:
            yield file

    def remove(self, name: str) -> None:
        """Deletes a file."""
        with _in_words(self._folder / name):
            (self._folder / name).unlink(missing_ok=True)


class BackupBucket:
    """A folder in a bucket; implements ``BackupPlace``."""

    def __init__(self, storage: ObjectStorage, folder: ObjectPath) -> None:
        self._storage = storage
        self._folder = folder

    def path(self, name: str) -> str:
        """The path of a backup."""
        return str(self._object(name))

    def entries(self) -> list[StoredEntry]:
        """Its objects."""
        return [entry for entry in self._storage.entries(self._folder) if not entry.is_folder]

    def writing(self, name: str) -> AbstractContextManager[Write]:
        """Has the store make an object of the parts when all have come."""
        return self._storage.writing(self._object(name))

    def reading(self, name: str) -> AbstractContextManager[BinaryIO]:
        """Reads an object from the store, as far as it is asked for."""
        return self._storage.reading(self._object(name))

    def remove(self, name: str) -> None:
        """Deletes an object."""
        self._storage.remove(self._object(name))

    def _object(self, name: str) -> ObjectPath:
        key = self._folder.key
        return ObjectPath(self._folder.bucket, f"{key}/{name}" if key else name)


def _without_time(name: str) -> str:
    """What the names of a platform's backups begin with."""
    return name[: name.rfind("-") + 1]


@contextmanager
def _in_words(file: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise disk_fault(error, str(file)) from error


def _entry(path: Path) -> StoredEntry:
    state = path.stat()
    return StoredEntry(
        name=path.name, is_folder=False, size=state.st_size, modified_at=state.st_mtime_ns // 1_000_000
    )
