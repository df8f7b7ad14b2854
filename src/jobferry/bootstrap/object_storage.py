"""Where the settings say that objects and packages lie, and whether that answers."""

from __future__ import annotations

import math
import os
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from jobferry.bootstrap.home import Home
from jobferry.bootstrap.settings import PlatformSettings
from jobferry.bootstrap.shared_anchor import SharedAnchorFile, SharedAnchorObject
from jobferry.errors import ErrorCode, FilesError, InvalidRequest, NotFound
from jobferry.files.paths import S3Place, s3_place
from jobferry.files.ports import ObjectPath, ObjectStorage, PackageStorage
from jobferry.files.s3 import S3Service, is_numbered
from jobferry.model.secrets import Secrets
from jobferry.sentences import sentence

if TYPE_CHECKING:
    from jobferry.files.s3_packages import S3PackageStorage
    from jobferry.services.people.audit import SharedAnchorPlace

_PROBE = ObjectPath("jobferry-probe-7f3a9c1e", "")
"""A bucket that nobody has: a service that says so works."""
_BUCKET_IN_HOST = {"auto": None, "host": True, "path": False}
_PROBE_SECONDS = 10.0
_PROBE_PATIENCE = 5.0


def object_storage(home: Home, settings: PlatformSettings, *, patience: float | None = None) -> ObjectStorage:
    """Buckets in a folder, or those of a service, which may be silent for so many seconds."""
    from jobferry.files.objects import LocalObjects, S3Objects

    if settings.objects != "s3":
        return LocalObjects(objects_folder(home, settings))
    return S3Objects(_service(settings, patience))


def package_storage(
    own: Path, settings: PlatformSettings, secrets: Callable[[], Secrets] | None = None
) -> PackageStorage:
    """Packages in a folder of the data folder, in the folder that servers share, or in a service."""
    if place := s3_place(settings.packages):
        return _in_service(place, own, settings, secrets)
    from jobferry.files.package_storage import LocalPackageStorage

    shared = settings.packages
    return LocalPackageStorage(Path(shared) / own.name if shared else own, secrets, is_shared=bool(shared))


def shared_anchor(settings: PlatformSettings) -> SharedAnchorPlace | None:
    """Where the servers of a platform keep the audit's anchor together; none where there is one server."""
    if not settings.packages:
        return None
    if place := s3_place(settings.packages):
        return SharedAnchorObject(_service(settings, None), place)
    return SharedAnchorFile(Path(settings.packages))


def _in_service(
    place: S3Place,
    own: Path,
    settings: PlatformSettings,
    secrets: Callable[[], Secrets] | None = None,
    patience: float | None = None,
) -> S3PackageStorage:
    """Packages in a service; copies of those that are read lie in the data folder."""
    from jobferry.files.s3_packages import S3PackageStorage

    return S3PackageStorage(_service(settings, patience), place.below(own.name), own, secrets)


def _service(settings: PlatformSettings, patience: float | None) -> S3Service:
    return S3Service(
        endpoint=settings.objects_endpoint,
        region=settings.objects_region,
        access_key=settings.objects_access_key,
        secret_key=settings.objects_secret_key.get_secret_value(),
        bucket_in_host=_BUCKET_IN_HOST[settings.objects_addressing],
        patience=settings.objects_patience if patience is None else patience,
    )


def refuse_numbered(settings: PlatformSettings) -> None:
    """Raises: InvalidRequest: buckets are to be named in the host, and the service's address is a number."""
    if settings.objects_addressing == "host" and is_numbered(settings.objects_endpoint):
        raise InvalidRequest(
            ErrorCode.INVALID_VALUE,
            "JOBFERRY_OBJECTS_ADDRESSING is host, and the object service has a number for its address",
            subject="JOBFERRY_OBJECTS_ADDRESSING",
            hint="set it to path, or give the service's name in JOBFERRY_OBJECTS_ENDPOINT",
        )


class StorageProbe:
    """Whether a storage answers; it is asked again after ten seconds at the earliest."""

    def __init__(self, ask: Callable[[], None]) -> None:
        """``ask`` raises FilesError where it does not."""
        self._ask = ask
        self._lock = threading.Lock()
        self._asked_at = -math.inf
        self._error: FilesError | None = None
        self.seconds = 0.0
        """How long the last answer took."""

    def check(self) -> None:
        """Raises: FilesError: it does not answer, refuses the keys, or its folder cannot be written."""
        with self._lock:
            began = time.monotonic()
            if began - self._asked_at >= _PROBE_SECONDS:
                self._error = None
                try:
                    self._ask()
                except FilesError as error:
                    self._error = error
                self._asked_at = time.monotonic()
                self.seconds = self._asked_at - began
        if self._error is not None:
            raise FilesError(
                self._error.code, self._error.message, subject=self._error.subject, hint=self._error.hint
            )


def objects_folder(home: Home, settings: PlatformSettings) -> Path:
    """Where local buckets lie."""
    return Path(settings.objects) if settings.objects else home.objects


def reach_packages(home: Home, settings: PlatformSettings) -> None:
    """Looks into the bucket where packages lie, if they lie in a service.

    Raises:
        FilesError: it does not answer, refuses the keys, or there is no such bucket.
    """
    if place := s3_place(settings.packages):
        _in_service(place, home.uploads, settings, patience=_probing(settings)).reach()


def reach_objects(home: Home, settings: PlatformSettings) -> None:
    """Asks a service about a bucket that need not be there; of a folder, whether it can be used.

    Raises:
        FilesError: it does not answer, refuses the keys, or the folder cannot be written.
    """
    if settings.objects == "s3":
        with suppress(NotFound):
            object_storage(home, settings, patience=_probing(settings)).entries(_PROBE)
        return
    folder = objects_folder(home, settings)
    there = next(parent for parent in (folder, *folder.absolute().parents) if parent.exists())
    if not there.is_dir() or not os.access(there, os.W_OK | os.X_OK):
        raise FilesError(
            ErrorCode.FILES_FAILED,
            sentence("the folder of objects {folder} cannot be written", folder=folder),
            subject=str(folder),
            hint="check its owner and its mode, or name another one with JOBFERRY_OBJECTS",
        )


def _probing(settings: PlatformSettings) -> float:
    return min(settings.objects_patience, _PROBE_PATIENCE)
