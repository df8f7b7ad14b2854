"""Packages that were handed in, and what they hold, before anything is checked.

A package is read once, by the rules that hold where a workspace has set none; what was found is kept beside
it, and what was read of its texts serves its check too.
"""

from __future__ import annotations

from collections import Counter
from contextlib import suppress
from typing import TYPE_CHECKING

import msgspec

from jobferry.errors import ErrorCode, FilesError, NotFound
from jobferry.files.ports import Note, PackageStorage, ReceivedPackage
from jobferry.model.document.facts import FactRules
from jobferry.model.kinds import NeedKind, ObjectKind
from jobferry.model.package import Need, Provenance
from jobferry.model.people import Caller
from jobferry.model.rights import Action
from jobferry.model.transfer.contents import PackageContents, needs_of
from jobferry.model.transfer.policy import ImportAct
from jobferry.sentences import sentence
from jobferry.services.granting import grant_anywhere
from jobferry.services.importing.read_package import (
    ParsedPackageCache,
    Sources,
    opened_package,
    read_contents,
)
from jobferry.services.runtime import Runtime

if TYPE_CHECKING:
    from jobferry.services.importing.acts import Sizes


class PackedObject(msgspec.Struct, frozen=True, gc=False, array_like=True):
    """One object of a package; ``problems`` is how many things are wrong with its document."""

    kind: ObjectKind
    name: str
    directory: str
    uid: str
    path: str
    size: int
    sha256: str
    problems: int


class Inside(msgspec.Struct, frozen=True, kw_only=True):
    """What a package holds and needs."""

    digest: str
    layout: str
    source: Provenance | None
    files: int
    objects: tuple[PackedObject, ...]
    needs: tuple[Need, ...]

    @property
    def counts(self) -> dict[ObjectKind, int]:
        """How many objects there are of each kind."""
        return dict(Counter(packed.kind for packed in self.objects))

    @property
    def need_counts(self) -> dict[NeedKind, int]:
        """How many needs there are of each kind."""
        return dict(Counter(need.kind for need in self.needs))


_decoder = msgspec.msgpack.Decoder(Inside)


class HandedIn:
    """A user's own packages, as long as they are kept."""

    def __init__(self, runtime: Runtime, uploads: PackageStorage, sizes: Sizes) -> None:
        self._runtime = runtime
        self._uploads = uploads
        self._sizes = sizes

    def all(self, caller: Caller) -> list[ReceivedPackage]:
        """The caller's packages, by name.

        Raises:
            Forbidden: the caller may import nowhere.
        """
        self._allow(caller, "")
        return sorted(self._uploads.of(caller.user_id), key=lambda package: (package.name, package.id))

    def show(self, caller: Caller, package_id: str) -> tuple[ReceivedPackage, Inside]:
        """A package and what it holds.

        Raises:
            Forbidden: the caller may import nowhere.
            NotFound: it was never here, is gone again, or is somebody else's (``package-missing``).
            PackageRefused: it cannot be used.
        """
        self._allow(caller, package_id)
        package = self._uploads.find(package_id)
        if package is None or package.owner != caller.user_id:
            raise NotFound(
                ErrorCode.PACKAGE_MISSING,
                sentence("the package {package_id} is not here", package_id=package_id),
                subject=package_id,
                hint="upload the package again",
            )
        return package, self._kept(package_id) or self._read(package)

    def _allow(self, caller: Caller, subject: str) -> None:
        with self._runtime.store.read() as snapshot:
            grant = grant_anywhere(snapshot, caller, Action.IMPORT)
        self._runtime.allow(grant, Action.IMPORT, kind="package", subject=subject)

    def _kept(self, package_id: str) -> Inside | None:
        with suppress(FilesError, msgspec.DecodeError):
            content = self._uploads.kept(package_id, Note.CONTENTS)
            if content is not None:
                return _decoder.decode(content)
        return None

    def _read(self, package: ReceivedPackage) -> Inside:
        remembered = ParsedPackageCache(self._uploads, package.id)
        sources = Sources(remembered=remembered, parser=self._runtime.parser)
        limits = self._sizes.limits_of(ImportAct.PACKAGE, local=package.is_local)
        with opened_package(self._uploads, package.id, limits) as opened:
            found = _inside(read_contents(opened, FactRules(), sources))
        remembered.keep()
        with suppress(FilesError, NotFound):
            self._uploads.keep(package.id, Note.CONTENTS, msgspec.msgpack.encode(found))
        return found


def _inside(contents: PackageContents) -> Inside:
    objects = [
        PackedObject(
            entry.info.kind,
            entry.info.name,
            entry.facts.directory,
            entry.info.uid,
            entry.info.path,
            entry.info.size,
            entry.info.sha256,
            len(entry.unusable) + len(entry.facts.problems),
        )
        for entry in contents.entries
    ]
    return Inside(
        digest=contents.digest,
        layout=contents.layout,
        source=contents.manifest.provenance if contents.manifest else None,
        files=len(contents.files),
        objects=tuple(sorted(objects, key=lambda packed: (packed.kind, packed.name))),
        needs=needs_of(contents),
    )
