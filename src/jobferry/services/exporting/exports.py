"""The export use cases: packages as streams of bytes, in each layout."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

import msgspec

from jobferry.errors import ErrorCode, InvalidRequest
from jobferry.events import Events
from jobferry.files.paths import parse_object_path
from jobferry.files.ports import ObjectStorage
from jobferry.model.grant import Grant
from jobferry.model.kinds import ObjectKind
from jobferry.model.names import Limits
from jobferry.model.package import (
    MANIFEST_FORMAT,
    Emptied,
    Entry,
    ExportState,
    Layout,
    Manifest,
    Provenance,
    package_digest,
)
from jobferry.model.records import Workspace
from jobferry.model.rights import Action
from jobferry.package.layouts import path_of
from jobferry.package.writer import package_chunks
from jobferry.services.exporting.downloads import allow_download
from jobferry.services.exporting.selection import Picked, Selection, Selector, leaving_text
from jobferry.services.failures import told_if_failed
from jobferry.services.ground import Ground
from jobferry.store.ports import Snapshot

_events = Events("exports")

_PAGE_BYTES = 4 * 1024 * 1024
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
            selection = self._select(grant, state, lambda selector: selector.jobs([name], depend=depend))
        placed = [(path_of(Layout.FACTORY, *one.stored.key), one) for one in selection.picked]
        self._note(grant, ObjectKind.JOB, name, selection)
        return PackageStream(
            filename=f"DLF_{name}.zip",
            chunks=self._chunks(Layout.FACTORY, None, placed),
            objects=len(placed),
        )

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
        subject = _listed(names)
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
            selection = self._select(grant, state, lambda selector: selector.jobs(names, depend=depend))
        placed = _beside_their_jobs(selection)
        self._note(grant, ObjectKind.JOB, subject, selection)
        return PackageStream(
            filename="jobs.zip",
            chunks=self._chunks(Layout.FACTORY_BATCH, None, placed),
            objects=len(selection.picked),
        )

    def package(
        self, grant: Grant, names: list[str] | None, *, depend: bool, state: ExportState
    ) -> PackageStream:
        """Named jobs, or everything for ``None``, with a manifest.

        Raises:
            Forbidden: the caller may not export from here.
            NotFound: a job does not exist.
            Conflict: the submitted state of a named job is asked for and there is none.
            InvalidRequest: nothing is selected.
        """
        workspace = grant.workspace
        kind, subject = ("workspace", workspace.name) if names is None else (ObjectKind.JOB, _listed(names))
        self._allow(grant, kind, subject, download=True)
        with told_if_failed(self._ground, grant, _EXPORT, kind=kind, subject=subject):
            selection = self._wanted(grant, names, depend=depend, state=state)
        placed = [(path_of(Layout.FACTORY, *one.stored.key), one) for one in selection.picked]
        manifest = self._manifest(workspace, selection, placed)
        digest = package_digest(manifest.contents)
        self._note(grant, kind, subject, selection, digest)
        return PackageStream(
            filename=f"{workspace.name}.zip",
            chunks=self._chunks(Layout.FACTORY, manifest, placed),
            objects=len(placed),
            digest=digest,
            left_out=selection.left_out,
        )

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

    def _wanted(
        self, grant: Grant, names: list[str] | None, *, depend: bool, state: ExportState
    ) -> Selection:
        if names is not None:
            selection = self._select(grant, state, lambda one: one.jobs(names, depend=depend))
        else:
            selection = self._select(grant, state, lambda one: one.everything(jobs_only=not depend))
        if not selection.picked:
            raise InvalidRequest(
                ErrorCode.INVALID_VALUE,
                f"nothing to export from the workspace {grant.workspace.name}",
                subject=grant.workspace.name,
                hint="name jobs, or export another workspace or state",
            )
        return selection

    def _allow(self, grant: Grant, kind: str, subject: str, *, download: bool) -> None:
        self._ground.allow(grant, Action.EXPORT, kind=kind, subject=subject)
        if download:
            allow_download(self._ground, grant, kind=kind, subject=subject)

    def _select(self, grant: Grant, state: ExportState, choose: Callable[[Selector], Selection]) -> Selection:
        with self._ground.store.read() as snapshot:
            selection = choose(Selector(snapshot, grant, state))
        _events.debug("export-selected", workspace=grant.workspace.id, objects=len(selection.picked))
        return selection

    def _note(self, grant: Grant, kind: str, subject: str, selection: Selection, digest: str = "") -> None:
        """Before the first byte leaves: what cannot be put into the audit stays here."""
        detail = f"{len(selection.picked)} objects {digest}".strip()
        self._ground.note(self._ground.event(grant, _EXPORT, kind=kind, subject=subject, detail=detail))

    def _manifest(
        self, workspace: Workspace, selection: Selection, placed: list[tuple[str, Picked]]
    ) -> Manifest:
        with self._ground.store.read() as snapshot:
            platform = snapshot.platform()
        if platform is None:
            raise AssertionError("a platform that answers has been founded")
        return Manifest(
            format=MANIFEST_FORMAT,
            contents=tuple(_entry(path, one, selection.state) for path, one in sorted(placed, key=_path)),
            emptied=tuple(
                Emptied(kind=one.stored.kind, name=one.stored.name, paths=one.sensitive)
                for _, one in sorted(placed, key=_path)
                if one.sensitive
            ),
            needs=selection.needs,
            provenance=Provenance(
                platform_id=platform.id, platform_name=platform.name, workspace=workspace.name
            ),
        )

    def _chunks(
        self, layout: Layout, manifest: Manifest | None, placed: list[tuple[str, Picked]]
    ) -> Iterator[bytes]:
        return package_chunks(layout, manifest, self._documents(sorted(placed, key=_path)))

    def _documents(self, placed: list[tuple[str, Picked]]) -> Iterator[tuple[str, bytes]]:
        """The texts in the order of their paths, a page at a time."""
        for page in _pages(placed):
            with self._ground.store.read() as snapshot:
                texts = _texts(snapshot, {one.stored_digest for _, one in page})
            _events.debug("export-page-read", texts=len(texts))
            for path, one in page:
                text = texts[one.stored_digest]
                yield path, leaving_text(text, one.sensitive) if one.exposed else text


def _listed(names: list[str]) -> str:
    return ", ".join(names)


def _path(placed: tuple[str, Picked]) -> str:
    return placed[0]


def _pages(placed: list[tuple[str, Picked]]) -> Iterator[list[tuple[str, Picked]]]:
    page: list[tuple[str, Picked]] = []
    size = 0
    for one in placed:
        page.append(one)
        size += one[1].size
        if size >= _PAGE_BYTES:
            yield page
            page, size = [], 0
    if page:
        yield page


def _texts(snapshot: Snapshot, digests: Iterable[str]) -> dict[str, bytes]:
    return dict(snapshot.contents.texts(sorted(digests)))


def _entry(path: str, one: Picked, state: ExportState) -> Entry:
    return Entry(
        kind=one.stored.kind,
        name=one.stored.name,
        path=path,
        size=one.size,
        sha256=one.digest,
        uid=one.stored.uid,
        state=state,
        version=one.version,
    )


def _beside_their_jobs(selection: Selection) -> list[tuple[str, Picked]]:
    """Each job in its own folder, with a copy of everything it reaches."""
    by_key = {one.stored.key: one for one in selection.picked}
    placed: list[tuple[str, Picked]] = []
    for one in selection.picked:
        if one.stored.kind is not ObjectKind.JOB:
            continue
        owner = one.stored.name
        placed.append((path_of(Layout.FACTORY_BATCH, ObjectKind.JOB, owner, owner), one))
        placed += [
            (path_of(Layout.FACTORY_BATCH, *key, owner), by_key[key])
            for key in sorted(selection.reached[owner] & by_key.keys())
        ]
    return placed
