"""Packages in an S3-compatible store: ``<id>.zip`` beside ``<id>.name``, as in a folder.

A package is there once its ``.zip`` is: the service makes an object of its parts when the last one has come,
and that is written after the ``.name``. obstore is imported at the first use.
"""

from __future__ import annotations

import io
import re
import secrets
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, cast

import msgspec

from jobferry.errors import FilesError
from jobferry.events import Events
from jobferry.files.faults import too_large
from jobferry.files.local_copies import LocalCopies
from jobferry.files.paths import S3Place
from jobferry.files.ports import Note, ReceivedPackage
from jobferry.files.received import Sealing, is_id, missing, name_note, noted_package, take_all
from jobferry.files.s3 import PARTS_AT_ONCE, READ_BYTES, S3Service, answering, pieces
from jobferry.model.secrets import Secrets

if TYPE_CHECKING:
    from obstore import GetResult, WritableFile
    from obstore.store import S3Store

_events = Events("files")

OURS = re.compile(rf"([0-9a-f]{{32}})\.(zip|name|{'|'.join(Note)})\Z")
_MARK = "swept"
"""Written before each sweep: its time is the service's own, against which the others are held."""
_PAGE = 1_000


class S3PackageStorage:
    """Packages below one place of a service; implements ``PackageStorage``."""

    def __init__(
        self,
        service: S3Service,
        place: S3Place,
        copies: Path,
        secrets: Callable[[], Secrets] | None = None,
    ) -> None:
        """``copies`` is a folder of this machine. ``secrets`` are asked when the first report is kept or
        read; without them it is kept in clear."""
        self._service = service
        self._place = place
        self._copies = LocalCopies(copies)
        self._sealing = Sealing(secrets)
        self._names: dict[str, bytes] = {}

    def receive(self, name: str, chunks: Iterable[bytes], *, owner: str, limit: int) -> ReceivedPackage:
        """Keeps a package, whole or not at all. What ``chunks`` raises passes through.

        Raises:
            PackageRefused: it is larger than ``limit`` bytes (``package-too-large``).
            FilesError: ``files-failed``.
        """
        return take_all(self.begin(name, owner=owner, limit=limit), chunks)

    def begin(self, name: str, *, owner: str, limit: int) -> S3Incoming:
        """Begins to write a package that comes in pieces, ``limit`` bytes at most.

        Raises:
            FilesError: ``files-failed``.
        """
        import obstore

        received = ReceivedPackage(secrets.token_hex(16), name, 0, owner)
        with self.answering(name):
            writer = obstore.open_writer(
                self._bucket, self._key(received.id, "zip"), max_concurrency=PARTS_AT_ONCE
            )
        return S3Incoming(self, received, writer, limit)

    @contextmanager
    def open(self, package_id: str) -> Iterator[BinaryIO]:
        """The package as a seekable file: a copy on this machine, which may serve the next reader, too.

        Raises:
            NotFound: ``package-missing``.
            FilesError: ``disk-full`` or ``files-failed``.
        """
        if self._copies.has(package_id) and self._size(package_id) is None:
            self._copies.forget(package_id)
            raise missing(package_id)
        with self._copies.opened(package_id, partial(self._fetched, package_id)) as file:
            yield file

    @contextmanager
    def stream(self, package_id: str) -> Iterator[BinaryIO]:
        """The package as a file that is read once, from its beginning, as the service sends it.

        Raises:
            NotFound: ``package-missing``.
            FilesError: ``files-failed``.
        """
        with io.BufferedReader(_Chunks(self._fetched(package_id)), READ_BYTES) as file:
            yield cast("BinaryIO", file)

    def find(self, package_id: str) -> ReceivedPackage | None:
        """A package's name and size, or none where there is no such package.

        Raises:
            FilesError: ``files-failed``.
        """
        note = self._content(package_id, "name")
        size = self._size(package_id) if note is not None else None
        return noted_package(package_id, note, size) if note is not None and size is not None else None

    def of(self, owner: str) -> list[ReceivedPackage]:
        """All that a user has handed in and that is still here. Names are read once: they never change.

        Raises:
            FilesError: ``files-failed``.
        """
        sizes = {key: size for (key, ending), (size, _) in self._listed().items() if ending == "zip"}
        self._names = {
            package_id: note
            for package_id in sizes
            if (note := self._names.get(package_id) or self._content(package_id, "name"))
        }
        found = [
            noted_package(package_id, note, sizes[package_id])
            for package_id, note in self._names.copy().items()
            if package_id in sizes
        ]
        return [package for package in found if package is not None and package.owner == owner]

    def keep(self, package_id: str, note: Note, content: bytes) -> None:
        """Lays something beside a package, in the place of what lay there.

        Raises:
            NotFound: ``package-missing``.
            FilesError: ``files-failed``.
        """
        if self.find(package_id) is None:
            raise missing(package_id)
        self.put(package_id, note, self._sealing.seal(note, content), package_id)
        _events.debug("package-note-kept", package=package_id, note=note, bytes=len(content))

    def kept(self, package_id: str, note: Note) -> bytes | None:
        """What lies beside a package; none, too, of what this key does not open.

        Raises:
            FilesError: ``files-failed``.
        """
        content = self._content(package_id, note)
        return None if content is None else self._sealing.unseal(note, content)

    def discard(self, package_id: str) -> None:
        """Deletes a package; what the service does not delete now is swept. Nothing happens where there is
        none."""
        if is_id(package_id):
            self._copies.forget(package_id)
            with suppress(FilesError):
                self._remove(package_id)

    def sweep(self, *, older_than: float, keep: Collection[str] = ()) -> int:
        """Deletes packages handed in more than so many seconds ago, by the service's clock, and notes of none
        that are as old. Those to ``keep`` stay.

        Gives the number of packages deleted.

        Raises:
            FilesError: ``files-failed``.
        """
        found = self._listed()
        if not found:
            return 0
        latest, swept = self._now() - timedelta(seconds=older_than), 0
        endings: dict[str, dict[str, datetime]] = defaultdict(dict)
        for (package_id, ending), (_, modified) in found.items():
            endings[package_id][ending] = modified
        for package_id, times in endings.items():
            if package_id not in keep and times.get("zip", max(times.values())) < latest:
                self._copies.forget(package_id)
                self._remove(package_id)
                swept += "zip" in times
        return swept

    def reach(self) -> None:
        """Raises: FilesError: the service does not answer, refuses the keys, or has no such bucket."""
        import obstore

        with self.answering(str(self._place)):
            next(iter(obstore.list(self._bucket, f"{self._place.folder}/{_MARK}", chunk_size=1)), None)

    def put(self, package_id: str, ending: str, content: bytes, subject: str) -> None:
        """Writes an object beside others of a package."""
        import obstore

        with self.answering(subject):
            obstore.put(self._bucket, self._key(package_id, ending), content)

    @contextmanager
    def answering(self, subject: str, *, may_be_absent: bool = False) -> Iterator[None]:
        """Says of which package and store it is where the service fails. That there is no such object passes
        through as ``FileNotFoundError`` where it ``may_be_absent``."""
        with answering(self._place, subject, may_be_absent=may_be_absent):
            yield

    @contextmanager
    def _if_there(self, package_id: str) -> Iterator[None]:
        with suppress(FileNotFoundError), self.answering(package_id, may_be_absent=True):
            yield

    @cached_property
    def _bucket(self) -> S3Store:
        return self._service.bucket(self._place.bucket)

    def _key(self, package_id: str, ending: str) -> str:
        return f"{self._place.folder}/{package_id}.{ending}"

    def _got(self, package_id: str, ending: str) -> GetResult | None:
        import obstore

        if not is_id(package_id):
            return None
        with self._if_there(package_id):
            return obstore.get(self._bucket, self._key(package_id, ending))
        return None

    def _content(self, package_id: str, ending: str) -> bytes | None:
        found = self._got(package_id, ending)
        if found is None:
            return None
        with self.answering(package_id):
            return bytes(found.bytes())

    def _fetched(self, package_id: str) -> Iterator[bytes]:
        """The package as it comes. That it is there is known when this returns."""
        found = self._got(package_id, "zip")
        if found is None:
            raise missing(package_id)
        return pieces(self._place, package_id, found)

    def _size(self, package_id: str) -> int | None:
        import obstore

        with self._if_there(package_id):
            return obstore.head(self._bucket, self._key(package_id, "zip"))["size"]
        return None

    def _listed(self) -> dict[tuple[str, str], tuple[int, datetime]]:
        """Size and time of each of our objects, by package and ending."""
        import obstore

        found: dict[tuple[str, str], tuple[int, datetime]] = {}
        with self.answering(str(self._place)):
            for page in obstore.list(self._bucket, self._place.folder, chunk_size=_PAGE):
                for meta in page:
                    if ours := OURS.match(meta["path"].removeprefix(f"{self._place.folder}/")):
                        found[ours[1], ours[2]] = (meta["size"], meta["last_modified"])
        return found

    def _now(self) -> datetime:
        """What time it is at the service."""
        import obstore

        key = f"{self._place.folder}/{_MARK}"
        with self.answering(str(self._place)):
            obstore.put(self._bucket, key, b"")
            return obstore.head(self._bucket, key)["last_modified"]

    def _remove(self, package_id: str) -> None:
        """The ``.zip`` first, so that a package is never there without its name."""
        import obstore

        for ending in ("zip", "name", *Note):
            with self._if_there(package_id):
                obstore.delete(self._bucket, self._key(package_id, ending))


