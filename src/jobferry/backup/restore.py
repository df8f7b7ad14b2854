"""Restores a backup into an empty folder or database, and copies one database into another."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable, Collection, Iterator
from pathlib import Path
from typing import BinaryIO, NamedTuple

from jobferry.backup import key
from jobferry.backup.archive import BackupHead, BackupReader, invalid, opened
from jobferry.backup.packages import packages_in, placed, refuse_occupied
from jobferry.backup.take import DRAFT, addresses, file_folders
from jobferry.bootstrap.data_key import data_key
from jobferry.bootstrap.home import Home
from jobferry.bootstrap.object_storage import package_objects
from jobferry.bootstrap.settings import PlatformSettings
from jobferry.errors import Conflict, ErrorCode, FilesError, PackageRefused
from jobferry.model.audit import AuditEnd
from jobferry.sentences import reason_of, sentence
from jobferry.store.tables import TableSum, moment, new_tables

_PRIVATE = 0o600
_PRIVATE_FOLDER = 0o700


class KeyFrom(NamedTuple):
    """Where the key comes from: a passphrase that opens the backup's own, or a file. Both may be missing.

    ``is_trusted``: a backup without a MAC is used as well.
    """

    passphrase: str = ""
    file: Path | None = None
    is_trusted: bool = False


class RestoredBackup(NamedTuple):
    """A backup that was restored, and whether its index was authenticated by the platform's key."""

    head: BackupHead
    is_authenticated: bool


def restore(
    file: BinaryIO, name: str, home: Home, settings: PlatformSettings, source: KeyFrom
) -> RestoredBackup:
    """Makes a platform of a backup in an empty folder, and in an empty database and an empty folder or store
    of packages if the settings name them.

    Without a key nothing that was sealed can be opened: the platform does not start before the file ``key``
    is put into its folder. The index is authenticated by that key, or by the one that the settings name. If
    it was not, the first start records that in the audit.

    Raises:
        Conflict: a folder or the database is not empty, or the key does not belong to the backup.
        PackageRefused: the backup cannot be used (``backup-invalid``), or has no MAC and ``source`` does not
            trust it (``backup-unauthenticated``).
        FilesError, StoreError: the disk, the store of packages or the database refuses.
    """
    stores = package_objects(home, settings)
    apart = [folder for folder in file_folders(home, settings).values() if folder.parent != home.folder]
    _refuse_full(
        home.folder, hint="name a new or empty folder with --data: nothing here overwrites a platform"
    )
    for folder in apart:
        _refuse_full(folder, hint="move it away, or name another folder with JOBFERRY_PACKAGES")
    refuse_occupied(stores.values())
    for folder in (home.folder, *apart):
        _sweep(folder)
    made = _draft_of(home.folder)
    with opened(file, name) as backup:
        key_text = key_of(backup, source)
        is_authenticated = _authenticate(backup, key_text, home, settings, source)
        try:
            made.mkdir(mode=_PRIVATE_FOLDER, parents=True)
            _write_files(backup, made, {file.path for name in stores for file in packages_in(backup, name)})
            if key_text:
                _write(made / "key", iter([key_text.encode()]))
            if not is_authenticated:
                _write(Home(made).unauthenticated_file, iter([name.encode()]))
            with placed(backup, stores) as settle:
                fill(backup, addresses(Home(made), settings), settings.patience, settle)
                for folder in apart:
                    _lay_apart(made / folder.name, folder)
                if home.folder.is_dir():
                    home.folder.rmdir()
                made.rename(home.folder)
        except OSError as error:
            raise FilesError(
                ErrorCode.FILES_FAILED,
                sentence("{folder} cannot be made: {reason}", folder=home.folder, reason=reason_of(error)),
                subject=str(home.folder),
                hint="choose another folder with --data",
            ) from error
        finally:
            shutil.rmtree(made, ignore_errors=True)
        return RestoredBackup(backup.head, is_authenticated)


def _authenticate(
    backup: BackupReader, key_text: str, home: Home, settings: PlatformSettings, source: KeyFrom
) -> bool:
    """Check the MAC by a key that was given, or by the one that the settings name and that is at hand."""
    if not backup.mac:
        if source.is_trusted:
            return False
        raise PackageRefused(
            ErrorCode.BACKUP_UNAUTHENTICATED,
            "the backup is not authenticated: it has no MAC, as those of older versions",
            hint="if you know where it comes from, restore it with --unauthenticated; nothing was restored",
        )
    named = Path(settings.key_file) if settings.key_file else None
    if not key_text and (settings.key.get_secret_value() or (named is not None and named.exists())):
        key_text = data_key(home, settings).hex()
        _refuse_other_key(backup, key_text)
    return bool(key_text)


def key_of(backup: BackupReader, source: KeyFrom) -> str:
    """The text of the key's file; empty if there is no key. If the backup has a MAC, the key fits it.

    Raises:
        Conflict: it cannot be had as asked, or belongs to another platform (``key-refused``).
        PackageRefused: the backup's index was changed (``backup-invalid``).
    """
    if source.file is not None:
        text = key.read_key(source.file)
    elif not source.passphrase:
        return ""
    elif backup.head.has_key:
        text = key.unsealed(backup.sealed_key(), source.passphrase)
    else:
        raise Conflict(
            ErrorCode.KEY_REFUSED,
            "the backup holds no key",
            hint="give the key of the platform's data folder with --key-file",
        )
    _refuse_other_key(backup, text)
    return text


