"""A selection as a package: where each object lies, the manifest, texts page by page, files of resources."""

from __future__ import annotations

import hashlib
import zlib
from array import array
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from itertools import chain, islice, pairwise
from typing import TYPE_CHECKING

import msgspec

from jobferry.errors import Conflict, ErrorCode, InvalidRequest, NotFound, PackageRefused
from jobferry.events import Events
from jobferry.files.paths import parse_object_path
from jobferry.files.ports import ObjectStorage
from jobferry.model.document.edits import Edit, edited
from jobferry.model.document.text import digest_of, parse_known
from jobferry.model.files import NamedFile, named_files
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
from jobferry.model.task import noted
from jobferry.model.transfer.export import ExportScope
from jobferry.package.layouts import file_path, path_of
from jobferry.package.manifest import text_pieces
from jobferry.package.writer import StreamedEntry, told_chunks, zip_chunks
from jobferry.sentences import sentence
from jobferry.services.exporting.selected_objects import LeavingFile, Picks, SelectedObject, leaving_text
from jobferry.services.exporting.selection import Selection

if TYPE_CHECKING:
    from jobferry.store import Snapshot, Store

_events = Events("exports")

_PIECE_BYTES = 256 * 1024
_PAGE = 200


Note = Callable[[int], None]


def _nobody(_done: int) -> None:
    """Nobody wants to know how far it is."""


class Filing:
    """What exports have to do with object storage: it takes packages, and has the files of resources.

    What is held in memory is a piece of one file.
    """

    def __init__(
        self,
        store: Store,
        storage_out: Callable[[], ObjectStorage],
        files: Callable[[], ObjectStorage],
        file_bytes: Callable[[], int],
    ) -> None:
        """``storage_out`` is for packages, ``files`` for those of resources, ``file_bytes`` their limit."""
        self._store = store
        self.storage_out = storage_out
        self._files = files
        self._file_bytes = file_bytes

    def filed(self, selection: Selection, note: Note = _nobody) -> Selection:
        """The selection with the files that its resources name, where its scope asks for them. ``note`` is
        called for each piece of them.

        Files that lie elsewhere than in object storage stay where they are, and so does their name.

        Raises:
            NotFound: a file is not there; the resource is named.
            InvalidRequest: a file is too large, or its location is none.
            FilesError: the storage is at fault.
        """
        if selection.request.scope is not ExportScope.FILES:
            return selection
        gathering = _Gathering(self._files(), self._file_bytes(), note)
        changed: dict[int, SelectedObject] = {}
        renamed = {}
        for page in _picked_pages(selection.picked):
            with self._store.read() as snapshot:
                texts = dict(snapshot.contents.texts(sorted({one.stored_digest for _, one in page})))
            for index, one in page:
                edits, leaving = gathering.renamed(one, texts[one.stored_digest])
                if edits:
                    changed[index], renamed[one.key] = leaving, edits
        picked = Picks()
        for index, one in enumerate(selection.picked):
            picked.append(changed.get(index, one))
        files = tuple(sorted(gathering.files.values(), key=lambda file: file.sha256))
        return msgspec.structs.replace(selection, picked=picked, files=_once(files), renamed=renamed)


def _picked_pages(picked: Picks) -> Iterator[list[tuple[int, SelectedObject]]]:
    """The resources among what was picked, with their places."""
    resources = (place for place in enumerate(picked) if place[1].kind is ObjectKind.RESOURCE)
    while page := list(islice(resources, _PAGE)):
        yield page


class _Gathering:
    """Files by where they lie, each looked at once."""

    def __init__(self, storage: ObjectStorage, file_bytes: int, note: Note) -> None:
        self._storage = storage
        self._file_bytes = file_bytes
        self._note = note
        self.files: dict[str, LeavingFile] = {}

    def renamed(self, picked: SelectedObject, text: bytes) -> tuple[tuple[Edit, ...], SelectedObject]:
        """The edits that name its files as they are called in the package, and what then leaves."""
        named = [file for file in named_files(parse_known(text)) if file.is_stored]
        edits = tuple(file.packed(self._file(picked, file).sha256) for file in named)
        if not edits:
            return (), picked
        leaving = edited(text, edits)
        return edits, msgspec.structs.replace(
            picked, digest=digest_of(leaving), size=len(leaving), changes=True
        )

    def _file(self, picked: SelectedObject, named: NamedFile) -> LeavingFile:
        if named.location not in self.files:
            self.files[named.location] = self._looked_at(picked, named.location)
        return self.files[named.location]

    def _looked_at(self, picked: SelectedObject, location: str) -> LeavingFile:
        whole, size, crc = hashlib.sha256(), 0, 0
        try:
            pieces = _pieces(self._storage, location, self._file_bytes)
            for piece in noted(pieces, partial(self._note, 0)):
                whole.update(piece)
                crc, size = zlib.crc32(piece, crc), size + len(piece)
        except NotFound as error:
            raise NotFound(
                error.code,
                sentence(
                    "the file of the resource {name} cannot be read: {message}",
                    name=picked.name,
                    message=error.message,
                ),
                subject=picked.name,
                hint="put it there, correct the resource, or export without files",
            ) from error
        except PackageRefused:
            raise InvalidRequest(
                ErrorCode.TOO_LARGE,
                sentence(
                    "the file of the resource {name}, {location}, is larger than {file_bytes:,} bytes",
                    name=picked.name,
                    location=location,
                    file_bytes=self._file_bytes,
                ),
                subject=picked.name,
                hint="export without files, or have operations raise file_bytes",
            ) from None
        _events.debug("export-file-read", resource=picked.name, bytes=size)
        sha256 = whole.hexdigest()
        again = partial(_unchanged, self._storage, location, sha256, size)
        return LeavingFile(sha256, size, crc, again)


