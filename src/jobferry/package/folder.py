"""A local folder with a package tree, zipped on the way."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from jobferry.errors import ErrorCode, FilesError, InvalidRequest
from jobferry.package.layouts import MANIFEST_PATH, classify, file_digest
from jobferry.package.refusals import shown
from jobferry.package.writer import zip_chunks
from jobferry.sentences import as_sentence, sentence

_MAC_PREFIX = "._"


def folder_chunks(path: Path) -> Iterator[bytes]:
    """A zip of the known files of a folder: the manifest first, then by path.

    Links, hidden folders and files that are not known are left out; a hidden file is left out unless it is a
    known one, since an object's name may begin with a dot.

    Raises:
        InvalidRequest: ``invalid-value``: it is no folder, or holds no known file.
        FilesError: ``files-failed``: something in it cannot be read.
    """
    if not path.is_dir():
        raise _invalid(path, "is not a folder")
    found = sorted(_known(path), key=_order)
    if not found:
        raise _invalid(path, "holds no job, script, resource or manifest")
    return zip_chunks((name, _read(path / name)) for name in found)


def _known(root: Path) -> Iterator[str]:
    for folder, folders, files in os.walk(root, onerror=_raise):
        folders[:] = [name for name in folders if not name.startswith(".")]
        for file in files:
            whole = Path(folder) / file
            name = whole.relative_to(root).as_posix()
            if not file.startswith(_MAC_PREFIX) and _is_known(name) and _is_plain(whole):
                yield _sayable(name, whole)


def _sayable(name: str, path: Path) -> str:
    try:
        name.encode()
    except UnicodeEncodeError:
        raise _invalid(path, "has a name that is not UTF-8") from None
    return name


def _is_known(name: str) -> bool:
    return name == MANIFEST_PATH or bool(file_digest(name)) or classify(name) is not None


def _is_plain(path: Path) -> bool:
    return path.is_file() and not path.is_symlink()


def _order(name: str) -> tuple[bool, str]:
    return name != MANIFEST_PATH, name


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise _failed(error) from error


def _raise(error: OSError) -> None:
    raise _failed(error) from error


def _failed(error: OSError) -> FilesError:
    name = str(error.filename)
    reason = error.strerror or type(error).__name__
    hint = "check the file's permissions"
    return FilesError(
        ErrorCode.FILES_FAILED,
        sentence("{name}: {reason}", name=name, reason=as_sentence(reason)),
        subject=name,
        hint=hint,
    )


def _invalid(path: Path, reason: str) -> InvalidRequest:
    return InvalidRequest(
        ErrorCode.INVALID_VALUE,
        sentence("{path}: {reason}", path=shown(str(path)), reason=as_sentence(reason)),
        subject=shown(str(path)),
        hint="name a package, or a folder with *.job, *.script or *.resource files",
    )
