"""Exports in the background: from a selection or a list of names, carried on after a crash."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from typing import TYPE_CHECKING, BinaryIO

import msgspec

from jobferry.errors import ErrorCode, Forbidden, InvalidRequest, JobferryError, NotFound, StoreError
from jobferry.events import Events
from jobferry.files.paths import object_below, parse_object_path
from jobferry.files.ports import PackageStorage
from jobferry.model.audit import AuditEvent, AuditOutcome
from jobferry.model.kinds import ObjectKind
from jobferry.model.package import ExportState, Layout
from jobferry.model.people import Grant
from jobferry.model.platform_settings import PlatformValues
from jobferry.model.records import Workspace
from jobferry.model.report.receipt_file import ReceiptFile, kept_receipt
from jobferry.model.rights import Action
from jobferry.model.settings import read_settings
from jobferry.model.task import Ending, Task, TaskKind, TaskPhase, TaskStatus
from jobferry.model.transfer.download import Download, DownloadFilter, DownloadKind
from jobferry.model.transfer.export import ExportRequest, ExportScope
from jobferry.sentences import sentence
from jobferry.services.errors import refuse_crowded
from jobferry.services.exporting.changed import refuse_other_receipt, refuse_unrecorded
from jobferry.services.exporting.downloads import (
    INTERRUPTED,
    DownloadCenter,
    Listed,
    Records,
    allow_taking,
)
from jobferry.services.exporting.exports import about_export, new_record, told_of
from jobferry.services.exporting.packing import Filing, Packed, pack
from jobferry.services.exporting.request import ExportOrder, read_names, read_order, read_request
from jobferry.services.exporting.selection import selected
from jobferry.services.granting import renewed
from jobferry.services.progress import TaskCancelled, TaskProgress
from jobferry.services.runtime import Runtime

if TYPE_CHECKING:
    from jobferry.store import TaskLog

_events = Events("exports")

DEFAULT_PLACE = "default"
"""Stands for the workspace's own default path in object storage."""
_ANY_SIZE = 1 << 62
_EXPORT = "export"


