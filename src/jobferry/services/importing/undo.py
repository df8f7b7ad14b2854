"""Takes imports back: looks first, then lands a plan of its own, as imports do.

Who may import takes back their own imports, owner and administrators all. An undo is a record with a receipt,
and can itself be taken back.
"""

from __future__ import annotations

from collections import Counter
from contextlib import suppress
from typing import TYPE_CHECKING, NamedTuple

import msgspec

from jobferry.errors import Conflict, ErrorCode, Forbidden, JobferryError, NotFound, StoreError
from jobferry.events import Events
from jobferry.model.audit import AuditOutcome
from jobferry.model.people import Caller, Grant
from jobferry.model.rights import Action
from jobferry.model.task import Ending, Task, TaskKind, TaskPhase
from jobferry.model.transfer.binding import binding_of
from jobferry.model.transfer.finding import Finding, Severity
from jobferry.model.transfer.finding_group import FoundGroups, grouped
from jobferry.model.transfer.plan import ObjectOutcome
from jobferry.model.transfer.plan_pages import PlanPages
from jobferry.model.transfer.plan_view import Verdict, lines_of
from jobferry.model.transfer.policy import ImportOptions, Policy
from jobferry.model.transfer.receipt import Receipt, ReceiptItem, ReceiptKind
from jobferry.plan.undo import Present, Reversal, reversal
from jobferry.sentences import Sentence, few, sentence
from jobferry.services.granting import grant_in, renewed
from jobferry.services.importing.apply import PlanToApply, land
from jobferry.services.importing.import_lock import ImportLock, called_off, free_slot, has_its_turn
from jobferry.services.importing.preconditions import (
    TargetChanged,
    follow_undo,
    present_of,
    refuse_other_returns,
)
from jobferry.services.importing.states import INTERRUPTED
from jobferry.services.last_shown import LastShown
from jobferry.services.progress import TaskCancelled, TaskProgress
from jobferry.services.reviewing.asking import recall
from jobferry.services.runtime import Runtime

if TYPE_CHECKING:
    from jobferry.store import Snapshot, TaskLog, UnitOfWork

_events = Events("imports")

_ATTEMPTS = 3
_OUTCOMES_WRITTEN = frozenset(
    {
        ObjectOutcome.CREATED,
        ObjectOutcome.OVERWRITTEN,
        ObjectOutcome.HELD,
        ObjectOutcome.RESTORED,
        ObjectOutcome.REMOVED,
        ObjectOutcome.DELETED,
    }
)


class UndoRequest(msgspec.Struct, frozen=True, kw_only=True):
    """Enough to do an undo again from the start."""

    receipt_id: str
    rest: bool
    caller: Caller
    fence: int
    plan_digest: str


class UndoProspect(NamedTuple):
    """What taking an import back would do, and what it was planned from.

    ``plan_digest`` is what the undo is bound to.
    """

    receipt: Receipt
    present: Present
    reversal: Reversal
    found: FoundGroups
    plan_digest: str


class UndoView(NamedTuple):
    """An undo's plan for whoever looks at it, in pages."""

    package_name: str
    plan_digest: str
    refused: bool
    counts: dict[Verdict, int]
    findings: dict[Severity, int]
    pages: PlanPages


def _view(seen: UndoProspect) -> UndoView:
    lines = list(lines_of(seen.reversal.plan, seen.found))
    counted = Counter(line.verdict for line in lines)
    return UndoView(
        package_name=seen.receipt.package_name,
        plan_digest=seen.plan_digest,
        refused=seen.reversal.plan.refused,
        counts={verdict: counted[verdict] for verdict in Verdict if counted[verdict]},
        findings=seen.found.counts,
        pages=PlanPages.of(lines, seen.found),
    )


_SHOWN_PLANS = 8
_decoder = msgspec.msgpack.Decoder(UndoRequest)


