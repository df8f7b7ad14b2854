"""Packages in an S3-compatible store, object by object and byte for byte: for backups and restores."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import suppress
from functools import cached_property
from typing import TYPE_CHECKING

from jobferry.files.paths import S3Place
from jobferry.files.s3 import PARTS_AT_ONCE, S3Service, answering, pieces
from jobferry.files.s3_packages import OURS

if TYPE_CHECKING:
    from obstore.store import S3Store


def is_package_object(name: str) -> bool:
    """Whether an object of a package can be called so."""
    return OURS.match(name) is not None


class PackageObjects:
    """What lies at one place of a service, by names below it.

    Raises, from every method: FilesError ``files-failed``.
    """

    def __init__(self, service: S3Service, place: S3Place) -> None:
        self._service = service
        self._place = place

    @property
    def place(self) -> str:
        """``s3://bucket/folder``."""
        return str(self._place)

    def names(self) -> list[str]:
        """All objects of packages, whole packages or not."""
        import obstore

        begin = f"{self._place.folder}/"
        with answering(self._place, self.place):
            found = [
                meta["path"].removeprefix(begin)
                for page in obstore.list(self._bucket, self._place.folder)
                for meta in page
            ]
        return sorted(name for name in found if is_package_object(name))

    def read(self, name: str) -> Iterator[bytes] | None:
        """An object as it comes; None where there is none, which is known when this returns."""
        import obstore

        with suppress(FileNotFoundError), answering(self._place, name, may_be_absent=True):
            return pieces(self._place, name, obstore.get(self._bucket, self._key(name)))
        return None

    def write(self, name: str, content: Iterable[bytes]) -> None:
        """Writes an object, whole or not at all. What ``content`` raises passes through."""
        import obstore

        with answering(self._place, name):
            writer = obstore.open_writer(self._bucket, self._key(name), max_concurrency=PARTS_AT_ONCE)
        try:
            for piece in content:
                with answering(self._place, name):
                    writer.write(piece)
            with answering(self._place, name):
                writer.close()
        except BaseException:
            with suppress(Exception):
                writer.__exit__(RuntimeError, RuntimeError(), None)
            raise

    def remove(self, name: str) -> None:
        """Deletes an object; nothing happens where there is none."""
        import obstore

        with suppress(FileNotFoundError), answering(self._place, name, may_be_absent=True):
            obstore.delete(self._bucket, self._key(name))

    @cached_property
    def _bucket(self) -> S3Store:
        return self._service.bucket(self._place.bucket)

    def _key(self, name: str) -> str:
        return f"{self._place.folder}/{name}"
