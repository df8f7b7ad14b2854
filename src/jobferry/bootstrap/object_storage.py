"""Where the settings say that objects and packages lie, and whether that answers."""

from __future__ import annotations

import math
import os
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from jobferry.bootstrap.home import Home
from jobferry.bootstrap.object_stores import SERVICE, service_of, store_of
from jobferry.bootstrap.settings import PlatformSettings
from jobferry.bootstrap.shared_anchor import SharedAnchorFile, SharedAnchorObject
from jobferry.errors import ErrorCode, FilesError, JobferryError, NotFound
from jobferry.events import Events
from jobferry.files.paths import S3Place, s3_place
from jobferry.files.ports import ObjectPath, ObjectStorage, PackageStorage
from jobferry.files.s3 import S3Service
from jobferry.model.object_stores import DEFAULT, bucket_names, store_key
from jobferry.model.secrets import Secrets
from jobferry.sentences import sentence

if TYPE_CHECKING:
    from jobferry.files.package_objects import PackageObjects
    from jobferry.files.s3_packages import S3PackageStorage
    from jobferry.services.people.audit import SharedAnchorPlace

_PROBE = ObjectPath("jobferry-probe-7f3a9c1e", "")
"""A bucket that nobody has: a service that says so works."""
_NOTHING = "jobferry-probe-7f3a9c1e"
"""A folder that nobody has: its bucket can be asked about it without a long answer."""
_PROBE_SECONDS = 10.0
_PROBE_PATIENCE = 5.0
_SILENT = FilesError(
    ErrorCode.FILES_FAILED, "it has not answered yet", hint="check its address and the network"
)

_events = Events("probe")

Reach = Callable[[], None]
"""Raises FilesError where a store does not answer."""


def object_storage(home: Home, settings: PlatformSettings, *, patience: float | None = None) -> ObjectStorage:
    """The buckets of all stores: those of the default one in a folder or a service, and those of each named
    store. Services may be silent for so many seconds.

    Raises:
        FilesError: the file with the secret key of a store cannot be read.
    """
    from jobferry.files.bucket_routes import BucketRoutes

    default = _default_storage(home, settings, patience)
    routes = {
        bucket: storage
        for name, store in settings.stores.items()
        for storage in [_named_storage(settings, name, patience)]
        for bucket in bucket_names(store.buckets)
    }
    return BucketRoutes(default, routes) if routes else default


def _default_storage(home: Home, settings: PlatformSettings, patience: float | None) -> ObjectStorage:
    from jobferry.files.objects import LocalObjects, S3Objects

    if settings.objects != SERVICE:
        return LocalObjects(objects_folder(home, settings))
    service = service_of(settings, DEFAULT, patience)
    return S3Objects(service, bucket_names(settings.objects_buckets), DEFAULT if settings.stores else "")


def _named_storage(settings: PlatformSettings, name: str, patience: float | None) -> ObjectStorage:
    from jobferry.files.objects import S3Objects

    buckets = bucket_names(settings.stores[name].buckets)
    return S3Objects(service_of(settings, name, patience), buckets, name)


def package_storage(
    own: Path, settings: PlatformSettings, secrets: Callable[[], Secrets] | None = None
) -> PackageStorage:
    """Packages in a folder of the data folder, in the folder that servers share, or in a service."""
    if place := s3_place(settings.packages):
        return _in_service(place, own, settings, secrets)
    from jobferry.files.package_storage import LocalPackageStorage

    shared = settings.packages
    return LocalPackageStorage(Path(shared) / own.name if shared else own, secrets, is_shared=bool(shared))


def package_objects(home: Home, settings: PlatformSettings) -> dict[str, PackageObjects]:
    """Packages and downloads object by object, by the names of their folders; none where they lie in folders.

    Raises:
        FilesError: the file with the secret key of the store cannot be read.
    """
    place = s3_place(settings.packages)
    if place is None:
        return {}
    from jobferry.files.package_objects import PackageObjects

    service = _service_at(settings, place)
    return {
        own.name: PackageObjects(service, place.below(own.name)) for own in (home.downloads, home.uploads)
    }


def shared_anchor(settings: PlatformSettings) -> SharedAnchorPlace | None:
    """Where the servers of a platform keep the audit's anchor together; none where there is one server."""
    if not settings.packages:
        return None
    if place := s3_place(settings.packages):
        return SharedAnchorObject(_service_at(settings, place), place)
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

    service = _service_at(settings, place, patience)
    return S3PackageStorage(service, place.below(own.name), own, secrets)


def _service_at(settings: PlatformSettings, place: S3Place, patience: float | None = None) -> S3Service:
    return service_of(settings, store_of(settings, place.bucket), patience)


