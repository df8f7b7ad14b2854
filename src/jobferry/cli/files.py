"""Files that commands read and write: packages, folders that are not packed yet, documents.

A file that a command writes appears when it is whole, and never else.
"""

from __future__ import annotations

import glob
import json
import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, TYPE_CHECKING, Annotated, Any, BinaryIO

import typer

from jobferry.api.native.packages import PackageReference
from jobferry.cli.show.progress import progress
from jobferry.errors import ErrorCode, FilesError, InvalidRequest, NotFound
from jobferry.events import Events
from jobferry.sentences import Sentence, as_sentence, sentence

if TYPE_CHECKING:
    from jobferry.cli.call import Call
    from jobferry.cli.client import Client

_events = Events("files")
Output = Annotated[
    str, typer.Option("-o", "--output", metavar="FILE", help="Where it goes: a file or folder; - is stdout.")
]
OBJECT_SCHEME = "obs://"
STDOUT = "-"
_ZIP = b"PK"
_KEPT_IN_MEMORY = 8 * 1024 * 1024
_READ_BYTES = 1024 * 1024


@contextmanager
def package_stream(path: Path) -> Iterator[Iterator[bytes]]:
    """A package's bytes for sending: a file's, or those of a folder or a lone document, packed on the way.

    Raises:
        NotFound, FilesError: it cannot be read.
        InvalidRequest: the folder holds nothing known.
    """
    if (packed := _packed(path)) is not None:
        yield packed
        return
    with opened(path) as file:
        yield _chunks(file, path)


@contextmanager
def package_file(path: Path) -> Iterator[BinaryIO]:
    """A package to look around in; a folder or a lone document is packed into a file of its own first.

    Raises:
        NotFound, FilesError: it cannot be read.
        InvalidRequest: the folder holds nothing known.
    """
    chunks = _packed(path)
    if chunks is None:
        with opened(path) as file:
            yield file
        return
    with tempfile.SpooledTemporaryFile(max_size=_KEPT_IN_MEMORY) as packed:
        packed.writelines(chunks)
        packed.seek(0)
        yield packed  # type: ignore[misc] # it does all that a BinaryIO does


def document(source: str) -> bytes:
    """A document's exact bytes from a file, or from stdin for ``-``.

    Raises:
        NotFound: it cannot be read.
    """
    if source == "-":
        return sys.stdin.buffer.read()
    with opened(Path(source)) as file:
        return b"".join(_chunks(file, Path(source)))


def json_value(text: str | bytes) -> Any:
    """What a JSON text of anybody's says.

    Raises:
        ValueError: it is none, has a key twice in one object, or is nested too deep to be read.
    """
    try:
        return json.loads(text, object_pairs_hook=_unique)
    except RecursionError:
        raise ValueError(sentence("it is nested too deep")) from None


def not_json(error: ValueError) -> Sentence:
    """Why a text is no JSON."""
    if isinstance(error, json.JSONDecodeError):
        return sentence(
            "line {line}, column {column}: this is not valid JSON", line=error.lineno, column=error.colno
        )
    said = error.args[0] if error.args else ""
    return said if isinstance(said, Sentence) else sentence("it is not valid JSON")


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _ in pairs]
        doubled = next(name for place, name in enumerate(names) if name in names[:place])
        raise ValueError(
            sentence("the key {doubled} is there twice in one object", doubled=repr(doubled[:64]))
        )
    return found


def text_of(path: Path) -> str:
    """A text file's content.

    Raises:
        NotFound: it cannot be read.
        InvalidRequest: it is not UTF-8.
    """
    try:
        return document(str(path)).decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InvalidRequest(
            ErrorCode.INVALID_VALUE,
            sentence("{path} is not UTF-8 at byte {start}", path=path, start=error.start),
            subject=str(path),
            hint="save the file as UTF-8",
        ) from None


def package_name(path: Path) -> str:
    """What a package is called in receipts."""
    return path.resolve().name or "package"


def _packed(path: Path) -> Iterator[bytes] | None:
    """What is no package yet as one; None for what should be one."""
    from jobferry.services.packages import is_document, pack_document, pack_folder

    if path.is_dir():
        return pack_folder(path)
    return pack_document(path) if is_document(path) and not _is_zip(path) else None


def _is_zip(path: Path) -> bool:
    with opened(path) as file:
        return file.read(len(_ZIP)) == _ZIP


@contextmanager
def opened(path: Path) -> Iterator[BinaryIO]:
    """A file, to be read.

    Raises:
        NotFound: it is not there, or cannot be read.
    """
    try:
        file = path.open("rb")
    except (OSError, ValueError) as error:
        raise _unreadable(path, error) from None
    with file:
        yield file


def _chunks(file: BinaryIO, path: Path) -> Iterator[bytes]:
    try:
        while chunk := file.read(_READ_BYTES):
            yield chunk
    except OSError as error:
        raise _unreadable(path, error) from None


