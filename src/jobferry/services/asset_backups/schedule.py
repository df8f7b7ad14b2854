"""Takes the asset backups that are due.

Called every minute by every server that takes tasks; of several, exactly one begins a backup.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from jobferry.errors import JobferryError
from jobferry.events import Events
from jobferry.model.asset_backup import AssetBackup, yesterday
from jobferry.model.people import PLATFORM_ITSELF, Caller
from jobferry.model.records import Workspace
from jobferry.model.settings import ASSET_BACKUP, read_settings
from jobferry.model.task import TaskStatus
from jobferry.services.asset_backups.taking import Taking
from jobferry.services.runtime import Runtime

if TYPE_CHECKING:
    from jobferry.store import TaskLog

_events = Events("asset-backups")

_ITSELF = Caller(user_id="", name=PLATFORM_ITSELF)
_AGAIN_MS = 60 * 60 * 1000
"""How long after a failure the same day is tried again."""
_TRIES = 5
_BEGINNING_MS = 5 * 60 * 1000
"""A record may be this old before its task is written."""


class Schedule:
    """The daily backups of all workspaces."""

    def __init__(self, runtime: Runtime, log: TaskLog, taking: Taking) -> None:
        self._runtime = runtime
        self._log = log
        self._taking = taking

    def tick(self) -> None:
        """Begins what is due and ends what nobody works on. What fails in one workspace keeps no other from
        its backup."""
        self._settle()
        with self._runtime.store.read() as snapshot:
            workspaces, days = snapshot.workspaces.all(), snapshot.asset_backups.days()
        for workspace in workspaces:
            day = days.get(workspace.id, "")
            if day or workspace.settings.get(ASSET_BACKUP) == "true":
                try:
                    self._see_to(workspace, day)
                except JobferryError as error:
                    _events.say(
                        "warning", "asset-backup-put-off", workspace=workspace.id, reason=error.message
                    )

    def _see_to(self, workspace: Workspace, day: str) -> None:
        settings = read_settings(workspace.settings)
        due = yesterday(self._runtime.now(), settings.time_zone)
        if not settings.asset_backup:
            with self._runtime.store.write(only=workspace.id) as uow:
                uow.asset_backups.end_days(workspace.id)
                uow.commit()
        elif not day:
            self._begin_counting(workspace, due)
        elif day < due:
            self._begin(workspace, day, due)
        elif day == due:
            self._try_again(workspace, day)

    def _begin_counting(self, workspace: Workspace, due: str) -> None:
        """Days that were over when the backups were switched on are not due."""
        with self._runtime.store.write(only=workspace.id) as uow:
            uow.asset_backups.move_day(workspace.id, due, was="")
            uow.commit()

    def _begin(self, workspace: Workspace, day: str, due: str) -> None:
        """Begins the backup of a day, unless another server has; of several missed days that of the last."""
        with self._runtime.store.write(only=workspace.id) as uow:
            if not uow.asset_backups.move_day(workspace.id, due, was=day):
                return
            record = self._taking.record(workspace, due, _ITSELF, day=due)
            uow.asset_backups.add(record)
            uow.commit()
        _events.info("asset-backup-due", workspace=workspace.id, day=due)
        self._taking.started(record, _ITSELF)

    def _try_again(self, workspace: Workspace, day: str) -> None:
        with self._runtime.store.read() as snapshot:
            failed = snapshot.asset_backups.named(workspace.id, day)
        if failed is None or not self._is_to_be_tried(failed):
            return
        fresh = self._taking.record(workspace, day, _ITSELF, day=day)
        again = msgspec.structs.replace(fresh, id=failed.id, attempts=failed.attempts + 1)
        with self._runtime.store.write(only=workspace.id) as uow:
            is_ours = uow.asset_backups.replace(again, was=failed)
            uow.commit()
        if is_ours:
            self._taking.started(again, _ITSELF)

    def _is_to_be_tried(self, failed: AssetBackup) -> bool:
        is_rested = self._runtime.now() - failed.ended_at >= _AGAIN_MS
        return failed.status is TaskStatus.FAILED and failed.attempts < _TRIES and is_rested

    def _settle(self) -> None:
        """Ends the records whose task is over or was never written."""
        with self._runtime.store.read() as snapshot:
            running = snapshot.asset_backups.unfinished()
        if not running:
            return
        at_work = {task.id for task in self._log.unfinished()}
        for record in running:
            is_young = self._runtime.now() - record.started_at < _BEGINNING_MS
            if record.task_id not in at_work and not is_young:
                self._taking.interrupt(record, _ITSELF)