class StorageProbe:
    """Whether a storage answers; it is asked again after ``every`` seconds at the earliest."""

    def __init__(
        self, ask: Callable[[], None], every: float = _PROBE_SECONDS, silent: JobferryError = _SILENT
    ) -> None:
        """``ask`` raises an error where it does not; ``silent`` is the error until it answers."""
        self._ask = ask
        self._every = every
        self._silent = silent
        self._lock = threading.Lock()
        self._beginning = threading.Lock()
        self._asked_at = -math.inf
        self._error: JobferryError | None = None
        self._asking = threading.Thread()
        self.seconds = 0.0
        """How long the last answer took."""

    def begin(self) -> None:
        """Asks beside the caller, unless it was asked of late or is being asked."""
        with self._beginning:
            if not self._asking.is_alive() and time.monotonic() - self._asked_at >= self._every:
                self._asking = threading.Thread(target=self._look, daemon=True)
                self._asking.start()

    def fault(self, until: float) -> JobferryError | None:
        """What is wrong with it, as far as that is known at a time of the monotonic clock."""
        if self._asking.is_alive():
            self._asking.join(max(0.0, until - time.monotonic()))
        if self._asking.is_alive():
            return self._error or self._silent
        return self._error

    def _look(self) -> None:
        with self._lock:
            began = time.monotonic()
            if began - self._asked_at >= self._every:
                self._error = self._fault()
                self._asked_at = time.monotonic()
                self.seconds = self._asked_at - began

    def _fault(self) -> JobferryError | None:
        try:
            self._ask()
        except JobferryError as error:
            return error
        except Exception as error:
            _events.failed("probe-failed", error)
            return self._silent
        return None


def objects_folder(home: Home, settings: PlatformSettings) -> Path:
    """Where local buckets lie."""
    return Path(settings.objects) if settings.objects else home.objects


def reach_packages(home: Home, settings: PlatformSettings) -> None:
    """Looks into the bucket where packages lie, or whether their folder can be written if servers share one.

    Raises:
        FilesError: it does not answer, refuses the keys, there is no such bucket, or no writing.
    """
    if place := s3_place(settings.packages):
        _in_service(place, home.uploads, settings, patience=_probing(settings)).reach()
    elif settings.packages and not _is_writable(Path(settings.packages)):
        raise FilesError(
            ErrorCode.FILES_FAILED,
            sentence("the folder of packages {folder} cannot be written", folder=settings.packages),
            subject=settings.packages,
            hint="check whether it is mounted, its owner and its mode",
        )


def stores_to_reach(home: Home, settings: PlatformSettings) -> dict[str, Reach]:
    """What looks whether a store answers, by the store's name; the default one comes first."""
    named = {name: partial(_reach_named, settings, name) for name in settings.stores}
    return {DEFAULT: partial(_reach_default, home, settings), **named}


def _reach_default(home: Home, settings: PlatformSettings) -> None:
    """Asks a service about a bucket that need not be there; of a folder, whether it can be used.

    Raises:
        FilesError: it does not answer, refuses the keys, or the folder cannot be written.
    """
    if settings.objects == SERVICE:
        with suppress(NotFound):
            _default_storage(home, settings, _probing(settings)).entries(_PROBE)
        return
    folder = objects_folder(home, settings)
    if not _is_writable(folder):
        raise FilesError(
            ErrorCode.FILES_FAILED,
            sentence("the folder of objects {folder} cannot be written", folder=folder),
            subject=str(folder),
            hint="check its owner and its mode, or name another one with JOBFERRY_OBJECTS",
        )


def _is_writable(folder: Path) -> bool:
    """Whether files can be made in a folder, or the folder itself."""
    there = next(parent for parent in (folder, *folder.absolute().parents) if parent.exists())
    return there.is_dir() and os.access(there, os.W_OK | os.X_OK)


def _reach_named(settings: PlatformSettings, name: str) -> None:
    """Looks into every bucket of a store.

    Raises:
        FilesError: it does not answer, refuses the keys, or a bucket is not there.
    """
    storage = _named_storage(settings, name, _probing(settings))
    for bucket in bucket_names(settings.stores[name].buckets):
        try:
            storage.entries(ObjectPath(bucket, _NOTHING))
        except NotFound as error:
            raise FilesError(
                ErrorCode.FILES_FAILED,
                sentence("the object store {store} has no bucket {bucket}", store=name, bucket=bucket),
                subject=bucket,
                hint=sentence("make it there, or correct {setting}", setting=store_key(name, "buckets")),
            ) from error


def _probing(settings: PlatformSettings) -> float:
    return min(settings.objects_patience, _PROBE_PATIENCE)
