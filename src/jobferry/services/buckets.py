"""What lies in object storage, for those who may import from there."""

from __future__ import annotations

from collections.abc import Callable

import msgspec

from jobferry.files.paths import parse_folder_path
from jobferry.files.ports import SCHEME, ObjectStorage, StoredEntry
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
        """What lies directly in ``obs://bucket/folder``, after a name; of ``obs://``, the buckets.

        Raises:
            Forbidden: the caller may not import here.
            Conflict: imports do not read object storage here (``object-storage-off``).
            InvalidRequest: the path is none, or names no bucket where the storage does not list them
                (``invalid-object-path``).
            NotFound: there is no such bucket (``bucket-missing``).
            FilesError: the storage is at fault.
        """
        self._runtime.allow(grant, Action.IMPORT, kind="package", subject=path)
        storage = self._storage()
        listed = storage.buckets() if path == SCHEME else None
        place = SCHEME
        if listed is None:
            folder = parse_folder_path(path)
            place, listed = f"{str(folder).rstrip('/')}/", storage.entries(folder)
        found = [entry for entry in listed if entry.name > after]
        return FolderPage(place, found[:limit], len(found) <= limit)
