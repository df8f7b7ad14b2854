"""The files of resources on their way out: each is read once for its digest, and once more as it is sent."""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Callable, Iterator
from functools import partial
from itertools import islice

import msgspec

from jobferry.errors import Conflict, ErrorCode, InvalidRequest, NotFound, PackageRefused
from jobferry.events import Events
from jobferry.files.paths import parse_object_path
from jobferry.files.ports import ObjectStorage
from jobferry.model.document.edits import Edit, edited
from jobferry.model.document.text import digest_of, parse_known
from jobferry.model.filing.places import NamedFile, named_files
from jobferry.model.kinds import ObjectKind
from jobferry.services.exporting.picking import LeavingFile, Picked
from jobferry.services.exporting.picks import Picks
from jobferry.services.exporting.request import ExportScope
from jobferry.services.exporting.selection import Selection
from jobferry.store.ports import Store

_events = Events("exports")

_PIECE_BYTES = 256 * 1024
_PAGE = 200


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

    def filed(self, selection: Selection) -> Selection:
        """The selection with the files that its resources name, where its scope asks for them.

        Files that lie elsewhere than in object storage stay where they are, and so does their name.

        Raises:
            NotFound: a file is not there; the resource is named.
            InvalidRequest: a file is too large, or its location is none.
            FilesError: the storage is at fault.
        """
        if selection.request.scope is not ExportScope.FILES:
            return selection
        gathering = _Gathering(self._files(), self._file_bytes())
        changed: dict[int, Picked] = {}
        renamed = {}
        for page in _pages(selection.picked):
            with self._store.read() as snapshot:
                texts = dict(snapshot.contents.texts(sorted({one.stored_digest for _, one in page})))
            for index, one in page:
                edits, leaving = gathering.renamed(one, texts[one.stored_digest])
                if edits:
                    changed[index], renamed[one.key] = leaving, edits
        picked = Picks()
        for index, one in enumerate(selection.picked):
            picked.append(changed.get(index, one))
        files = tuple(sorted(gathering.files.values(), key=lambda one: one.sha256))
        return msgspec.structs.replace(selection, picked=picked, files=_once(files), renamed=renamed)


def _pages(picked: Picks) -> Iterator[list[tuple[int, Picked]]]:
    """The resources among what was picked, with their places."""
    resources = (place for place in enumerate(picked) if place[1].kind is ObjectKind.RESOURCE)
    while page := list(islice(resources, _PAGE)):
        yield page


class _Gathering:
    """Files by where they lie, each looked at once."""

    def __init__(self, storage: ObjectStorage, file_bytes: int) -> None:
        self._storage = storage
        self._file_bytes = file_bytes
        self.files: dict[str, LeavingFile] = {}

    def renamed(self, one: Picked, text: bytes) -> tuple[tuple[Edit, ...], Picked]:
        """The edits that name its files as they are called in the package, and what then leaves."""
        named = [file for file in named_files(parse_known(text)) if file.is_stored]
        edits = tuple(file.packed(self._file(one, file).sha256) for file in named)
        if not edits:
            return (), one
        leaving = edited(text, edits)
        return edits, msgspec.structs.replace(one, digest=digest_of(leaving), size=len(leaving), changes=True)

    def _file(self, one: Picked, named: NamedFile) -> LeavingFile:
        if named.location not in self.files:
            self.files[named.location] = self._looked_at(one, named.location)
        return self.files[named.location]

    def _looked_at(self, one: Picked, location: str) -> LeavingFile:
        whole, size, crc = hashlib.sha256(), 0, 0
        try:
            for piece in _pieces(self._storage, location, self._file_bytes):
                whole.update(piece)
                crc, size = zlib.crc32(piece, crc), size + len(piece)
        except NotFound as error:
            raise NotFound(
                error.code,
                f"the file of the resource {one.name} cannot be read: {error.message}",
                subject=one.name,
                hint="put it there, correct the resource, or export without files",
            ) from error
        except PackageRefused:
            raise InvalidRequest(
                ErrorCode.TOO_LARGE,
                f"the file of the resource {one.name}, {location}, is larger than {self._file_bytes:,} bytes",
                subject=one.name,
                hint="export without files, or have operations raise file_bytes",
            ) from None
        _events.debug("export-file-read", resource=one.name, bytes=size)
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
        ErrorCode.TARGET_MOVED,
        f"the file {location} was changed while it was exported",
        subject=location,
        hint="export again",
    )


def _once(files: tuple[LeavingFile, ...]) -> tuple[LeavingFile, ...]:
    """Files of one content in several places travel once."""
    return tuple({one.sha256: one for one in files}.values())
