"""The file of a backup: how it is laid out, written and read."""

from __future__ import annotations

import hashlib
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from types import TracebackType
from typing import IO, Any, BinaryIO

import msgspec

from jobferry.errors import ErrorCode, PackageRefused
from jobferry.sentences import Sentence, sentence
from jobferry.store.tables import GROUPS, Row, TableShape, TableSum

FORMAT = 1
KEY_ENTRY = "key.sealed"
"""The key's file, sealed with a passphrase: 16 bytes of salt, then what :class:`Sealer` makes."""
_HEAD = "backup.json"
_FILES = "files/"
_LENGTH = 4
_CHUNK = 1024 * 1024
_MOST_PAGE = 1 << 30


class TableHead(msgspec.Struct, frozen=True):
    """What a table has to be: its rows' number and digest."""

    name: str
    columns: tuple[str, ...]
    rows: int
    digest: str

    @property
    def shape(self) -> TableShape:
        return TableShape(self.name, self.columns)


class GroupHead(msgspec.Struct, frozen=True):
    """One group of tables, in an order in which they can be filled."""

    revision: str
    tables: tuple[TableHead, ...]


class FileHead(msgspec.Struct, frozen=True):
    """A file of the data folder, or an object of a package where it would lie there; its size is in bytes."""

    path: str
    size: int
    sha256: str


class BackupHead(msgspec.Struct, frozen=True, kw_only=True):
    """What a backup is of and what it holds. ``made_at`` is in milliseconds since 1970 (UTC)."""

    format: int
    program: str
    made_at: int
    platform_id: str
    platform_name: str
    has_key: bool
    groups: dict[str, GroupHead]
    files: tuple[FileHead, ...]

    @property
    def rows(self) -> int:
        """How many rows all tables have."""
        return sum(table.rows for group in self.groups.values() for table in group.tables)


class BackupWriter:
    """Writes a backup from front to back into whatever takes bytes; used as a context manager."""

    def __init__(self, write: Callable[[bytes], None]) -> None:
        self._sink = _Sink(write)
        self._zip = zipfile.ZipFile(self._sink, "w", zipfile.ZIP_DEFLATED, compresslevel=1)  # type: ignore[call-overload]

    def __enter__(self) -> BackupWriter:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """What a zip that was given up writes when it goes is written nowhere."""
        self._sink.shut()

    def table(self, group: str, shape: TableShape, pages: Iterable[list[Row]]) -> TableHead:
        """Adds a table."""
        made = TableSum(shape.columns)
        encode = msgspec.msgpack.Encoder().encode
        with self._zip.open(_table_entry(group, shape.name), "w", force_zip64=True) as entry:
            for page in pages:
                for row in page:
                    made.add(row)
                encoded = encode(page)
                entry.write(len(encoded).to_bytes(_LENGTH))
                entry.write(encoded)
        return TableHead(shape.name, shape.columns, made.rows, made.digest)

    def file(self, path: str, pieces: Iterable[bytes]) -> FileHead:
        """Adds a file; packages in it are not packed once more. What ``pieces`` raises passes through."""
        whole, size = hashlib.sha256(), 0
        entry = zipfile.ZipInfo(_FILES + path)
        with self._zip.open(entry, "w", force_zip64=True) as into:
            for piece in pieces:
                whole.update(piece)
                size += len(piece)
                into.write(piece)
        return FileHead(path, size, whole.hexdigest())

    def key(self, sealed: bytes) -> None:
        """Adds the sealed key."""
        self._zip.writestr(KEY_ENTRY, sealed)

    def end(self, head: BackupHead) -> None:
        """Tells what is in it; nothing can be added any more."""
        self._zip.writestr(_HEAD, msgspec.json.format(msgspec.json.encode(head)))
        self._zip.close()


