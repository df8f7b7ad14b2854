"""The import lock: one import or undo at a time in each workspace, from taking it to launching the task."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from typing import TYPE_CHECKING

from jobferry.errors import Conflict, ErrorCode, StoreError
from jobferry.events import Events
from jobferry.model.audit import AuditEvent
from jobferry.model.document.times import written
from jobferry.model.records import Slot
from jobferry.model.task import Ending, Task, TaskKind, TaskStatus, cancelled
from jobferry.model.transfer.checked_import import ImportState
from jobferry.sentences import Sentence, sentence
from jobferry.services.importing.states import INTERRUPTED, note_ended
from jobferry.services.runtime import Runtime

if TYPE_CHECKING:
    from jobferry.store import TaskLog, UnitOfWork

_events = Events("imports")

CANCEL = "task-cancel"
"""What the audit calls it that a task is cancelled."""


class ImportLock:
    """Begins tasks that need their workspace's slot. ``launch`` starts a task whose row is written."""

    def __init__(self, runtime: Runtime, log: TaskLog, launch: Callable[[Task], None]) -> None:
        self._runtime = runtime
        self._log = log
        self._launch = launch
        self._unfreed: set[str] = set()
        """Tasks that never began and whose slots could not be freed then."""

    def begin(self, task: Task, begun: AuditEvent, also: Callable[[UnitOfWork], None] | None = None) -> None:
        """Takes the slot with the task's start as its fence, writes the task's row, and launches it.

        ``begun`` is recorded, and ``also`` done, in the transaction that takes the slot.

        Raises:
            Conflict: an import or undo is running there (``import-running``); it is refused, never queued.
        """
        self._take(task, begun, also)
        _events.debug(f"{_word(task)}-slot-taken", task=task.id, workspace=task.workspace_id)
        try:
            self._log.add(task)
            _events.debug(f"{_word(task)}-task-written", task=task.id)
            self._launch(task)
        except BaseException:
            self._give_back(task)
            raise
        _events.debug(f"{_word(task)}-launched", task=task.id)

    def free_orphans(self) -> None:
        """Frees slots whose task never came to be or is over, if the server that took them is no more."""
        with self._runtime.store.read() as snapshot:
            held = snapshot.slots.all()
        live = self._log.servers.live() if held else ()
        left = [slot for slot in held if slot.server not in live]
        if not left:
            return
        unfinished = {task.id for task in self._log.unfinished()}
        with self._runtime.store.write() as uow:
            for slot in left:
                if slot.task_id not in unfinished and uow.slots.free(slot.task_id):
                    _events.debug("orphaned-slot-freed", task=slot.task_id)
            uow.commit()

    def _take(self, task: Task, begun: AuditEvent, also: Callable[[UnitOfWork], None] | None) -> None:
        """One whose task has ended is nobody's any more."""
        at, place = task.started_at, task.workspace_id
        server = self._runtime.store.server
        slot = Slot(
            workspace_id=place, task_id=task.id, holder=task.created_by, since=at, fence=at, server=server
        )
        with self._runtime.store.write(only=place) as uow:
            present = uow.slots.of(place)
            former = self._log.by_id(present.task_id) if present else None
            is_over = former is not None and former.status is not TaskStatus.RUNNING
            if present is not None and (is_over or present.task_id in self._unfreed):
                uow.slots.free(present.task_id)
            elif present is not None:
                raise _held(present, former)
            uow.slots.take(slot)
            if also is not None:
                also(uow)
            self._runtime.record(uow, begun)
            uow.commit()

    def _give_back(self, task: Task) -> None:
        """Frees the slot of a task that never began: no row will ever say that it is over."""
        try:
            free_slot(self._runtime, task, INTERRUPTED)
        except StoreError:
            self._unfreed.add(task.id)


def _held(slot: Slot, task: Task | None) -> Conflict:
    """What keeps others out, told as far as it is known."""
    return Conflict(
        ErrorCode.IMPORT_RUNNING,
        sentence(
            "{what} is running: {holder} started it at {time}{phase}",
            what=_what(task),
            holder=slot.holder,
            time=written(slot.since),
            phase=_phase(task) if task and task.total else "",
        ),
        subject=slot.task_id,
        hint=sentence(
            "wait until it has ended, or cancel it: `jobferry task cancel {task}`", task=slot.task_id
        ),
    )


def _what(task: Task | None) -> Sentence:
    if task is None:
        return sentence("an import into this workspace")
    if task.kind is TaskKind.UNDO:
        return sentence("the undo of the import of {package}", package=task.name)
    return sentence("the import of {package} into this workspace", package=task.name)


def _phase(task: Task) -> Sentence:
    return sentence(
        "; {phase} {done:,} of {total:,} so far", phase=task.phase, done=task.done, total=task.total
    )


def has_its_turn(runtime: Runtime, task: Task) -> bool:
    """Whether nobody has given up on a task: a start that did may have died before it said so."""
    with runtime.store.read() as snapshot:
        slot = snapshot.slots.of(task.workspace_id)
    return slot is not None and slot.task_id == task.id


def called_off(runtime: Runtime, log: TaskLog, task: Task) -> Ending | None:
    """The ending of a task that somebody has cancelled, whose lock is free from now on; None if nobody has.

    Whoever frees the lock, the task itself or who cancels it, notes that in the same transaction.
    """
    now = log.by_id(task.id)
    if now is None or not now.cancelled_by:
        return None
    with suppress(StoreError):  # the lock of a task that is over is free for whoever comes next
        if has_its_turn(runtime, task):
            _free_cancelled(runtime, now)
    return cancelled(now.cancelled_by)


def _free_cancelled(runtime: Runtime, task: Task) -> None:
    with runtime.store.write(only=task.workspace_id) as uow:
        if uow.slots.free(task.id):
            ended = cancelled(task.cancelled_by)
            note_ended(uow, task.id, ImportState.CANCELLED, message=ended.message)
            runtime.record(uow, _cancelling(runtime, uow, task))
            uow.commit()


def _cancelling(runtime: Runtime, uow: UnitOfWork, task: Task) -> AuditEvent:
    workspace = uow.workspaces.by_id(task.workspace_id)
    return AuditEvent(
        at=runtime.now(),
        actor=task.cancelled_by,
        action=CANCEL,
        workspace_id=task.workspace_id,
        workspace=workspace.name if workspace else "",
        kind=task.kind,
        subject=task.name,
        detail=task.id,
    )


def free_slot(runtime: Runtime, task: Task, message: str) -> None:
    """Releases what a task holds that has changed nothing, if it holds anything; its import is told why."""
    with runtime.store.write(only=task.workspace_id) as uow:
        uow.slots.free(task.id)
        note_ended(uow, task.id, ImportState.FAILED, message=message)
        uow.commit()
    _events.debug("slot-freed", task=task.id)


def _word(task: Task) -> str:
    return "undo" if task.kind is TaskKind.UNDO else "import"
