"""The download center: what was exported, the packages that are kept, and how long."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import BinaryIO

import msgspec

from jobferry.errors import ErrorCode, NotFound
from jobferry.events import Events
from jobferry.files.ports import PackageShelf
from jobferry.model.grant import Grant
from jobferry.model.platform_settings import PlatformValues
from jobferry.model.rights import Action
from jobferry.model.task import TaskStatus
from jobferry.model.transfer.download import Download, DownloadFilter, DownloadKind
from jobferry.services.exporting.allowing import allow_download
from jobferry.services.exporting.records import Records
from jobferry.services.ground import Ground
from jobferry.store.ports import TaskLog

_events = Events("keeping")

_DAY_MS = 24 * 60 * 60 * 1000
_ORPHANED_SECONDS = 24 * 60 * 60
_PAGE = 200


class Listed(msgspec.Struct, frozen=True):
    """A record, whether its file can be had, and until when it is kept (ms)."""

    download: Download
    available: bool
    until: int


class DownloadCenter:
    """Records of exports: one's own, and with the right to it those of others."""

    def __init__(
        self,
        ground: Ground,
        log: TaskLog,
        shelf: PackageShelf,
        records: Records,
        values: Callable[[], PlatformValues],
    ) -> None:
        self._ground = ground
        self._log = log
        self._shelf = shelf
        self._records = records
        self._values = values

    def page(
        self, grant: Grant, wanted: DownloadFilter, *, offset: int, limit: int
    ) -> tuple[int, list[Listed]]:
        """How many the caller can see, and one page of them, newest first.

        Raises:
            Forbidden: the caller may not see the workspace.
        """
        self._ground.allow(grant, Action.WORKSPACE_VIEW, kind="download")
        place = grant.workspace.id
        wanted = msgspec.structs.replace(wanted, workspace_id=place)
        if not grant.may(Action.RECORD_VIEW_ALL):
            if wanted.operator not in ("", grant.caller.name):
                return 0, []
            wanted = msgspec.structs.replace(wanted, operator=grant.caller.name)
        with self._ground.store.read() as snapshot:
            total, found = snapshot.downloads.page(wanted, offset=offset, limit=limit)
        values = self._values()
        return total, [self._listed(one, values) for one in found]

    def show(self, grant: Grant, download_id: str) -> Listed:
        """One record.

        Raises:
            Forbidden: the caller may not see the workspace.
            NotFound: there is none of that id that the caller is to see (``download-missing``).
        """
        self._ground.allow(grant, Action.WORKSPACE_VIEW, kind="download", subject=download_id)
        return self._listed(self._seen(grant, download_id), self._values())

    @contextmanager
    def open(self, grant: Grant, download_id: str) -> Iterator[tuple[Download, BinaryIO]]:
        """A package that is kept here, as a file.

        Raises:
            Forbidden: the caller may not export from here, or not download.
            NotFound: there is no such record, or it has no file here (any more).
        """
        self._ground.allow(grant, Action.EXPORT, kind="download", subject=download_id)
        allow_download(self._ground, grant, kind="download", subject=download_id)
        listed = self.show(grant, download_id)
        found = listed.download
        if not listed.available:
            raise _no_file(found)
        event = self._ground.event(
            grant, "download", kind="package", subject=found.file_name, detail=found.digest
        )
        self._ground.note(event)
        with self._shelf.open(found.file) as file:
            yield found, file

    def delete(self, grant: Grant, download_id: str) -> None:
        """Takes a record away, and its file with it. What is still being made is thrown away when it is made.

        Raises:
            Forbidden: the caller may not delete records here.
            NotFound: there is none of that id that the caller is to see (``download-missing``).
        """
        self._ground.allow(grant, Action.DOWNLOAD_DELETE, kind="download", subject=download_id)
        found = self._seen(grant, download_id)
        event = self._ground.event(grant, "download-delete", kind="package", subject=found.file_name)
        with self._ground.store.write() as uow:
            uow.downloads.remove([download_id])
            self._ground.record(uow, event)
            uow.commit()
        if found.file:
            self._shelf.discard(found.file)

    def settle(self) -> None:
        """Ends the records of exports that nobody works on any more."""
        self._records.settle(lambda: {task.id for task in self._log.unfinished()})

    def sweep(self) -> None:
        """Removes records that were kept long enough, with their files, and files that have no record."""
        self.settle()
        values, removed = self._values(), 0
        for kind in DownloadKind:
            removed += self._sweep(kind, self._ground.now() - _days(kind, values) * _DAY_MS)
        with self._ground.store.read() as snapshot:
            files = snapshot.downloads.files()
        orphans = self._shelf.sweep(older_than=_ORPHANED_SECONDS, keep=files)
        if removed or orphans:
            _events.say("info", "downloads kept long enough", records=removed, orphans=orphans)

    def _sweep(self, kind: DownloadKind, before: int) -> int:
        """Records first: the next sweep finds a file without one, only people a record without its file."""
        removed = 0
        while True:
            with self._ground.store.write() as uow:
                old = uow.downloads.old([kind], before=before, limit=_PAGE)
                uow.downloads.remove([one.id for one in old])
                uow.commit()
            for one in old:
                if one.file:
                    self._shelf.discard(one.file)
            removed += len(old)
            if len(old) < _PAGE:
                return removed

    def _listed(self, one: Download, values: PlatformValues) -> Listed:
        until = one.started_at + _days(one.kind, values) * _DAY_MS
        here = bool(one.file) and one.status is TaskStatus.SUCCESSFUL and self._ground.now() < until
        return Listed(one, here, until)

    def _seen(self, grant: Grant, download_id: str) -> Download:
        with self._ground.store.read() as snapshot:
            found = snapshot.downloads.by_id(download_id)
        seen = found is not None and found.workspace_id == grant.workspace.id
        if found is None or not seen or not _may_see(grant, found):
            raise NotFound(
                ErrorCode.DOWNLOAD_MISSING,
                f"there is no download {download_id} here",
                subject=download_id,
                hint="it was deleted or its time is over; see jobferry downloads, or export again",
            )
        return found


def _may_see(grant: Grant, download: Download) -> bool:
    return download.operator == grant.caller.name or grant.may(Action.RECORD_VIEW_ALL)


def _days(kind: DownloadKind, values: PlatformValues) -> int:
    return values.task_package_days if kind is DownloadKind.TASK_PACKAGE else values.download_days


def _no_file(download: Download) -> NotFound:
    if download.status is not TaskStatus.SUCCESSFUL:
        failed = download.status is TaskStatus.FAILED
        reason = f"it failed: {download.reason}" if failed else "it is still being made"
    elif download.place:
        reason = f"it was written to {download.place}"
    elif download.file:
        reason = "its time is over"
    else:
        reason = "it went straight to who asked for it"
    return NotFound(
        ErrorCode.DOWNLOAD_MISSING,
        f"{download.file_name} cannot be downloaded here: {reason}",
        subject=download.id,
        hint="wait for its end, fetch it from there, or export again",
    )
