"""Objects behind ``obs://bucket/key``: in folders of this machine, or in an S3-compatible service.

obstore is imported at the first use, so that commands that need no objects start quickly.
"""

from __future__ import annotations

import io
import os
import re
import stat
import tempfile
import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, cast

from jobferry.errors import ErrorCode, NotFound
from jobferry.events import Events
from jobferry.files.faults import closing, disk_fault, incomplete, too_large
from jobferry.files.paths import invalid, is_bucket_name, refuse_invalid
from jobferry.files.ports import ObjectPath, StoredEntry, Write
from jobferry.files.s3 import PARTS_AT_ONCE, READ_BYTES, S3Service, is_no_bucket, words_of
from jobferry.sentences import sentence

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer
    from obstore import ReadableFile
    from obstore.store import LocalStore, S3Store

    Store = LocalStore | S3Store

_events = Events("files")

_HALF = re.compile(r"(\.zip|\.backup|/resources/[0-9a-f]{64}/[^/]+)#[0-9]+\Z")
"""What we write ourselves, while it is written: packages, backups, and the files of resources."""
_UPLOAD_MARK = re.compile(r"#[0-9]+\Z")  # how obstore names a local object that is still being written
_IN_MEMORY_BYTES = 4 * 1024 * 1024


class ObstoreStorage(ABC):
    """Object storage over obstore stores, one for each bucket; implements ``ObjectStorage``.

    Errors tell the object store by its ``name``, if it has one.
    """

    def __init__(self, name: str = "") -> None:
        self._name = name

    @contextmanager
    def fetch(self, path: ObjectPath, *, limit: int, setting: str = "package_bytes") -> Iterator[BinaryIO]:
        """The object as a seekable file: up to 4 MiB in memory, more in a temporary file.

        Raises:
            InvalidRequest: ``invalid-object-path``.
            NotFound: ``bucket-missing``, ``object-unreadable``.
            PackageRefused: it is larger than ``limit`` bytes, as the platform ``setting`` says.
            FilesError: the storage or the disk is at fault.
        """
        refuse_invalid(path)
        spooled = tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY_BYTES)  # noqa: SIM115 - closed with care
        file = cast("BinaryIO", spooled)
        with closing(file, str(path)):
            with self._translated(path):
                self._download(path, file, limit, setting)
                file.seek(0)
            yield file

    @contextmanager
    def reading(self, path: ObjectPath) -> Iterator[BinaryIO]:
        """The object as a seekable file of which no more is held than the piece that is read.

        Raises, also from each of its reads:
            InvalidRequest: ``invalid-object-path``.
            NotFound: ``bucket-missing``, ``object-unreadable``.
            FilesError: the storage is at fault.
        """
        refuse_invalid(path)
        with self._translated(path):
            import obstore

            reader = obstore.open_reader(self._bucket(path, write=False), path.key, buffer_size=READ_BYTES)
        reading = _Reading(reader, lambda: self._translated(path))
        yield cast("BinaryIO", io.BufferedReader(reading, READ_BYTES))

    def has(self, path: ObjectPath) -> bool:
        """Whether there is such an object; its content is not read.

        A service says nothing but that nothing is found when it is asked for an object's head, so it is asked
        once more, in a way that tells a missing object from a missing bucket.

        Raises:
            InvalidRequest: ``invalid-object-path``.
            NotFound: ``bucket-missing``.
            FilesError: the storage is at fault.
        """
        import obstore

        refuse_invalid(path)
        for asked in (obstore.head, obstore.get):
            try:
                with self._translated(path):
                    asked(self._bucket(path, write=False), path.key)
                return True
            except NotFound as absent:
                if absent.code is ErrorCode.BUCKET_MISSING:
                    raise
        return False

    def store(self, path: ObjectPath, chunks: Iterable[bytes]) -> int:
        """Writes an object, whole or not at all, and gives its size in bytes.

        What ``chunks`` raises passes through, and nothing is left behind then. It is read on this thread.

        Raises:
            InvalidRequest: ``invalid-object-path``.
            NotFound: ``bucket-missing``.
            FilesError: the storage or the disk is at fault.
        """
        size = 0
        with self.writing(path) as write:
            for chunk in chunks:
                size += len(chunk)
                write(chunk)
        return size

    @contextmanager
    def writing(self, path: ObjectPath) -> Iterator[Write]:
        """Takes an object in pieces; it is there when the context ends without an error, and never else.

        What is raised within passes through.

        Raises:
            InvalidRequest: ``invalid-object-path``.
            NotFound: ``bucket-missing``.
            FilesError: the storage or the disk is at fault.
        """
        refuse_invalid(path)
        with self._translated(path):
            import obstore

            bucket = self._bucket(path, write=True)
            writer = obstore.open_writer(bucket, path.key, max_concurrency=PARTS_AT_ONCE)
        _events.debug("object-opened", object=str(path))
        size = 0

        def write(chunk: bytes) -> None:
            nonlocal size
            with self._translated(path):
                size += writer.write(chunk)

        try:
            yield write
        except BaseException as error:
            with suppress(Exception):
                writer.__exit__(type(error), error, error.__traceback__)
            raise
        _events.debug("object-closing", object=str(path), bytes=size)
        with self._translated(path):
            writer.close()
        _events.debug("object-written", object=str(path), bytes=size)

    def remove(self, path: ObjectPath) -> None:
        """Deletes an object; one that is not there is no error.

        Raises:
            InvalidRequest: ``invalid-object-path``.
            NotFound: ``bucket-missing``.
            FilesError: the storage is at fault.
        """
        import obstore

        refuse_invalid(path)
        try:
            with self._translated(path):
                obstore.delete(self._bucket(path, write=False), path.key)
        except NotFound as absent:
            if absent.code is ErrorCode.BUCKET_MISSING:
                raise
        _events.debug("object-removed", object=str(path))

    def entries(self, folder: ObjectPath) -> list[StoredEntry]:
        """What lies directly in a folder, by name; of a bucket, without a key.

        Raises:
            NotFound: ``bucket-missing``.
            FilesError: the storage is at fault.
        """
        with self._translated(folder):
            return sorted(self._listed(folder), key=lambda entry: (entry.name, entry.is_folder))

    def _listed(self, folder: ObjectPath) -> Iterator[StoredEntry]:
        import obstore

        found = obstore.list_with_delimiter(self._bucket(folder, write=False), folder.key or None)
        for path in found["common_prefixes"]:
            yield StoredEntry(name=path.rpartition("/")[2], is_folder=True)
        for meta in found["objects"]:
            changed = int(meta["last_modified"].timestamp() * 1000)
            name = meta["path"].rpartition("/")[2]
            yield StoredEntry(name=name, is_folder=False, size=meta["size"], modified_at=changed)

    @abstractmethod
    def buckets(self) -> list[StoredEntry] | None:
        """The buckets that there are, as folders, by name; None where the storage does not tell."""

    @abstractmethod
    def _bucket(self, path: ObjectPath, *, write: bool) -> Store:
        """The store of a path's bucket. Raises: NotFound: ``bucket-missing``."""

    def _told(self, path: ObjectPath) -> str:
        """A path as errors tell it."""
        if not self._name:
            return str(path)
        return sentence("{path} (object store {store})", path=str(path), store=self._name)

    @contextmanager
    def _translated(self, path: ObjectPath) -> Iterator[None]:
        """Turns what obstore raises into the error tree."""
        from obstore.exceptions import BaseError

        told = self._told(path)
        try:
            yield
        except FileNotFoundError as error:
            if is_no_bucket(error):
                raise _no_bucket(path, told) from None
            raise NotFound(
                ErrorCode.OBJECT_UNREADABLE,
                sentence("{path}: there is no such object", path=told),
                subject=str(path),
                hint="check bucket and key; a folder is not an object",
            ) from None
        except ValueError:
            raise invalid(str(path), "names no object that can be stored") from None
        except (BaseError, OSError) as error:
            if is_no_bucket(error):
                raise _no_bucket(path, told) from None
            words = words_of(error)
            what = sentence("{path}: {words}", path=told, words=words) if words else told
            raise disk_fault(error, what, str(path)) from error

    def _download(self, path: ObjectPath, file: BinaryIO, limit: int, setting: str) -> None:
        import obstore

        found = obstore.get(self._bucket(path, write=False), path.key)
        if found.meta["size"] > limit:
            raise too_large(str(path), limit, setting, found.meta["size"])
        size = 0
        for chunk in found.stream(min_chunk_size=READ_BYTES):
            size += len(chunk)
            if size > limit:
                raise too_large(str(path), limit, setting)
            file.write(chunk)
        if size != found.meta["size"]:
            raise incomplete(self._told(path), size, found.meta["size"])


