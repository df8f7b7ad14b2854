"""What came of background work: receipts of imports, and tasks with their subtasks."""

from __future__ import annotations

from typing import NamedTuple

from jobferry.errors import ErrorCode, NotFound
from jobferry.model.records import Workspace
from jobferry.model.task import Subtask, Task, TaskStatus
from jobferry.model.transfer.plan import ObjectOutcome
from jobferry.model.transfer.receipt import Receipt, ReceiptItem
from jobferry.model.words import Language, say
from jobferry.services.ground import Ground
from jobferry.store.ports import TaskLog


class TaskReport(NamedTuple):
    """A task with what is known of each of its objects."""

    task: Task
    subtasks: list[Subtask]


class Reports:
    """Receipts and tasks, for reading."""

    def __init__(self, ground: Ground, log: TaskLog) -> None:
        self._ground = ground
        self._log = log

    def receipts(self, workspace: Workspace, *, offset: int, limit: int) -> tuple[int, list[Receipt]]:
        """How many there are, and one page, newest first."""
        with self._ground.store.read() as snapshot:
            return snapshot.receipts.page(workspace.id, offset=offset, limit=limit)

    def receipt(self, receipt_id: str) -> tuple[Receipt, list[ReceiptItem]]:
        """Raises: NotFound: there is no receipt of that id."""
        with self._ground.store.read() as snapshot:
            found = snapshot.receipts.by_id(receipt_id)
            items = snapshot.receipts.items(receipt_id) if found else []
        if found is None:
            raise NotFound(
                ErrorCode.RECEIPT_MISSING,
                f"there is no receipt {receipt_id}",
                subject=receipt_id,
                hint="see jobferry receipts list",
            )
        return found, items

    def has_receipt(self, receipt_id: str) -> bool:
        """Whether there is one, without reading it whole."""
        with self._ground.store.read() as snapshot:
            return snapshot.receipts.by_id(receipt_id) is not None

    def task(self, task_id: str) -> Task:
        """Raises: NotFound: there is no task of that id."""
        found = self._log.by_id(task_id)
        if found is None:
            raise NotFound(ErrorCode.TASK_MISSING, f"Task[{task_id}] does not exist", subject=task_id)
        return found

    def task_report(self, task_id: str, language: Language) -> TaskReport:
        """A task with one subtask per object: from the receipt once there is one.

        Raises:
            NotFound: there is no task of that id.
        """
        task = self.task(task_id)
        with self._ground.store.read() as snapshot:
            receipt = snapshot.receipts.by_id(task_id)
            items = snapshot.receipts.items(task_id) if receipt else []
        if receipt is not None and task.status is not TaskStatus.RUNNING:
            at = receipt.imported_at
            return TaskReport(task, [_subtask(item, at, language) for item in items])
        running = [Subtask(name=one, status=task.status, updated_at=task.updated_at) for one in task.subjects]
        return TaskReport(task, running)


def _subtask(item: ReceiptItem, at: int, language: Language) -> Subtask:
    failed = item.outcome is ObjectOutcome.FAILED
    return Subtask(
        name=f"{item.kind}:{item.name}",
        status=TaskStatus.FAILED if failed else TaskStatus.SUCCESSFUL,
        message=outcome_message(item, language),
        updated_at=at,
    )


def outcome_message(item: ReceiptItem, language: Language) -> str:
    """What came of one object, with the reasons where it failed or is held."""
    if item.reasons:
        return "; ".join(_reason(item, index, language) for index in range(len(item.reasons)))
    if item.missing:
        return f"{item.outcome}: {', '.join(item.missing)}"
    return item.outcome.value


def _reason(item: ReceiptItem, index: int, language: Language) -> str:
    finding = item.reasons[index]
    said = say(finding, language)
    where = f"{finding.path} " if finding.path else ""
    return f"{where}{said.message} ({said.remedy})"