class BackupReader:
    """An opened backup."""

    def __init__(self, archive: zipfile.ZipFile, head: BackupHead) -> None:
        self._zip = archive
        self.head = head

    def pages(self, group: str, table: TableHead) -> Iterator[list[Row]]:
        """The rows of a table, some hundred at a time.

        Raises:
            PackageRefused: they are not what the backup says of them (``backup-invalid``).
        """
        seen = TableSum(table.columns)
        with _in_words(table.name), self._zip.open(_table_entry(group, table.name)) as entry:
            for page in _pages(entry, table):
                for row in page:
                    seen.add(row)
                yield page
        if (seen.rows, seen.digest) != (table.rows, table.digest):
            raise invalid(sentence("the rows of the table {name} were changed", name=table.name))

    def file(self, file: FileHead) -> Iterator[bytes]:
        """A file in pieces.

        Raises, after the last piece at the latest:
            PackageRefused: it is not what the backup says of it (``backup-invalid``).
        """
        whole = hashlib.sha256()
        with _in_words(file.path), self._zip.open(_FILES + file.path) as entry:
            while chunk := entry.read(_CHUNK):
                whole.update(chunk)
                yield chunk
        if whole.hexdigest() != file.sha256:
            raise invalid(sentence("the file {path} was changed", path=file.path))

    def sealed_key(self) -> bytes:
        """The key, as it was sealed."""
        with _in_words(KEY_ENTRY):
            return self._zip.read(KEY_ENTRY)


@contextmanager
def opened(file: BinaryIO, name: str) -> Iterator[BackupReader]:
    """A backup, judged by what it says of itself; errors call it by its ``name``.

    Raises:
        PackageRefused: it is none, is cut short, or was made by a newer program (``backup-invalid``).
    """
    try:
        archive = zipfile.ZipFile(file)
        content = archive.read(_HEAD)
    except (zipfile.BadZipFile, KeyError, EOFError, NotImplementedError, RuntimeError, zlib.error) as error:
        raise invalid(sentence("{file} is no backup, or only a part of one", file=name)) from error
    with archive:
        yield BackupReader(archive, _head_of(content, name))


def invalid(reason: Sentence) -> PackageRefused:
    """The error for a backup that cannot be used."""
    return PackageRefused(
        ErrorCode.BACKUP_INVALID, reason, hint="use another backup; nothing was restored from this one"
    )


def _head_of(content: bytes, name: str) -> BackupHead:
    try:
        made_as = msgspec.json.decode(content, type=dict[str, Any]).get("format")
        if isinstance(made_as, int) and made_as > FORMAT:
            raise invalid(sentence("{file} was made by a newer Jobferry", file=name))
        head = msgspec.json.decode(content, type=BackupHead)
    except (msgspec.MsgspecError, AttributeError) as error:
        raise invalid(sentence("{file} does not say what it holds", file=name)) from error
    if set(head.groups) != {group.name for group in GROUPS}:
        raise invalid(sentence("{file} does not say what it holds", file=name))
    if any(not _is_plain(file.path) for file in head.files):
        raise invalid(sentence("{file} names files outside of a data folder", file=name))
    return head


def _is_plain(path: str) -> bool:
    return bool(path) and not path.startswith("/") and ".." not in path.split("/") and "\\" not in path


def _table_entry(group: str, name: str) -> str:
    return f"tables/{group}/{name}.msgpack"


def _pages(entry: IO[bytes], table: TableHead) -> Iterator[list[Row]]:
    decode = msgspec.msgpack.Decoder(list[tuple[Any, ...]]).decode
    while length := entry.read(_LENGTH):
        size = int.from_bytes(length)
        content = entry.read(size) if size < _MOST_PAGE else b""
        page = decode(content) if len(content) == size else [()]
        if any(len(row) != len(table.columns) for row in page):
            raise invalid(sentence("the rows of the table {name} were changed", name=table.name))
        yield page


@contextmanager
def _in_words(name: str) -> Iterator[None]:
    """What does not unpack or decode, said as what it means."""
    try:
        yield
    except (
        zipfile.BadZipFile,
        zlib.error,
        KeyError,
        EOFError,
        NotImplementedError,
        RuntimeError,
        ValueError,
    ) as error:
        raise invalid(sentence("{name} in the backup is damaged", name=name)) from error


class _Sink:
    """What a zip that is written front to back needs of a file."""

    def __init__(self, write: Callable[[bytes], None]) -> None:
        self._write: Callable[[bytes], None] | None = write

    def write(self, data: bytes) -> int:
        """Hands on what is written."""
        if self._write is not None:
            self._write(bytes(data))
        return len(data)

    def shut(self) -> None:
        """Takes nothing any more."""
        self._write = None

    def flush(self) -> None:
        """Whoever writes flushes at the end."""
