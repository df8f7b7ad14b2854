"""Object storage as paths from users reach it: when operations allow it, and without what others own."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from typing import TYPE_CHECKING

from jobferry.bootstrap.backup_places import platform_folders
from jobferry.bootstrap.home import Home
from jobferry.bootstrap.object_storage import object_storage
from jobferry.bootstrap.settings import PlatformSettings
from jobferry.services.object_owners import GuardedStorage, Owners
from jobferry.services.operating.platform_settings import StoredSettings

if TYPE_CHECKING:
    from jobferry.files.ports import ObjectStorage
    from jobferry.store import Snapshot, Store


class StorageAccess:
    """Gives out the storage of a platform. ``workspace_id`` is given for the asset backups of a workspace."""

    def __init__(
        self, home: Home, settings: PlatformSettings, store: Store, stored: Callable[[], StoredSettings]
    ) -> None:
        self._home = home
        self._settings = settings
        self._store = store
        self._stored = stored

    def incoming(self, workspace_id: str = "") -> ObjectStorage:
        """Return the storage that imports read. Raises where operations have switched that off."""
        self._stored().check_object_imports()
        return self.guarded(workspace_id)

    def outgoing(self, workspace_id: str = "") -> ObjectStorage:
        """Return the storage that exports write. Raises where operations have switched that off."""
        self._stored().check_object_exports()
        return self.guarded(workspace_id)

    def guarded(self, workspace_id: str = "") -> ObjectStorage:
        """Return the storage whatever operations have switched off."""
        return GuardedStorage(self._storage, self._owners_now, workspace_id)

    def owners(self, look: Snapshot) -> Owners:
        """Return the owners of locations."""
        backups = self._stored().values_in(look).backup_place
        return Owners(look, platform_folders(self._home, self._settings, backups))

    def _owners_now(self) -> Owners:
        with self._store.read() as snapshot:
            return self.owners(snapshot)

    @cached_property
    def _storage(self) -> ObjectStorage:
        return object_storage(self._home, self._settings)