class LocalObjects(ObstoreStorage):
    """Buckets are folders under ``root``; one is made when something is first written into it.

    A bucket may be a link that the folder's owner has made, to a folder elsewhere. Within a bucket no link
    leads out of it.
    """

    def __init__(self, root: Path) -> None:
        super().__init__()
        self._root = root

    def buckets(self) -> list[StoredEntry]:
        """The folders that can be buckets. Raises: FilesError: the folder cannot be read."""
        try:
            found = sorted(place.name for place in os.scandir(self._root) if place.is_dir())
        except FileNotFoundError:
            return []
        except OSError as error:
            raise disk_fault(error, self._root.name) from error
        return [StoredEntry(name=name, is_folder=True) for name in found if is_bucket_name(name)]

    def remove(self, path: ObjectPath) -> None:
        """The same; folders that are empty then go, too, up to the bucket."""
        super().remove(path)
        for folder in (self._root / path.bucket / path.key).parents:
            if folder == self._root / path.bucket:
                break
            with suppress(OSError):
                folder.rmdir()

    def sweep(self, *, older_than: float) -> int:
        """Deletes what a killed process left of objects it was writing, if it is older than so many seconds.

        Gives their number. Another platform may be writing into the same folder, hence the age.
        """
        latest, swept = time.time() - older_than, 0
        for path in self._root.rglob("*#*") if self._root.is_dir() else ():
            with suppress(OSError):
                if _HALF.search(path.as_posix()) and path.is_file() and path.stat().st_mtime < latest:
                    path.unlink()
                    swept += 1
        return swept

    def _bucket(self, path: ObjectPath, *, write: bool) -> Store:
        from obstore.store import LocalStore

        folder = self._root / path.bucket
        if _UPLOAD_MARK.search(path.key):
            raise invalid(str(path), "ends like an object that is still being written (#1)")
        if not (folder / path.key).resolve().is_relative_to(folder.resolve()):
            raise invalid(str(path), "leaves its bucket by a link")
        if not write and not folder.is_dir():
            raise _no_bucket(path, str(path))
        if not write and _is_special(folder / path.key):
            raise NotFound(
                ErrorCode.OBJECT_UNREADABLE,
                sentence("{path}: is not a file, but a pipe, a socket or a device", path=str(path)),
                subject=str(path),
                hint="put a file there, or name another object",
            )
        return LocalStore(folder, mkdir=write)

    def _listed(self, folder: ObjectPath) -> Iterator[StoredEntry]:
        """Looks itself: obstore would follow links out of the bucket."""
        self._bucket(folder, write=False)
        bucket = (self._root / folder.bucket).resolve()
        place = self._root / folder.bucket / folder.key
        for found in os.scandir(place) if place.is_dir() else ():
            inside = Path(found.path).resolve()
            if not inside.is_relative_to(bucket) or _UPLOAD_MARK.search(found.name):
                continue
            if inside.is_dir():
                yield StoredEntry(name=found.name, is_folder=True)
            elif inside.is_file():
                state = inside.stat()
                changed = state.st_mtime_ns // 1_000_000
                yield StoredEntry(name=found.name, is_folder=False, size=state.st_size, modified_at=changed)

    def _download(self, path: ObjectPath, file: BinaryIO, limit: int, setting: str) -> None:
        """Reads the file itself: obstore never ends with one that is cut short while it is read."""
        self._bucket(path, write=False)
        place = self._root / path.bucket / path.key
        if not place.is_file():
            raise FileNotFoundError(place)
        with place.open("rb") as found:
            announced, size = os.fstat(found.fileno()).st_size, 0
            if announced > limit:
                raise too_large(str(path), limit, setting, announced)
            while chunk := found.read(min(READ_BYTES, announced - size)):
                size += file.write(chunk)
        if size != announced:
            raise incomplete(str(path), size, announced)


