"""The task of an import: one at a time in a workspace, carried out from the start or again after a crash."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from jobferry.errors import (
    Conflict,
    ErrorCode,
    Forbidden,
    InvalidRequest,
    JobferryError,
    NotFound,
    PackageRefused,
    StoreError,
)
from jobferry.events import Events
from jobferry.files.ports import ObjectStorage, PackageStorage
from jobferry.model.audit import AuditOutcome
from jobferry.model.people import Grant
from jobferry.model.records import Workspace
from jobferry.model.rights import Action
from jobferry.model.task import Ending, Task, TaskPhase
from jobferry.model.transfer.binding import ChangedPart, changed_parts, told
from jobferry.model.transfer.checked_import import ImportState
from jobferry.model.transfer.plan import ObjectOutcome
from jobferry.model.transfer.receipt import Receipt
from jobferry.package.reader import OpenPackage
from jobferry.plan.apply import receipt_items
from jobferry.sentences import clauses, sentence
from jobferry.services.editing.tags import stage_failed_tags
from jobferry.services.granting import renewed
from jobferry.services.importing.acts import allow_act
from jobferry.services.importing.apply import (
    deed_of,
    land,
    place_files,
    stage_texts,
    write_receipt,
)
from jobferry.services.importing.check_result import LastCheck, kept
from jobferry.services.importing.import_lock import called_off, free_slot, has_its_turn
from jobferry.services.importing.preconditions import TargetChanged
from jobferry.services.importing.preview import ImportPreview, preview, text_of
from jobferry.services.importing.read_package import ParsedPackageCache, opened_package
from jobferry.services.importing.request import ImportRequest, read_request
from jobferry.services.importing.states import INTERRUPTED, note_applied, note_ended, why
from jobferry.services.progress import TaskCancelled, TaskProgress
from jobferry.services.runtime import Runtime

if TYPE_CHECKING:
    from jobferry.store import TaskLog

_events = Events("imports")


_ATTEMPTS = 3
_FORGOTTEN_AT_ONCE = 200


class _Work(NamedTuple):
    """An import under way."""

    task: Task
    request: ImportRequest
    opened: OpenPackage
    progress: TaskProgress


class ImportTask:
    """What background tasks do that are imports; each acts for the user who began it."""

    def __init__(
        self,
        runtime: Runtime,
        log: TaskLog,
        uploads: PackageStorage,
        storage: Callable[[], ObjectStorage],
        last: LastCheck,
    ) -> None:
        """``storage`` takes the files of resources."""
        self._runtime = runtime
        self._log = log
        self._uploads = uploads
        self._storage = storage
        self._last = last

    def run(self, task: Task) -> Ending:
        """Carries an import out, from the start or again after a crash.

        The receipt is written in the same transaction as the objects, so a task that finds one is done. What
        the caller may do is looked at again: who was let out of the workspace meanwhile imports nothing. A
        task without its slot was given up before, and ends as interrupted.
        """
        request = read_request(task)
        done = self._receipt(task.id)
        _events.debug("import-begun", task=task.id, landed=done is not None)
        if done is None and not has_its_turn(self._runtime, task):
            return self._cut_off(task, request)
        if done is None:
            try:
                done = self._carry_out(task, request)
            except TaskCancelled:
                return self._cut_off(task, request)
            except (InvalidRequest, NotFound, Conflict, Forbidden, PackageRefused) as error:
                if not request.plan_digest:  # a checked import can be looked at again
                    self._let_go(task, request)
                return self._gave_up(task, request, error)
            except JobferryError as error:
                return self._gave_up(task, request, error)
        self._let_go(task, request)
        return ending(done)

    def report(self, task: Task) -> Ending:
        """How an import that was cut off ended, without carrying it on."""
        done = self._receipt(task.id)
        if done is None:
            return self._cut_off(task, read_request(task))
        self._let_go(task, read_request(task))
        return ending(done)

    def _cut_off(self, task: Task, request: ImportRequest) -> Ending:
        """The ending of an import that was cancelled or interrupted. A checked one waits again."""
        self._last.drop()
        ended = called_off(self._runtime, self._log, task)
        if ended is None:
            free_slot(self._runtime, task, INTERRUPTED)
            ended = Ending(succeeded=False, message=INTERRUPTED)
        if not request.plan_digest:
            self._let_go(task, request)
        return ended

    def _carry_out(self, task: Task, request: ImportRequest) -> Receipt:
        if task.cancelled_by:
            raise TaskCancelled(task.id)
        progress = TaskProgress(self._log, task.id, self._runtime.now)
        with opened_package(self._uploads, request.package_id, request.limits) as opened:
            work = _Work(task, request, opened, progress)
            for _ in range(_ATTEMPTS - 1):
                with suppress(TargetChanged):
                    return self._attempt(work)
                self._last.drop()
            return self._attempt(work)

    def _attempt(self, work: _Work) -> Receipt:
        """Raises: TargetChanged: what the plan counts on has changed before it landed."""
        task, request = work.task, work.request
        grant = self._grant(task, request)
        allow_act(self._runtime, grant, request.options.act, subject=request.package_name)
        shown = self._last.of(request.package_id, request.plan_digest, grant)
        seen = shown or self._planned(work, grant)
        steps = len(seen.plan.steps)
        _events.debug("import-planned", task=task.id, steps=steps, checked_here=shown is not None)
        receipt = self._blank_receipt(task, request, grant.workspace, seen)
        receipt = self._refuse(seen, receipt) if seen.plan.refused else self._land(work, seen, receipt)
        self._last.drop()
        pieces = seen.pieces()
        del shown, seen
        _let_go_of(pieces)
        return receipt

    def _planned(self, work: _Work, grant: Grant) -> ImportPreview:
        request = work.request
        remembered = ParsedPackageCache(self._uploads, request.package_id)
        seen = preview(work.opened, grant, request.options, self._runtime, remembered, work.progress)
        self._refuse_another_plan(request, seen)
        return seen

    def _refuse_another_plan(self, request: ImportRequest, seen: ImportPreview) -> None:
        """Who has seen a plan gets that one; what moved since is named."""
        if not request.plan_digest:
            return
        now = seen.binding
        if now.digest == request.plan_digest:
            return
        then = kept(self._uploads, request.package_id)
        if then is not None and then.binding.digest == request.plan_digest:
            raise plan_changed(changed_parts(then.binding, now))
        raise plan_changed([ChangedPart(sentence("something"))])

    def _grant(self, task: Task, request: ImportRequest) -> Grant:
        """What the caller may do now, who may have lost the right since the import was begun."""
        with self._runtime.store.read() as snapshot:
            workspace = snapshot.workspaces.by_id(task.workspace_id)
            grant = renewed(snapshot, task.workspace_id, request.caller)
        if workspace is None:
            raise NotFound(ErrorCode.WORKSPACE_MISSING, "the workspace of this import was deleted")
        if grant is None or not grant.may(Action.IMPORT):
            raise Forbidden(
                ErrorCode.NOT_ALLOWED,
                sentence(
                    "the right of {name} to import into the workspace {workspace_name} has ended",
                    name=request.caller.name,
                    workspace_name=workspace.name,
                ),
                subject=workspace.name,
                hint="somebody who has the right must import the package",
            )
        return grant

    def _land(self, work: _Work, seen: ImportPreview, receipt: Receipt) -> Receipt:
        items, progress = seen.context.items, work.progress
        subjects = [f"{item.kind}:{item.name}" for item in items]
        progress.note(TaskPhase.STAGED, 0, len(items), subjects=subjects)
        now, store, text_of_ = self._runtime.now, self._runtime.store, text_of(work.opened)
        stage_texts(seen.context, seen.plan, store, text_of_, at=now(), progress=progress)
        staged = partial(progress, TaskPhase.STAGED, len(items), len(items))
        place_files(seen.plan, work.opened, self._storage, staged)
        progress.note(TaskPhase.APPLIED, 0, len(seen.plan.steps))
        fact_rules = seen.context.target_state.settings.fact_rules
        tagged = stage_failed_tags(store, fact_rules, seen.plan, only=receipt.workspace_id, at=now())
        to_apply = deed_of(seen.context, seen.plan, seen.found, tagged)
        return land(to_apply, receipt, self._runtime, fence=work.request.fence, progress=progress)

    def _refuse(self, seen: ImportPreview, receipt: Receipt) -> Receipt:
        with self._runtime.store.write(only=receipt.workspace_id) as uow:
            items = list(receipt_items(seen.plan, seen.found))
            grant = seen.context.target_state.grant
            receipt = write_receipt(uow, receipt, items, seen.found, self._runtime, grant)
            uow.slots.free(receipt.id)
            note_applied(uow, receipt.id)
            uow.commit()
        _events.debug("import-refused", task=receipt.id)
        return receipt

    def _blank_receipt(
        self, task: Task, request: ImportRequest, workspace: Workspace, seen: ImportPreview
    ) -> Receipt:
        with self._runtime.store.read() as snapshot:
            platform = snapshot.platform()
        manifest = seen.contents.manifest
        return Receipt(
            id=task.id,
            workspace_id=workspace.id,
            workspace=workspace.name,
            platform_id=platform.id if platform else "",
            imported_by=request.caller.name,
            imported_at=self._runtime.now(),
            package_name=request.package_name,
            package_digest=seen.plan.package_digest,
            source_platform=seen.contents.source_platform,
            source_workspace=manifest.provenance.workspace if manifest else "",
            source_name=manifest.provenance.platform_name if manifest else "",
            plan_digest=request.plan_digest,
            act=request.options.act,
            comment=request.comment,
        )

    def _let_go(self, task: Task, request: ImportRequest) -> None:
        self._uploads.discard(request.package_id)
        _events.debug("import-package-discarded", task=task.id)

    def _gave_up(self, task: Task, request: ImportRequest, error: JobferryError) -> Ending:
        """The package stays among the uploads where a border of ours failed, so that a rerun finds it.

        A commit can succeed although we are told that it failed: the receipt knows.
        """
        done = self._receipt(task.id)
        if done is not None:
            return ending(done)
        if called_off(self._runtime, self._log, task) is not None:
            return self._cut_off(task, request)
        with suppress(StoreError):  # the slot of a task that is over is free for whoever comes next
            self._end_without_receipt(task, request, error)
        if error.code is ErrorCode.PACKAGE_MISSING:
            message = clauses([INTERRUPTED, "its package is gone: hand it in again"])
            return Ending(succeeded=False, message=message, code=error.code)
        return Ending(
            succeeded=False,
            message=sentence("{message}; nothing was changed", message=error.message),
            code=error.code,
        )

    def _receipt(self, task_id: str) -> Receipt | None:
        with self._runtime.store.read() as snapshot:
            return snapshot.receipts.by_id(task_id)

    def _end_without_receipt(self, task: Task, request: ImportRequest, error: JobferryError) -> None:
        outcome = AuditOutcome.REFUSED if isinstance(error, Forbidden) else AuditOutcome.FAILED
        with self._runtime.store.write(only=task.workspace_id) as uow:
            workspace = uow.workspaces.by_id(task.workspace_id) or Workspace(id=task.workspace_id, name="")
            grant = Grant(caller=request.caller, workspace=workspace, roles=frozenset())
            self._runtime.record(
                uow,
                self._runtime.event(
                    grant,
                    "import",
                    kind="package",
                    subject=request.package_name,
                    outcome=outcome,
                    detail=error.code,
                ),
            )
            uow.slots.free(task.id)
            note_ended(uow, task.id, ImportState.FAILED, **why(error))
            uow.commit()


def _let_go_of(pieces: list[object]) -> None:
    """Forgets many things, with pauses in which other threads get on: all at once they would wait for it."""
    while pieces:
        del pieces[-_FORGOTTEN_AT_ONCE:]


def plan_changed(changes: Iterable[ChangedPart]) -> Conflict:
    """The error for a plan that is not the one that was shown; it names what moved."""
    listed = list(changes)
    names = [name for change in listed for name in change.names]
    return Conflict(
        ErrorCode.TARGET_CHANGED,
        sentence("changed since the plan was made: {listed}", listed=told(listed)),
        subject=names[0] if names else "",
        hint="check and plan again",
    )


def ending(receipt: Receipt) -> Ending:
    """A receipt as a task's last word: failed when any object failed, with the counts."""
    failed = ObjectOutcome.BLOCKED in receipt.counts
    message = receipt.told or "the package was empty"
    return Ending(succeeded=not failed, message=message, phase=TaskPhase.APPLIED)
