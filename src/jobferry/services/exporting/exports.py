"""The export use cases: packages as streams of bytes, in each layout."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import msgspec

from jobferry.errors import ErrorCode, InvalidRequest
from jobferry.events import Events
from jobferry.files.paths import parse_object_path
from jobferry.files.ports import ObjectStorage
from jobferry.model.grant import Grant
from jobferry.model.kinds import ObjectKind
from jobferry.model.names import Limits
from jobferry.model.package import ExportState, Layout, package_digest
from jobferry.model.rights import Action
from jobferry.services.exporting import packing
from jobferry.services.exporting.downloads import allow_download
from jobferry.services.exporting.request import ExportRequest, ExportScope
from jobferry.services.exporting.selection import Selection, Selector
from jobferry.services.failures import told_if_failed
from jobferry.services.ground import Ground

_events = Events("exports")

_EXPORT = "export"
_STORE = "export-store"


class PackageStream(msgspec.Struct, frozen=True, kw_only=True):
    """A package on its way out. ``digest`` is empty where no manifest travels.

    ``chunks`` can be read once; ``left_out`` names what has no submitted state.
    """

    filename: str
    chunks: Iterator[bytes]
    objects: int
    digest: str = ""
    left_out: tuple[str, ...] = ()


class Exports:
    """Exports from workspaces."""

    def __init__(self, ground: Ground, storage: Callable[[], ObjectStorage]) -> None:
        self._ground = ground
        self._storage = storage

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
        with told_if_failed(self._ground, grant, _EXPORT, kind=ObjectKind.JOB, subject=name):
            selection = self._select(grant, _of_jobs([name], depend, state))
        self._note(grant, ObjectKind.JOB, name, selection)
        return self._bare(selection, Layout.FACTORY, f"DLF_{name}.zip")

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
        with told_if_failed(self._ground, grant, _EXPORT, kind=ObjectKind.JOB, subject=subject):
            if not 1 <= len(names) <= limit:
                raise InvalidRequest(
                    ErrorCode.INVALID_VALUE,
                    f"a batch export takes 1 to {limit} job names, not {len(names)}",
                    subject="jobList",
                    hint="export in several calls, or use jobferry export",
                )
            selection = self._select(grant, _of_jobs(names, depend, state))
        self._note(grant, ObjectKind.JOB, subject, selection)
        return self._bare(selection, Layout.FACTORY_BATCH, "jobs.zip")

    def package(self, grant: Grant, request: ExportRequest) -> PackageStream:
        """What is asked for, with a manifest.

        Raises:
            Forbidden: the caller may not export from here.
            NotFound: a named job or script does not exist.
            Conflict: the submitted state of a named one is asked for and there is none.
            InvalidRequest: nothing is chosen, or what is chosen is nothing.
        """
        workspace = grant.workspace
        kind, subject = _about(grant, request)
        self._allow(grant, kind, subject, download=True)
        with told_if_failed(self._ground, grant, _EXPORT, kind=kind, subject=subject):
            selection = self._wanted(grant, request)
        entries = packing.placed(selection, Layout.FACTORY)
        with self._ground.store.read() as snapshot:
            manifest = packing.manifest(snapshot, workspace.name, selection, entries)
        digest = package_digest(manifest.contents)
        self._note(grant, kind, subject, selection, digest)
        return PackageStream(
            filename=f"{workspace.name}.zip",
            chunks=packing.chunks(self._ground.store, selection, Layout.FACTORY, manifest, entries),
            objects=len(entries),
            digest=digest,
            left_out=selection.left_out,
        )

    def preview(self, grant: Grant, request: ExportRequest) -> Selection:
        """What :meth:`package` would take along, and through which references; nothing is made.

        Raises:
            Forbidden: the caller may not export from here.
            NotFound, Conflict, InvalidRequest: as :meth:`package`.
        """
        kind, subject = _about(grant, request)
        self._allow(grant, kind, subject, download=False)
        return self._wanted(grant, request, explain=True)

    def into_folder(self, grant: Grant, stream: PackageStream, folder: str, name: str) -> str:
        """Writes ``<folder>/<name>_exported/<ms>/<name>.zip`` and gives the new folder, without a slash.

        Raises:
            Forbidden: the caller may not export from here.
            InvalidRequest: ``folder`` is no ``obs://bucket/…`` (``invalid-object-path``).
            NotFound, FilesError: the bucket does not exist, or the storage is at fault.
        """
        made = f"{folder.rstrip('/')}/{name}_exported/{self._ground.now()}"
        self._ground.allow(grant, Action.EXPORT, kind="package", subject=made)
        with told_if_failed(self._ground, grant, _STORE, kind="package", subject=made):
            self._storage().store(parse_object_path(f"{made}/{name}.zip"), stream.chunks)
        self._ground.note(self._ground.event(grant, _STORE, kind="package", subject=made))
        return made

    def _wanted(self, grant: Grant, request: ExportRequest, *, explain: bool = False) -> Selection:
        selection = self._select(grant, request.checked(), explain=explain)
        if not selection.picked:
            raise InvalidRequest(
                ErrorCode.INVALID_VALUE,
                f"nothing to export from the workspace {grant.workspace.name}",
                subject=grant.workspace.name,
                hint="choose otherwise, or export another workspace or state",
            )
        return selection

    def _allow(self, grant: Grant, kind: str, subject: str, *, download: bool) -> None:
        self._ground.allow(grant, Action.EXPORT, kind=kind, subject=subject)
        if download:
            allow_download(self._ground, grant, kind=kind, subject=subject)

    def _select(self, grant: Grant, request: ExportRequest, *, explain: bool = False) -> Selection:
        with self._ground.store.read() as snapshot:
            selection = Selector(snapshot, grant, request, explain=explain).select()
        _events.debug("export-selected", workspace=grant.workspace.id, objects=len(selection.picked))
        return selection

    def _bare(self, selection: Selection, layout: Layout, filename: str) -> PackageStream:
        """A package that holds exactly the documented tree."""
        entries = packing.placed(selection, layout)
        return PackageStream(
            filename=filename,
            chunks=packing.chunks(self._ground.store, selection, layout, None, entries),
            objects=len(selection.picked),
        )

    def _note(self, grant: Grant, kind: str, subject: str, selection: Selection, digest: str = "") -> None:
        """Before the first byte leaves: what cannot be put into the audit stays here."""
        detail = f"{len(selection.picked)} objects {digest}".strip()
        self._ground.note(self._ground.event(grant, _EXPORT, kind=kind, subject=subject, detail=detail))


def _of_jobs(names: list[str], depend: bool, state: ExportState) -> ExportRequest:
    scope = ExportScope.CLOSURE if depend else ExportScope.CHOSEN
    return ExportRequest(jobs=tuple(names), scope=scope, state=state)


def _about(grant: Grant, request: ExportRequest) -> tuple[str, str]:
    """Kind and subject for the audit."""
    if request.everything:
        return "workspace", grant.workspace.name
    return ObjectKind.JOB if request.jobs else "selection", request.subject
