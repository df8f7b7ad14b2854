"""What lies in object storage, for those who may import from there."""

from __future__ import annotations

from collections.abc import Callable

import msgspec

from jobferry.files.paths import parse_folder_path
from jobferry.files.ports import ObjectStorage, StoredEntry
from jobferry.model.people import Grant
from jobferry.model.rights import Action
from jobferry.services.runtime import Runtime


class FolderPage(msgspec.Struct, frozen=True):
    """A page of what lies directly in ``path``, by name; ``is_last`` if nothing follows it."""

    path: str
    entries: list[StoredEntry]
    is_last: bool


class Buckets:
    """The folders of object storage, a level at a time."""

    def __init__(self, runtime: Runtime, storage: Callable[[], ObjectStorage]) -> None:
        self._runtime = runtime
        self._storage = storage

    def page(self, grant: Grant, path: str, *, after: str, limit: int) -> FolderPage:
        """What lies directly in ``obs://bucket/folder``, after the entry of a name.

        Raises:
            Forbidden: the caller may not import here.
            Conflict: imports do not read object storage here (``object-storage-off``).
            InvalidRequest: the path is none (``invalid-object-path``).
            NotFound: there is no such bucket (``bucket-missing``).
            FilesError: the storage is at fault.
        """
        self._runtime.allow(grant, Action.IMPORT, kind="package", subject=path)
        storage, folder = self._storage(), parse_folder_path(path)
        found = [entry for entry in storage.entries(folder) if entry.name > after]
        return FolderPage(f"{str(folder).rstrip('/')}/", found[:limit], len(found) <= limit)
