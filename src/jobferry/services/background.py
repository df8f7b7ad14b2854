"""Background tasks as people see them: listed, cancelled; and who holds a workspace's import lock."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

import msgspec

from jobferry.errors import Conflict, ErrorCode, NotFound
from jobferry.events import Events
from jobferry.files.ports import PackageStorage
from jobferry.model.audit import AuditEvent
from jobferry.model.people import Caller, Grant
from jobferry.model.records import Slot
from jobferry.model.rights import Action
from jobferry.model.task import Task, TaskFilter, TaskKind, TaskStatus, cancelled
from jobferry.model.transfer.checked_import import ImportState
from jobferry.sentences import sentence
from jobferry.services.exporting.downloads import Records
from jobferry.services.granting import allow_everywhere, grant_in
from jobferry.services.importing.import_lock import CANCEL
from jobferry.services.importing.states import note_ended
from jobferry.services.runtime import Runtime

if TYPE_CHECKING:
    from jobferry.store import TaskLog, UnitOfWork

_events = Events("tasks")

_RIGHTS = {TaskKind.EXPORT: Action.EXPORT, TaskKind.ASSET_BACKUP: Action.ASSET_BACKUP}
"""What takes one's own task to cancel, by kind; of the others ``import``."""


class LockHolder(NamedTuple):
    """Who holds an import lock, and the task that it is held for, as far as that is known."""

    slot: Slot
    task: Task | None


class BackgroundTasks:
    """The tasks of workspaces: one's own, and with the right to it those of others."""

    def __init__(self, runtime: Runtime, log: TaskLog, uploads: PackageStorage, records: Records) -> None:
        self._runtime = runtime
        self._log = log
        self._uploads = uploads
        self._records = records

    def page(self, grant: Grant, wanted: TaskFilter, *, offset: int, limit: int) -> tuple[int, list[Task]]:
        """How many tasks of a workspace the caller can see, and one page of them, newest first.

        Raises:
            Forbidden: the caller may not see the workspace.
        """
        self._runtime.allow(grant, Action.WORKSPACE_VIEW, kind="task")
        wanted = msgspec.structs.replace(wanted, workspace_id=grant.workspace.id)
        if not _sees_all(grant):
            if wanted.created_by not in ("", grant.caller.name):
                return 0, []
            wanted = msgspec.structs.replace(wanted, created_by=grant.caller.name)
        return self._log.page(wanted, offset=offset, limit=limit)

    def page_everywhere(
        self, caller: Caller, wanted: TaskFilter, *, offset: int, limit: int
    ) -> tuple[int, list[Task]]:
        """The same of all workspaces.

        Raises:
            Forbidden: the caller is not of operations.
        """
        allow_everywhere(self._runtime, caller, Action.PLATFORM_TASK_VIEW, kind="task")
        return self._log.page(wanted, offset=offset, limit=limit)

    def with_receipts(self, tasks: Sequence[Task]) -> set[str]:
        """The ids of those of the tasks that have a receipt."""
        with self._runtime.store.read() as snapshot:
            return snapshot.receipts.known([task.id for task in tasks])

    def show(self, caller: Caller, task_id: str) -> Task:
        """Raises: NotFound: there is no task of that id that the caller is to see (``task-missing``)."""
        return self._seen(caller, task_id)[0]

    def profile(self, caller: Caller, task_id: str) -> str:
        """The profile of a task's workspace; raises what :meth:`show` does."""
        return self._seen(caller, task_id)[1].workspace.settings.get("profile", "")

    def lock(self, grant: Grant) -> LockHolder | None:
        """Who holds the import lock of a workspace; None if it is free.

        Raises:
            Forbidden: the caller may not see the workspace.
        """
        self._runtime.allow(grant, Action.WORKSPACE_VIEW, kind="import-lock")
        with self._runtime.store.read() as snapshot:
            slot = snapshot.slots.of(grant.workspace.id)
        task = self._log.by_id(slot.task_id) if slot else None
        if slot is None or (task is not None and task.status is not TaskStatus.RUNNING):
            return None  # whoever comes next takes the lock of a task that is over
        return LockHolder(slot, task)

    def cancel(self, caller: Caller, task_id: str) -> Task:
        """Cancels a task, as long as nothing of it is there for good; asked again, it changes nothing.

        From its answer on the import lock is free. The task notices within a second.

        Raises:
            NotFound: there is no task of that id that the caller is to see (``task-missing``).
            Forbidden: it is somebody else's, or the caller may not do such things here any more.
            Conflict: an import or undo has been applied (``import-finished``), or the task has ended
                (``task-finished``).
        """
        task, grant = self._seen(caller, task_id)
        is_own = task.created_by == caller.name
        right = _RIGHTS.get(task.kind, Action.IMPORT) if is_own else Action.TASK_CANCEL
        with self._runtime.attempt(grant, CANCEL, right, kind=task.kind, subject=task.name) as attempt:
            if task.status is not TaskStatus.RUNNING:
                return self._cancelled_before(task)
            self._log.cancel(task.id, by=caller.name, at=self._runtime.now())
            if task.kind is TaskKind.EXPORT:
                self._cancel_export(task, caller, attempt.row(detail=task.id))
            else:
                with attempt.change(only=grant.workspace.id) as change:
                    told = cancelled(caller.name).message
                    if _taken_away(change.uow, task, told, at=self._runtime.now()):
                        change.audit(detail=task.id)
                    else:
                        change.no_row()
            self._log.finish(task.id, cancelled(caller.name), at=self._runtime.now())
        _events.debug("task-cancelled", task=task.id)
        self._release_package(task_id)
        return self._cancelled_before(self._seen(caller, task_id)[0])

    def _cancel_export(self, task: Task, caller: Caller, event: AuditEvent) -> None:
        with self._runtime.store.read() as snapshot:
            record = snapshot.downloads.by_id(task.id)
        if record is None or not self._records.cancel(record, caller.name, event):
            raise _over(task)

    def _cancelled_before(self, task: Task) -> Task:
        """The task, if it ended by being cancelled. Raises: Conflict: it ended in another way."""
        if task.status is TaskStatus.CANCELLED:
            return task
        with self._runtime.store.read() as snapshot:
            if snapshot.receipts.by_id(task.id) is not None:
                raise _applied(task)
        raise _over(task)

    def _release_package(self, task_id: str) -> None:
        """Lets go of the package of an import, unless that was checked before: then it waits again."""
        with self._runtime.store.read() as snapshot:
            record = snapshot.imports.by_task(task_id)
        if record is not None and record.state is ImportState.CANCELLED:
            self._uploads.discard(record.package_id)

    def _seen(self, caller: Caller, task_id: str) -> tuple[Task, Grant]:
        task = self._log.by_id(task_id)
        if task is not None:
            with self._runtime.store.read() as snapshot:
                workspace = snapshot.workspaces.by_id(task.workspace_id)
                grant = grant_in(snapshot, workspace, caller) if workspace else None
            if grant is not None and (task.created_by == caller.name or _sees_all(grant)):
                return task, grant
        raise NotFound(
            ErrorCode.TASK_MISSING,
            sentence("Task[{task_id}] does not exist", task_id=task_id),
            subject=task_id,
            hint="see `jobferry task list`",
        )