class Undoing:
    """Undoes of imports."""

    def __init__(self, runtime: Runtime, log: TaskLog, turns: ImportLock) -> None:
        self._runtime = runtime
        self._log = log
        self._turns = turns
        self._shown = LastShown[tuple[str, str, bool], UndoView](_SHOWN_PLANS)
        """By receipt, user and ``rest``."""

    def plan(self, caller: Caller, receipt_id: str, *, rest: bool, plan_digest: str = "") -> UndoView:
        """What an undo would do, and what stands in its way; nothing is written.

        A plan that was shown a moment ago is not made again if its digest is given.

        Raises:
            NotFound: there is no receipt of that id that the caller is to see.
            Forbidden: the caller may not import there.
            Conflict: it was taken back already (``already-undone``), or what it left is not known.
        """
        with self._runtime.store.read() as snapshot:
            grant, receipt = _seen(snapshot, caller, receipt_id)
        self._runtime.allow(grant, Action.IMPORT, kind="receipt", subject=receipt_id)
        key = (receipt_id, caller.name, rest)
        shown = self._shown.of(key)
        if plan_digest and shown is not None and shown.plan_digest == plan_digest:
            return shown
        view = _view(self._prospect(grant, receipt.id, rest=rest))
        self._shown.keep(key, view)
        return view

    def begin(self, caller: Caller, receipt_id: str, *, rest: bool, plan_digest: str = "") -> Task:
        """Takes an import back in the background, exactly as the plan says that holds now.

        Raises:
            NotFound, Forbidden, Conflict: as :meth:`plan`; besides, Conflict when something stands in the way
                and the ``rest`` is not asked for (``import-blocked``), when the plan is not the one with the
                digest (``target-changed``), or an import is running there (``import-running``).
        """
        with self._runtime.store.read() as snapshot:
            grant, receipt = _seen(snapshot, caller, receipt_id)
        self._runtime.allow(grant, Action.IMPORT, kind="receipt", subject=receipt_id)
        with self._runtime.attempt(grant, "undo-begin", kind="package", subject=receipt.package_name):
            seen = self._prospect(grant, receipt_id, rest=rest)
            _refuse_hindered(seen)
            if plan_digest and seen.plan_digest != plan_digest:
                raise _changed(seen)
            return self._begun(grant, seen, rest=rest)

    def run(self, task: Task) -> Ending:
        """Carries an undo out, from the start or again after a crash; its receipt tells if it was done."""
        done = self._receipt(task.id)
        _events.debug("undo-begun", task=task.id, landed=done is not None)
        if done is None and not has_its_turn(self._runtime, task):
            return self._cut_off(task)
        if done is None:
            try:
                done = self._carry_out(task, _decoder.decode(task.request))
            except TaskCancelled:
                return self._cut_off(task)
            except JobferryError as error:
                return self._gave_up(task, error)
        return _ending(done)

    def report(self, task: Task) -> Ending:
        """How an undo that was cut off ended, without carrying it on."""
        done = self._receipt(task.id)
        if done is not None:
            return _ending(done)
        return self._cut_off(task)

    def _cut_off(self, task: Task) -> Ending:
        """The ending of an undo that was cancelled or interrupted."""
        ended = called_off(self._runtime, self._log, task)
        if ended is not None:
            return ended
        free_slot(self._runtime, task, INTERRUPTED)
        return Ending(succeeded=False, message=INTERRUPTED)

    def _begun(self, grant: Grant, seen: UndoProspect, *, rest: bool) -> Task:
        now = self._runtime.now()
        request = UndoRequest(
            receipt_id=seen.receipt.id,
            rest=rest,
            caller=grant.caller,
            fence=now,
            plan_digest=seen.plan_digest,
        )
        task = Task(
            id=self._runtime.new_id(),
            kind=TaskKind.UNDO,
            workspace_id=grant.workspace.id,
            name=seen.receipt.package_name,
            created_by=grant.caller.name,
            started_at=now,
            updated_at=now,
            request=msgspec.msgpack.encode(request),
            phase=TaskPhase.PLANNED,
        )
        begun = self._runtime.event(grant, "undo-begin", kind="package", subject=task.name, detail=task.id)
        self._turns.begin(task, begun)
        return task

    def _carry_out(self, task: Task, request: UndoRequest) -> Receipt:
        if task.cancelled_by:
            raise TaskCancelled(task.id)
        progress = TaskProgress(self._log, task.id, self._runtime.now)
        for attempt in range(_ATTEMPTS):
            grant = self._grant(task, request.caller)
            seen = self._prospect(grant, request.receipt_id, rest=request.rest)
            _events.debug("undo-planned", task=task.id, attempt=attempt)
            _refuse_hindered(seen)
            if seen.plan_digest != request.plan_digest:
                raise _changed(seen)
            try:
                receipt, fence = self._blank(task, seen, grant), request.fence
                progress.note(TaskPhase.APPLIED, 0, len(seen.reversal.plan.steps))
                return land(_deed(seen, grant), receipt, self._runtime, fence=fence, progress=progress)
            except TargetChanged:
                if attempt == _ATTEMPTS - 1:
                    raise
        raise AssertionError("an attempt returns or raises")

    def _prospect(self, grant: Grant, receipt_id: str, *, rest: bool) -> UndoProspect:
        with self._runtime.store.read() as snapshot:
            receipt = snapshot.receipts.by_id(receipt_id)
            if receipt is None:
                raise _missing(receipt_id)
            items = snapshot.receipts.items(receipt_id)
            _refuse_impossible(receipt, items)
            present = present_of(snapshot, grant, items)
        made = reversal(receipt, items, present, grant, rest=rest)
        bound = binding_of(made.plan, made.subjects, grant, ImportOptions(), Policy())
        here: dict[tuple[str, str], str] = {
            stored.key: stored.directory for stored in made.subjects.values() if stored is not None
        }
        return UndoProspect(receipt, present, made, grouped(made.findings, here), bound.digest)

    def _grant(self, task: Task, caller: Caller) -> Grant:
        with self._runtime.store.read() as snapshot:
            grant = renewed(snapshot, task.workspace_id, caller)
        if grant is None or not grant.may(Action.IMPORT):
            raise Forbidden(
                ErrorCode.NOT_ALLOWED,
                sentence("the right of {name} to import into this workspace has ended", name=caller.name),
                hint="somebody who has the right must undo the import",
            )
        return grant

    def _blank(self, task: Task, seen: UndoProspect, grant: Grant) -> Receipt:
        return msgspec.structs.replace(
            seen.receipt,
            id=task.id,
            workspace=grant.workspace.name,
            imported_by=grant.caller.name,
            imported_at=self._runtime.now(),
            kind=ReceiptKind.UNDO,
            undoes=seen.receipt.id,
            undone_by="",
            plan_digest=seen.plan_digest,
            counts={},
            findings={},
        )

    def _gave_up(self, task: Task, error: JobferryError) -> Ending:
        done = self._receipt(task.id)
        if done is not None:  # a commit can succeed although we are told that it failed
            return _ending(done)
        if (ended := called_off(self._runtime, self._log, task)) is not None:
            return ended
        with suppress(StoreError):
            self._end_without_receipt(task, error)
        return Ending(
            succeeded=False,
            message=sentence("{message}; nothing was changed", message=error.message),
            code=error.code,
        )

    def _end_without_receipt(self, task: Task, error: JobferryError) -> None:
        caller = _decoder.decode(task.request).caller
        with self._runtime.store.write(only=task.workspace_id) as uow:
            workspace = uow.workspaces.by_id(task.workspace_id)
            if workspace is not None:
                outcome = AuditOutcome.REFUSED if isinstance(error, Forbidden) else AuditOutcome.FAILED
                grant = Grant(caller=caller, workspace=workspace, roles=frozenset())
                event = self._runtime.event(
                    grant,
                    "import-undo",
                    kind="package",
                    subject=task.name,
                    outcome=outcome,
                    detail=error.code,
                )
                self._runtime.record(uow, event)
            uow.slots.free(task.id)
            uow.commit()

    def _receipt(self, receipt_id: str) -> Receipt | None:
        with self._runtime.store.read() as snapshot:
            return snapshot.receipts.by_id(receipt_id)


