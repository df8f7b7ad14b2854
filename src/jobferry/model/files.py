"""Where a resource names its files: in object storage, or in the package that they travel in.

In a package a file is called ``files/<SHA-256>/<name>``, wherever it lay: the same files make the same
package on every platform. Here it lands below the workspace's default path, in a place that its content
names, so that landing twice changes nothing and no other file is ever in the way.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import msgspec

from jobferry.model.document.edits import Edit, Path, Put
from jobferry.model.document.references import DEPEND_PACKAGES

_OBJECT_SCHEME = "obs://"
_PACKED = re.compile(r"files/([0-9a-f]{64})/([^/]+)\Z")


class NamedFile(msgspec.Struct, frozen=True):
    """A file that a resource names, at a path of its document."""

    path: Path
    location: str

    @property
    def is_stored(self) -> bool:
        """Whether it lies in object storage."""
        return self.location.startswith(_OBJECT_SCHEME)

    def packed(self, sha256: str) -> Edit:
        """The edit that gives it its name in a package."""
        return Put(self.path, f"files/{sha256}/{self.location.rpartition('/')[2] or 'file'}")


class ArrivingFile(msgspec.Struct, frozen=True, gc=False):
    """A file that travels: its digest, and where it lands; an empty ``place`` where there is none."""

    path: Path
    sha256: str
    place: str


class AbsentFile(msgspec.Struct, frozen=True, gc=False):
    """A file that the resource ``name`` names in object storage, at a path of its document, and that is not
    there."""

    name: str
    path: Path
    location: str


def named_files(document: dict[str, Any]) -> Iterator[NamedFile]:
    """The files of a resource: its own, and those that it depends on."""
    yield from _named(document.get("location"), ("location",))
    yield from _listed(document.get("dependFiles"), "dependFiles")
    for key in DEPEND_PACKAGES:
        yield from _listed(document.get(key), key)


def arriving_files(document: dict[str, Any], base: str) -> Iterator[ArrivingFile]:
    """Those that travel in the package; ``base`` is the workspace's default path, or empty."""
    for named_file in named_files(document):
        if found := _PACKED.match(named_file.location):
            sha256, name = found.groups()
            place = f"{base.rstrip('/')}/resources/{sha256}/{name}" if base else ""
            yield ArrivingFile(named_file.path, sha256, place)


def _listed(value: Any, key: str) -> Iterator[NamedFile]:
    for index, one in enumerate(value if isinstance(value, list) else ()):
        if isinstance(one, dict):
            yield from _named(one.get("location"), (key, index, "location"))
        else:
            yield from _named(one, (key, index))


def _named(value: Any, path: Path) -> Iterator[NamedFile]:
    if isinstance(value, str) and value:
        yield NamedFile(path, value)
