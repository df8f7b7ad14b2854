"""Maintenance of a served platform: last uses are noted, and what is old is removed a page at a time."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from jobferry.errors import JobferryError
from jobferry.events import Events
from jobferry.model.settings import read_settings
from jobferry.services.operating.platform_settings import StoredSettings
from jobferry.services.runtime import Runtime

if TYPE_CHECKING:
    from jobferry.store import TaskLog

_events = Events("maintenance")

_DAY_MS = 24 * 60 * 60 * 1000
_TASKS = 500
_CHANGES = 5_000
_IMPORTS = 500
_RECEIPTS = 20
"""How many a transaction removes; a receipt may have very many items."""


class Keeping:
    """Removes what has been kept for long enough.

    ``forget`` removes what the task runner keeps of tasks. It comes first: of a sweep that is cut off, the
    next one finds the rest.
    """

    def __init__(
        self, runtime: Runtime, log: TaskLog, stored: StoredSettings, forget: Callable[[Sequence[str]], None]
    ) -> None:
        self._runtime = runtime
        self._log = log
        self._stored = stored
        self._forget = forget

    def sweep(self) -> None:
        """Removes all that is older than the settings say."""
        values, now = self._stored.values(), self._runtime.now()
        tasks = self._sweep_tasks(now - values.task_days * _DAY_MS)
        with self._runtime.store.read() as snapshot:
            workspaces = snapshot.workspaces.all()
        receipts = changes = 0
        for workspace in workspaces:
            changes += self._sweep_changes(workspace.id, now - values.change_days * _DAY_MS)
            days = read_settings(workspace.settings).receipt_days or values.receipt_days
            receipts += self._sweep_receipts(workspace.id, now - days * _DAY_MS)
            self._sweep_imports(workspace.id, now - days * _DAY_MS)
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
            with self._runtime.store.write(only=workspace_id) as uow:
                page = uow.changes.sweep(workspace_id, before=before, limit=_CHANGES)
                uow.commit()
            removed += page
            if page < _CHANGES:
                return removed

    def _sweep_imports(self, workspace_id: str, before: int) -> None:
        while True:
            with self._runtime.store.write(only=workspace_id) as uow:
                page = uow.imports.sweep(workspace_id, before=before, limit=_IMPORTS)
                uow.commit()
            if page < _IMPORTS:
                return

    def _sweep_receipts(self, workspace_id: str, before: int) -> int:
        """The newest receipt of a workspace stays, for whoever looks for what happened last.

        So does that of a task which has not ended: it says that the work was done.
        """
        keep = {task.id for task in self._log.unfinished()}
        removed = 0
        while True:
            with self._runtime.store.write(only=workspace_id) as uow:
                page = uow.receipts.sweep(workspace_id, before=before, keep=keep, limit=_RECEIPTS)
                uow.commit()
            removed += page
            if page < _RECEIPTS:
                return removed


class Upkeep:
    """Called at the start and every minute or so. What fails because a border of ours is down is done
    another time."""

    def __init__(
        self,
        always: Sequence[Callable[[], object]],
        daily: Sequence[Callable[[], object]],
        now: Callable[[], int],
    ) -> None:
        """``always`` is done at every call, ``daily`` in this order at the first call and once a day."""
        self._always = always
        self._daily = daily
        self._now = now
        self._swept_at = 0

    def tick(self) -> None:
        """Does what is due."""
        is_due = abs(self._now() - self._swept_at) >= _DAY_MS
        try:
            for work in (*self._always, *(self._daily if is_due else ())):
                work()
        except JobferryError as error:
            _events.say("warning", "sweep-put-off", code=str(error.code), reason=error.message)
            return
        if is_due:
            self._swept_at = self._now()
            _events.debug("swept")