def _deed(seen: UndoProspect, grant: Grant) -> PlanToApply:
    """An undo's plan as a deed."""

    def refuse(uow: UnitOfWork) -> None:
        refuse_other_returns(uow, grant, seen.present, seen.reversal)

    def beside(uow: UnitOfWork, runtime: Runtime, receipt: Receipt) -> None:
        recall(uow, runtime, grant, receipt.undoes)
        follow_undo(uow, runtime, grant, seen.present, seen.reversal)

    made = seen.reversal
    return PlanToApply(made.plan, seen.found, made.subjects, grant, refuse, beside)


def _seen(snapshot: Snapshot, caller: Caller, receipt_id: str) -> tuple[Grant, Receipt]:
    receipt = snapshot.receipts.by_id(receipt_id)
    workspace = snapshot.workspaces.by_id(receipt.workspace_id) if receipt else None
    grant = grant_in(snapshot, workspace, caller) if workspace else None
    if receipt is None or grant is None:
        raise _missing(receipt_id)
    if receipt.imported_by != caller.name and not grant.may(Action.RECORD_VIEW_ALL):
        raise _missing(receipt_id)
    return grant, receipt


def _missing(receipt_id: str) -> NotFound:
    return NotFound(
        ErrorCode.RECEIPT_MISSING,
        sentence("there is no receipt {receipt_id}", receipt_id=receipt_id),
        subject=receipt_id,
        hint="see `jobferry receipt list`",
    )