class S3Incoming:
    """A package that comes in piece by piece; implements ``IncomingPackage``."""

    def __init__(
        self, storage: S3PackageStorage, received: ReceivedPackage, writer: WritableFile, limit: int
    ) -> None:
        self._storage = storage
        self._received = received
        self._writer = writer
        self._limit = limit
        self._size = 0
        self._is_noted = False

    def add(self, chunk: bytes) -> None:
        """Writes the next piece.

        Raises:
            PackageRefused: the package is larger than its limit (``package-too-large``).
            FilesError: ``files-failed``.
        """
        self._size += len(chunk)
        if self._size > self._limit:
            raise too_large(self._received.name, self._limit, "package_bytes")
        with self._storage.answering(self._received.name):
            self._writer.write(chunk)

    def keep(self) -> ReceivedPackage:
        """Keeps the package: its parts become one object.

        Raises:
            FilesError: ``files-failed``.
        """
        received = msgspec.structs.replace(self._received, size=self._size)
        self._is_noted = True
        self._storage.put(received.id, "name", name_note(received), received.name)
        _events.debug("package-name-written", package=received.id)
        with self._storage.answering(received.name):
            self._writer.close()
        _events.debug("package-received", package=received.id, bytes=received.size)
        return received

    def drop(self) -> None:
        """Has the service forget the parts; a package that is kept already goes too."""
        with suppress(Exception):
            self._writer.__exit__(RuntimeError, RuntimeError(), None)
        if self._is_noted:
            self._storage.discard(self._received.id)


class _Chunks(io.RawIOBase):
    """Chunks as a file that is read once."""

    def __init__(self, chunks: Iterator[bytes]) -> None:
        self._chunks = chunks
        self._rest = memoryview(b"")

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        while not self._rest:
            chunk = next(self._chunks, None)
            if chunk is None:
                return 0
            self._rest = memoryview(chunk)
        taken = min(len(buffer), len(self._rest))
        buffer[:taken] = self._rest[:taken]
        self._rest = self._rest[taken:]
        return taken
