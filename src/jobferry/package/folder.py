"""A local folder with a package tree, zipped on the way."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from jobferry.errors import ErrorCode, FilesError, InvalidRequest
from jobferry.package.layouts import (
    MANIFEST_PATH,
    classify,
    file_digest,
    job_folder,
    lies_at_the_top,
    lone_path,
)
from jobferry.package.refusals import shown
from jobferry.package.writer import zip_chunks
from jobferry.sentences import as_sentence, sentence

_MAC_PREFIX = "._"
_NAMED = 3


def folder_chunks(path: Path) -> Iterator[bytes]:
    """A zip of the known files of a folder: the manifest first, then by path.

    Known are files where a layout has them: at the folder's top, in ``jobs``, ``scripts``, ``resources``,
    ``cdms`` and ``files`` there, and in folders there that are a job's own. What lies elsewhere below is not
    this package's. Links and hidden folders are left out; a hidden file is taken if it is a known one, since
    an object's name may begin with a dot.

    Raises:
        InvalidRequest: ``invalid-value``: it is no folder, or holds no known file.
        FilesError: ``files-failed``: something in it cannot be read.
    """
    if not path.is_dir():
        raise _invalid(path, "is not a folder")
    known = list(_known(path))
    own = {folder for name in known if (folder := job_folder(name))}
    found = sorted((name for name in known if lies_at_the_top(name) or _top(name) in own), key=_order)
    if not found:
        raise _holds_nothing(path, known)
    return zip_chunks((name, _read(path / name)) for name in found)


def document_chunks(path: Path) -> Iterator[bytes]:
    """A zip of one job, script or resource: a document that lies in a file by itself.

    Raises:
        FilesError: ``files-failed``: it cannot be read.
    """
    return zip_chunks([(lone_path(path.name), _read(path))])


def _known(root: Path) -> Iterator[str]:
    for folder, folders, files in os.walk(root, onerror=_raise):
        folders[:] = [name for name in folders if not name.startswith(".")]
        for file in files:
            whole = Path(folder) / file
            name = whole.relative_to(root).as_posix()
            if not file.startswith(_MAC_PREFIX) and _is_known(name) and _is_plain(whole):
                yield _sayable(name, whole)


def _top(name: str) -> str:
    return name.partition("/")[0]


def _holds_nothing(path: Path, known: list[str]) -> InvalidRequest:
    """What is wrong with a folder; the packages below it are named, if there are any."""
    below = sorted({_root(name) for name in known})
    if not below:
        return _invalid(path, "holds no job, script, resource or manifest")
    return InvalidRequest(
        ErrorCode.INVALID_VALUE,
        sentence(
            "{folder} is not the folder of a package, but there are package folders in it, such as {folders}",
            folder=shown(str(path)),
            folders=[shown(str(path / folder)) for folder in below[:_NAMED]],
        ),
        subject=shown(str(path)),
        hint="name the folder that holds jobs, scripts, resources or manifest.json itself",
    )


def _root(name: str) -> str:
    """The folder in which a package begins that this file is of, as far as its path tells."""
    folders = name.split("/")[:-1]
    tops = [place for place, folder in enumerate(folders) if lies_at_the_top(f"{folder}/")]
    return "/".join(folders[: tops[0]] if tops else folders[:-1] or folders)


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