def _refuse_impossible(receipt: Receipt, items: list[ReceiptItem]) -> None:
    if receipt.undone_by:
        raise Conflict(
            ErrorCode.ALREADY_UNDONE,
            sentence(
                "the import of {package_name} was already undone by {undone_by}",
                package_name=receipt.package_name,
                undone_by=receipt.undone_by,
            ),
            subject=receipt.id,
            hint=sentence("to import it again: `jobferry undo {undone_by}`", undone_by=receipt.undone_by),
        )
    if any(item.outcome in _OUTCOMES_WRITTEN and not item.object_id for item in items):
        raise Conflict(
            ErrorCode.NOT_UNDOABLE,
            sentence(
                "the import of {package_name} was made by an older Jobferry, which recorded too little",
                package_name=receipt.package_name,
            ),
            subject=receipt.id,
            hint="import the former package again, or roll single jobs back",
        )


def _refuse_hindered(seen: UndoProspect) -> None:
    if not seen.reversal.plan.refused:
        return
    names = _named(seen.reversal.findings)
    raise Conflict(
        ErrorCode.IMPORT_BLOCKED,
        sentence("not undone, because of {names}", names=names),
        subject=seen.reversal.findings[0].name,
        hint="look at the plan of the undo; to undo the others: --rest (API: rest)",
    )


def _changed(seen: UndoProspect) -> Conflict:
    names = _named(seen.reversal.findings)
    return Conflict(
        ErrorCode.TARGET_CHANGED,
        sentence("changed since the undo was planned: {names}", names=names)
        if names
        else "changed since the undo was planned",
        subject=seen.receipt.id,
        hint="look at the plan of the undo again",
    )


def _named(findings: tuple[Finding, ...]) -> Sentence:
    return few([f"{finding.kind} {finding.name} ({finding.code})" for finding in findings])


def _ending(receipt: Receipt) -> Ending:
    failed = ObjectOutcome.BLOCKED in receipt.counts
    message = receipt.told or "there was nothing to undo"
    return Ending(succeeded=not failed, message=message, phase=TaskPhase.APPLIED)
