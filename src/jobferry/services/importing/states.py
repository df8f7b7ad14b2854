"""The states of imports, as far as tasks move them; written in the transaction of what they tell of."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jobferry.errors import JobferryError
from jobferry.model.transfer.checked_import import UNDER_WAY, ImportRecord, ImportState
from jobferry.sentences import sentence

if TYPE_CHECKING:
    from jobferry.store import UnitOfWork

INTERRUPTED = sentence("interrupted before it was applied; nothing was changed")


def note_applied(uow: UnitOfWork, task_id: str) -> None:
    """The import that a task applies, if it is one and no undo, has been applied; its package goes."""
    record = uow.imports.by_task(task_id)
    if record is not None:
        uow.imports.replace(record.moved(ImportState.APPLIED), was=record)
        uow.imports.release_others(record)


def note_ended(uow: UnitOfWork, task_id: str, state: ImportState, **why: str) -> ImportRecord | None:
    """The import that a task was at work on has ended without anything being changed; as it is now.

    One that was checked before waits again. None if the task was at work on none.
    """
    record = uow.imports.by_task(task_id)
    if record is None or record.state not in UNDER_WAY:
        return None
    now = record.ended(state, **why)
    return now if uow.imports.replace(now, was=record) else None


def why(error: JobferryError) -> dict[str, str]:
    """An error as a record keeps it."""
    return {"message": error.message, "code": error.code.value, "hint": error.hint}
