"""The file of a backup: how it is laid out, written and read."""

from __future__ import annotations

import hashlib
import zipfile
import zlib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from types import TracebackType
from typing import IO, Annotated, Any, BinaryIO

import msgspec

from jobferry.errors import ErrorCode, FilesError, PackageRefused
from jobferry.sentences import Sentence, sentence
from jobferry.store.tables import GROUPS, Row, TableShape, TableSum

FORMAT = 1
KEY_ENTRY = "key.sealed"
"""The key's file, sealed with a passphrase: 16 bytes of salt, then what :class:`Sealer` makes."""
SEALED_KEY_BYTES = 4096
"""Maximum size of that entry."""
_NAMED = 3
_HEAD = "backup.json"
_MAC = "backup.mac"
"""The MAC of the exact bytes of ``backup.json``, as hexadecimal digits. Older backups have none."""
_MAC_BYTES = 64
_FILES = "files/"
_CREATED = {1: ("anchor.json", "downloads/", "objects/", "packages/")}
"""By format: the files of a data folder that a backup contains, and the folders (ending in a slash)."""
_LENGTH = 4
_CHUNK = 1024 * 1024
_INDEX_BYTES = 64 * 1024 * 1024
"""Maximum size of ``backup.json``: some 300,000 files."""
_PAGE_BYTES = 8 * 1024 * 1024
"""Size of a written page of rows, unless a single row is larger."""
_MAX_PAGE_BYTES = 128 * 1024 * 1024
"""Maximum size of a page that is read. Older backups contain pages of up to 500 rows of any size."""
_SMALL_PAGE_BYTES = 1024 * 1024
"""Up to this size a page is decoded at once: even an array of empty arrays fits into memory."""
_Cells = Annotated[
    list[Annotated[tuple[msgspec.Raw, ...], msgspec.Meta(max_length=256)]], msgspec.Meta(max_length=1000)
]
_DAMAGED = (
    *(zipfile.BadZipFile, zlib.error, KeyError, EOFError, NotImplementedError, RuntimeError, ValueError),
    msgspec.MsgspecError,
)


class TableHead(msgspec.Struct, frozen=True):
    """What a table has to be: its rows' number and digest, and the SHA-256 of its entry.

    ``digest`` is a sum over the rows, and rows can be found that give a wanted sum. ``sha256`` is empty in
    older backups.
    """

    name: str
    columns: tuple[str, ...]
    rows: int
    digest: str
    sha256: str = ""

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


class _Format(msgspec.Struct, frozen=True):
    """The one field of an index that all formats have."""

    format: int


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
        made, whole = TableSum(shape.columns), hashlib.sha256()
        with self._zip.open(_table_entry(group, shape.name), "w", force_zip64=True) as entry:
            for page in pages:
                for row in page:
                    made.add(row)
                for encoded in _encode(page):
                    for piece in (len(encoded).to_bytes(_LENGTH), encoded):
                        whole.update(piece)
                        entry.write(piece)
        return TableHead(shape.name, shape.columns, made.rows, made.digest, whole.hexdigest())

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

    def end(self, head: BackupHead, mac: Callable[[bytes], str]) -> None:
        """Write the index and its MAC; nothing can be added any more."""
        index = msgspec.json.format(msgspec.json.encode(head))
        if len(index) > _INDEX_BYTES:
            raise FilesError(
                ErrorCode.FILES_FAILED,
                sentence("the platform has too many files for a backup: {count:,}", count=len(head.files)),
                hint="move objects into an object store, which no backup contains",
            )
        self._zip.writestr(_HEAD, index)
        self._zip.writestr(_MAC, mac(index))
        self._zip.close()


class BackupReader:
    """An opened backup."""

    def __init__(self, archive: zipfile.ZipFile, index: bytes, mac: str, head: BackupHead) -> None:
        """``index`` is the exact content of ``backup.json``; ``mac`` is empty in an older backup."""
        self._zip = archive
        self.index = index
        self.mac = mac
        self.head = head

    def pages(self, group: str, table: TableHead) -> Iterator[list[Row]]:
        """The rows of a table, some hundred at a time.

        Raises:
            PackageRefused: they are not what the backup says of them (``backup-invalid``).
        """
        seen, whole = TableSum(table.columns), hashlib.sha256()
        with _in_words(table.name), self._zip.open(_table_entry(group, table.name)) as entry:
            for page in _pages(entry, table, whole.update):
                for row in page:
                    seen.add(row)
                yield page
        found = (seen.rows, seen.digest, whole.hexdigest() if table.sha256 else "")
        if found != (table.rows, table.digest, table.sha256):
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
            return _read(self._zip, KEY_ENTRY, SEALED_KEY_BYTES)


