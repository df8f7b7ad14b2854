"""The object storage that the settings name, and whether it answers."""

from __future__ import annotations

import math
import os
import threading
import time
from pathlib import Path

from jobferry.bootstrap.home import Home
from jobferry.bootstrap.settings import PlatformSettings
from jobferry.errors import ErrorCode, FilesError, NotFound
from jobferry.files.ports import ObjectPath, ObjectStorage
from jobferry.sentences import sentence

_PROBE = ObjectPath("jobferry-probe-7f3a9c1e", "")
"""A bucket that nobody has: a service that says so works."""
_PROBE_SECONDS = 10.0
_PROBE_PATIENCE = 5.0


def object_storage(home: Home, settings: PlatformSettings, *, patience: float | None = None) -> ObjectStorage:
    """Buckets in a folder, or those of a service, which may be silent for so many seconds."""
    from jobferry.files.objects import LocalObjects, S3Objects

    if settings.objects != "s3":
        return LocalObjects(objects_folder(home, settings))
    return S3Objects(
        endpoint=settings.objects_endpoint,
        region=settings.objects_region,
        access_key=settings.objects_access_key,
        secret_key=settings.objects_secret_key.get_secret_value(),
        patience=settings.objects_patience if patience is None else patience,
    )


class ObjectsProbe:
    """Whether object storage answers; it is asked again after ten seconds at the earliest."""

    def __init__(self, home: Home, settings: PlatformSettings) -> None:
        self._home = home
        self._settings = settings
        self._lock = threading.Lock()
        self._asked_at = -math.inf
        self._error: FilesError | None = None
        self._storage = object_storage(
            home, settings, patience=min(settings.objects_patience, _PROBE_PATIENCE)
        )
        self.seconds = 0.0
        """How long the last answer took."""

    def check(self) -> None:
        """Raises: FilesError: it does not answer, refuses the keys, or its folder cannot be written."""
        with self._lock:
            began = time.monotonic()
            if began - self._asked_at >= _PROBE_SECONDS:
                self._error = None
                try:
                    reach(self._home, self._settings, self._storage)
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


def reach(home: Home, settings: PlatformSettings, storage: ObjectStorage) -> None:
    """Asks a service about a bucket that need not be there; of a folder, whether it can be used.

    Raises:
        FilesError: it does not answer, refuses the keys, or the folder cannot be written.
    """
    if settings.objects == "s3":
        try:
            storage.entries(_PROBE)
        except NotFound:
            return
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
