"""Where asset backups lie in object storage: ``<folder>/<workspace>/<date>``, and what makes a folder one."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from typing import BinaryIO

from jobferry.errors import ErrorCode, NotFound, PackageRefused
from jobferry.files.paths import object_below, parse_folder_path
from jobferry.files.ports import ObjectPath, ObjectStorage
from jobferry.model.asset_backup import (
    CONTENTS_BYTES,
    CONTENTS_NAME,
    FOLDERS,
    BackupContents,
    BackupFile,
    day_of,
    is_backup_file,
    read_contents,
    unreadable,
)
from jobferry.sentences import as_sentence, sentence

_PIECE_BYTES = 1024 * 1024


class BackupFolder:
    """The folder of one backup. While it has no ``backup.json`` it is none."""

    def __init__(self, storage: ObjectStorage, place: str) -> None:
        self._storage = storage
        self.place = place

    def write(self, path: str, objects: int, chunks: Iterable[bytes]) -> BackupFile:
        """Writes a file of the backup as it is read, and tells its digest."""
        measured = _Measured(chunks)
        size = self._storage.store(self._path(path), measured)
        return BackupFile(path=path, objects=objects, size=size, sha256=measured.digest)

    def conclude(self, contents: BackupContents) -> None:
        """Writes ``backup.json``: from then on it is a backup, of these files."""
        self._storage.store(self._path(CONTENTS_NAME), [contents.encoded])

    def contents(self) -> BackupContents | None:
        """What it holds; none if it is no backup.

        Raises:
            PackageRefused: its ``backup.json`` cannot be used.
        """
        place = f"{self.place}/{CONTENTS_NAME}"
        try:
            with self._storage.fetch(self._path(CONTENTS_NAME), limit=CONTENTS_BYTES) as file:
                return read_contents(file.read(), place)
        except NotFound as absent:
            if absent.code is ErrorCode.OBJECT_UNREADABLE:
                return None
            raise
        except PackageRefused as refused:
            if refused.code is not ErrorCode.PACKAGE_TOO_LARGE:
                raise
            raise unreadable(place, sentence("it has more than {most:byte}", most=CONTENTS_BYTES)) from None

    def tidy(self, keep: Collection[str]) -> None:
        """Deletes the files of a backup but for those to ``keep``: what tries before have left."""
        for folder in FOLDERS:
            for entry in self._storage.entries(self._path(folder)):
                path = f"{folder}/{entry.name}"
                if not entry.is_folder and is_backup_file(path) and path not in keep:
                    self._storage.remove(self._path(path))

    def remove(self) -> None:
        """Deletes the backup: ``backup.json`` first, so that half of one is none."""
        self._storage.remove(self._path(CONTENTS_NAME))
        self.tidy(keep=())

    @contextmanager
    def verified(self, file: BackupFile) -> Iterator[BinaryIO]:
        """A file of the backup, as it was written.

        Raises:
            PackageRefused: it is not there, or another one (``package-altered``).
        """
        path = self._path(file.path)
        with ExitStack() as stack:
            try:
                found = stack.enter_context(self._storage.fetch(path, limit=file.size))
            except NotFound as absent:
                if absent.code is not ErrorCode.OBJECT_UNREADABLE:
                    raise
                raise _altered(path, "is missing") from None
            except PackageRefused:
                raise _altered(path, "was altered after the backup was taken") from None
            if _digest(found) != file.sha256:
                raise _altered(path, "was altered after the backup was taken")
            found.seek(0)
            yield found

    def _path(self, name: str) -> ObjectPath:
        return object_below(self.place, name)


class _Measured:
    """Chunks that are counted into a digest as they are read."""

    def __init__(self, chunks: Iterable[bytes]) -> None:
        self._chunks = chunks
        self._whole = hashlib.sha256()

    def __iter__(self) -> Iterator[bytes]:
        for chunk in self._chunks:
            self._whole.update(chunk)
            yield chunk

    @property
    def digest(self) -> str:
        """The SHA-256 of what was read."""
        return self._whole.hexdigest()


def backup_names(storage: ObjectStorage, folder: str) -> list[str]:
    """The names of all folders in ``folder`` that are called like a backup, the newest first.

    Raises:
        InvalidRequest: the folder is none (``invalid-object-path``).
        NotFound: there is no such bucket (``bucket-missing``).
        FilesError: the storage is at fault.
    """
    entries = storage.entries(parse_folder_path(folder))
    return sorted((entry.name for entry in entries if entry.is_folder and day_of(entry.name)), reverse=True)


def workspace_folder(folder: str, workspace: str) -> str:
    """Where the backups of a workspace lie."""
    return f"{folder}/{workspace}"


def _digest(file: BinaryIO) -> str:
    whole = hashlib.sha256()
    for piece in iter(lambda: file.read(_PIECE_BYTES), b""):
        whole.update(piece)
    return whole.hexdigest()


def _altered(path: ObjectPath, reason: str) -> PackageRefused:
    return PackageRefused(
        ErrorCode.PACKAGE_ALTERED,
        sentence("{path}: {reason}; nothing is restored", path=str(path), reason=as_sentence(reason)),
        subject=str(path),
        hint="put the file back as it was, or restore from another backup",
    )
