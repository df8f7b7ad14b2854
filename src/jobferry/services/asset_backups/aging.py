"""Lets go of asset backups that were kept for as long as their workspace says."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from jobferry.errors import JobferryError, PackageRefused
from jobferry.events import Events
from jobferry.files.ports import ObjectStorage
from jobferry.model.asset_backup import day_of, today
from jobferry.model.people import PLATFORM_ITSELF, Caller, Grant
from jobferry.model.records import Workspace
from jobferry.model.settings import read_settings
from jobferry.services.asset_backups.folder import BackupFolder, backup_names, workspace_folder
from jobferry.services.runtime import Runtime

_events = Events("asset-backups")

DELETE = "asset-backup-delete"
_REMEMBERED_MS = 90 * 24 * 60 * 60 * 1000
"""How long a record is kept: what lies in object storage does not need it."""


class Aging:
    """Deletes old backups of a workspace once it has a new one, and forgets old records."""

    def __init__(self, runtime: Runtime, storage: Callable[[str], ObjectStorage]) -> None:
        self._runtime = runtime
        self._storage = storage

    def let_go(self, workspace: Workspace) -> None:
        """Deletes what is old. A storage that fails keeps it; the next backup tries again."""
        with self._runtime.store.write(only=workspace.id) as uow:
            uow.asset_backups.sweep(workspace.id, before=self._runtime.now() - _REMEMBERED_MS)
            uow.commit()
        try:
            self._sweep(workspace)
        except JobferryError as error:
            _events.say("warning", "asset-backups-not-swept", workspace=workspace.id, reason=error.message)

    def _sweep(self, workspace: Workspace) -> None:
        settings = read_settings(workspace.settings)
        if not settings.asset_backup_days:
            return
        oldest = today(self._runtime.now(), settings.time_zone) - timedelta(days=settings.asset_backup_days)
        storage = self._storage(workspace.id)
        place = workspace_folder(settings.backup_folder, workspace.name)
        for name in backup_names(storage, place):
            day, folder = day_of(name), BackupFolder(storage, f"{place}/{name}")
            if day is not None and day < oldest and self._is_ours(folder, workspace, name):
                self._remove(folder, workspace, name)

    def _is_ours(self, folder: BackupFolder, workspace: Workspace, name: str) -> bool:
        """Whether the folder was written by this platform, as ``backup.json`` says, or our record of a folder
        that has lost it."""
        try:
            contents = folder.contents()
        except PackageRefused:
            return False
        with self._runtime.store.read() as snapshot:
            platform, record = snapshot.platform(), snapshot.asset_backups.named(workspace.id, name)
        if contents is None:
            return record is not None and record.place == folder.place
        return platform is not None and contents.platform_id == platform.id

    def _remove(self, folder: BackupFolder, workspace: Workspace, name: str) -> None:
        folder.remove()
        itself = Caller(user_id="", name=PLATFORM_ITSELF)
        grant = Grant(caller=itself, workspace=workspace, roles=frozenset())
        with self._runtime.store.write(only=workspace.id) as uow:
            uow.asset_backups.remove(workspace.id, name)
            event = self._runtime.event(grant, DELETE, kind="asset-backup", subject=folder.place)
            self._runtime.record(uow, event)
            uow.commit()
