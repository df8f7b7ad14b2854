"""Who owns a location in object storage, and object storage without the locations of others."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable
from itertools import pairwise
from typing import TYPE_CHECKING

from jobferry.errors import ErrorCode, InvalidRequest
from jobferry.files.bucket_routes import BucketRoutes
from jobferry.files.ports import SCHEME, ObjectPath, ObjectStorage, StoredEntry
from jobferry.model.asset_backup import CONTENTS_NAME, day_of, is_backup_file
from jobferry.model.settings import read_settings
from jobferry.sentences import sentence

if TYPE_CHECKING:
    from jobferry.store import Snapshot

PLATFORM = "platform"
"""Owns what the platform writes for itself: its backups, and the packages of all users."""
_Parts = tuple[str, ...]


class Owners:
    """Find the owner of a location: :data:`PLATFORM`, or the id of the workspace whose asset backups it has.

    The folder set for asset backups belongs to its workspace as a whole; of the folder for exports, which
    they go into where none is set, only the folders that are named like a backup. Wherever a file is that is
    named like one of a backup, it belongs to the workspace of that name.
    """

    def __init__(self, look: Snapshot, platform_folders: Iterable[str]) -> None:
        self._platform = {form for folder in platform_folders for form in _forms(_parts(folder))}
        self._folders: dict[_Parts, tuple[str, bool]] = {}
        self._names: dict[str, str] = {}
        workspaces = look.workspaces.all()
        for form in (1, 0):  # the folded forms first: an exact name counts more
            for workspace in workspaces:
                settings = read_settings(workspace.settings)
                self._names[_forms((workspace.name,))[form][0]] = workspace.id
                if settings.backup_folder:
                    folder = _parts(f"{settings.backup_folder}/{workspace.name}")
                    self._folders[_forms(folder)[form]] = (workspace.id, not settings.asset_backup_path)

    def find(self, path: str) -> str:
        """Return the owner of ``obs://bucket/key``, or the empty string."""
        exact, folded = _forms(_parts(path))
        return self._find(exact) or self._find(folded)

    def require(self, path: ObjectPath, workspace_id: str) -> None:
        """Raises: InvalidRequest: another than the workspace owns the location (``invalid-object-path``)."""
        if self.find(str(path)) not in ("", workspace_id):
            raise InvalidRequest(
                ErrorCode.INVALID_OBJECT_PATH,
                sentence("{path} is in a folder that is reserved for backups", path=str(path)),
                subject=str(path),
                hint="name another folder; asset backups are read by the asset-backup commands only",
            )

    def _find(self, parts: _Parts) -> str:
        above = [parts[:length] for length in range(len(parts), 0, -1)]
        if any(folder in self._platform for folder in above):
            return PLATFORM
        for folder in above:
            owner, is_dated = self._folders.get(folder, ("", False))
            if owner and (not is_dated or day_of("".join(parts[len(folder) :][:1]))):
                return owner
        for number, (name, day) in enumerate(pairwise(parts), 2):
            file = "/".join(parts[number:])
            if name in self._names and day_of(day) and (file == CONTENTS_NAME or is_backup_file(file)):
                return self._names[name]
        return ""


class GuardedStorage(BucketRoutes):
    """Object storage without the locations that others own.

    Every path from a user is read and written through it. Asset backups use it for their workspace.
    """

    def __init__(self, storage: ObjectStorage, owners: Callable[[], Owners], workspace_id: str) -> None:
        super().__init__(storage, {})
        self._owners = owners
        self._workspace_id = workspace_id

    def buckets(self) -> list[StoredEntry] | None:
        """List the buckets, without those that others own as a whole."""
        found = self._default.buckets()
        return found and self._open(found, SCHEME)

    def entries(self, folder: ObjectPath) -> list[StoredEntry]:
        """List a folder, without what others own in it."""
        return self._open(super().entries(folder), f"{folder}/")

    def _open(self, entries: list[StoredEntry], folder: str) -> list[StoredEntry]:
        owners, allowed = self._owners(), ("", self._workspace_id)
        return [entry for entry in entries if owners.find(f"{folder}{entry.name}") in allowed]

    def _of(self, path: ObjectPath) -> ObjectStorage:
        self._owners().require(path, self._workspace_id)
        return super()._of(path)


def _parts(path: str) -> _Parts:
    is_object = path.startswith(SCHEME)
    return tuple(part for part in path.removeprefix(SCHEME).split("/") if part) if is_object else ()


def _forms(parts: _Parts) -> tuple[_Parts, _Parts]:
    """Return the parts as they are, and as a file system without case would compare them."""
    return parts, tuple(unicodedata.normalize("NFKC", part).casefold() for part in parts)
