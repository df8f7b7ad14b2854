"""What asset backups there are, and one of them as packages that are checked and imported like any other."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import NamedTuple

import msgspec

from jobferry.errors import ErrorCode, InvalidRequest, NotFound, PackageRefused
from jobferry.files.ports import ObjectStorage, PackageStorage, ReceivedPackage
from jobferry.model.asset_backup import (
    VARIABLES_FOLDER,
    AssetBackup,
    BackupContents,
    day_of,
    next_midnight,
)
from jobferry.model.package import Manifest, Need
from jobferry.model.people import Grant
from jobferry.model.rights import Action
from jobferry.model.settings import read_settings
from jobferry.model.task import TaskStatus
from jobferry.model.transfer.policy import ImportAct
from jobferry.package.limits import PackageLimits
from jobferry.package.manifest import text_pieces
from jobferry.package.reader import OpenPackage, open_package
from jobferry.package.writer import told_chunks
from jobferry.sentences import sentence
from jobferry.services.asset_backups.folder import BackupFolder, backup_names, workspace_folder
from jobferry.services.asset_backups.taking import KIND, allow_asset_backups
from jobferry.services.errors import UPLOADS_HINT, refuse_crowded
from jobferry.services.importing.acts import Sizes
from jobferry.services.runtime import Runtime

RESTORE = "asset-backup-restore"
_PIECE_BYTES = 1024 * 1024


class ListedBackup(msgspec.Struct, frozen=True):
    """A backup; without ``contents`` if its ``backup.json`` cannot be used, and why.

    ``created_by`` is empty for one that this workspace has no record of.
    """

    name: str
    contents: BackupContents | None
    reason: str = ""
    created_by: str = ""


class BackupPage(msgspec.Struct, frozen=True, kw_only=True):
    """Backups in a folder, the newest first; ``is_last`` if no older ones follow."""

    folder: str
    backups: list[ListedBackup]
    is_last: bool


class BackupState(msgspec.Struct, frozen=True, kw_only=True):
    """How the daily backups of a workspace stand. ``next_at`` in ms, 0 while they are off."""

    is_on: bool
    next_at: int
    running: AssetBackup | None
    last_good: AssetBackup | None
    last_failed: AssetBackup | None


class Restored(NamedTuple):
    """A backup as packages: of its jobs, scripts and resources, and of its environment variables, as far as
    it has any and the caller may change them."""

    contents: BackupContents
    package: ReceivedPackage | None
    variables: ReceivedPackage | None

    @property
    def held(self) -> int:
        """How many environment variables the backup has."""
        folders = {file.path.partition("/")[0]: file.objects for file in self.contents.files}
        return folders.get(VARIABLES_FOLDER, 0)


class Restoring:
    """The backups of a workspace, and what can be restored from them."""

    def __init__(
        self,
        runtime: Runtime,
        storage: Callable[[str], ObjectStorage],
        uploads: PackageStorage,
        sizes: Sizes,
    ) -> None:
        """``storage`` is where backups of a workspace, by its id, are read."""
        self._runtime = runtime
        self._storage = storage
        self._uploads = uploads
        self._sizes = sizes

    def page(self, grant: Grant, folder: str, *, before: str, limit: int) -> BackupPage:
        """The backups in a folder, older than the one that is called ``before``; without a folder those of
        this workspace. What has no ``backup.json`` is none.

        Raises:
            Forbidden: the caller may not see backups here.
            Conflict: imports do not read object storage here (``object-storage-off``).
            InvalidRequest: the folder is none (``invalid-object-path``).
            NotFound: there is no such bucket (``bucket-missing``).
        """
        self._allow(grant, folder)
        place = folder.rstrip("/") or _own_folder(grant)
        if not place:
            return BackupPage(folder="", backups=[], is_last=True)
        storage = self._storage(grant.workspace.id)
        found: list[ListedBackup] = []
        for name in self._names(storage, place, is_own=not folder):
            if before and name >= before:
                continue
            if len(found) == limit:
                return BackupPage(folder=place, backups=self._signed(grant, place, found), is_last=False)
            try:
                contents = BackupFolder(storage, f"{place}/{name}").contents()
            except PackageRefused as refused:
                found.append(ListedBackup(name, None, refused.with_hint))
                continue
            if contents is not None:
                found.append(ListedBackup(name, contents))
        return BackupPage(folder=place, backups=self._signed(grant, place, found), is_last=True)

    def state(self, grant: Grant) -> BackupState:
        """How the daily backups stand.

        Raises:
            Forbidden: the caller may not see backups here.
        """
        self._allow(grant)
        settings, place = read_settings(grant.workspace.settings), grant.workspace.id
        with self._runtime.store.read() as snapshot:
            last = snapshot.asset_backups.last
            return BackupState(
                is_on=settings.asset_backup,
                next_at=next_midnight(self._runtime.now(), settings.time_zone)
                if settings.asset_backup
                else 0,
                running=last(place, TaskStatus.RUNNING),
                last_good=last(place, TaskStatus.SUCCESSFUL),
                last_failed=last(place, TaskStatus.FAILED),
            )

    def show(self, grant: Grant, name: str, folder: str = "") -> tuple[str, BackupContents]:
        """The folder that a backup lies in, what it holds, and the names that may be edited in it.

        Raises:
            Forbidden, Conflict, InvalidRequest: as for :meth:`page`.
            NotFound: there is no such backup (``asset-backup-missing``).
            PackageRefused: its ``backup.json`` cannot be used.
        """
        self._allow(grant, name)
        backup, contents = self._found(grant, name, folder)
        return backup.place.rpartition("/")[0], contents

    def packages(self, grant: Grant, name: str, folder: str = "") -> Restored:
        """A backup as packages that the caller can check and import; every file was compared with its digest.

        Raises:
            Forbidden: the caller may not restore here.
            Conflict, InvalidRequest: as for :meth:`page`.
            NotFound: there is no such backup (``asset-backup-missing``).
            PackageRefused: a file is missing or was altered (``package-altered``), or too large; or there is
                nothing in it (``package-empty``).
        """
        self._allow(grant, name)
        with self._runtime.attempt(grant, RESTORE, Action.IMPORT, kind=KIND, subject=name) as attempt:
            backup, contents = self._found(grant, name, folder)
            attempt.subject = backup.place
            _refuse_empty(backup.place, contents)
            refuse_crowded(self._uploads.of(grant.caller.user_id), grant.caller.name, UPLOADS_HINT)
            limits = self._sizes.limits_of(ImportAct.PACKAGE, local=False)
            with ExitStack() as files:
                held = {
                    file.path: (file, files.enter_context(backup.verified(file))) for file in contents.files
                }
                variables = [file for path, (_, file) in held.items() if path.startswith(VARIABLES_FOLDER)]
                opened = [
                    open_package(file, limits)
                    for path, (_, file) in held.items()
                    if not path.startswith(VARIABLES_FOLDER)
                ]
                package = self._received(grant, backup.place, joined(opened), limits) if opened else None
                takes = variables and grant.may(Action.VARIABLE_EDIT)
                pieces = iter(lambda: variables[0].read(_PIECE_BYTES), b"")
                kept = self._received(grant, backup.place, pieces, limits) if takes else None
            self._runtime.note(attempt.row(detail=f"{contents.objects} objects"))
        return Restored(contents, package, kept)

    def _allow(self, grant: Grant, subject: str = "") -> None:
        allow_asset_backups(self._runtime, grant, subject)

    def _names(self, storage: ObjectStorage, place: str, *, is_own: bool) -> list[str]:
        """A workspace whose first backup is still to come has none, whether or not its bucket is there."""
        try:
            return backup_names(storage, place)
        except NotFound:
            if is_own:
                return []
            raise

    def _signed(self, grant: Grant, place: str, found: list[ListedBackup]) -> list[ListedBackup]:
        """The same with who began each."""
        with self._runtime.store.read() as snapshot:
            makers = snapshot.asset_backups.makers(
                grant.workspace.id, [f"{place}/{one.name}" for one in found]
            )
        return [
            msgspec.structs.replace(one, created_by=makers.get(f"{place}/{one.name}", "")) for one in found
        ]

    def _found(self, grant: Grant, name: str, folder: str) -> tuple[BackupFolder, BackupContents]:
        place = folder.rstrip("/") or _own_folder(grant)
        if not place:
            raise InvalidRequest(
                ErrorCode.MISSING_VALUE,
                "it is not said where the backup lies",
                subject="folder",
                hint="name the folder of the workspace's backups, such as obs://bucket/folder/workspace",
            )
        if day_of(name) is not None:
            backup = BackupFolder(self._storage(grant.workspace.id), f"{place}/{name}")
            contents = backup.contents()
            if contents is not None:
                return backup, contents
        raise NotFound(
            ErrorCode.ASSET_BACKUP_MISSING,
            sentence("there is no asset backup {name} in {place}", name=name[:100], place=place),
            subject=name[:100],
            hint="see `jobferry asset-backup list`",
        )

    def _received(
        self, grant: Grant, name: str, chunks: Iterator[bytes], limits: PackageLimits
    ) -> ReceivedPackage:
        return self._uploads.receive(name, chunks, owner=grant.caller.user_id, limit=limits.package_bytes)


def joined(packages: list[OpenPackage]) -> Iterator[bytes]:
    """Packages as one, with one manifest: no two of them hold objects of one kind."""
    told = [package.manifest for package in packages if package.manifest is not None]
    if len(told) < len(packages):
        raise PackageRefused(
            ErrorCode.PACKAGE_ALTERED, "a file of the backup has no manifest", hint="restore another backup"
        )
    inside = {(entry.kind.value, entry.name) for manifest in told for entry in manifest.contents}
    needs = {
        (need.kind, need.workspace, need.name)
        for manifest in told
        for need in manifest.needs
        if need.workspace or (need.kind.value, need.name) not in inside
    }
    manifest = Manifest(
        format=max(manifest.format for manifest in told),
        contents=tuple(
            sorted((entry for one in told for entry in one.contents), key=lambda entry: entry.path)
        ),
        emptied=tuple(emptied for one in told for emptied in one.emptied),
        needs=tuple(Need(kind=kind, name=name, workspace=place) for kind, place, name in sorted(needs)),
        provenance=told[0].provenance,
    )
    return told_chunks(text_pieces(manifest), _documents(packages))


def _documents(packages: list[OpenPackage]) -> Iterator[tuple[str, bytes]]:
    ordered = sorted(
        ((entry.path, number) for number, package in enumerate(packages) for entry in package.entries)
    )
    entries = [{entry.path: entry for entry in package.entries} for package in packages]
    for path, number in ordered:
        yield path, packages[number].text(entries[number][path])


def _own_folder(grant: Grant) -> str:
    folder = read_settings(grant.workspace.settings).backup_folder
    return workspace_folder(folder, grant.workspace.name) if folder else ""


def _refuse_empty(place: str, contents: BackupContents) -> None:
    if not contents.files:
        raise PackageRefused(
            ErrorCode.PACKAGE_EMPTY,
            sentence("{place}: the backup holds nothing; the workspace was empty", place=place),
            subject=place,
            hint="restore from another backup",
        )
