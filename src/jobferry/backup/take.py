"""Takes a backup of a platform, running or not: its database and its files as they are at one moment."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

from jobferry.backup import key
from jobferry.backup.archive import FORMAT, BackupHead, BackupWriter, FileHead, GroupHead
from jobferry.bootstrap.data_key import key_text
from jobferry.bootstrap.home import Home
from jobferry.bootstrap.settings import PlatformSettings
from jobferry.errors import Conflict, ErrorCode, FilesError
from jobferry.sentences import reason_of, sentence
from jobferry.store.tables import TableReader, moment

_FOLDERS = ("downloads", "packages", "objects")
DRAFT = ".backup-"
"""How a folder in the data folder begins that goes when the command ends."""


def addresses(home: Home, settings: PlatformSettings) -> dict[str, str]:
    """Where each group of tables of a platform lies."""
    return {
        "platform": settings.database or str(home.database),
        "tasks": settings.database or str(home.tasks),
    }


def take(
    home: Home,
    settings: PlatformSettings,
    write: Callable[[bytes], None],
    *,
    program: str,
    at: int,
    passphrase: str = "",
) -> BackupHead:
    """Hands a backup to ``write`` in pieces. With a ``passphrase`` it has the key, sealed with it.

    ``program`` is this one's version, ``at`` the time in milliseconds since 1970. Objects in an object store
    or in a folder of their own are not in it.

    Raises:
        NotFound: there is no platform in the folder.
        StoreError, FilesError: the database or a file cannot be read.
        Conflict: the platform was never set up.
    """
    home.require_platform()
    _sweep(home)
    with tempfile.TemporaryDirectory(prefix=DRAFT, dir=home.folder) as still, BackupWriter(write) as backup:
        kept = Path(still)
        with moment(
            addresses(home, settings), lambda: _hold_still(home, settings, kept), patience=settings.patience
        ) as readers:
            name = _identity(readers["platform"])
            groups = {group: _group(backup, group, reader) for group, reader in readers.items()}
        files = tuple(_files(backup, kept))
        if passphrase:
            backup.key(key.sealed(key_text(home, settings), passphrase))
        head = BackupHead(
            format=FORMAT,
            program=program,
            made_at=at,
            platform_id=name[0],
            platform_name=name[1],
            has_key=bool(passphrase),
            groups=groups,
            files=files,
        )
        backup.end(head)
        return head


def _group(backup: BackupWriter, name: str, reader: TableReader) -> GroupHead:
    tables = [backup.table(name, shape, reader.pages(shape.name)) for shape in reader.shapes()]
    return GroupHead(reader.revision, tuple(tables))


def _identity(reader: TableReader) -> tuple[str, str]:
    shape = next((shape for shape in reader.shapes() if shape.name == "platform"), None)
    for page in reader.pages("platform") if shape else ():
        for row in page:
            told = dict(zip(shape.columns if shape else (), row, strict=True))
            return str(told["id"]), str(told["name"])
    raise Conflict(ErrorCode.STORE_FAILED, "this platform is not set up yet", hint="start it once")


def _files(backup: BackupWriter, kept: Path) -> Iterator[FileHead]:
    for path in sorted(kept.rglob("*")):
        if path.is_file():
            yield backup.file(path.relative_to(kept).as_posix(), path)


def _hold_still(home: Home, settings: PlatformSettings, kept: Path) -> None:
    """Holds on to the files that belong to this moment, under second names; none of them is ever changed."""
    folders = _FOLDERS if not settings.objects else _FOLDERS[:-1]
    for folder in folders:
        for path in sorted((home.folder / folder).rglob("*")):
            if not _is_draft(path.name) and path.is_file():
                _hold(path, kept / path.relative_to(home.folder))
    if home.anchor_file.exists():
        shutil.copyfile(home.anchor_file, kept / home.anchor_file.name)


def _is_draft(name: str) -> bool:
    """Whether a file is still being written."""
    return name.startswith(".") or "#" in name or name.endswith(("-part", ".part"))


def _hold(path: Path, second: Path) -> None:
    second.parent.mkdir(parents=True, exist_ok=True)
    with suppress(FileNotFoundError):  # swept meanwhile: no row of this moment names it
        try:
            os.link(path, second)
        except FileNotFoundError:
            raise
        except OSError:
            _copy(path, second)


def _copy(path: Path, second: Path) -> None:
    """For file systems without second names."""
    try:
        shutil.copyfile(path, second)
    except FileNotFoundError:
        raise
    except OSError as error:
        raise FilesError(
            ErrorCode.FILES_FAILED,
            sentence("{file} cannot be copied: {reason}", file=path, reason=reason_of(error)),
            subject=str(path),
            hint="make room in the data folder; nothing was backed up",
        ) from error


def _sweep(home: Home) -> None:
    """Takes away what a backup that was killed has left."""
    for path in home.folder.glob(f"{DRAFT}*"):
        shutil.rmtree(path, ignore_errors=True)