@contextmanager
def opened(file: BinaryIO, name: str) -> Iterator[BackupReader]:
    """A backup, judged by what it says of itself; errors call it by its ``name``.

    Raises:
        PackageRefused: it is none, is cut short, or was made by a newer program (``backup-invalid``).
    """
    try:
        archive = zipfile.ZipFile(file)
        names = archive.namelist()
        index = _read(archive, _HEAD, _INDEX_BYTES)
        mac = _read(archive, _MAC, _MAC_BYTES).decode("ascii", "replace") if _MAC in names else ""
    except _DAMAGED as error:
        raise invalid(sentence("{file} is no backup, or only a part of one", file=name)) from error
    with archive:
        head = _head_of(index, name)
        _refuse_other_entries(names, head, name)
        yield BackupReader(archive, index, mac, head)


def invalid(reason: Sentence) -> PackageRefused:
    """The error for a backup that cannot be used."""
    return PackageRefused(
        ErrorCode.BACKUP_INVALID, reason, hint="use another backup; nothing was restored from this one"
    )


def _head_of(content: bytes, name: str) -> BackupHead:
    try:
        if msgspec.json.decode(content, type=_Format).format > FORMAT:
            raise invalid(sentence("{file} was made by a newer Jobferry", file=name))
        head = msgspec.json.decode(content, type=BackupHead)
    except (msgspec.MsgspecError, UnicodeError, RecursionError) as error:
        raise invalid(sentence("{file} does not say what it holds", file=name)) from error
    if set(head.groups) != {group.name for group in GROUPS} or head.format not in _CREATED:
        raise invalid(sentence("{file} does not say what it holds", file=name))
    if any(not _is_plain(file.path) for file in head.files):
        raise invalid(sentence("{file} names files outside of a data folder", file=name))
    others = [file.path for file in head.files if not _is_created(file.path, head.format)]
    if others:
        raise invalid(
            sentence("{file} contains {names}, which no backup contains", file=name, names=others[:_NAMED])
        )
    return head


def _refuse_other_entries(names: list[str], head: BackupHead, name: str) -> None:
    """Raises: PackageRefused: entries are missing in the index, or there twice (``backup-invalid``)."""
    indexed = {_HEAD, _MAC, KEY_ENTRY, *(_FILES + file.path for file in head.files)}
    indexed |= {
        _table_entry(group, table.name) for group, made in head.groups.items() for table in made.tables
    }
    others = [entry for entry, count in Counter(names).items() if entry not in indexed or count > 1]
    if others:
        raise invalid(
            sentence(
                "{file} contains {names}, which its index does not list once",
                file=name,
                names=others[:_NAMED],
            )
        )


def _is_plain(path: str) -> bool:
    parts = path.split("/")
    return not {"", ".", ".."} & set(parts) and "\0" not in path and "\\" not in path


def _is_created(path: str, made_as: int) -> bool:
    return any(path.startswith(own) if own.endswith("/") else path == own for own in _CREATED[made_as])


def _table_entry(group: str, name: str) -> str:
    return f"tables/{group}/{name}.msgpack"


def _encode(page: list[Row]) -> Iterator[bytes]:
    """Encode rows, in several parts if they are large."""
    encoded = msgspec.msgpack.encode(page)
    if len(encoded) <= _PAGE_BYTES or len(page) == 1:
        yield encoded
        return
    middle = len(page) // 2
    yield from _encode(page[:middle])
    yield from _encode(page[middle:])


def _pages(entry: IO[bytes], table: TableHead, note: Callable[[bytes], object]) -> Iterator[list[Row]]:
    """Decode the rows of a table; ``note`` receives all bytes of its entry.

    A cell of a database is no array and no map: a large page that contains one is not decoded.
    """
    decode = msgspec.msgpack.Decoder(list[tuple[Any, ...]]).decode
    decode_cells = msgspec.msgpack.Decoder(_Cells).decode
    while length := entry.read(_LENGTH):
        size = int.from_bytes(length)
        content = entry.read(size) if size <= _MAX_PAGE_BYTES else b""
        note(length)
        note(content)
        is_fit = len(content) == size and (
            size <= _SMALL_PAGE_BYTES
            or not any(_is_container(cell) for row in decode_cells(content) for cell in row)
        )
        page = decode(content) if is_fit else [()]
        if any(len(row) != len(table.columns) for row in page):
            raise invalid(sentence("the rows of the table {name} were changed", name=table.name))
        yield page


def _is_container(cell: msgspec.Raw) -> bool:
    """Return whether a MessagePack value is an array or a map."""
    first = memoryview(cell)[0]
    return 0x80 <= first <= 0x9F or 0xDC <= first <= 0xDF


def _read(archive: zipfile.ZipFile, name: str, limit: int) -> bytes:
    """Read an entry.

    Raises:
        ValueError: it is larger than ``limit`` bytes.
    """
    with archive.open(name) as entry:
        content = entry.read(limit + 1)
    if len(content) > limit:
        raise ValueError(name)
    return content


@contextmanager
def _in_words(name: str) -> Iterator[None]:
    """What does not unpack or decode, said as what it means."""
    try:
        yield
    except _DAMAGED as error:
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
