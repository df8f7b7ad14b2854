"""Takes asset backups: a workspace as it is at one moment, file by file into object storage.

A backup is a task, so that whichever server lives carries it on. Each try writes files of its own, and
``backup.json`` last.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import TYPE_CHECKING, NamedTuple

import msgspec

from jobferry.errors import Conflict, ErrorCode, InvalidRequest, JobferryError, StoreError
from jobferry.events import Events
from jobferry.files.ports import ObjectStorage
from jobferry.model.asset_backup import (
    CONTENTS_FORMAT,
    OBJECT_FOLDERS,
    VARIABLES_FOLDER,
    AssetBackup,
    BackupContents,
    BackupFile,
    file_of,
    name_at,
    names_used,
)
from jobferry.model.audit import AuditOutcome
from jobferry.model.connections import SurroundingKind
from jobferry.model.package import Layout, Provenance
from jobferry.model.people import PLATFORM_ITSELF, About, AboutKind, Caller, Grant, Notice, NoticeCode
from jobferry.model.records import Variable, Workspace
from jobferry.model.rights import HEADS, Action, Role
from jobferry.model.settings import read_settings
from jobferry.model.task import Ending, Task, TaskKind, TaskPhase, TaskStatus
from jobferry.model.transfer.export import ExportRequest
from jobferry.package.surroundings.writer import write_surroundings
from jobferry.sentences import as_sentence, sentence
from jobferry.services.asset_backups.folder import BackupFolder, workspace_folder
from jobferry.services.connection_secrets import Seals
from jobferry.services.exporting.downloads import UNEXPECTED, allow_taking
from jobferry.services.exporting.packing import pack
from jobferry.services.exporting.selection import Selection, Selector
from jobferry.services.progress import TaskCancelled, TaskProgress
from jobferry.services.runtime import Runtime
from jobferry.services.surroundings.exporting import leaving_variables

if TYPE_CHECKING:
    from jobferry.store import TaskLog, UnitOfWork

_events = Events("asset-backups")

TAKE = "asset-backup"
KIND = "asset-backup"
INTERRUPTED = sentence("interrupted: the platform ended before the backup was whole; take it again")
_MARK = 8


class BackupOrder(msgspec.Struct, frozen=True, kw_only=True):
    """What a task needs to take a backup again from its beginning."""

    backup_id: str
    caller: Caller


_order = msgspec.json.Decoder(BackupOrder)


class _Assets(NamedTuple):
    """A workspace at one moment, by names and digests."""

    workspace: Workspace
    taken_at: int
    source: Provenance
    variables: list[Variable]
    selections: dict[str, Selection]


class Taking:
    """Begins backups and carries them out."""

    def __init__(
        self,
        runtime: Runtime,
        log: TaskLog,
        storage: Callable[[str], ObjectStorage],
        seals: Callable[[], Seals],
        launch: Callable[[Task], None],
        age: Callable[[Workspace], None],
    ) -> None:
        """``storage`` is where backups of a workspace, by its id, are written; ``launch`` starts a task whose
        row is written; ``age`` is told of a workspace that has a new backup."""
        self._runtime = runtime
        self._log = log
        self._storage = storage
        self._seals = seals
        self._launch = launch
        self._age = age

    def begin(self, grant: Grant) -> Task:
        """Begins to take a backup of the workspace as it is now, drafts and all.

        Raises:
            Forbidden: the caller may not take backups here.
            InvalidRequest: it is not said where they go (``missing-value``).
            Conflict: object storage is not written to here (``object-storage-off``), or one is being taken
                (``asset-backup-running``).
        """
        self._allow(grant)
        with self._runtime.attempt(grant, TAKE, kind=KIND) as attempt:
            self._storage(grant.workspace.id)
            with attempt.change(only=grant.workspace.id) as change:
                workspace, now = change.grant.workspace, self._runtime.now()
                name = name_at(now, read_settings(workspace.settings).time_zone)
                attempt.subject = name
                record = self.record(workspace, name, grant.caller)
                refuse_unplaced(record, workspace)
                refuse_running(change.uow, workspace)
                change.uow.asset_backups.add(record)
                change.audit("asset-backup-begin")
        return self.started(record, grant.caller)

    def _allow(self, grant: Grant) -> None:
        allow_asset_backups(self._runtime, grant)

    def record(self, workspace: Workspace, name: str, caller: Caller, *, day: str = "") -> AssetBackup:
        """The record of a backup that begins now; without a place where none is set."""
        folder = read_settings(workspace.settings).backup_folder
        return AssetBackup(
            id=self._runtime.new_id(),
            workspace_id=workspace.id,
            name=name,
            place=f"{workspace_folder(folder, workspace.name)}/{name}" if folder else "",
            task_id=self._runtime.new_id(),
            created_by=caller.name,
            started_at=self._runtime.now(),
            day=day,
        )

    def started(self, record: AssetBackup, caller: Caller) -> Task:
        """The task of a record that is written, once it has begun."""
        order = BackupOrder(backup_id=record.id, caller=caller)
        task = Task(
            id=record.task_id,
            kind=TaskKind.ASSET_BACKUP,
            workspace_id=record.workspace_id,
            name=record.name,
            created_by=caller.name,
            started_at=record.started_at,
            updated_at=record.started_at,
            request=msgspec.json.encode(order),
            phase=TaskPhase.SELECTED,
        )
        try:
            self._log.add(task)
            self._launch(task)
        except JobferryError as error:
            with suppress(JobferryError):
                self.fail(record, error, caller)
            raise
        return task

    def run(self, task: Task) -> Ending:
        """Takes the backup, unless that was done already before a crash, or nobody wants it any more."""
        order = _order.decode(task.request)
        record = self._running(task, order)
        if record is None:
            return self._ending(order)
        try:
            self._take(task, record, order.caller)
        except TaskCancelled:
            self._leave_nothing(record)
        except StoreError as error:
            with suppress(JobferryError):  # else it is settled when the store is there again
                self.fail(record, error, order.caller)
            raise
        except JobferryError as error:
            self.fail(record, error, order.caller)
            raise
        except Exception:
            self.fail(record, None, order.caller)
            raise
        return self._ending(order)

    def report(self, task: Task) -> Ending:
        """How a backup that was cut off ended, without carrying it on."""
        order = _order.decode(task.request)
        record = self._running(task, order)
        if record is not None:
            self.interrupt(record, order.caller)
        return self._ending(order)

    def interrupt(self, record: AssetBackup, caller: Caller) -> None:
        """Ends a backup that nobody works on any more."""
        self._end_failed(record, INTERRUPTED, "", caller)
        self._leave_nothing(record)

    def fail(self, record: AssetBackup, error: JobferryError | None, caller: Caller) -> None:
        """Writes why a backup failed, tells those who run the workspace, and leaves no files of it."""
        reason, code = (error.with_hint, error.code.value) if error else (as_sentence(UNEXPECTED), "")
        self._end_failed(record, reason, code, caller)
        self._leave_nothing(record)

    def _take(self, task: Task, record: AssetBackup, caller: Caller) -> None:
        assets = self._selected(record)
        refuse_unplaced(record, assets.workspace)
        folder = BackupFolder(self._storage(record.workspace_id), record.place)
        progress = TaskProgress(self._log, task.id, self._runtime.now)
        files = []
        for file in self._files(folder, assets, progress):
            _events.debug("asset-backup-file-written", task=task.id, path=file.path)
            files.append(file)
        contents = _contents(assets, files)
        self._refuse_taken_over(record)
        _events.debug("asset-backup-concluding", task=task.id)
        folder.conclude(contents)
        _events.debug("asset-backup-visible", task=task.id)
        self._finish(record, contents, caller)
        folder.tidy({file.path for file in files})
        self._age(assets.workspace)

    def _selected(self, record: AssetBackup) -> _Assets:
        """Everything in one read; texts are kept by their digests, so they stay as they are meanwhile."""
        with self._runtime.store.read(lean=True) as snapshot:
            workspace, platform = snapshot.workspaces.by_id(record.workspace_id), snapshot.platform()
            if workspace is None or platform is None:
                raise AssertionError("a workspace whose backup was begun is not deleted")
            selector = Selector(snapshot, _whole(workspace), ExportRequest(everything=True), explain=False)
            assets = _Assets(
                workspace,
                self._runtime.now(),
                Provenance(platform_id=platform.id, platform_name=platform.name, workspace=workspace.name),
                snapshot.variables.all(workspace.id),
                {folder: selector.every(kinds) for folder, (_, kinds) in OBJECT_FOLDERS.items()},
            )
        _events.debug("asset-backup-selected", workspace=workspace.id)
        return assets

    def _files(self, folder: BackupFolder, assets: _Assets, progress: TaskProgress) -> Iterator[BackupFile]:
        """Writes what there is, a file for each sub-folder that holds anything."""
        mark = self._runtime.new_id()[:_MARK]
        if assets.variables:
            leaving = leaving_variables(assets.variables, assets.workspace, self._seals)
            chunks = write_surroundings(SurroundingKind.VARIABLE, leaving, assets.source).chunks
            yield folder.write(file_of(VARIABLES_FOLDER, "variables", mark), len(leaving), chunks)
        done, total = 0, sum(len(selection.picked) for selection in assets.selections.values())
        for name, (stem, _) in OBJECT_FOLDERS.items():
            selection = assets.selections[name]
            count = len(selection.picked)
            progress.note(TaskPhase.PACKED, done, total)
            if not count:
                continue
            packed = pack(
                self._runtime.store,
                assets.workspace,
                selection,
                Layout.FACTORY,
                with_manifest=True,
                note=_noting(progress, done, total),
            )
            yield folder.write(file_of(name, stem, mark), count, packed.chunks)
            done += count

    def _running(self, task: Task, order: BackupOrder) -> AssetBackup | None:
        """The record, while this task is to see to it."""
        with self._runtime.store.read() as snapshot:
            record = snapshot.asset_backups.by_id(order.backup_id)
        is_ours = record is not None and record.task_id == task.id and record.status is TaskStatus.RUNNING
        return record if is_ours else None

    def _refuse_taken_over(self, record: AssetBackup) -> None:
        """Goes on while the record is this try's: written, so that a server that was given up stops here.

        Raises:
            TaskCancelled: somebody has cancelled it, or ended it for another reason.
            StoreError: the others have taken over from this server.
        """
        with self._runtime.store.write(only=record.workspace_id) as uow:
            is_ours = uow.asset_backups.replace(record, was=record)
            uow.commit()
        if not is_ours:
            raise TaskCancelled(record.task_id)

    def _finish(self, record: AssetBackup, contents: BackupContents, caller: Caller) -> None:
        done = msgspec.structs.replace(
            record,
            status=TaskStatus.SUCCESSFUL,
            ended_at=self._runtime.now(),
            objects=contents.objects,
            size=contents.size,
        )
        detail = f"{contents.objects} objects, {contents.size} bytes"
        with self._runtime.store.write(only=record.workspace_id) as uow:
            if uow.asset_backups.replace(done, was=record):
                self._record(uow, record, caller, detail=detail)
                uow.commit()

    def _end_failed(self, record: AssetBackup, reason: str, code: str, caller: Caller) -> None:
        failed = msgspec.structs.replace(
            record, status=TaskStatus.FAILED, ended_at=self._runtime.now(), reason=reason
        )
        with self._runtime.store.write(only=record.workspace_id) as uow:
            if uow.asset_backups.replace(failed, was=record):
                self._record(uow, record, caller, outcome=AuditOutcome.FAILED, detail=code)
                self._tell(uow, failed)
                uow.commit()

    def _record(
        self,
        uow: UnitOfWork,
        record: AssetBackup,
        caller: Caller,
        *,
        outcome: AuditOutcome = AuditOutcome.DONE,
        detail: str,
    ) -> None:
        workspace = uow.workspaces.by_id(record.workspace_id)
        grant = _whole(workspace or Workspace(id=record.workspace_id, name=""), caller)
        event = self._runtime.event(
            grant, TAKE, kind=KIND, subject=record.name, outcome=outcome, detail=detail
        )
        self._runtime.record(uow, event)

    def _tell(self, uow: UnitOfWork, failed: AssetBackup) -> None:
        """Owner, administrators and who began it; of the tries of one day the first is told."""
        workspace = uow.workspaces.by_id(failed.workspace_id)
        if workspace is None or failed.attempts > 1:
            return
        beginner = uow.people.user_named(failed.created_by)
        heads = uow.members.heads_and(workspace.id, beginner.id if beginner else "")
        told = {member.user_id for member in heads if member.roles & HEADS}
        told |= {beginner.id} if beginner else set()
        about = About(workspace_id=workspace.id, kind=AboutKind.TASK, id=failed.task_id, name=failed.name)
        args = {
            "name": failed.name,
            "workspace": workspace.name,
            "said": as_sentence(failed.reason),
        }
        for user_id in sorted(told):
            uow.notices.add(
                Notice(
                    id=self._runtime.new_id(),
                    user_id=user_id,
                    code=NoticeCode.ASSET_BACKUP_FAILED,
                    at=failed.ended_at,
                    args=args,
                    about=about,
                )
            )

    def _leave_nothing(self, record: AssetBackup) -> None:
        """Deletes what a try has written that came to nothing, as far as the storage lets us."""
        with suppress(JobferryError):
            folder = BackupFolder(self._storage(record.workspace_id), record.place)
            contents = folder.contents()
            folder.tidy({file.path for file in contents.files} if contents else ())

    def _ending(self, order: BackupOrder) -> Ending:
        with self._runtime.store.read() as snapshot:
            record = snapshot.asset_backups.by_id(order.backup_id)
        if record is None:
            return Ending(succeeded=False, message="the backup is not remembered any more")
        if record.status is not TaskStatus.SUCCESSFUL:
            is_cancelled = record.status is TaskStatus.CANCELLED
            return Ending(succeeded=False, message=record.reason, is_cancelled=is_cancelled)
        message = sentence("{count:object}, {size:byte}", count=record.objects, size=record.size)
        return Ending(succeeded=True, message=message, phase=TaskPhase.PACKED)


def allow_asset_backups(runtime: Runtime, grant: Grant, subject: str = "") -> None:
    """Continue if the caller may take and read asset backups, which hold all of the workspace.

    Raises:
        Forbidden: the caller may not, or a directory or download policy leaves something from them.
    """
    runtime.allow(grant, Action.ASSET_BACKUP, kind=KIND, subject=subject, directory="/")
    allow_taking(runtime, grant, kind=KIND, subject=subject)


def refuse_unplaced(record: AssetBackup, workspace: Workspace) -> None:
    """Raises: InvalidRequest: it is not said where backups of the workspace go (``missing-value``)."""
    if not record.place:
        raise InvalidRequest(
            ErrorCode.MISSING_VALUE,
            sentence("it is not said where asset backups of {workspace} go", workspace=workspace.name),
            subject="asset_backup_path",
            hint="have it set: `jobferry setting set asset_backup_path=obs://bucket/folder`",
        )


def refuse_running(uow: UnitOfWork, workspace: Workspace) -> None:
    """Raises: Conflict: a backup of the workspace is being taken (``asset-backup-running``)."""
    running = uow.asset_backups.last(workspace.id, TaskStatus.RUNNING)
    if running is not None:
        raise Conflict(
            ErrorCode.ASSET_BACKUP_RUNNING,
            sentence(
                "the asset backup {name} of {workspace} is being taken right now",
                name=running.name,
                workspace=workspace.name,
            ),
            subject=running.task_id,
            hint=sentence("wait for it: `jobferry task show {task}`", task=running.task_id),
        )


def _contents(assets: _Assets, files: list[BackupFile]) -> BackupContents:
    needs = [need for selection in assets.selections.values() for need in selection.needs]
    return BackupContents(
        format=CONTENTS_FORMAT,
        workspace=assets.workspace.name,
        platform_id=assets.source.platform_id,
        platform_name=assets.source.platform_name,
        taken_at=assets.taken_at,
        files=tuple(files),
        **names_used(needs),
    )


def _noting(progress: TaskProgress, before: int, total: int) -> Callable[[int], None]:
    return lambda done: progress(TaskPhase.PACKED, before + done, total)


def _whole(workspace: Workspace, caller: Caller = Caller(user_id="", name=PLATFORM_ITSELF)) -> Grant:
    """The grant of the platform itself: a backup is of everything, whatever directories its taker covers."""
    return Grant(caller=caller, workspace=workspace, roles=frozenset({Role.OWNER}))
