"""What the rooms above may ask of the disk and of object storage."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from contextlib import AbstractContextManager
from enum import StrEnum
from typing import BinaryIO, Protocol

import msgspec

SCHEME = "obs://"
"""What paths in object storage begin with; the name of a file never does."""
Write = Callable[[bytes], None]
"""Takes the next piece."""


class ObjectPath(msgspec.Struct, frozen=True):
    """``obs://bucket/key``."""

    bucket: str
    key: str

    def __str__(self) -> str:
        return f"{SCHEME}{self.bucket}/{self.key}"


class StoredEntry(msgspec.Struct, frozen=True, kw_only=True):
    """An object, or a folder of objects, by its name in the folder that holds it.

    ``size`` is in bytes and ``modified_at`` in ms; both are 0 of a folder.
    """

    name: str
    is_folder: bool
    size: int = 0
    modified_at: int = 0


class ObjectStorage(Protocol):
    """Objects in buckets, behind ``obs://bucket/key``.

    Raises, from every method: InvalidRequest ``invalid-object-path``; NotFound ``bucket-missing`` or
    ``object-unreadable``; FilesError ``files-failed`` or ``disk-full``.
    """

    def fetch(
        self, path: ObjectPath, *, limit: int, setting: str = "package_bytes"
    ) -> AbstractContextManager[BinaryIO]:
        """The object as a seekable file, kept only while the context lasts.

        Raises:
            PackageRefused: it is larger than ``limit`` bytes (``package-too-large``); the error names the
                platform setting that the limit is from.
        """
        ...

    def reading(self, path: ObjectPath) -> AbstractContextManager[BinaryIO]:
        """The object as a seekable file that is read where it lies; each of its reads may raise, too."""
        ...

    def has(self, path: ObjectPath) -> bool:
        """Whether there is such an object; its content is not read.

        Raises:
            NotFound: there is no such bucket (``bucket-missing``).
        """
        ...

    def buckets(self) -> list[StoredEntry] | None:
        """The buckets that there are, as folders, by name; None where the storage does not tell."""
        ...

    def entries(self, folder: ObjectPath) -> list[StoredEntry]:
        """What lies directly in a folder, by name, folders and objects alike; of a bucket, without a key.

        Services have no folders of their own: one that holds nothing is not told from one that is not there.

        Raises:
            NotFound: there is no such bucket (``bucket-missing``).
        """
        ...

    def store(self, path: ObjectPath, chunks: Iterable[bytes]) -> int:
        """Writes an object, whole or not at all, and gives its size in bytes."""
        ...

    def writing(self, path: ObjectPath) -> AbstractContextManager[Write]:
        """Takes an object in pieces: it is there when the context ends without an error, and never else."""
        ...

    def remove(self, path: ObjectPath) -> None:
        """Deletes an object; one that is not there is no error.

        Raises:
            NotFound: there is no such bucket (``bucket-missing``).
        """
        ...


class BackupPlace(Protocol):
    """A folder of this machine, or one of object storage, in which backups lie.

    Raises, from every method: FilesError ``files-failed`` or ``disk-full``; NotFound ``bucket-missing``.
    """

    def path(self, name: str) -> str:
        """What a backup there is called."""
        ...

    def entries(self) -> list[StoredEntry]:
        """The files that lie directly in it, with their sizes; none where there is no such folder yet."""
        ...

    def writing(self, name: str) -> AbstractContextManager[Write]:
        """Takes a file in pieces: it is there when the context ends without an error, and never else."""
        ...

    def reading(self, name: str) -> AbstractContextManager[BinaryIO]:
        """A file as it lies there, to be read in any order; each of its reads may raise, too."""
        ...

    def remove(self, name: str) -> None:
        """Deletes a file; nothing happens where there is none."""
        ...


class ReceivedPackage(msgspec.Struct, frozen=True):
    """A package that was handed in and is kept until its import is over. ``size`` in bytes.

    ``owner`` is the id of the user who handed it in. What came from object storage is called by its path.
    """

    id: str
    name: str
    size: int
    owner: str

    @property
    def is_local(self) -> bool:
        """Whether it was handed in as a file, and not fetched from object storage."""
        return not self.name.startswith(SCHEME)


class Note(StrEnum):
    """What may lie beside a package: what it holds, what was read of its texts, and what a check found."""

    CONTENTS = "contents"
    FACTS = "facts"
    REPORT = "report"


class IncomingPackage(Protocol):
    """A package that is being written; it is there once it is kept."""

    def add(self, chunk: bytes) -> None:
        """Writes the next piece.

        Raises:
            PackageRefused: it is larger than its limit (``package-too-large``).
            FilesError: ``disk-full`` or ``files-failed``.
        """
        ...

    def keep(self) -> ReceivedPackage:
        """Raises: FilesError: ``disk-full`` or ``files-failed``."""
        ...

    def drop(self) -> None:
        """Deletes what was written; a package that is kept already goes too."""
        ...


class PackageStorage(Protocol):
    """Packages that were handed in, or wait to be downloaded.

    Raises, from every method: FilesError: the storage is at fault (``files-failed``).
    """

    def begin(self, name: str, *, owner: str, limit: int) -> IncomingPackage:
        """Begins to write a package of at most ``limit`` bytes.

        Raises:
            FilesError: ``disk-full`` or ``files-failed``.
        """
        ...

    def receive(self, name: str, chunks: Iterable[bytes], *, owner: str, limit: int) -> ReceivedPackage:
        """Keeps a package, whole or not at all.

        Raises:
            PackageRefused: it is larger than ``limit`` bytes (``package-too-large``).
            FilesError: ``disk-full`` or ``files-failed``.
        """
        ...

    def open(self, package_id: str) -> AbstractContextManager[BinaryIO]:
        """The package as a seekable file.

        Raises:
            NotFound: ``package-missing``.
        """
        ...

    def stream(self, package_id: str) -> AbstractContextManager[BinaryIO]:
        """The package as a file that is read once, from its beginning, and need not be seekable.

        Raises:
            NotFound: ``package-missing``.
        """
        ...

    def find(self, package_id: str) -> ReceivedPackage | None: ...

    def of(self, owner: str) -> list[ReceivedPackage]:
        """All that a user has handed in and that is still here."""
        ...

    def keep(self, package_id: str, note: Note, content: bytes) -> None:
        """Lays something beside a package that can be made again; it goes when the package goes.

        Raises:
            NotFound: the package is not there (``package-missing``).
            FilesError: ``disk-full`` or ``files-failed``.
        """
        ...

    def kept(self, package_id: str, note: Note) -> bytes | None:
        """What lies beside a package, whole or not at all."""
        ...

    def discard(self, package_id: str) -> None: ...

    def sweep(self, *, older_than: float, keep: Collection[str] = ()) -> int:
        """Deletes packages handed in more than so many seconds ago and all half-written files.

        Those to ``keep`` stay, however old.
        """
        ...