def _sees_all(grant: Grant) -> bool:
    return grant.may(Action.RECORD_VIEW_ALL) or grant.may(Action.PLATFORM_TASK_VIEW)


def _taken_away(uow: UnitOfWork, task: Task, message: str, *, at: int) -> bool:
    """Takes from a task what it needs to write anything: the import lock, for a check its import's state, for
    an asset backup its record; whether it had that.

    Raises:
        Conflict: it has a receipt, so it was applied (``import-finished``).
    """
    if uow.receipts.by_id(task.id) is not None:
        raise _applied(task)
    if task.kind is TaskKind.ASSET_BACKUP:
        return uow.asset_backups.cancel(task.id, message, at)
    had_lock = uow.slots.free(task.id)
    ended = note_ended(uow, task.id, ImportState.CANCELLED, message=message)
    return had_lock or ended is not None


def _applied(task: Task) -> Conflict:
    return Conflict(
        ErrorCode.IMPORT_FINISHED,
        sentence("{package} has been applied, so it cannot be cancelled any more", package=task.name),
        subject=task.id,
        hint=sentence("undo it: `jobferry undo {receipt}`", receipt=task.id),
    )


def _over(task: Task) -> Conflict:
    return Conflict(
        ErrorCode.TASK_FINISHED,
        sentence("the task about {name} has ended; there is nothing to cancel", name=task.name),
        subject=task.id,
        hint=sentence("look at its result: `jobferry task show {task}`", task=task.id),
    )
