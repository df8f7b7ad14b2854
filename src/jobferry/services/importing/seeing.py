"""Looks whether files that a package's resources name lie in object storage: briefly, in no transaction."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import msgspec

from jobferry.errors import ErrorCode, FilesError, JobferryError
from jobferry.files.paths import parse_object_path
from jobferry.files.ports import ObjectStorage
from jobferry.model.document.edits import edited
from jobferry.model.document.text import parse_known
from jobferry.model.filing.places import AbsentFile, NamedFile, named_files
from jobferry.model.kinds import ObjectKind
from jobferry.model.transfer.arrival import Arrival, Passage
from jobferry.model.transfer.fitting import TextOf

MOST_LOOKED_FOR = 500
"""Places that one check looks at; nobody knows about the others."""
MOST_MS = 5_000
"""How long one check goes on looking."""


class FileSight:
    """What one check has seen of object storage. Each place is looked at once; a service that fails is left
    alone from then on."""

    def __init__(self, storage: Callable[[], ObjectStorage] | None, now: Callable[[], int]) -> None:
        self._storage = storage
        self._now = now
        self._until = now() + MOST_MS
        self._seen: dict[str, bool | None] = {}
        self._strange: set[str] = set()
        """Buckets that there are not: nobody here knows what lies in them."""

    def has(self, location: str) -> bool | None:
        """Whether a file lies there; None where that is not known."""
        if location not in self._seen:
            if len(self._seen) >= MOST_LOOKED_FOR or self._now() > self._until:
                return None
            self._seen[location] = self._looked(location)
        return self._seen[location]

    def _looked(self, location: str) -> bool | None:
        if self._storage is None:
            return None
        try:
            path = parse_object_path(location)
            return None if path.bucket in self._strange else self._storage().has(path)
        except FilesError:
            self._storage = None
        except JobferryError as error:
            if error.code is ErrorCode.BUCKET_MISSING:
                self._strange.add(path.bucket)
        return None


def with_files_seen(passage: Passage, text_of: TextOf, sight: FileSight) -> Passage:
    """The passage with the files of its resources that are not in object storage, or that nobody knows of.

    What comes along in the package is put there by the import, and not looked for.
    """
    absent: list[AbsentFile] = []
    unseen: set[str] = set()
    for arrival in passage.written:
        if arrival.kind is not ObjectKind.RESOURCE or arrival.item.unusable or arrival.item.facts.problems:
            continue
        for file in _stored(arrival, text_of):
            there = sight.has(file.location)
            if there is None:
                unseen.add(arrival.name)
            elif not there:
                absent.append(AbsentFile(arrival.name, file.path, file.location))
    if not absent and not unseen:
        return passage
    return msgspec.structs.replace(passage, absent=tuple(absent), unseen=frozenset(unseen))


def _stored(arrival: Arrival, text_of: TextOf) -> Iterator[NamedFile]:
    coming = {file.place for file in arrival.files}
    document = parse_known(edited(text_of(arrival.item), arrival.edits))
    return (file for file in named_files(document) if file.is_stored and file.location not in coming)
