"""Exports in the background: begun by a use case, carried out from the start or again after a crash."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress

import msgspec

from jobferry.errors import ErrorCode, Forbidden, InvalidRequest, JobferryError, StoreError
from jobferry.events import Events
from jobferry.files.paths import object_below, parse_object_path
from jobferry.files.ports import PackageShelf
from jobferry.model.audit import AuditEvent, AuditOutcome
from jobferry.model.grant import Grant
from jobferry.model.package import Layout
from jobferry.model.records import Workspace
from jobferry.model.report.receipt_file import ReceiptFile, kept_receipt
from jobferry.model.rights import Action
from jobferry.model.settings import read_settings
from jobferry.model.task import Ending, Task, TaskKind, TaskStatus
from jobferry.model.transfer.download import Download, DownloadKind
from jobferry.services.exporting.changed import refuse_other_receipt, refuse_unrecorded
from jobferry.services.exporting.exports import about_export, new_record, told_of
from jobferry.services.exporting.filing import Filing
from jobferry.services.exporting.packing import Packed, pack
from jobferry.services.exporting.records import INTERRUPTED, Records
from jobferry.services.exporting.request import ExportOrder, ExportRequest, read_order
from jobferry.services.exporting.selection import selected
from jobferry.services.granting import renewed
from jobferry.services.ground import Ground
from jobferry.store.ports import TaskLog

_events = Events("exports")

DEFAULT_PLACE = "default"
"""Stands for the workspace's own default path in object storage."""
_ANY_SIZE = 1 << 62
_EXPORT = "export"