def fill(
    backup: BackupReader, places: dict[str, str], patience: float, at_last: Callable[[], None] = lambda: None
) -> None:
    """Fills empty databases with the tables of a backup; ``at_last`` is called before they are kept.

    Raises:
        Conflict, PackageRefused, StoreError: see :func:`restore`.
    """
    groups = backup.head.groups
    revisions = {name: group.revision for name, group in groups.items()}
    with new_tables(places, revisions, patience=patience) as writers:
        for name, group in groups.items():
            for table in group.tables:
                made = writers[name].fill(table.shape, backup.pages(name, table))
                if (made.rows, made.digest) != (table.rows, table.digest):
                    raise invalid(sentence("the rows of the table {name} were changed", name=table.name))
        at_last()


def copy_database(
    home: Home, settings: PlatformSettings, places: dict[str, str]
) -> Iterator[tuple[str, TableSum]]:
    """Copies all tables of a platform that does not run into empty databases; each as it is done, with what
    the copy holds.

    Raises:
        Conflict: a database is not empty, or a platform is running on the one that is copied.
        StoreError: a database refuses, or a copy is not what it was made of.
    """
    with moment(addresses(home, settings), alone=True, patience=settings.patience) as readers:
        revisions = {name: reader.revision for name, reader in readers.items()}
        with new_tables(places, revisions, patience=settings.patience) as writers:
            for name, reader in readers.items():
                for shape in reader.shapes():
                    there = TableSum(shape.columns)
                    here = writers[name].fill(shape, _summed(reader.pages(shape.name), there))
                    _refuse_unequal(shape.name, here, there)
                    yield shape.name, here


def copy_into_folder(home: Home, settings: PlatformSettings) -> Iterator[tuple[str, TableSum]]:
    """Copies a platform's database into SQLite files in its data folder: both of them, or none.

    Raises:
        Conflict: there is one already (``database-not-empty``).
        StoreError: a database refuses, or the copy is not what it was made of.
    """
    for file in (home.database, home.tasks):
        if file.exists():
            raise Conflict(
                ErrorCode.DATABASE_NOT_EMPTY,
                sentence("the database {name} is not empty", name=str(file)),
                subject=str(file),
                hint="move that file away first, if the platform does not need it",
            )
    with tempfile.TemporaryDirectory(prefix=DRAFT, dir=home.folder) as folder:
        made = Home(Path(folder))
        yield from copy_database(home, settings, {"platform": str(made.database), "tasks": str(made.tasks)})
        made.tasks.rename(home.tasks)
        made.database.rename(home.database)


def _refuse_other_key(backup: BackupReader, key_text: str) -> None:
    key.refuse_another(key_text, _audit_end(backup))
    if backup.mac:
        key.refuse_other_mac(key.key_in(key_text), backup.index, backup.mac)


def _audit_end(backup: BackupReader) -> AuditEnd:
    """Where the audit in a backup ends."""
    for table in backup.head.groups["platform"].tables:
        for page in backup.pages("platform", table) if table.name == "audit_ends" else ():
            for row in page:
                told = dict(zip(table.columns, row, strict=True))
                if told.pop("side") == "end":
                    return AuditEnd(**told)
    return AuditEnd()


def _summed(pages: Iterator[list[tuple[object, ...]]], into: TableSum) -> Iterator[list[tuple[object, ...]]]:
    for page in pages:
        for row in page:
            into.add(row)
        yield page


def _refuse_unequal(name: str, here: TableSum, there: TableSum) -> None:
    if (here.rows, here.digest) != (there.rows, there.digest):
        raise Conflict(
            ErrorCode.STORE_FAILED,
            sentence("the copy of the table {name} differs from what was copied", name=name),
            hint="nothing was copied; tell the makers of Jobferry",
        )


def _refuse_full(folder: Path, *, hint: str) -> None:
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise Conflict(
            ErrorCode.DATA_FOLDER_FOREIGN,
            sentence("{folder} is not empty", folder=folder),
            subject=str(folder),
            hint=hint,
        )


def _lay_apart(made: Path, folder: Path) -> None:
    """Moves files to a folder that may be on another disk, where they appear all at once."""
    if made.is_dir():
        folder.parent.mkdir(mode=_PRIVATE_FOLDER, parents=True, exist_ok=True)
        shutil.move(made, draft := _draft_of(folder))
        if folder.is_dir():
            folder.rmdir()
        draft.rename(folder)


def _draft_of(folder: Path) -> Path:
    return folder.with_name(f".{folder.name}.restoring-{os.getpid()}")


def _write_files(backup: BackupReader, made: Path, elsewhere: Collection[str]) -> None:
    for file in backup.head.files:
        if file.path in elsewhere:
            continue
        path = made / file.path
        path.parent.mkdir(mode=_PRIVATE_FOLDER, parents=True, exist_ok=True)
        _write(path, backup.file(file))


def _write(path: Path, pieces: Iterator[bytes]) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _PRIVATE)
    with os.fdopen(descriptor, "wb") as into:
        for piece in pieces:
            into.write(piece)
        into.flush()
        os.fsync(into.fileno())


def _sweep(folder: Path) -> None:
    """Takes away what a restore that was killed has left."""
    for path in folder.parent.glob(f".{folder.name}.restoring-*"):
        shutil.rmtree(path, ignore_errors=True)
