"""Where backups of a platform may lie: not where they would be backed up themselves, or be lost with it."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import BinaryIO

from jobferry.bootstrap.home import Home
from jobferry.bootstrap.object_storage import object_storage, objects_folder
from jobferry.bootstrap.object_stores import SERVICE, store_of
from jobferry.bootstrap.settings import PlatformSettings
from jobferry.errors import ErrorCode, InvalidRequest
from jobferry.files.paths import parse_folder_path, parse_object_path, s3_place
from jobferry.files.ports import SCHEME, BackupPlace, Write
from jobferry.model.object_stores import DEFAULT
from jobferry.sentences import sentence


def backup_place(home: Home, settings: PlatformSettings, text: str) -> BackupPlace:
    """The place that is written ``obs://bucket/folder``, or as a folder of this machine.

    Raises:
        InvalidRequest: it is none, or lies in what is backed up (``invalid-object-path``, ``invalid-value``).
        FilesError: the file with the secret key of a store cannot be read.
    """
    from jobferry.files.backup_places import BackupBucket, BackupFolder

    if text.startswith(SCHEME):
        folder = parse_folder_path(text)
        _refuse_own_bucket(settings, folder.bucket)
        return BackupBucket(object_storage(home, settings), folder)
    _refuse_own_folder(home, settings, Path(text))
    return BackupFolder(Path(text))


def backup_object(home: Home, settings: PlatformSettings, text: str) -> AbstractContextManager[Write]:
    """Takes a backup in pieces; the object is there when the context ends without an error, and never else.

    Raises:
        InvalidRequest: the path is none, or lies in what is backed up.
        NotFound: there is no such bucket.
        FilesError: the store is at fault.
    """
    path = parse_object_path(text)
    _refuse_own_bucket(settings, path.bucket)
    return object_storage(home, settings).writing(path)


@contextmanager
def fetched_backup(home: Home, settings: PlatformSettings, text: str) -> Iterator[BinaryIO]:
    """A backup that lies in an object store, as a file of this machine while the context lasts.

    Raises:
        InvalidRequest, NotFound: there is no such object.
        FilesError: the store or the disk is at fault.
    """
    path = parse_object_path(text)
    with object_storage(home, settings).fetch(path, limit=sys.maxsize) as file:
        yield file


def platform_folders(home: Home, settings: PlatformSettings, backups: str) -> Iterator[str]:
    """Yield the folders in object storage that the platform writes for itself, ``obs://bucket/folder``.

    ``backups`` is where its backups are. A folder of this machine counts where local buckets contain it.
    """
    if packages := s3_place(settings.packages):
        yield f"{SCHEME}{packages.bucket}/{packages.folder}"
    if backups.startswith(SCHEME):
        yield backups
    if settings.objects == SERVICE:
        return
    buckets = objects_folder(home, settings).resolve()
    for folder in (home.folder, *(Path(text) for text in (backups, settings.packages) if text)):
        if folder.resolve().is_relative_to(buckets):
            yield f"{SCHEME}{folder.resolve().relative_to(buckets).as_posix()}"


def _refuse_own_bucket(settings: PlatformSettings, bucket: str) -> None:
    if not settings.objects and store_of(settings, bucket) == DEFAULT:
        raise InvalidRequest(
            ErrorCode.INVALID_VALUE,
            sentence("the bucket {bucket} is in the data folder, which is what is backed up", bucket=bucket),
            subject=bucket,
            hint="name a folder elsewhere, or a bucket of an object store",
        )


def _refuse_own_folder(home: Home, settings: PlatformSettings, folder: Path) -> None:
    packages = settings.packages
    for one in (home.folder, *([Path(packages)] if packages and s3_place(packages) is None else ())):
        if folder.resolve().is_relative_to(one.resolve()):
            raise InvalidRequest(
                ErrorCode.INVALID_VALUE,
                sentence("{folder} is in {own}, which is what is backed up", folder=folder, own=one),
                subject=str(folder),
                hint="name a folder elsewhere, best on another machine's disk, or one of an object store",
            )
