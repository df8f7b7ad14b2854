"""Files that commands write: one appears when it is whole, and never else."""

from __future__ import annotations

import contextlib
import glob
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO

from jobferry.errors import ErrorCode, FilesError
from jobferry.events import Events

_events = Events("files")


@contextlib.contextmanager
def new_file(file: Path) -> Iterator[Callable[[bytes], None]]:
    """Takes a file's content in pieces.

    Raises:
        FilesError: the disk or the file system refuses it.
    """
    draft = file.with_name(f".{file.name}.{os.getpid()}")
    with _in_words(file):
        _sweep(file)
        stream = draft.open("wb")
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


def _sweep(file: Path) -> None:
    """Takes away what earlier calls left that were to write this file and were killed."""
    for draft in file.parent.glob(f".{glob.escape(file.name)}.*"):
        process = draft.name.rpartition(".")[2]
        if process.isdecimal() and not _lives(int(process)):
            draft.unlink(missing_ok=True)


def _lives(process: int) -> bool:
    try:
        os.kill(process, 0)
    except (ProcessLookupError, OverflowError):
        return False
    except OSError:
        return True
    return True


def _writer(stream: IO[bytes], file: Path) -> Callable[[bytes], None]:
    def write(chunk: bytes) -> None:
        with _in_words(file):
            stream.write(chunk)

    return write


@contextlib.contextmanager
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
        f"{file} cannot be written: {reason}",
        subject=str(file),
        hint="choose another place",
    )
