"""Backups that the platform takes by itself, each day at an hour, on whichever server comes first.

A server notes that it has begun before it begins, and that it has ended when what it wrote was read again
and is as it was. What it has not ended another one does again, once it is gone; what has failed is tried
again an hour later, until the next one is due.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, BinaryIO, Protocol

import msgspec

from jobferry.errors import Conflict, ErrorCode, FilesError, JobferryError, PackageRefused
from jobferry.events import Events
from jobferry.files.ports import BackupPlace, Write
from jobferry.model.audit import AuditEvent, AuditOutcome
from jobferry.model.backups import BackupRun, backup_name, last_due, old_backups
from jobferry.model.parts import BACKUPS
from jobferry.model.people import About, AboutKind, Notice, NoticeCode
from jobferry.model.platform_settings import PlatformValues
from jobferry.sentences import sentence
from jobferry.services.operating.platform_settings import StoredSettings
from jobferry.services.runtime import Runtime

if TYPE_CHECKING:
    from jobferry.store import UnitOfWork

_events = Events("backups")

_AGAIN_MS = 60 * 60 * 1000
_KEPT_MS = 90 * 24 * 60 * 60 * 1000
"""How long it is known what became of a backup."""
_ACTION = "backup"

TakeBackup = Callable[[Write], object]
"""Hands a backup of the whole platform over in pieces; raises JobferryError."""


LookThrough = Callable[[BinaryIO, str], Iterable[object]]
"""Holds a backup against its own digests, some of it at each step; errors call it by the name. Raises
JobferryError."""


class LiveServers(Protocol):
    """Which servers work on the platform's database."""

    @property
    def id(self) -> str: ...

    def live(self) -> frozenset[str]: ...


class _Stopping(Exception):
    """This server is stopped amid a backup."""