def _pieces(storage: ObjectStorage, location: str, limit: int) -> Iterator[bytes]:
    with storage.fetch(parse_object_path(location), limit=limit) as file:
        yield from iter(lambda: file.read(_PIECE_BYTES), b"")


def _unchanged(storage: ObjectStorage, location: str, sha256: str, size: int) -> Iterator[bytes]:
    """The file once more; another content than before ends the export, since its manifest is out already."""
    whole = hashlib.sha256()
    try:
        for piece in _pieces(storage, location, size):
            whole.update(piece)
            yield piece
    except PackageRefused:
        raise _changed(location) from None
    if whole.hexdigest() != sha256:
        raise _changed(location)


def _changed(location: str) -> Conflict:
    return Conflict(
        ErrorCode.TARGET_CHANGED,
        sentence("the file {location} was changed while it was exported", location=location),
        subject=location,
        hint="export again",
    )


def _once(files: tuple[LeavingFile, ...]) -> tuple[LeavingFile, ...]:
    """Files of one content in several places travel once."""
    return tuple({file.sha256: file for file in files}.values())


_PAGE_BYTES = 4 * 1024 * 1024

Placed = tuple[str, SelectedObject]
"""A path in the package and what lies there."""


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
    """The selection as a package. ``note`` is told how many entries were read so far, with each page of
    texts and each piece of a file.

    The manifest is packed as it is made, with the first chunk: never is it there as a whole.
    """
    entries = _Entries(selection, layout)
    texts = _documents(store, entries, note, selection)
    note_all = partial(note, len(selection.picked))
    files = [
        StreamedEntry(file_path(file.sha256), file.size, file.crc, partial(_read, file, note_all))
        for file in selection.files
    ]
    if not with_manifest:
        return Packed("", zip_chunks(texts, streamed=files))
    with store.read() as snapshot:
        manifest = _manifest(snapshot, workspace.name, selection)
    contents = (_entry(path, picked, selection) for path, picked in entries)
    text = text_pieces(manifest, contents=contents, emptied=_emptied(entries.picked()))
    return Packed(_digest(selection), told_chunks(text, texts, files))


def _read(file: LeavingFile, note: Callable[[], object]) -> Iterator[bytes]:
    return noted(file.pieces(), note)


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

    def picked(self) -> Iterator[SelectedObject]:
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


def _in_order(picked: Picks, order: array[int] | None) -> Iterator[SelectedObject]:
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
        files=tuple(PackedFile(sha256=file.sha256, size=file.size) for file in selection.files),
        provenance=Provenance(platform_id=platform.id, platform_name=platform.name, workspace=workspace),
    )


def _emptied(picked: Iterable[SelectedObject]) -> Iterator[Emptied]:
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
            texts = snapshot.contents.texts_at_once(picked.stored_digest for _, picked in page)
        _events.debug("export-page-read", texts=len(texts))
        for path, picked in page:
            text = texts[picked.stored_digest]
            if picked.changes:
                renamed = selection.renamed.get(picked.key, ())
                text = leaving_text(text, picked.sensitive, schedule=schedule, renamed=renamed)
            yield path, text
        done += len(page)
        note(done)
        del page, texts, text  # before the next are read


def _pages(entries: Iterable[Placed]) -> Iterator[list[Placed]]:
    page: list[Placed] = []
    size = 0
    for entry in entries:
        page.append(entry)
        size += entry[1].size
        if size >= _PAGE_BYTES:
            yield page
            page, size = [], 0
    if page:
        yield page


def _entry(path: str, picked: SelectedObject, selection: Selection) -> Entry:
    return Entry(
        kind=picked.kind,
        name=picked.name,
        path=path,
        size=picked.size,
        sha256=picked.digest,
        uid=picked.uid,
        state=selection.request.state,
        version=picked.version,
    )


def _beside_their_jobs(selection: Selection, layout: Layout) -> Iterator[tuple[str, int]]:
    """Each job in its own folder, with a copy of everything it reaches: and which of the picks."""
    places = {picked.key: index for index, picked in enumerate(selection.picked)}
    for (kind, name), index in places.items():
        if kind is not ObjectKind.JOB:
            continue
        yield path_of(layout, kind, name, name), index
        for key in sorted(selection.reached[name] & places.keys()):
            yield path_of(layout, *key, name), places[key]