class Producing:
    """Makes packages in the background, each with a record that has its task's id."""

    def __init__(
        self,
        runtime: Runtime,
        log: TaskLog,
        packages: PackageStorage,
        filing: Filing,
        records: Records,
        launch: Callable[[Task], None],
    ) -> None:
        """``launch`` starts a task whose row is written."""
        self._runtime = runtime
        self._log = log
        self._packages = packages
        self._filing = filing
        self._records = records
        self._launch = launch

    def begin(
        self, grant: Grant, request: ExportRequest, *, into: str = "", receipt: ReceiptFile | None = None
    ) -> Task:
        """Begins an export whose package is kept for download, or written ``into`` object storage.

        ``into`` is a folder such as ``obs://bucket/exports``, or ``default`` for the workspace's own. A
        workspace export since a ``receipt`` is given it.

        Raises:
            Forbidden: the caller may not export from here.
            InvalidRequest: nothing is chosen, or the folder is none, or there is no default, or the receipt
                is of another workspace.
            Conflict: object storage is not written to here (``object-storage-off``), or change management is
                off and it is a workspace export (``changes-off``).
        """
        request = request.ending(self._runtime.now())
        kind, subject = about_export(grant, request)
        self._runtime.allow(grant, Action.EXPORT, kind=kind, subject=subject)
        record = new_record(
            self._runtime, grant, request.checked(), _file_name(grant.workspace, self._runtime)
        )
        self._check_changes(grant, request, receipt)
        if into:
            allow_taking(self._runtime, grant, kind=kind, subject=subject)
            place = object_below(_folder(grant.workspace, into), record.file_name)
            self._filing.storage_out().writing(place)  # not entered: refuses what others own, writes nothing
            record = msgspec.structs.replace(record, place=str(place))
        order = ExportOrder(
            request=request,
            layout=Layout.FACTORY,
            into=record.place,
            caller=grant.caller,
            receipt=self._kept_receipt(grant, receipt),
        )
        return self._begun(grant, record, order)

    def _check_changes(self, grant: Grant, request: ExportRequest, receipt: ReceiptFile | None) -> None:
        """What can be said at once of a workspace export is not left to its task."""
        if request.extent is None:
            return
        refuse_unrecorded(grant.workspace)
        if receipt is not None:
            with self._runtime.store.read() as snapshot:
                platform = snapshot.platform()
            refuse_other_receipt(receipt, platform.id if platform else "", grant.workspace)

    def _kept_receipt(self, grant: Grant, receipt: ReceiptFile | None) -> str:
        """Keeps it beside the packages until its export has ended; one that is forgotten there is swept."""
        if receipt is None:
            return ""
        chunks, owner = iter([receipt.encoded]), grant.caller.user_id
        return self._packages.receive(f"receipt {receipt.id}", chunks, owner=owner, limit=_ANY_SIZE).id

    def begin_as(self, grant: Grant, request: ExportRequest, kind: DownloadKind, layout: Layout) -> Task:
        """Begins an export of another kind, in another layout, whose package is kept for download.

        Raises:
            Forbidden: the caller may not export from here.
        """
        about, subject = about_export(grant, request)
        self._runtime.allow(grant, Action.EXPORT, kind=about, subject=subject)
        name = f"{grant.workspace.name}_{kind}_{_stamp(self._runtime)}.zip"
        record = new_record(self._runtime, grant, request.checked(), name, kind)
        order = ExportOrder(request=request, layout=layout, into="", caller=grant.caller)
        return self._begun(grant, record, order)

    def _begun(self, grant: Grant, record: Download, order: ExportOrder) -> Task:
        """Writes record and task, and starts it."""
        if not record.place:
            hint = "delete downloads that you do not need: `jobferry download delete`"
            refuse_crowded(self._packages.of(grant.caller.user_id), grant.caller.name, hint)
        event = self._runtime.event(grant, "export-begin", kind="package", subject=record.file_name)
        task = Task(
            id=record.id,
            kind=TaskKind.EXPORT,
            workspace_id=record.workspace_id,
            name=record.file_name,
            created_by=record.operator,
            started_at=record.started_at,
            updated_at=record.started_at,
            request=order.encoded,
            phase=TaskPhase.SELECTED,
        )
        with self._records.beginning(record.id):
            self._records.begin(record, event)
            try:
                self._log.add(task)
                self._launch(task)
            except JobferryError as error:
                with suppress(JobferryError):
                    self._records.fail(record, error.message)
                raise
        return task

    def run(self, task: Task) -> Ending:
        """Makes the package, unless that was done already before a crash, or nobody wants it any more."""
        record = self._record(task)
        if record is None or record.status is not TaskStatus.RUNNING:
            return _ended(record)
        order = read_order(task)
        try:
            made = self._make(task, record, order)
        except TaskCancelled:
            made = self._called_off(task)
        except StoreError as error:
            with suppress(JobferryError):  # else it is settled when the store is there again
                self._records.fail(record, error.message)
            raise
        except JobferryError as error:
            self._records.fail(record, error.message, self._failure(task, order, error))
            raise
        except Exception:
            self._records.fail(
                record, "something unexpected happened; the task's message tells where to look"
            )
            raise
        if order.receipt:
            self._packages.discard(order.receipt)
        return made

    def report(self, task: Task) -> Ending:
        """How an export that was cut off ended, without carrying it on."""
        record = self._record(task)
        if task.cancelled_by:
            return self._called_off(task)
        if record is not None and record.status is TaskStatus.RUNNING:
            self._records.fail(record, INTERRUPTED)
            return Ending(succeeded=False, message=INTERRUPTED)
        return _ended(record)

    def _make(self, task: Task, record: Download, order: ExportOrder) -> Ending:
        grant = self._grant(task, order)
        progress = TaskProgress(self._log, task.id, self._runtime.now)
        selection = selected(self._runtime.store, grant, order.request, receipt=self._receipt(order))
        total = len(selection.picked)
        progress.note(TaskPhase.PACKED, 0, total)

        def note(done: int) -> None:
            progress(TaskPhase.PACKED, min(done, total), total)

        selection = self._filing.filed(selection, note)
        packed = pack(
            self._runtime.store, grant.workspace, selection, order.layout, with_manifest=True, note=note
        )
        made = self._written(record, order, packed)
        made = msgspec.structs.replace(
            made,
            status=TaskStatus.SUCCESSFUL,
            objects=total,
            digest=packed.digest,
            reason=told_of(selection),
        )
        kind, subject = about_export(grant, order.request)
        detail = f"{total} objects {packed.digest}"
        event = self._runtime.event(grant, _EXPORT, kind=kind, subject=subject, detail=detail)
        if not self._records.finish(made, event, point=selection.point):
            self._packages.discard(made.file)
            return _ended(self._record(task))
        return _ended(made)

    def _called_off(self, task: Task) -> Ending:
        """The ending of an export that was cancelled, whose record says so."""
        now = self._log.by_id(task.id)
        record = self._record(task)
        if now is not None and record is not None and now.cancelled_by:
            self._records.cancel(record, now.cancelled_by)
        return _ended(self._record(task))

    def _receipt(self, order: ExportOrder) -> ReceiptFile | None:
        if not order.receipt:
            return None
        with self._packages.open(order.receipt) as file:
            return kept_receipt(file.read())

    def _written(self, record: Download, order: ExportOrder, packed: Packed) -> Download:
        if order.into:
            size = self._filing.storage_out().store(parse_object_path(order.into), packed.chunks)
            return msgspec.structs.replace(record, size=size)
        name, owner = record.file_name, order.caller.user_id
        kept = self._packages.receive(name, packed.chunks, owner=owner, limit=_ANY_SIZE)
        _events.debug("export-file-kept", task=record.id, file=kept.id)
        return msgspec.structs.replace(record, size=kept.size, file=kept.id)

    def _grant(self, task: Task, order: ExportOrder) -> Grant:
        """What the caller may do now, who may have lost the right since the export was begun."""
        with self._runtime.store.read() as snapshot:
            grant = renewed(snapshot, task.workspace_id, order.caller)
        if grant is None or not grant.may(Action.EXPORT):
            raise Forbidden(
                ErrorCode.NOT_ALLOWED,
                sentence(
                    "the right of {name} to export from this workspace has ended", name=order.caller.name
                ),
                subject=task.name,
                hint="somebody who has the right must export",
            )
        return grant

    def _record(self, task: Task) -> Download | None:
        with self._runtime.store.read() as snapshot:
            return snapshot.downloads.by_id(task.id)

    def _failure(self, task: Task, order: ExportOrder, error: JobferryError) -> AuditEvent:
        outcome = AuditOutcome.REFUSED if isinstance(error, Forbidden) else AuditOutcome.FAILED
        with self._runtime.store.read() as snapshot:
            found = snapshot.workspaces.by_id(task.workspace_id)
        workspace = found or Workspace(id=task.workspace_id, name="")
        grant = Grant(caller=order.caller, workspace=workspace, roles=frozenset())
        return self._runtime.event(
            grant, _EXPORT, kind="package", subject=task.name, outcome=outcome, detail=error.code
        )