def _unreadable(path: Path, error: OSError | ValueError) -> NotFound:
    if isinstance(error, FileNotFoundError):
        return NotFound(
            ErrorCode.OBJECT_UNREADABLE,
            sentence("there is no file {path}", path=path),
            subject=str(path),
            hint="check the path",
        )
    reason = (error.strerror if isinstance(error, OSError) else "") or str(error)
    return NotFound(
        ErrorCode.OBJECT_UNREADABLE,
        sentence("{path} cannot be read: {reason}", path=path, reason=as_sentence(reason)),
        subject=str(path),
        hint="check the path and who may read it",
    )


def placed(output: str, usual: str) -> Path:
    """The file that is meant: itself, or in a folder the file of this usual name."""
    folder = Path(output)
    return folder / usual if output.endswith("/") or folder.is_dir() else folder


@contextmanager
def new_file(file: Path, *, private: bool = False) -> Iterator[Callable[[bytes], None]]:
    """Takes a file's content in pieces. A ``private`` file can be read by its owner only.

    Raises:
        FilesError: the disk or the file system refuses it.
        InvalidRequest: it is a folder.
    """
    if file.is_dir():
        raise InvalidRequest(
            ErrorCode.INVALID_VALUE,
            sentence("{file} is a folder, not a file", file=str(file)),
            subject=str(file),
            hint="name a file in it",
        )
    draft = file.with_name(f".{file.name}.{os.getpid()}")
    with _in_words(file):
        _sweep(file)
        mode = 0o600 if private else 0o666
        stream = os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode), "wb")
    try:
        with stream:
            yield _writer(stream, file)
            with _in_words(file):
                stream.flush()
                os.fsync(stream.fileno())
        _events.debug("export-file-drafted")
        with _in_words(file):
            draft.replace(file)
        _events.debug("export-file-renamed")
    except BaseException:
        draft.unlink(missing_ok=True)
        raise


@contextmanager
def destination(call: Call, output: str, usual: str) -> Iterator[tuple[str, Callable[[bytes], None]]]:
    """Takes a package's chunks: into stdout for ``-``, else into a file, whose name comes with it.

    Raises:
        FilesError: the disk or the file system refuses it.
        InvalidRequest: stdout is wanted for JSON too.
    """
    if output == STDOUT:
        if call.json:
            raise InvalidRequest(
                ErrorCode.MISSING_VALUE, "stdout cannot hold both a package and --json", hint="add -o FILE"
            )
        yield output, call.out.raw
        return
    file = placed(output, usual)
    with replacing(call, file), new_file(file) as write:
        yield str(file), write


@contextmanager
def replacing(call: Call, file: Path) -> Iterator[None]:
    """Report that a file was replaced, if there was one."""
    was_there = file.exists()
    yield
    if was_there:
        call.out.note(call.out.say("replaced {file}, which was there before", file=file))


def _sweep(file: Path) -> None:
    """Takes away what earlier calls left that were to write this file and were killed."""
    for draft in file.parent.glob(f".{glob.escape(file.name)}.*"):
        process = draft.name.rpartition(".")[2]
        if process.isdecimal() and not _lives(int(process)):
            draft.unlink(missing_ok=True)


def remove_abandoned_drafts(file: Path) -> None:
    """Remove the drafts of other files with the same suffix that killed calls left in the folder.

    The process may live on another machine that writes into the same folder, so a draft must be an hour old.
    """
    hour_ago = time.time() - 60 * 60
    for draft in file.parent.glob(f".*{glob.escape(file.suffix)}.*") if file.suffix else ():
        process = draft.name.rpartition(".")[2]
        with suppress(OSError):
            if process.isdecimal() and not _lives(int(process)) and draft.stat().st_mtime < hour_ago:
                draft.unlink()


def _lives(process: int) -> bool:
    try:
        with suppress(PermissionError):  # somebody else's
            os.kill(process, 0)
    except (ProcessLookupError, OverflowError):
        return False
    return True


def _writer(stream: IO[bytes], file: Path) -> Callable[[bytes], None]:
    def write(chunk: bytes) -> None:
        with _in_words(file):
            stream.write(chunk)

    return write


@contextmanager
def _in_words(file: Path) -> Iterator[None]:
    """What the disk refuses, said as what it means for this file."""
    try:
        yield
    except (OSError, ValueError) as error:
        raise _unwritable(file, error) from None


def _unwritable(file: Path, error: OSError | ValueError) -> FilesError:
    reason = (error.strerror if isinstance(error, OSError) else "") or str(error)
    return FilesError(
        ErrorCode.FILES_FAILED,
        sentence("{file} cannot be written: {reason}", file=file, reason=as_sentence(reason)),
        subject=str(file),
        hint="choose another place",
    )


def handed_in(api: Client, package: str) -> PackageReference:
    """The package as calls name it: on the platform, or in its object storage."""
    return handed_in_sized(api, package)[0]


def handed_in_sized(api: Client, package: str) -> tuple[PackageReference, int]:
    """The same with its size in bytes; that of an object is not known here: 0."""
    if package.startswith(OBJECT_SCHEME):
        return PackageReference(path=package), 0
    path = Path(package)
    with progress("upload", api.say), package_stream(path) as stream:
        kept = api.hand_in(stream, package_name(path))
    return PackageReference(id=kept.id), kept.size
