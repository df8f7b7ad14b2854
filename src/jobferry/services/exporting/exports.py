"""The export use cases that answer at once: packages as streams of bytes, in each layout."""

from __future__ import annotations

import msgspec

from jobferry.errors import ErrorCode, InvalidRequest, JobferryError
from jobferry.files.paths import object_below
from jobferry.model.audit import AuditEvent
from jobferry.model.kinds import ObjectKind
from jobferry.model.names import Limits
from jobferry.model.package import ExportState, Layout
from jobferry.model.people import Grant
from jobferry.model.report.receipt_file import ReceiptFile
from jobferry.model.rights import Action
from jobferry.model.transfer.download import Download, DownloadKind
from jobferry.model.transfer.export import ExportRequest, ExportScope
from jobferry.sentences import sentence
from jobferry.services.exporting.downloads import (
    UNEXPECTED,
    Records,
    SentChunks,
    allow_download,
    allow_taking,
)
from jobferry.services.exporting.export_preview import ExportPreview, preview_gone, preview_of
from jobferry.services.exporting.packing import Filing, Packed, pack
from jobferry.services.exporting.selection import Selection, selected
from jobferry.services.last_shown import LastShown
from jobferry.services.runtime import Runtime

_EXPORT = "export"
_STORE = "export-store"
_LONGEST_REASON = 2_000
_KEPT_PREVIEWS = 8


class PackageStream(msgspec.Struct, frozen=True, kw_only=True):
    """A package on its way out. ``digest`` is empty where no manifest travels.

    ``chunks`` can be read once; ``left_out`` names what has no submitted state. ``deletions`` counts what the
    package tells to be gone; ``note`` is what its reader should know.
    """

    filename: str
    chunks: SentChunks
    objects: int
    digest: str = ""
    left_out: tuple[str, ...] = ()
    deletions: int = 0
    note: str = ""