def _file_name(workspace: Workspace, runtime: Runtime) -> str:
    """Two packages of a workspace have two names."""
    return f"{workspace.name}_{_stamp(runtime)}.zip"


def _stamp(runtime: Runtime) -> str:
    """When (UTC), as people read it, to the millisecond."""
    seconds, rest = divmod(runtime.now(), 1000)
    return f"{datetime.fromtimestamp(seconds, UTC):%Y%m%d-%H%M%S}-{rest:03}"


def _folder(workspace: Workspace, into: str) -> str:
    if into != DEFAULT_PLACE:
        return into
    found = read_settings(workspace.settings).default_object_path
    if not found:
        raise InvalidRequest(
            ErrorCode.MISSING_VALUE,
            sentence("the workspace {name} has no default path in object storage", name=workspace.name),
            subject="default_object_path",
            hint="name one such as obs://bucket/exports, or have default_object_path set",
        )
    return found


def _ended(record: Download | None) -> Ending:
    if record is None:
        return Ending(succeeded=False, message="deleted from the download center before it was complete")
    if record.status is not TaskStatus.SUCCESSFUL:
        is_cancelled = record.status is TaskStatus.CANCELLED
        return Ending(succeeded=False, message=record.reason, is_cancelled=is_cancelled)
    message = sentence("{count:object}, {size:byte}", count=record.objects, size=record.size)
    return Ending(succeeded=True, message=message, phase=TaskPhase.PACKED)


class Generated(msgspec.Struct, frozen=True):
    """What came of a list of names. ``failed`` names those that are no live job; then there is no task."""

    matched: int
    failed: tuple[str, ...]
    task: Task | None