class Producing:
    """Makes packages in the background, each with a record that has its task's id."""

    def __init__(
        self,
        ground: Ground,
        log: TaskLog,
        shelf: PackageShelf,
        filing: Filing,
        records: Records,
        launch: Callable[[Task], None],
    ) -> None:
        """``launch`` starts a task whose row is written."""
        self._ground = ground
        self._log = log
        self._shelf = shelf
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
        request = request.ending(self._ground.now())
        kind, subject = about_export(grant, request)
        self._ground.allow(grant, Action.EXPORT, kind=kind, subject=subject)
        record = new_record(self._ground, grant, request.checked(), _file_name(grant.workspace, self._ground))
        self._check_changes(grant, request, receipt)
        if into:
            place = object_below(_folder(grant.workspace, into), record.file_name)
            self._filing.storage_out()
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
            with self._ground.store.read() as snapshot:
                platform = snapshot.platform()
            refuse_other_receipt(receipt, platform.id if platform else "", grant.workspace)

    def _kept_receipt(self, grant: Grant, receipt: ReceiptFile | None) -> str:
        """Keeps it beside the packages until its export has ended; one that is forgotten there is swept."""
        if receipt is None:
            return ""
        chunks, owner = iter([receipt.encoded]), grant.caller.user_id
        return self._shelf.receive(f"receipt {receipt.id}", chunks, owner=owner, limit=_ANY_SIZE).id

    def begin_as(self, grant: Grant, request: ExportRequest, kind: DownloadKind, layout: Layout) -> Task:
        """Begins an export of another kind, in another layout, whose package is kept for download.

        Raises:
            Forbidden: the caller may not export from here.
        """
        about, subject = about_export(grant, request)
        self._ground.allow(grant, Action.EXPORT, kind=about, subject=subject)
        name = f"{grant.workspace.name}_{kind}_{self._ground.now()}.zip"
        record = new_record(self._ground, grant, request.checked(), name, kind)
        order = ExportOrder(request=request, layout=layout, into="", caller=grant.caller)
        return self._begun(grant, record, order)

    def _begun(self, grant: Grant, record: Download, order: ExportOrder) -> Task:
        """Writes record and task, and starts it."""
        event = self._ground.event(grant, "export-begin", kind="package", subject=record.file_name)
        task = Task(
            id=record.id,
            kind=TaskKind.EXPORT,
            workspace_id=record.workspace_id,
            name=record.file_name,
            created_by=record.operator,
            started_at=record.started_at,
            updated_at=record.started_at,
            request=order.encoded,
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
            self._shelf.discard(order.receipt)
        return made

    def report(self, task: Task) -> Ending:
        """How an export that was cut off ended, without carrying it on."""
        record = self._record(task)
        if record is not None and record.status is TaskStatus.RUNNING:
            self._records.fail(record, INTERRUPTED)
            return Ending(succeeded=False, message=INTERRUPTED)
        return _ended(record)

    def _make(self, task: Task, record: Download, order: ExportOrder) -> Ending:
        grant = self._grant(task, order)
        selection = selected(self._ground.store, grant, order.request, receipt=self._receipt(order))
        selection = self._filing.filed(selection)
        total = len(selection.picked)

        def note(done: int) -> None:
            self._log.progress(task.id, done=min(done, total), total=total, at=self._ground.now())

        note(0)
        packed = pack(
            self._ground.store, grant.workspace, selection, order.layout, with_manifest=True, note=note
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
        event = self._ground.event(grant, _EXPORT, kind=kind, subject=subject, detail=detail)
        if not self._records.finish(made, event, point=selection.point):
            self._shelf.discard(made.file)
            return _ended(None)
        return _ended(made)

    def _receipt(self, order: ExportOrder) -> ReceiptFile | None:
        if not order.receipt:
            return None
        with self._shelf.open(order.receipt) as file:
            return kept_receipt(file.read())

    def _written(self, record: Download, order: ExportOrder, packed: Packed) -> Download:
        if order.into:
            size = self._filing.storage_out().store(parse_object_path(order.into), packed.chunks)
            return msgspec.structs.replace(record, size=size)
        name, owner = record.file_name, order.caller.user_id
        kept = self._shelf.receive(name, packed.chunks, owner=owner, limit=_ANY_SIZE)
        _events.debug("export-file-kept", task=record.id, file=kept.id)
        return msgspec.structs.replace(record, size=kept.size, file=kept.id)

    def _grant(self, task: Task, order: ExportOrder) -> Grant:
        """What the caller may do now, who may have lost the right since the export was begun."""
        with self._ground.store.read() as snapshot:
            grant = renewed(snapshot, task.workspace_id, order.caller)
        if grant is None or not grant.may(Action.EXPORT):
            raise Forbidden(
                ErrorCode.NOT_ALLOWED,
                f"{order.caller.name} may not export from this workspace any more",
                subject=task.name,
                hint="somebody who may has to export",
            )
        return grant

    def _record(self, task: Task) -> Download | None:
        with self._ground.store.read() as snapshot:
            return snapshot.downloads.by_id(task.id)

    def _failure(self, task: Task, order: ExportOrder, error: JobferryError) -> AuditEvent:
        outcome = AuditOutcome.REFUSED if isinstance(error, Forbidden) else AuditOutcome.FAILED
        with self._ground.store.read() as snapshot:
            found = snapshot.workspaces.by_id(task.workspace_id)
        workspace = found or Workspace(id=task.workspace_id, name="")
        grant = Grant(caller=order.caller, workspace=workspace, roles=frozenset())
        return self._ground.event(
            grant, _EXPORT, kind="package", subject=task.name, outcome=outcome, detail=error.code
        )


def _file_name(workspace: Workspace, ground: Ground) -> str:
    """Two packages of a workspace have two names."""
    return f"{workspace.name}_{ground.now()}.zip"


def _folder(workspace: Workspace, into: str) -> str:
    if into != DEFAULT_PLACE:
        return into
    found = read_settings(workspace.settings).default_object_path
    if not found:
        raise InvalidRequest(
            ErrorCode.MISSING_VALUE,
            f"the workspace {workspace.name} has no default path in object storage",
            subject="default_object_path",
            hint="name one such as obs://bucket/exports, or have default_object_path set",
        )
    return found


def _ended(record: Download | None) -> Ending:
    if record is None:
        return Ending(succeeded=False, message="deleted from the download center before it was whole")
    if record.status is TaskStatus.FAILED:
        return Ending(succeeded=False, message=record.reason)
    return Ending(succeeded=True, message=f"{record.objects} objects, {record.size} bytes")
