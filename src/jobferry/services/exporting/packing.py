"""A selection as a package: where each object lies, the manifest, and the texts, a page at a time."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

import msgspec

from jobferry.events import Events
from jobferry.model.kinds import ObjectKind
from jobferry.model.package import (
    FORMAT_WITHOUT_FILES,
    MANIFEST_FORMAT,
    Emptied,
    Entry,
    Layout,
    Manifest,
    PackedFile,
    Provenance,
    package_digest,
)
from jobferry.model.records import Workspace
from jobferry.package.layouts import file_path, path_of
from jobferry.package.writer import StreamedEntry, package_chunks
from jobferry.services.exporting.picking import Picked, leaving_text
from jobferry.services.exporting.selection import Selection
from jobferry.store.ports import Snapshot, Store

_events = Events("exports")

_PAGE_BYTES = 4 * 1024 * 1024

Placed = tuple[str, Picked]
"""A path in the package and what lies there."""

Note = Callable[[int], None]


def _nobody(_done: int) -> None:
    """Nobody wants to know how far it is."""


class Packed(msgspec.Struct, frozen=True):
    """A package that is written as it is read. ``digest`` is empty without a manifest."""

    digest: str
    chunks: Iterator[bytes]


def pack(
    store: Store,
    workspace: Workspace,
    selection: Selection,
    layout: Layout,
    *,
    with_manifest: bool,
    note: Note = _nobody,
) -> Packed:
    """The selection as a package. ``note`` is told how many entries were read so far."""
    entries = _placed(selection, layout)
    texts = _documents(store, entries, note, selection)
    files = [StreamedEntry(file_path(one.sha256), one.size, one.crc, one.pieces) for one in selection.files]
    if not with_manifest:
        return Packed("", package_chunks(layout, None, texts))
    with store.read() as snapshot:
        manifest = _manifest(snapshot, workspace.name, selection, entries)
    digest = package_digest(manifest.contents, manifest.deletions)
    return Packed(digest, package_chunks(layout, manifest, texts, files))


def _placed(selection: Selection, layout: Layout) -> list[Placed]:
    """Where everything lies, in order of the paths."""
    if layout is Layout.FACTORY:
        return sorted(((path_of(layout, *one.key), one) for one in selection.picked), key=_path)
    return sorted(_beside_their_jobs(selection, layout), key=_path)


def _manifest(snapshot: Snapshot, workspace: str, selection: Selection, entries: list[Placed]) -> Manifest:
    """The manifest of a package from a workspace of this platform."""
    platform = snapshot.platform()
    if platform is None:
        raise AssertionError("a platform that answers has been founded")
    return Manifest(
        format=MANIFEST_FORMAT if selection.files else FORMAT_WITHOUT_FILES,
        contents=tuple(_entry(path, one, selection) for path, one in entries),
        emptied=tuple(
            Emptied(kind=one.kind, name=one.name, paths=one.sensitive) for _, one in entries if one.sensitive
        ),
        deletions=selection.deletions,
        needs=selection.needs,
        files=tuple(PackedFile(sha256=one.sha256, size=one.size) for one in selection.files),
        provenance=Provenance(platform_id=platform.id, platform_name=platform.name, workspace=workspace),
    )


def _documents(
    store: Store, entries: list[Placed], note: Note, selection: Selection
) -> Iterator[tuple[str, bytes]]:
    """The texts in the order of their paths, a page at a time."""
    done, schedule = 0, selection.request.schedule
    for page in _pages(entries):
        with store.read(lean=True) as snapshot:
            texts = _texts(snapshot, {one.stored_digest for _, one in page})
        _events.debug("export-page-read", texts=len(texts))
        for path, one in page:
            text = texts[one.stored_digest]
            if one.changes:
                renamed = selection.renamed.get(one.key, ())
                text = leaving_text(text, one.sensitive, schedule=schedule, renamed=renamed)
            yield path, text
        done += len(page)
        note(done)


def _path(one: Placed) -> str:
    return one[0]


def _pages(entries: list[Placed]) -> Iterator[list[Placed]]:
    page: list[Placed] = []
    size = 0
    for one in entries:
        page.append(one)
        size += one[1].size
        if size >= _PAGE_BYTES:
            yield page
            page, size = [], 0
    if page:
        yield page


def _texts(snapshot: Snapshot, digests: Iterable[str]) -> dict[str, bytes]:
    return dict(snapshot.contents.texts(sorted(digests)))


def _entry(path: str, one: Picked, selection: Selection) -> Entry:
    return Entry(
        kind=one.kind,
        name=one.name,
        path=path,
        size=one.size,
        sha256=one.digest,
        uid=one.uid,
        state=selection.request.state,
        version=one.version,
    )


def _beside_their_jobs(selection: Selection, layout: Layout) -> Iterator[Placed]:
    """Each job in its own folder, with a copy of everything it reaches."""
    by_key = {one.key: one for one in selection.picked}
    for one in selection.picked:
        if one.kind is not ObjectKind.JOB:
            continue
        yield path_of(layout, ObjectKind.JOB, one.name, one.name), one
        for key in sorted(selection.reached[one.name] & by_key.keys()):
            yield path_of(layout, *key, one.name), by_key[key]