class S3Objects(ObstoreStorage):
    """Buckets of an S3-compatible service. They are never made here.

    Keys for some buckets seldom may list all, so that the service is not asked which there are.
    """

    def __init__(self, service: S3Service, buckets: Sequence[str] = (), name: str = "") -> None:
        """``buckets`` are those that are told of."""
        super().__init__(name)
        self._service = service
        self._buckets = buckets
        self._stores: dict[str, S3Store] = {}

    def buckets(self) -> list[StoredEntry] | None:
        """Those that it was told of, by name; None if of none."""
        return [StoredEntry(name=name, is_folder=True) for name in sorted(self._buckets)] or None

    def _bucket(self, path: ObjectPath, *, write: bool) -> Store:  # noqa: ARG002 - both ways are the same here
        if path.bucket not in self._stores:
            self._stores[path.bucket] = self._service.bucket(path.bucket)
        return self._stores[path.bucket]


class _Reading(io.RawIOBase):
    """An object that is read where it lies."""

    def __init__(self, reader: ReadableFile, translated: Callable[[], AbstractContextManager[None]]) -> None:
        """``translated`` turns what obstore raises into the error tree."""
        self._reader = reader
        self._translated = translated

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def readinto(self, buffer: WriteableBuffer) -> int:
        """Fills what it can of ``buffer``; nothing at the object's end."""
        into = memoryview(buffer).cast("B")
        with self._translated():
            found = self._reader.read(len(into))
        into[: len(found)] = found
        return len(found)

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        with self._translated():
            return self._reader.seek(offset, whence)

    def tell(self) -> int:
        return self._reader.tell()


def _is_special(path: Path) -> bool:
    """Whether something is there that is neither a file nor a folder: reading it might never end."""
    try:
        mode = path.stat().st_mode
    except OSError:
        return False
    return not stat.S_ISREG(mode) and not stat.S_ISDIR(mode)


def _no_bucket(path: ObjectPath, told: str) -> NotFound:
    return NotFound(
        ErrorCode.BUCKET_MISSING,
        sentence("{path}: there is no bucket {bucket}", path=told, bucket=path.bucket),
        subject=path.bucket,
        hint="check the bucket's name",
    )