class TaskPackages(msgspec.Struct, frozen=True):
    """Where somebody stands with their task packages: the newest try, and the last that can be exported."""

    newest: Listed | None
    last: Listed | None
    names: tuple[str, ...]
    """What the newest was asked for, to go on from."""


class Batches:
    """Task packages of one user in one workspace: the last generated one is theirs to export."""

    def __init__(
        self,
        runtime: Runtime,
        producing: Producing,
        downloads: DownloadCenter,
        values: Callable[[], PlatformValues],
    ) -> None:
        self._runtime = runtime
        self._producing = producing
        self._downloads = downloads
        self._values = values

    def generate(self, grant: Grant, text: str, *, with_files: bool = True) -> Generated:
        """Matches all names with live jobs, and if none is unknown begins to generate their package.

        The jobs come with all that they use, resources ``with_files`` unless those are not wanted: EasyData's
        manual counts resources among what a batch task package exports.

        Raises:
            Forbidden: the caller may not, or batch exports are off on this platform.
            InvalidRequest: the list is too long, or names nothing.
        """
        self._allow(grant)
        names = read_names(text)
        with self._runtime.store.read() as snapshot:
            found = snapshot.objects.by_names(grant.workspace.id, ObjectKind.JOB, names)
        live = {stored.name for stored in found.values() if stored.live_version and grant.reaches(stored)}
        failed = tuple(name for name in names if name not in live)
        if failed:
            return Generated(len(names) - len(failed), failed, None)
        scope = ExportScope.FILES if with_files else ExportScope.CLOSURE
        request = ExportRequest(jobs=names, scope=scope, state=ExportState.SUBMITTED)
        task = self._producing.begin_as(grant, request, DownloadKind.TASK_PACKAGE, Layout.TASK)
        return Generated(len(names), (), task)

    def status(self, grant: Grant) -> TaskPackages:
        """What was generated last, and can be exported still.

        Raises:
            Forbidden: the caller may not, or batch exports are off on this platform.
        """
        self._allow(grant)
        newest = self._newest(grant)
        return TaskPackages(newest, self._last(grant), _names(newest.download) if newest else ())

    @contextmanager
    def open(self, grant: Grant) -> Iterator[tuple[Download, BinaryIO]]:
        """The last generated package as a file, whatever became of the names and jobs since.

        Raises:
            Forbidden: the caller may not, may not download, or batch exports are off on this platform.
            NotFound: none was generated, or its time is over (``download-missing``).
        """
        self._allow(grant)
        last = self._last(grant)
        if last is None:
            raise NotFound(
                ErrorCode.DOWNLOAD_MISSING,
                "no batch package has been generated yet",
                subject=grant.workspace.name,
                hint="generate one first: `jobferry batch-package create --names FILE`; it is kept for "
                "some days",
            )
        with self._downloads.open(grant, last.download.id) as opened:
            yield opened

    def _allow(self, grant: Grant) -> None:
        self._runtime.allow(grant, Action.BATCH_EXPORT, kind="package")
        if self._values().batch_exports:
            return
        action, refused = Action.BATCH_EXPORT.value, AuditOutcome.REFUSED
        event = self._runtime.event(grant, action, kind="package", outcome=refused, detail="batch_exports")
        self._runtime.note(event)
        raise Forbidden(
            ErrorCode.NOT_ALLOWED,
            "batch task packages are not exported on this platform",
            subject=grant.workspace.name,
            hint="operations can switch it on: `jobferry setting set --platform batch_exports=true`",
        )

    def _last(self, grant: Grant) -> Listed | None:
        """The last good one, if it is still kept."""
        found = self._newest(grant, TaskStatus.SUCCESSFUL)
        return found if found and found.available else None

    def _newest(self, grant: Grant, status: TaskStatus | None = None) -> Listed | None:
        """The caller's newest task package here, of those that went so."""
        wanted = DownloadFilter(
            workspace_id=grant.workspace.id,
            operator=grant.caller.name,
            kind=DownloadKind.TASK_PACKAGE,
            status=status,
        )
        _, found = self._downloads.page(grant, wanted, offset=0, limit=1)
        return found[0] if found else None


def _names(download: Download) -> tuple[str, ...]:
    return read_request(download.request).jobs
