"""What came of background work: receipts of imports, and tasks with their subtasks."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

import msgspec

from jobferry.errors import ErrorCode, NotFound
from jobferry.model.messages import Language, told, wording
from jobferry.model.messages.held import told_waiting
from jobferry.model.people import Caller, Grant
from jobferry.model.report.receipt_file import HeldObject
from jobferry.model.review import Review
from jobferry.model.rights import Action
from jobferry.model.task import Subtask, Task, TaskStatus
from jobferry.model.transfer.finding_group import FindingGroup, FoundGroups, Place, Reason
from jobferry.model.transfer.plan import ObjectOutcome
from jobferry.model.transfer.plan_pages import (
    FindingFilter,
    PlaceFilter,
    Span,
    findings_page,
    place_fits,
    referred,
)
from jobferry.model.transfer.receipt import LineFilter, Receipt, ReceiptFilter, ReceiptItem
from jobferry.sentences import Sentence, clauses, sentence
from jobferry.services.granting import grant_in
from jobferry.services.runtime import Runtime

if TYPE_CHECKING:
    from jobferry.store import Snapshot, TaskLog


class TaskReport(NamedTuple):
    """A task with what is known of each of its objects."""

    task: Task
    subtasks: list[Subtask]


class WholeReceipt(NamedTuple):
    """A receipt with all its lines, and what was found, in order of number."""

    receipt: Receipt
    items: list[ReceiptItem]
    found: list[FindingGroup]


class Reports:
    """Receipts and tasks, for reading: one's own, and with the right to it those of others.

    What one is not to see answers like what does not exist.
    """

    def __init__(self, runtime: Runtime, log: TaskLog) -> None:
        self._runtime = runtime
        self._log = log

    def receipts(
        self, grant: Grant, wanted: ReceiptFilter, *, offset: int, limit: int
    ) -> tuple[int, list[Receipt]]:
        """How many of a workspace fit and the caller can see, and one page of them, newest first.

        Raises:
            Forbidden: the caller may not see the workspace.
        """
        self._runtime.allow(grant, Action.WORKSPACE_VIEW, kind="receipt")
        if not grant.may(Action.RECORD_VIEW_ALL):
            if wanted.imported_by not in (None, grant.caller.name):
                return 0, []
            wanted = msgspec.structs.replace(wanted, imported_by=grant.caller.name)
        with self._runtime.store.read() as snapshot:
            return snapshot.receipts.page(grant.workspace.id, wanted, offset=offset, limit=limit)

    def receipt(self, caller: Caller, receipt_id: str) -> Receipt:
        """A receipt without its lines.

        Raises:
            NotFound: there is no receipt of that id that the caller is to see.
        """
        with self._runtime.store.read() as snapshot:
            return _receipt(snapshot, caller, receipt_id)

    def profile(self, caller: Caller, receipt_id: str) -> str:
        """The profile of the workspace that a receipt is of; empty where that has none, or is gone.

        Raises:
            NotFound: there is no receipt of that id that the caller is to see.
        """
        with self._runtime.store.read() as snapshot:
            workspace = snapshot.workspaces.by_id(_receipt(snapshot, caller, receipt_id).workspace_id)
        return workspace.settings.get("profile", "") if workspace else ""

    def whole(self, caller: Caller, receipt_id: str) -> WholeReceipt:
        """A receipt with a line for each object, and all that was found.

        Raises:
            NotFound: there is no receipt of that id that the caller is to see.
        """
        with self._runtime.store.read() as snapshot:
            receipt = _receipt(snapshot, caller, receipt_id)
            found = snapshot.receipts.findings(receipt_id)
            return WholeReceipt(receipt, snapshot.receipts.items(receipt_id), found)

    def lines(
        self, caller: Caller, receipt_id: str, wanted: LineFilter, span: Span
    ) -> tuple[int, list[ReceiptItem], list[FindingGroup]]:
        """How many lines of a receipt fit, one page of them, and the findings that these refer to.

        Raises:
            NotFound: there is no receipt of that id that the caller is to see.
        """
        with self._runtime.store.read() as snapshot:
            _receipt(snapshot, caller, receipt_id)
            total, items = snapshot.receipts.lines(receipt_id, wanted, offset=span.offset, limit=span.limit)
            needs_findings = any(item.reasons for item in items)
            found = snapshot.receipts.findings(receipt_id) if needs_findings else []
        return total, items, referred(found, items)

    def findings(
        self, caller: Caller, receipt_id: str, wanted: FindingFilter, span: Span
    ) -> tuple[int, list[FindingGroup]]:
        """How many findings of a receipt fit, and one page of them.

        Raises:
            NotFound: there is no receipt of that id that the caller is to see.
        """
        with self._runtime.store.read() as snapshot:
            _receipt(snapshot, caller, receipt_id)
            found = snapshot.receipts.findings(receipt_id)
            return findings_page(found, lambda: snapshot.receipts.places(receipt_id), wanted, span)

    def objects(
        self, caller: Caller, receipt_id: str, number: int, wanted: PlaceFilter, span: Span
    ) -> tuple[int, list[Place]]:
        """How many places of a finding fit, and one page of them; none where there is no such finding.

        Raises:
            NotFound: there is no receipt of that id that the caller is to see.
        """
        with self._runtime.store.read() as snapshot:
            _receipt(snapshot, caller, receipt_id)
            places = snapshot.receipts.places_of(receipt_id, number)
        return span.of([place for place in places if place_fits(place, wanted)])

    def detected(self, caller: Caller, receipt_id: str) -> FoundGroups:
        """What was found of an import, with all objects that it was about.

        Raises:
            NotFound: there is no receipt of that id that the caller is to see.
        """
        with self._runtime.store.read() as snapshot:
            _receipt(snapshot, caller, receipt_id)
            return FoundGroups(
                tuple(snapshot.receipts.findings(receipt_id)), tuple(snapshot.receipts.places(receipt_id))
            )

    def held_from_source(self, caller: Caller, receipt: Receipt) -> list[HeldObject]:
        """What the workspace holds now of where the package of that receipt came from, as far as directory
        policies let the caller see it."""
        with self._runtime.store.read() as snapshot:
            found = list(
                snapshot.places.standing_from(
                    receipt.workspace_id, receipt.source_platform, receipt.source_workspace
                )
            )
            workspace = snapshot.workspaces.by_id(receipt.workspace_id)
            grant = grant_in(snapshot, workspace, caller) if workspace else None
            if grant is None or grant.directories is not None:
                there = snapshot.objects.by_ids(origin.object_id for _, origin in found)
                seen = {id_ for id_, stored in there.items() if grant and grant.reaches(stored)}
                found = [(name, origin) for name, origin in found if origin.object_id in seen]
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
            found = snapshot.receipts.findings(task_id) if receipt else []
        if receipt is not None and task.status is not TaskStatus.RUNNING:
            at = receipt.imported_at
            return TaskReport(task, [_subtask(item, found, at, language) for item in items])
        running = [
            Subtask(name=subject, status=task.status, updated_at=task.updated_at) for subject in task.subjects
        ]
        return TaskReport(task, running)


def _receipt(snapshot: Snapshot, caller: Caller, receipt_id: str) -> Receipt:
    """Raises: NotFound: there is no receipt of that id that the caller is to see."""
    found = _seen_receipt(snapshot, caller, receipt_id)
    if found is None:
        raise NotFound(
            ErrorCode.RECEIPT_MISSING,
            sentence("there is no receipt {receipt_id}", receipt_id=receipt_id),
            subject=receipt_id,
            hint="see `jobferry receipt list`",
        )
    return found


def _seen_receipt(snapshot: Snapshot, caller: Caller, receipt_id: str) -> Receipt | None:
    found = snapshot.receipts.by_id(receipt_id)
    if found is None or not _may_see(snapshot, caller, found.workspace_id, found.imported_by):
        return None
    return found


def _may_see(snapshot: Snapshot, caller: Caller, workspace_id: str, made_by: str) -> bool:
    workspace = snapshot.workspaces.by_id(workspace_id)
    grant = grant_in(snapshot, workspace, caller) if workspace else None
    return grant is not None and (made_by == caller.name or grant.may(Action.RECORD_VIEW_ALL))


def _subtask(item: ReceiptItem, found: Sequence[FindingGroup], at: int, language: Language) -> Subtask:
    failed = item.outcome is ObjectOutcome.BLOCKED
    return Subtask(
        name=f"{item.kind}:{item.name}",
        status=TaskStatus.FAILED if failed else TaskStatus.SUCCESSFUL,
        message=outcome_message(item, found, language),
        updated_at=at,
    )


def outcome_message(item: ReceiptItem, found: Sequence[FindingGroup], language: Language) -> str:
    """What came of one object, with the reasons where it stayed out, and what a held one waits for."""
    if item.missing:
        return told_waiting(item.missing, language)
    if item.reasons:
        reasons = (_reason(reason, found[reason.finding - 1]) for reason in item.reasons)
        return told(clauses(reasons), language)
    return told(sentence("{outcome}", outcome=item.outcome), language)


def _reason(reason: Reason, group: FindingGroup) -> Sentence:
    said = wording(group.code, group.args)
    whole = sentence("{message} ({hint})", message=said.message, hint=said.remedy)
    return sentence("{path} {message}", path=reason.path, message=whole) if reason.path else whole
