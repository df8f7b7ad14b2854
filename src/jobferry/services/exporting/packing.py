"""A selection as a package: where each object lies, the manifest, and the texts, a page at a time."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterable, Iterator
from itertools import chain, pairwise

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
    deletion_line,
    digest_of_lines,
    entry_line,
)
from jobferry.model.records import Workspace
from jobferry.package.layouts import file_path, path_of
from jobferry.package.manifest import text_pieces
from jobferry.package.writer import StreamedEntry, told_chunks, zip_chunks
from jobferry.services.exporting.picking import Picked, leaving_text
from jobferry.services.exporting.picks import Picks
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
    """The selection as a package. ``note`` is told how many entries were read so far.

    The manifest is packed as it is made, with the first chunk: never is it there as a whole.
    """
    entries = _Entries(selection, layout)
    texts = _documents(store, entries, note, selection)
    files = [StreamedEntry(file_path(one.sha256), one.size, one.crc, one.pieces) for one in selection.files]
    if not with_manifest:
        return Packed("", zip_chunks(texts, streamed=files))
    with store.read() as snapshot:
        manifest = _manifest(snapshot, workspace.name, selection)
    contents = (_entry(path, one, selection) for path, one in entries)
    text = text_pieces(manifest, contents=contents, emptied=_emptied(entries.picked()))
    return Packed(_digest(selection), told_chunks(text, texts, files))


class _Entries:
    """Everything with where it lies, in order of the paths, as often as that is asked for."""

    def __init__(self, selection: Selection, layout: Layout) -> None:
        self._picked = selection.picked
        self._layout = layout
        self._beside: list[tuple[str, int]] | None = None
        self._order: array[int] | None = None
        if layout is Layout.FACTORY:
            self._order = _order(lambda: (path_of(layout, *key) for key in self._picked.all_keys()))
        else:
            self._beside = sorted(_beside_their_jobs(selection, layout))

    def __iter__(self) -> Iterator[Placed]:
        if self._beside is not None:
            return ((path, self._picked[index]) for path, index in self._beside)
        return ((path_of(self._layout, one.kind, one.name), one) for one in self.picked())

    def picked(self) -> Iterator[Picked]:
        """Everything in that order."""
        if self._beside is not None:
            return (self._picked[index] for _, index in self._beside)
        return _in_order(self._picked, self._order)


def _order(words: Callable[[], Iterable[str]]) -> array[int] | None:
    """The order of the words by their numbers; None where they come in order, as objects mostly do."""
    if all(before < after for before, after in pairwise(words())):
        return None
    listed = list(words())
    return array("I", sorted(range(len(listed)), key=listed.__getitem__))


def _in_order(picked: Picks, order: array[int] | None) -> Iterator[Picked]:
    return iter(picked) if order is None else map(picked.__getitem__, order)


def _digest(selection: Selection) -> str:
    """The package digest: the names of what is picked differ, so that their order is that of the lines."""
    picked = selection.picked
    order = _order(lambda: (f"{kind}\t{name}\t" for kind, name in picked.all_keys()))
    found = _in_order(picked, order)
    lines = (entry_line(one.kind, one.name, one.uid, one.digest) for one in found)
    return digest_of_lines(chain(sorted(set(map(deletion_line, selection.deletions))), lines))


def _manifest(snapshot: Snapshot, workspace: str, selection: Selection) -> Manifest:
    """The manifest of a package from a workspace of this platform, without what it tells of each object."""
    platform = snapshot.platform()
    if platform is None:
        raise AssertionError("a platform that answers has been founded")
    return Manifest(
        format=MANIFEST_FORMAT if selection.files else FORMAT_WITHOUT_FILES,
        contents=(),
        deletions=selection.deletions,
        needs=selection.needs,
        files=tuple(PackedFile(sha256=one.sha256, size=one.size) for one in selection.files),
        provenance=Provenance(platform_id=platform.id, platform_name=platform.name, workspace=workspace),
    )


def _emptied(picked: Iterable[Picked]) -> Iterator[Emptied]:
    for one in picked:
        if one.sensitive:
            yield Emptied(kind=one.kind, name=one.name, paths=one.sensitive)


def _documents(
    store: Store, entries: Iterable[Placed], note: Note, selection: Selection
) -> Iterator[tuple[str, bytes]]:
    """The texts in the order of their paths, a page at a time."""
    done, schedule = 0, selection.request.schedule
    for page in _pages(entries):
        with store.read(lean=True) as snapshot:
            texts = snapshot.contents.texts_at_once(one.stored_digest for _, one in page)
        _events.debug("export-page-read", texts=len(texts))
        for path, one in page:
            text = texts[one.stored_digest]
            if one.changes:
                renamed = selection.renamed.get(one.key, ())
                text = leaving_text(text, one.sensitive, schedule=schedule, renamed=renamed)
            yield path, text
        done += len(page)
        note(done)
        del page, texts, text  # before the next are read


def _pages(entries: Iterable[Placed]) -> Iterator[list[Placed]]:
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


def _beside_their_jobs(selection: Selection, layout: Layout) -> Iterator[tuple[str, int]]:
    """Each job in its own folder, with a copy of everything it reaches: and which of the picks."""
    places = {one.key: index for index, one in enumerate(selection.picked)}
    for (kind, name), index in places.items():
        if kind is not ObjectKind.JOB:
            continue
        yield path_of(layout, kind, name, name), index
        for key in sorted(selection.reached[name] & places.keys()):
            yield path_of(layout, *key, name), places[key]
