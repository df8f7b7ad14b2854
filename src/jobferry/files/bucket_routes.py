"""Object storage in several stores: a path's bucket says which."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import AbstractContextManager
from typing import BinaryIO

from jobferry.files.ports import ObjectPath, ObjectStorage, StoredEntry, Write


class BucketRoutes:
    """The buckets of several stores together; implements ``ObjectStorage``."""

    def __init__(self, default: ObjectStorage, routes: Mapping[str, ObjectStorage]) -> None:
        """``routes`` has a store by bucket; every other bucket is in the ``default`` one."""
        self._default = default
        self._routes = routes

    def fetch(
        self, path: ObjectPath, *, limit: int, setting: str = "package_bytes"
    ) -> AbstractContextManager[BinaryIO]:
        """The object as a seekable file."""
        return self._of(path).fetch(path, limit=limit, setting=setting)

    def reading(self, path: ObjectPath) -> AbstractContextManager[BinaryIO]:
        """The object as a seekable file that is read where it lies."""
        return self._of(path).reading(path)

    def has(self, path: ObjectPath) -> bool:
        """Whether there is such an object."""
        return self._of(path).has(path)

    def buckets(self) -> list[StoredEntry] | None:
        """The buckets that stores tell of; a default store that tells of none may have others."""
        told = {entry.name: entry for entry in self._default.buckets() or ()}
        told |= {name: StoredEntry(name=name, is_folder=True) for name in self._routes}
        return [told[name] for name in sorted(told)]

    def entries(self, folder: ObjectPath) -> list[StoredEntry]:
        """What lies directly in a folder."""
        return self._of(folder).entries(folder)

    def store(self, path: ObjectPath, chunks: Iterable[bytes]) -> int:
        """Writes an object, whole or not at all."""
        return self._of(path).store(path, chunks)

    def writing(self, path: ObjectPath) -> AbstractContextManager[Write]:
        """Takes an object in pieces."""
        return self._of(path).writing(path)

    def remove(self, path: ObjectPath) -> None:
        """Deletes an object."""
        self._of(path).remove(path)

    def _of(self, path: ObjectPath) -> ObjectStorage:
        return self._routes.get(path.bucket, self._default)