class Exports:
    """Exports from workspaces, each with a record in the download center."""

    def __init__(self, runtime: Runtime, filing: Filing, records: Records) -> None:
        self._runtime = runtime
        self._records = records
        self._filing = filing
        self._previews = LastShown[str, ExportPreview](_KEPT_PREVIEWS)

    def factory_job(
        self, grant: Grant, name: str, *, depend: bool, state: ExportState, download: bool = True
    ) -> PackageStream:
        """One job as the Factory API answers it: exactly the documented tree, no manifest.

        ``download`` is False for a package that goes into object storage.

        Raises:
            Forbidden: the caller may not export from here.
            NotFound: there is no such job.
            Conflict: the submitted state is asked for and there is none.
        """
        self._allow(grant, ObjectKind.JOB, name, download=download)
        request = _of_jobs([name], depend, state)
        return self._bare(grant, request, Layout.FACTORY, f"DLF_{name}.zip")

    def factory_batch(
        self, grant: Grant, names: list[str], *, depend: bool, state: ExportState, download: bool = True
    ) -> PackageStream:
        """Up to 100 jobs as the Factory API answers them: one folder a job, its scripts beside it.

        ``download`` is False for a package that goes into object storage.

        Raises:
            Forbidden: the caller may not export from here.
            InvalidRequest: no name, or more than 100.
            NotFound: a job does not exist.
            Conflict: the submitted state is asked for and there is none.
        """
        subject = ", ".join(names)
        self._allow(grant, ObjectKind.JOB, subject, download=download)
        limit = Limits().batch_export_names
        with self._runtime.attempt(grant, _EXPORT, kind=ObjectKind.JOB, subject=subject):
            if not 1 <= len(names) <= limit:
                raise InvalidRequest(
                    ErrorCode.INVALID_VALUE,
                    sentence(
                        "a batch export takes 1 to {limit} job names, not {count}",
                        limit=limit,
                        count=len(names),
                    ),
                    subject="jobList",
                    hint="export in several calls, or use `jobferry export`",
                )
        return self._bare(grant, _of_jobs(names, depend, state), Layout.FACTORY_BATCH, "jobs.zip")

    def package(
        self, grant: Grant, request: ExportRequest, receipt: ReceiptFile | None = None
    ) -> PackageStream:
        """What is asked for, with a manifest. A workspace export since a ``receipt`` is given it.

        Raises:
            Forbidden: the caller may not export from here.
            NotFound: a named job or script does not exist.
            Conflict: the submitted state of a named one is asked for and there is none; or a workspace export
                cannot tell what has changed, holds nothing, or too much.
            InvalidRequest: nothing is chosen, or what is chosen is nothing, or the receipt is of another
                workspace.
        """
        request = request.ending(self._runtime.now())
        about = about_export(grant, request)
        self._allow(grant, *about, download=True)
        filename = f"{grant.workspace.name}.zip"
        record = self._new_record(grant, request, filename)
        with self._records.audited_if_refused(record, self._export_event(grant, about)):
            selection = selected(self._runtime.store, grant, request, receipt=receipt)
            selection = self._filing.filed(selection)
        packed = pack(self._runtime.store, grant.workspace, selection, Layout.FACTORY, with_manifest=True)
        return self._stream(grant, about, record, packed, selection)

    def preview(
        self, grant: Grant, request: ExportRequest, receipt: ReceiptFile | None = None
    ) -> ExportPreview:
        """What :meth:`package` would take along, and through which references; nothing is made. It is
        kept for a while, to be paged through.

        Raises:
            Forbidden: the caller may not export from here.
            NotFound, Conflict, InvalidRequest: as :meth:`package`.
        """
        self._allow(grant, *about_export(grant, request), download=False)
        request = request.ending(self._runtime.now())
        selection = selected(self._runtime.store, grant, request, receipt=receipt, explain=True)
        seen = preview_of(self._runtime.new_id(), grant.workspace.id, grant.caller.name, selection)
        self._previews.keep(seen.id, seen)
        return seen

    def previewed(self, grant: Grant, preview_id: str) -> ExportPreview:
        """One of the last previews.

        Raises:
            Forbidden: the caller may not see the workspace.
            NotFound: the caller has made no such one here, or it is not kept any more (``preview-missing``).
        """
        self._runtime.allow(grant, Action.WORKSPACE_VIEW, kind="package", subject=preview_id)
        seen = self._previews.of(preview_id)
        made_here = seen is not None and (seen.workspace_id, seen.owner) == (
            grant.workspace.id,
            grant.caller.name,
        )
        if seen is None or not made_here:
            raise preview_gone(preview_id)
        return seen

    def into_folder(self, grant: Grant, stream: PackageStream, folder: str, name: str) -> str:
        """Writes ``<folder>/<name>_exported/<ms>/<name>.zip`` and gives the new folder, without a slash.

        Raises:
            Forbidden: the caller may not export from here.
            InvalidRequest: ``folder`` is no ``obs://bucket/…``, and is named so (``invalid-object-path``).
            NotFound, FilesError: the bucket does not exist, or the storage is at fault.
        """
        inside = f"{name}_exported/{self._runtime.now()}"
        made = f"{folder.rstrip('/')}/{inside}"
        self._runtime.allow(grant, Action.EXPORT, kind="package", subject=made)
        stream.chunks.place = f"{made}/{name}.zip"
        try:
            with self._runtime.attempt(grant, _STORE, kind="package", subject=made):
                package = object_below(folder, f"{inside}/{name}.zip")
                self._filing.storage_out().store(package, stream.chunks)
        except JobferryError as error:
            stream.chunks.close(error.message)
            raise
        except Exception:
            stream.chunks.close(UNEXPECTED)
            raise
        stream.chunks.arrived()
        self._runtime.note(self._runtime.event(grant, _STORE, kind="package", subject=made))
        return made

    def _allow(self, grant: Grant, kind: str, subject: str, *, download: bool) -> None:
        self._runtime.allow(grant, Action.EXPORT, kind=kind, subject=subject)
        allow = allow_download if download else allow_taking
        allow(self._runtime, grant, kind=kind, subject=subject)

    def _bare(self, grant: Grant, request: ExportRequest, layout: Layout, filename: str) -> PackageStream:
        """A package that holds exactly the documented tree."""
        about = (ObjectKind.JOB.value, request.subject)
        record = self._new_record(grant, request, filename, DownloadKind.FACTORY)
        with self._records.audited_if_refused(record, self._export_event(grant, about)):
            selection = selected(self._runtime.store, grant, request)
        packed = pack(self._runtime.store, grant.workspace, selection, layout, with_manifest=False)
        return self._stream(grant, about, record, packed, selection)

    def _new_record(
        self, grant: Grant, request: ExportRequest, filename: str, kind: DownloadKind | None = None
    ) -> Download:
        return new_record(self._runtime, grant, request, filename, kind)

    def _export_event(self, grant: Grant, about: tuple[str, str], detail: str = "") -> AuditEvent:
        kind, subject = about
        return self._runtime.event(grant, _EXPORT, kind=kind, subject=subject, detail=detail)

    def _stream(
        self, grant: Grant, about: tuple[str, str], record: Download, packed: Packed, selection: Selection
    ) -> PackageStream:
        """Notes it before the first byte leaves: what cannot be put into the audit stays here."""
        objects = len(selection.picked)
        event = self._export_event(grant, about, f"{objects} objects {packed.digest}".strip())
        record = msgspec.structs.replace(
            record, objects=objects, digest=packed.digest, reason=told_of(selection)
        )
        return PackageStream(
            filename=record.file_name,
            chunks=self._records.sent(record, packed.chunks, event, point=selection.point),
            objects=objects,
            digest=packed.digest,
            left_out=selection.left_out,
            deletions=len(selection.deletions),
            note=selection.note,
        )


def new_record(
    runtime: Runtime, grant: Grant, request: ExportRequest, file_name: str, kind: DownloadKind | None = None
) -> Download:
    """The record of an export that begins now; without a ``kind`` it is a selection, or everything."""
    of_request = DownloadKind.WORKSPACE if request.everything else DownloadKind.SELECTION
    return Download(
        id=runtime.new_id(),
        workspace_id=grant.workspace.id,
        kind=kind or of_request,
        file_name=file_name,
        operator=grant.caller.name,
        started_at=runtime.now(),
        subject=request.subject,
        request=request.text,
    )


def told_of(selection: Selection) -> str:
    """What a record of an export that succeeded has to say all the same."""
    gone, names = len(selection.deletions), selection.left_out
    said = [selection.note, f"{gone} deletions" if gone else ""]
    said.append(f"left out, never submitted: {', '.join(names)}" if names else "")
    return "; ".join(one for one in said if one)[:_LONGEST_REASON]


def about_export(grant: Grant, request: ExportRequest) -> tuple[str, str]:
    """Kind and subject for the audit."""
    if request.everything:
        return "workspace", grant.workspace.name
    return (ObjectKind.JOB.value if request.jobs else "selection"), request.subject


def _of_jobs(names: list[str], depend: bool, state: ExportState) -> ExportRequest:
    scope = ExportScope.CLOSURE if depend else ExportScope.CHOSEN
    return ExportRequest(jobs=tuple(names), scope=scope, state=state)
