"""What is kept only so long: ended tasks and receipts, removed a page at a time."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from jobferry.events import Events
from jobferry.model.settings import read_settings
from jobferry.services.ground import Ground
from jobferry.services.operating.stored_settings import StoredSettings
from jobferry.store.ports import TaskLog

_events = Events("keeping")

_DAY_MS = 24 * 60 * 60 * 1000
_TASKS = 500
_CHANGES = 5_000
_RECEIPTS = 20
"""How many a transaction removes; a receipt may have very many items."""


class Keeping:
    """Removes what has been kept for long enough.

    ``forget`` removes what the task runner keeps of tasks. It comes first: of a sweep that is cut off, the
    next one finds the rest.
    """

    def __init__(
        self, ground: Ground, log: TaskLog, stored: StoredSettings, forget: Callable[[Sequence[str]], None]
    ) -> None:
        self._ground = ground
        self._log = log
        self._stored = stored
        self._forget = forget

    def sweep(self) -> None:
        """Removes all that is older than the settings say."""
        values, now = self._stored.values(), self._ground.now()
        tasks = self._sweep_tasks(now - values.task_days * _DAY_MS)
        with self._ground.store.read() as snapshot:
            workspaces = snapshot.workspaces.all()
        receipts = changes = 0
        for workspace in workspaces:
            changes += self._sweep_changes(workspace.id, now - values.change_days * _DAY_MS)
            days = read_settings(workspace.settings).receipt_days or values.receipt_days
            receipts += self._sweep_receipts(workspace.id, now - days * _DAY_MS)
        if tasks or receipts or changes:
            _events.say("info", "kept long enough", tasks=tasks, receipts=receipts, changes=changes)

    def _sweep_tasks(self, before: int) -> int:
        removed = 0
        while ids := self._log.ended(before=before, limit=_TASKS):
            self._forget(ids)
            self._log.remove(ids)
            removed += len(ids)
        return removed

    def _sweep_changes(self, workspace_id: str, before: int) -> int:
        removed = 0
        while True:
            with self._ground.store.write() as uow:
                page = uow.changes.sweep(workspace_id, before=before, limit=_CHANGES)
                uow.commit()
            removed += page
            if page < _CHANGES:
                return removed

    def _sweep_receipts(self, workspace_id: str, before: int) -> int:
        """The newest receipt of a workspace stays, for whoever looks for what happened last.

        So does that of a task which has not ended: it says that the work was done.
        """
        keep = {task.id for task in self._log.unfinished()}
        removed = 0
        while True:
            with self._ground.store.write() as uow:
                page = uow.receipts.sweep(workspace_id, before=before, keep=keep, limit=_RECEIPTS)
                uow.commit()
            removed += page
            if page < _RECEIPTS:
                return removed