class ScheduledBackups:
    """Takes the backup that is due."""

    def __init__(
        self,
        runtime: Runtime,
        stored: StoredSettings,
        servers: LiveServers,
        place: Callable[[str], BackupPlace],
        take: TakeBackup,
        look_through: LookThrough,
    ) -> None:
        """``place`` is where backups lie, as the platform's setting writes it; it raises JobferryError."""
        self._runtime = runtime
        self._stored = stored
        self._servers = servers
        self._place = place
        self._take = take
        self._look_through = look_through
        self._stopping = threading.Event()

    def tick(self) -> None:
        """Takes a backup, if one is due and no other server is at it.

        Raises:
            StoreError: the database cannot be used; what is due stays so.
        """
        values = self._stored.values()
        if not values.backup_place:
            return
        due_at = last_due(values.backup_hour, values.backup_zone, self._runtime.now())
        run = self._begun(due_at)
        if run is not None:
            self._carry_out(run, values)

    def stop(self) -> None:
        """Gives up what is under way: another server, or the next start, begins it again."""
        self._stopping.set()

    def _begun(self, due_at: int) -> BackupRun | None:
        """The run that is this server's now; none where there is nothing to do."""
        with self._runtime.store.read() as snapshot:
            found = snapshot.backups.at(due_at)
        if not self._is_wanted(found):
            return None
        with self._runtime.store.write(only=BACKUPS) as uow:
            if uow.backups.at(due_at) != found:
                return None
            run = BackupRun(
                due_at=due_at,
                server=self._servers.id,
                begun_at=self._runtime.now(),
                attempts=found.attempts + 1 if found else 1,
                said=found.said if found else "",
            )
            uow.backups.save(run)
            uow.commit()
        return run

    def _is_wanted(self, found: BackupRun | None) -> bool:
        """A run that is noted as this server's own is one whose end could not be noted."""
        if found is None:
            return True
        if found.ended_at:
            return bool(found.said) and self._runtime.now() - found.ended_at >= _AGAIN_MS
        return found.server == self._servers.id or found.server not in self._servers.live()

    def _carry_out(self, run: BackupRun, values: PlatformValues) -> None:
        _events.info("backup-begun", due_at=run.due_at, attempts=run.attempts)
        try:
            place = self._place(values.backup_place)
            name = backup_name(self._platform_id(), run.begun_at)
            size = self._write(run, place, name)
            self._read_again(place, name)
        except _Stopping:
            self._end(msgspec.structs.replace(run, server=""), run)
            return
        except JobferryError as error:
            failed = msgspec.structs.replace(run, ended_at=self._runtime.now(), said=error.message)
            self._end(failed, run, values.backup_place, error.code.value)
            return
        except Exception:
            said = sentence("something unexpected happened")
            failed = msgspec.structs.replace(run, ended_at=self._runtime.now(), said=said)
            self._end(failed, run, values.backup_place, "unexpected")
            raise
        now = self._runtime.now()
        done = msgspec.structs.replace(run, ended_at=now, path=place.path(name), size=size, said="")
        if self._end(done, run):
            self._remove_old(place, name, values.backup_days)

    def _write(self, run: BackupRun, place: BackupPlace, name: str) -> int:
        size = 0
        with place.writing(name) as write:

            def counted(piece: bytes) -> None:
                nonlocal size
                if self._stopping.is_set():
                    raise _Stopping
                size += len(piece)
                write(piece)

            self._take(counted)
            self._refuse_overtaken(run)
        if not any(entry.name == name and entry.size == size for entry in place.entries()):
            raise FilesError(
                ErrorCode.FILES_FAILED,
                sentence("{path} was written, and is not there", path=place.path(name)),
                subject=place.path(name),
                hint="check the store, or the folder's disk",
            )
        return size

    def _read_again(self, place: BackupPlace, name: str) -> None:
        """What is not as it was written, or could not be read, is not left there to be taken for a backup."""
        path = place.path(name)
        try:
            with place.reading(name) as file:
                for _ in self._look_through(file, path):
                    if self._stopping.is_set():
                        raise _Stopping
        except BaseException as error:
            self._remove(place, [name])
            if isinstance(error, PackageRefused):
                told = sentence("{path} was not as it was written: {reason}", path=path, reason=error.message)
                raise PackageRefused(error.code, told, subject=path, hint=error.hint) from error
            raise

    def _refuse_overtaken(self, run: BackupRun) -> None:
        """Looked at before the backup appears, in a transaction that a server given up does not get."""
        with self._runtime.store.write(only=BACKUPS) as uow:
            if uow.backups.at(run.due_at) != run:
                raise Conflict(ErrorCode.STORE_BUSY, "another server has begun this backup")

    def _end(self, ended: BackupRun, begun: BackupRun, wanted: str = "", code: str = "") -> bool:
        """Notes how a run ended, unless another server has begun it; ``wanted`` is where it was to go."""
        with self._runtime.store.write(only=BACKUPS) as uow:
            if uow.backups.at(begun.due_at) != begun:
                return False
            uow.backups.save(ended)
            if ended.ended_at:
                self._tell(uow, ended, begun, wanted, code)
            if ended.ended_at and not code:
                uow.backups.sweep(before=ended.ended_at - _KEPT_MS)
            uow.commit()
        if code:
            _events.say("error", "backup-failed", code=code, reason=str(ended.said), attempts=ended.attempts)
        elif ended.ended_at:
            _events.info("backup-ended", path=ended.path, bytes=ended.size)
        return True

    def _tell(self, uow: UnitOfWork, ended: BackupRun, begun: BackupRun, wanted: str, code: str) -> None:
        """A failure is told once for each time that a backup was due, and that one went well after it."""
        event = AuditEvent(
            at=ended.ended_at,
            actor="",
            action=_ACTION,
            kind="platform",
            subject=ended.path or wanted,
            outcome=AuditOutcome.FAILED if code else AuditOutcome.DONE,
            detail=code or f"bytes={ended.size}",
        )
        self._runtime.record(uow, event)
        former = uow.backups.before(ended.due_at)
        has_failed = bool(begun.said or (former and former.said))
        if code and not begun.said:
            self._notify(uow, NoticeCode.BACKUP_FAILED, ended, {"place": wanted, "said": ended.said})
        elif not code and has_failed:
            self._notify(uow, NoticeCode.BACKUP_FINISHED, ended, {"path": ended.path})

    def _notify(self, uow: UnitOfWork, code: NoticeCode, run: BackupRun, args: dict[str, str]) -> None:
        for user in uow.people.users():
            if user.operations and not user.disabled:
                about = About(workspace_id="", kind=AboutKind.BACKUP, id=str(run.due_at))
                notice = Notice(
                    id=self._runtime.new_id(),
                    user_id=user.id,
                    code=code,
                    at=run.ended_at,
                    about=about,
                    args=args,
                )
                uow.notices.add(notice)

    def _remove_old(self, place: BackupPlace, newest: str, days: int) -> None:
        """The backup is there, whether or not old ones go."""
        try:
            names = [entry.name for entry in place.entries()]
        except JobferryError as error:
            _events.say("warning", "backup-not-removed", reason=error.message)
            return
        self._remove(place, old_backups(names, self._platform_id(), newest=newest, days=days))

    def _remove(self, place: BackupPlace, names: Iterable[str]) -> None:
        try:
            for name in names:
                place.remove(name)
                _events.info("backup-removed", path=place.path(name))
        except JobferryError as error:
            _events.say("warning", "backup-not-removed", reason=error.message)

    def _platform_id(self) -> str:
        with self._runtime.store.read() as snapshot:
            found = snapshot.platform()
        return found.id if found else ""
