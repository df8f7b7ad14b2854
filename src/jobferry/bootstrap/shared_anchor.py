"""The anchor that the servers of a platform keep together, beside the packages that all of them see."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from jobferry.bootstrap.anchor_file import unreadable
from jobferry.files.faults import disk_fault
from jobferry.files.paths import S3Place
from jobferry.files.s3 import S3Service, answering

_NAME = "anchor.json"


class SharedAnchorFile:
    """Keeps an anchor in a folder that all servers of a platform see."""

    def __init__(self, folder: Path) -> None:
        self._file = folder / _NAME

    def read(self) -> bytes | None:
        """What a server has written last; None if the file is not there.

        Raises:
            FilesError: it cannot be read.
        """
        try:
            return self._file.read_bytes()
        except FileNotFoundError:
            return None
        except OSError as error:
            raise unreadable(self._file, error) from error

    def write(self, anchor: bytes) -> None:
        """Puts it there, whole or not at all, whoever else writes at the same time.

        Raises:
            FilesError: the disk is full or refuses.
        """
        try:
            self._file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            with tempfile.NamedTemporaryFile(dir=self._file.parent, prefix=".anchor-", delete=False) as draft:
                draft.write(anchor)
                draft.flush()
                os.fsync(draft.fileno())
            Path(draft.name).replace(self._file)
        except OSError as error:
            raise disk_fault(error, str(self._file)) from error


class SharedAnchorObject:
    """Keeps an anchor in a place of an S3-compatible service."""

    def __init__(self, service: S3Service, place: S3Place) -> None:
        self._service = service
        self._place = place

    def read(self) -> bytes | None:
        """What a server has written last; None if there is no such object.

        Raises:
            FilesError: the service does not give it.
        """
        import obstore

        try:
            with answering(self._place, self._key, may_be_absent=True):
                return bytes(obstore.get(self._service.bucket(self._place.bucket), self._key).bytes())
        except FileNotFoundError:
            return None

    def write(self, anchor: bytes) -> None:
        """Puts it there.

        Raises:
            FilesError: the service does not take it.
        """
        import obstore

        with answering(self._place, self._key):
            obstore.put(self._service.bucket(self._place.bucket), self._key, anchor)

    @property
    def _key(self) -> str:
        return self._place.below(_NAME).folder
