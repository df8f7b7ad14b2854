"""Takes a backup of a platform, running or not: its database and its files as they are at one moment."""

from __future__ import annotations

import os
import shutil
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, suppress
from functools import partial
from pathlib import Path

from jobferry.backup import key
from jobferry.backup.archive import FORMAT, BackupHead, BackupWriter, FileHead, GroupHead
from jobferry.backup.packages import packages_of
from jobferry.bootstrap.data_key import data_key, key_text
from jobferry.bootstrap.home import Home
from jobferry.bootstrap.object_storage import package_objects
from jobferry.bootstrap.settings import PlatformSettings
from jobferry.errors import Conflict, ErrorCode, FilesError
from jobferry.files.paths import s3_place
from jobferry.sentences import reason_of, sentence
from jobferry.store.tables import TableReader, moment

DRAFT = ".backup-"
"""How a folder begins, beside the files that are backed up, that goes when the command ends."""
_ABANDONED_SECONDS = 24 * 60 * 60
_PIECE = 1024 * 1024


def addresses(home: Home, settings: PlatformSettings) -> dict[str, str]:
    """Where each group of tables of a platform lies."""
    return {
        "platform": settings.database or str(home.database),
        "tasks": settings.database or str(home.tasks),
    }


def file_folders(home: Home, settings: PlatformSettings) -> dict[str, Path]:
    """Where the files of a platform lie that a backup holds, by the first part of their paths there."""
    folders = {} if settings.objects else {home.objects.name: home.objects}
    if s3_place(settings.packages) is None:
        packages = Path(settings.packages) if settings.packages else home.folder
        folders |= {own.name: packages / own.name for own in (home.downloads, home.uploads)}
    return folders


def take(
    home: Home,
    settings: PlatformSettings,
    write: Callable[[bytes], None],
    *,
    program: str,
    at: int,
    passphrase: str = "",
) -> BackupHead:
    """Hands a backup to ``write`` in pieces. With a ``passphrase`` it has the key, sealed with it. The key
    also makes the MAC of the backup's index.

    ``program`` is this one's version, ``at`` the time in milliseconds since 1970. Objects in an object store
    or in a folder of their own are not in it. Packages in an object store are asked for once the look at the
    database has begun: what its rows name was there before them.

    Raises:
        NotFound: there is no platform in the folder.
        StoreError, FilesError: the database, the key, a file or the store of packages cannot be read.
        Conflict: the platform was never set up.
        InvalidRequest: the passphrase is too short (``weak-password``).
    """
    home.require_platform()
    if passphrase:
        key.refuse_short(passphrase)
    mac = partial(key.index_mac, data_key(home, settings))
    stores = package_objects(home, settings)
    with ExitStack() as stack:
        folders = tuple(file_folders(home, settings).values())
        drafts = _drafts((home.folder, *(folder.parent for folder in folders)), stack)
        backup = stack.enter_context(BackupWriter(write))
        with moment(
            addresses(home, settings),
            lambda: _hold_still(home, folders, drafts),
            patience=settings.patience,
        ) as readers:
            listed = {folder: (one, one.names()) for folder, one in stores.items()}
            name = _identity(readers["platform"])
            groups = {group: _group(backup, group, reader) for group, reader in readers.items()}
        files = [file for draft in drafts.values() for file in _files(backup, draft)]
        for folder, (one, names) in listed.items():
            files += packages_of(backup, folder, one, names)
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
            files=tuple(files),
        )
        backup.end(head, mac)
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
            yield backup.file(path.relative_to(kept).as_posix(), _read(path))


def _read(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while piece := file.read(_PIECE):
            yield piece


def _drafts(parents: Iterable[Path], stack: ExitStack) -> dict[Path, Path]:
    """A folder in each of these, on the same disk as what lies there, for the second names of its files."""
    drafts = {}
    for parent in dict.fromkeys(parents):
        _sweep(parent)
        try:
            parent.mkdir(parents=True, exist_ok=True)
            drafts[parent] = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix=DRAFT, dir=parent)))
        except OSError as error:
            raise _not_copied(parent, error) from error
    return drafts


def _hold_still(home: Home, folders: Iterable[Path], drafts: dict[Path, Path]) -> None:
    """Holds on to the files that belong to this moment, under second names; none of them is ever changed."""
    for folder in folders:
        for path in sorted(folder.rglob("*")):
            if not _is_draft(path.name) and path.is_file():
                _hold(path, drafts[folder.parent] / path.relative_to(folder.parent))
    if home.anchor_file.exists():
        shutil.copyfile(home.anchor_file, drafts[home.folder] / home.anchor_file.name)


def _is_draft(name: str) -> bool:
    """Whether a file is still being written."""
    return name.startswith(".") or "#" in name or name.endswith(("-part", ".part"))


def _hold(path: Path, second: Path) -> None:
    second.parent.mkdir(parents=True, exist_ok=True)
    try:
        os.link(path, second)
    except OSError:
        _copy(path, second)


def _copy(path: Path, second: Path) -> None:
    """For file systems without second names. A file that was swept meanwhile is named by no row of this
    moment."""
    try:
        with suppress(FileNotFoundError):
            shutil.copyfile(path, second)
    except OSError as error:
        raise _not_copied(path, error) from error


def _not_copied(path: Path, error: OSError) -> FilesError:
    return FilesError(
        ErrorCode.FILES_FAILED,
        sentence("{file} cannot be copied: {reason}", file=path, reason=reason_of(error)),
        subject=str(path),
        hint="make room in the data folder; nothing was backed up",
    )


def _sweep(folder: Path) -> None:
    """Takes away what a backup that was killed has left; another server may be making one."""
    for path in folder.glob(f"{DRAFT}*"):
        with suppress(OSError):
            if time.time() - path.stat().st_mtime > _ABANDONED_SECONDS:
                shutil.rmtree(path, ignore_errors=True)
