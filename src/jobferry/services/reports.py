"""What came of background work: receipts of imports, and tasks with their subtasks."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from jobferry.errors import ErrorCode, NotFound
from jobferry.model.messages import Language, told, wording
from jobferry.model.messages.held import told_waiting
from jobferry.model.people import Caller, Grant
from jobferry.model.report.receipt_file import HeldObject
from jobferry.model.review import Review
from jobferry.model.rights import Action
from jobferry.model.task import Subtask, Task, TaskStatus
from jobferry.model.transfer.finding import Finding
from jobferry.model.transfer.plan import ObjectOutcome
from jobferry.model.transfer.receipt import Receipt, ReceiptItem
from jobferry.sentences import Sentence, clauses, sentence
from jobferry.services.granting import grant_in
from jobferry.services.runtime import Runtime

if TYPE_CHECKING:
    from jobferry.store import Snapshot, TaskLog


class TaskReport(NamedTuple):
    """A task with what is known of each of its objects."""

    task: Task
    subtasks: list[Subtask]


class Reports:
    """Receipts and tasks, for reading: one's own, and with the right to it those of others.

    What one is not to see answers like what does not exist.
    """

    def __init__(self, runtime: Runtime, log: TaskLog) -> None:
        self._runtime = runtime
        self._log = log

    def receipts(
        self, grant: Grant, *, offset: int, limit: int, plan_digest: str | None = None
    ) -> tuple[int, list[Receipt]]:
        """How many of a workspace the caller can see, and one page of them, newest first; or of one plan.

        Raises:
            Forbidden: the caller may not see the workspace.
        """
        self._runtime.allow(grant, Action.WORKSPACE_VIEW, kind="receipt")
        by = None if grant.may(Action.RECORD_VIEW_ALL) else grant.caller.name
        with self._runtime.store.read() as snapshot:
            return snapshot.receipts.page(
                grant.workspace.id, imported_by=by, plan_digest=plan_digest, offset=offset, limit=limit
            )

    def receipt(self, caller: Caller, receipt_id: str) -> tuple[Receipt, list[ReceiptItem]]:
        """A receipt with a line for each object.

        Raises:
            NotFound: there is no receipt of that id that the caller is to see.
        """
        with self._runtime.store.read() as snapshot:
            found = _seen_receipt(snapshot, caller, receipt_id)
            items = snapshot.receipts.items(receipt_id) if found else []
        if found is None:
            raise NotFound(
                ErrorCode.RECEIPT_MISSING,
                sentence("there is no receipt {receipt_id}", receipt_id=receipt_id),
                subject=receipt_id,
                hint="see `jobferry receipt list`",
            )
        return found, items

    def held_from_source(self, receipt: Receipt) -> list[HeldObject]:
        """What the workspace holds now of where the package of that receipt came from."""
        with self._runtime.store.read() as snapshot:
            found = snapshot.places.standing_from(
                receipt.workspace_id, receipt.source_platform, receipt.source_workspace
            )
            return [
                HeldObject(kind=origin.kind, uid=origin.source_uid, name=name, sha256=origin.entry_digest)
                for name, origin in found
            ]

    def review(self, receipt: Receipt) -> Review | None:
        """The review that an import asked for, as it stands now."""
        with self._runtime.store.read() as snapshot:
            return snapshot.reviews.of_import(receipt.id)

    def has_receipt(self, caller: Caller, receipt_id: str) -> bool:
        """Whether there is one for the caller to see, without reading it whole."""
        with self._runtime.store.read() as snapshot:
            return _seen_receipt(snapshot, caller, receipt_id) is not None

    def task(self, caller: Caller, task_id: str) -> Task:
        """Raises: NotFound: there is no task of that id that the caller is to see."""
        found = self._log.by_id(task_id)
        if found is not None:
            with self._runtime.store.read() as snapshot:
                seen = _may_see(snapshot, caller, found.workspace_id, found.created_by)
        if found is None or not seen:
            raise NotFound(
                ErrorCode.TASK_MISSING,
                sentence("Task[{task_id}] does not exist", task_id=task_id),
                subject=task_id,
            )
        return found

    def task_report(self, caller: Caller, task_id: str, language: Language) -> TaskReport:
        """A task with one subtask per object: from the receipt once there is one.

        Raises:
            NotFound: there is no task of that id that the caller is to see.
        """
        task = self.task(caller, task_id)
        with self._runtime.store.read() as snapshot:
            receipt = snapshot.receipts.by_id(task_id)
            items = snapshot.receipts.items(task_id) if receipt else []
        if receipt is not None and task.status is not TaskStatus.RUNNING:
            at = receipt.imported_at
            return TaskReport(task, [_subtask(item, at, language) for item in items])
        running = [
            Subtask(name=subject, status=task.status, updated_at=task.updated_at) for subject in task.subjects
        ]
        return TaskReport(task, running)


def _seen_receipt(snapshot: Snapshot, caller: Caller, receipt_id: str) -> Receipt | None:
    found = snapshot.receipts.by_id(receipt_id)
    if found is None or not _may_see(snapshot, caller, found.workspace_id, found.imported_by):
        return None
    return found


def _may_see(snapshot: Snapshot, caller: Caller, workspace_id: str, made_by: str) -> bool:
    workspace = snapshot.workspaces.by_id(workspace_id)
    grant = grant_in(snapshot, workspace, caller) if workspace else None
    return grant is not None and (made_by == caller.name or grant.may(Action.RECORD_VIEW_ALL))


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
        return told(clauses(_reason(finding) for finding in item.reasons), language)
    if item.missing:
        return told_waiting(item.missing, language)
    return told(sentence("{outcome}", outcome=item.outcome), language)


def _reason(finding: Finding) -> Sentence:
    said = wording(finding.code, finding.args)
    reason = sentence("{message} ({hint})", message=said.message, hint=said.remedy)
    return sentence("{path} {message}", path=finding.path, message=reason) if finding.path else reason
