"""The task of a check: reads the package, looks at the target, keeps what was found beside the package.

Checks take no import lock, and several may run; what they find holds for the state that they saw.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import msgspec

from jobferry.errors import (
    Conflict,
    ErrorCode,
    Forbidden,
    InvalidRequest,
    JobferryError,
    NotFound,
    PackageRefused,
)
from jobferry.events import Events
from jobferry.files.ports import PackageStorage, ReceivedPackage
from jobferry.model.audit import AuditOutcome
from jobferry.model.people import Caller, Grant
from jobferry.model.records import Workspace
from jobferry.model.rights import Action
from jobferry.model.task import Ending, Task, TaskKind, TaskPhase, cancelled
from jobferry.model.transfer.checked_import import ImportRecord, ImportState
from jobferry.model.transfer.policy import ImportOptions
from jobferry.sentences import sentence
from jobferry.services.granting import renewed
from jobferry.services.importing.acts import allow_act
from jobferry.services.importing.check_result import CheckResult, LastCheck, check_result_of, keep
from jobferry.services.importing.preview import ImportPreview, NextRuns, names_of, needs_met, preview
from jobferry.services.importing.read_package import ParsedPackageCache
from jobferry.services.importing.receive import Imports, asked_options, with_offer
from jobferry.services.importing.states import note_ended, why
from jobferry.services.progress import TaskCancelled, TaskProgress
from jobferry.services.runtime import Runtime

if TYPE_CHECKING:
    from jobferry.store import TaskLog

_events = Events("imports")

CHECK = "import-check"
"""What the audit calls a check."""
_INTERRUPTED = sentence("interrupted before the check had ended; check again")
_REFUSALS = (InvalidRequest, NotFound, Conflict, Forbidden, PackageRefused)


class CheckRequest(msgspec.Struct, frozen=True, kw_only=True):
    """Enough to do a check again from the start: which import, by what options, for whom."""

    import_id: str
    options: ImportOptions
    caller: Caller


_decoder = msgspec.msgpack.Decoder(CheckRequest)


class CheckTask:
    """Checks packages in the background; each check acts for the user who began it."""

    def __init__(
        self, runtime: Runtime, log: TaskLog, uploads: PackageStorage, imports: Imports, last: LastCheck
    ) -> None:
        self._runtime = runtime
        self._log = log
        self._uploads = uploads
        self._imports = imports
        self._last = last

    def run(self, task: Task) -> Ending:
        """Checks, from the start or again after a crash. A check that was cancelled, or whose import was
        discarded meanwhile, leaves the import as it is."""
        request = _decoder.decode(task.request)
        record = self._record(request)
        if record is None or (record.task_id, record.state) != (task.id, ImportState.CHECKING):
            return self._cut_off(task)
        try:
            if task.cancelled_by:
                raise TaskCancelled(task.id)
            return self._check(task, request, record)
        except TaskCancelled:
            return self._cut_off(task)
        except _REFUSALS as error:
            return self._refused(task, request, record, error, ImportState.REFUSED)
        except JobferryError as error:
            return self._refused(task, request, record, error, ImportState.FAILED)

    def report(self, task: Task) -> Ending:
        """How a check that was cut off ended, without carrying it on."""
        return self._cut_off(task)

    def _check(self, task: Task, request: CheckRequest, record: ImportRecord) -> Ending:
        grant = self._grant(task, request)
        package = ReceivedPackage(record.package_id, record.package_name, 0, grant.caller.user_id)
        progress = TaskProgress(self._log, task.id, self._runtime.now)
        seen = self._looked(grant, package, request.options, progress)
        found = self._found(grant, package.id, seen, progress)
        digest, options, objects = seen.contents.digest, seen.context.options, len(seen.context.items)
        del seen  # most of what a check holds; what is kept is sealed without it
        keep(self._uploads, package.id, found)
        now = record.moved(
            ImportState.CHECKED,
            checked_at=self._runtime.now(),
            package_digest=digest,
            options=options,
            plan_digest=found.digest,
        )
        detail = f"{record.id} {now.options.act}"
        checked = self._runtime.event(
            grant, CHECK, kind="package", subject=record.package_name, detail=detail
        )
        with self._runtime.store.write(only=record.workspace_id) as uow:
            if not uow.imports.replace(now, was=record):
                raise TaskCancelled(task.id)
            self._runtime.record(uow, checked)
            uow.commit()
        _events.debug("import-checked", record=record.id, package=package.id)
        message = sentence("{count:object} checked", count=objects)
        return Ending(succeeded=True, message=message, phase=TaskPhase.PLANNED)

    def _looked(
        self, grant: Grant, package: ReceivedPackage, options: ImportOptions, progress: TaskProgress
    ) -> ImportPreview:
        allow_act(self._runtime, grant, options.act, subject=package.name)
        remembered = ParsedPackageCache(self._uploads, package.id)
        with self._imports.opened(package, options.act) as opened:
            asked = asked_options(self._runtime, grant, opened, options, subject=package.name)
            seen = preview(opened, grant, asked.options, self._runtime, remembered, progress)
        if not self._last.keeps:
            remembered.keep()
        return with_offer(seen, asked)

    def _found(
        self, grant: Grant, package_id: str, seen: ImportPreview, progress: TaskProgress
    ) -> CheckResult:
        note = partial(progress, TaskPhase.PLANNED, 0, len(seen.context.items))
        needs = needs_met(seen.context, names_of(self._runtime, grant, seen.context), note)
        found = check_result_of(seen, needs, NextRuns(self._runtime).of(grant, seen), note)
        self._last.keep(package_id, found.digest, seen)
        return found

    def _grant(self, task: Task, request: CheckRequest) -> Grant:
        with self._runtime.store.read() as snapshot:
            grant = renewed(snapshot, task.workspace_id, request.caller)
        if grant is None or not grant.may(Action.IMPORT):
            raise Forbidden(
                ErrorCode.NOT_ALLOWED,
                sentence(
                    "the right of {user} to import into this workspace has ended", user=request.caller.name
                ),
                subject=task.name,
                hint="somebody who has the right must check the package",
            )
        return grant

    def _cut_off(self, task: Task) -> Ending:
        """The ending of a check that was cancelled, discarded with its import, or interrupted."""
        now = self._log.by_id(task.id)
        ended = Ending(succeeded=False, message=_INTERRUPTED)
        if now is not None and now.cancelled_by:
            ended = cancelled(now.cancelled_by)
        state = ImportState.CANCELLED if ended.is_cancelled else ImportState.FAILED
        with self._runtime.store.write(only=task.workspace_id) as uow:
            record = note_ended(uow, task.id, state, message=ended.message)
            uow.commit()
        if record is not None and record.state is not ImportState.CHECKED:
            self._uploads.discard(record.package_id)
        return ended

    def _refused(
        self,
        task: Task,
        request: CheckRequest,
        record: ImportRecord,
        error: JobferryError,
        state: ImportState,
    ) -> Ending:
        """Keeps why nothing came of the check: the import can be given other options then."""
        outcome = AuditOutcome.REFUSED if isinstance(error, Forbidden) else AuditOutcome.FAILED
        with self._runtime.store.write(only=task.workspace_id) as uow:
            workspace = uow.workspaces.by_id(task.workspace_id) or Workspace(id=task.workspace_id, name="")
            grant = Grant(caller=request.caller, workspace=workspace, roles=frozenset())
            uow.imports.replace(record.moved(state, **why(error)), was=record)
            event = self._runtime.event(
                grant, CHECK, kind="package", subject=task.name, outcome=outcome, detail=error.code
            )
            self._runtime.record(uow, event)
            uow.commit()
        return Ending(succeeded=False, message=error.with_hint, code=error.code)

    def _record(self, request: CheckRequest) -> ImportRecord | None:
        with self._runtime.store.read() as snapshot:
            return snapshot.imports.by_id(request.import_id)


def check_of(record: ImportRecord, caller: Caller, options: ImportOptions, at: int) -> Task:
    """The task that checks an import by these options."""
    request = CheckRequest(import_id=record.id, options=options, caller=caller)
    return Task(
        id=record.task_id,
        kind=TaskKind.CHECK,
        workspace_id=record.workspace_id,
        name=record.package_name,
        created_by=caller.name,
        started_at=at,
        updated_at=at,
        request=msgspec.msgpack.encode(request),
        is_private=options.sets_parameters,
    )
