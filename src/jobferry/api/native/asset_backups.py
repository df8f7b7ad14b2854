"""Asset backups of a workspace: taken at once, listed, and handed to an import."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from msgspec import Meta, Struct
from msgspec.structs import asdict

from jobferry.api.calls import Body, Calls, Limit, Threads
from jobferry.api.native.call import Placed
from jobferry.api.native.packages import PackageAnswer
from jobferry.api.native.tasks import StartedAnswer
from jobferry.model.task import TaskStatus

if TYPE_CHECKING:
    from jobferry.model.asset_backup import AssetBackup, BackupContents
    from jobferry.services.importing.receive import ReceivedPackage

api = Calls("/api/workspaces/{workspace}", tag="asset-backups")

Folder = Annotated[
    str, Meta(description="obs://bucket/folder with dated folders; empty for the workspace's own backups.")
]


class AssetBackupHead(Struct, frozen=True):
    """A backup; times in ms, ``size`` in bytes. Where its ``backup.json`` cannot be used, ``reason`` says
    why."""

    name: str
    place: str
    workspace: str
    taken_at: int
    objects: int
    size: int
    reason: str


class ListedAssetBackup(AssetBackupHead, frozen=True):
    """A backup in a list. ``created_by`` is who began it, as far as this workspace remembers; else empty."""

    created_by: str


class AssetBackupList(Struct, frozen=True):
    """Backups in a folder, the newest first. ``before`` is what to ask for the next page with; it is empty on
    the last one."""

    folder: str
    items: list[ListedAssetBackup]
    before: str


class AssetBackupTry(Struct, frozen=True):
    """A backup as the platform remembers it; ``reason`` is why it failed, ``day`` empty if it was taken at
    once. Times in ms."""

    name: str
    place: str
    task_id: str
    created_by: str
    started_at: int
    ended_at: int
    day: str
    status: TaskStatus
    attempts: int
    objects: int
    size: int
    reason: str


class AssetBackupState(Struct, frozen=True):
    """How the daily backups stand: the next one (ms, 0 while they are off), the one that is being taken, the
    last that was taken and the last that failed."""

    is_on: bool
    next_at: int
    running: AssetBackupTry | None
    last_good: AssetBackupTry | None
    last_failed: AssetBackupTry | None


class AssetBackupFile(Struct, frozen=True):
    """A file of a backup; ``size`` in bytes."""

    path: str
    objects: int
    size: int
    sha256: str


class AssetBackupAnswer(AssetBackupHead, frozen=True):
    """A backup with its files, and the names that its ``backup.json`` lets people edit."""

    connections: dict[str, str]
    databases: dict[str, str]
    clusters: dict[str, str]
    files: list[AssetBackupFile]


class BackupReference(Body):
    """Where a backup lies: ``folder`` holds dated folders, and is empty for the workspace's own."""

    folder: str = ""


class AssetBackupPackages(Struct, frozen=True):
    """A backup as packages, to be checked and imported as any other; every file has passed its digest.

    ``package`` holds jobs, scripts and resources, ``variables`` the environment variables; null where there
    are none, ``variables`` also for callers who may not change them. ``held`` counts the variables of the
    backup. ``mapping`` is what was edited in ``backup.json``: give it to the import.
    """

    name: str
    package: PackageAnswer | None
    variables: PackageAnswer | None
    held: int
    mapping: dict[str, dict[str, str]]


@api.get("/asset-backups", threads=Threads.EXTERNAL)
def list_asset_backups(
    call: Placed,
    folder: Folder = "",
    before: Annotated[str, Meta(description="The name of the backup before which to go on.")] = "",
    limit: Limit = 100,
) -> AssetBackupList:
    """The backups in a folder of object storage, the newest first."""
    page = call.platform.restoring.page(call.grant, folder, before=before, limit=limit)
    items = [
        ListedAssetBackup(
            **asdict(_head(one.name, page.folder, one.contents, call.reader.whole(one.reason))),
            created_by=one.created_by,
        )
        for one in page.backups
    ]
    return AssetBackupList(page.folder, items, "" if page.is_last else items[-1].name)


@api.post("/asset-backups", status=202)
def make_asset_backup(call: Placed) -> StartedAnswer:
    """Takes a backup of the workspace as it is now, in the background."""
    return StartedAnswer(call.platform.asset_backups.begin(call.grant).id)


@api.get("/asset-backup-state")
def show_asset_backup_state(call: Placed) -> AssetBackupState:
    """How the daily backups of the workspace stand."""
    state = call.platform.restoring.state(call.grant)
    tries = (state.running, state.last_good, state.last_failed)
    return AssetBackupState(state.is_on, state.next_at, *(_try(call, one) for one in tries))


@api.get("/asset-backups/{name}", threads=Threads.EXTERNAL)
def show_asset_backup(call: Placed, name: str, folder: Folder = "") -> AssetBackupAnswer:
    """A backup: its files, and the names that may be edited before it is restored."""
    place, contents = call.platform.restoring.show(call.grant, name, folder)
    files = [AssetBackupFile(**asdict(file)) for file in contents.files]
    return AssetBackupAnswer(
        **asdict(_head(name, place, contents, "")),
        connections=contents.connections,
        databases=contents.databases,
        clusters=contents.clusters,
        files=files,
    )


@api.post("/asset-backups/{name}/packages", status=201, threads=Threads.EXTERNAL)
def restore_asset_backup(call: Placed, name: str, body: BackupReference) -> AssetBackupPackages:
    """Makes packages of a backup whose files are as they were written. Nothing is imported yet."""
    made = call.platform.restoring.packages(call.grant, name, body.folder)
    return AssetBackupPackages(
        name=name,
        package=_package(made.package),
        variables=_package(made.variables),
        held=made.held,
        mapping=dict(made.contents.mapping.sections()),
    )


def _head(name: str, folder: str, contents: BackupContents | None, reason: str) -> AssetBackupHead:
    return AssetBackupHead(
        name=name,
        place=f"{folder}/{name}",
        workspace=contents.workspace if contents else "",
        taken_at=contents.taken_at if contents else 0,
        objects=contents.objects if contents else 0,
        size=contents.size if contents else 0,
        reason=reason,
    )


def _try(call: Placed, backup: AssetBackup | None) -> AssetBackupTry | None:
    if backup is None:
        return None
    kept = {name: getattr(backup, name) for name in AssetBackupTry.__struct_fields__}
    return AssetBackupTry(**kept | {"reason": call.reader.whole(backup.reason)})


def _package(package: ReceivedPackage | None) -> PackageAnswer | None:
    return PackageAnswer(package.id, package.name, package.size) if package else None
