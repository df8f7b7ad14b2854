"""Batch task packages: generated from a list of names in the background, then exported as generated last."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import BinaryIO

import msgspec

from jobferry.errors import ErrorCode, Forbidden, NotFound
from jobferry.model.audit import AuditOutcome
from jobferry.model.grant import Grant
from jobferry.model.kinds import ObjectKind
from jobferry.model.package import ExportState, Layout
from jobferry.model.platform_settings import PlatformValues
from jobferry.model.rights import Action
from jobferry.model.task import Task, TaskStatus
from jobferry.model.transfer.download import Download, DownloadFilter, DownloadKind
from jobferry.services.exporting.center import DownloadCenter, Listed
from jobferry.services.exporting.names import read_names
from jobferry.services.exporting.producing import Producing
from jobferry.services.exporting.request import ExportRequest, ExportScope, read_request
from jobferry.services.ground import Ground


class Generated(msgspec.Struct, frozen=True):
    """What came of a list of names. ``failed`` names those that are no live job; then there is no task."""

    matched: int
    failed: tuple[str, ...]
    task: Task | None


class TaskPackages(msgspec.Struct, frozen=True):
    """Where somebody stands with their task packages: the newest try, and the last that can be exported."""

    newest: Listed | None
    last: Listed | None
    names: tuple[str, ...]
    """What the newest was asked for, to go on from."""


class Batches:
    """Task packages of one user in one workspace: the last generated one is theirs to export."""

    def __init__(
        self,
        ground: Ground,
        producing: Producing,
        downloads: DownloadCenter,
        values: Callable[[], PlatformValues],
    ) -> None:
        self._ground = ground
        self._producing = producing
        self._downloads = downloads
        self._values = values

    def generate(self, grant: Grant, text: str, *, with_files: bool = True) -> Generated:
        """Matches all names with live jobs, and if none is unknown begins to generate their package.

        The jobs come with all that they use, resources ``with_files`` unless those are not wanted: EasyData's
        manual counts resources among what a batch task package exports.

        Raises:
            Forbidden: the caller may not, or batch exports are off on this platform.
            InvalidRequest: the list is too long, or names nothing.
        """
        self._allow(grant)
        names = read_names(text)
        with self._ground.store.read() as snapshot:
            found = snapshot.objects.by_names(grant.workspace.id, ObjectKind.JOB, names)
        live = {one.name for one in found.values() if one.live_version and grant.reaches(one)}
        failed = tuple(name for name in names if name not in live)
        if failed:
            return Generated(len(names) - len(failed), failed, None)
        scope = ExportScope.FILES if with_files else ExportScope.CLOSURE
        request = ExportRequest(jobs=names, scope=scope, state=ExportState.SUBMITTED)
        task = self._producing.begin_as(grant, request, DownloadKind.TASK_PACKAGE, Layout.TASK)
        return Generated(len(names), (), task)

    def status(self, grant: Grant) -> TaskPackages:
        """What was generated last, and can be exported still.

        Raises:
            Forbidden: the caller may not, or batch exports are off on this platform.
        """
        self._allow(grant)
        newest = self._newest(grant)
        return TaskPackages(newest, self._last(grant), _names(newest.download) if newest else ())

    @contextmanager
    def open(self, grant: Grant) -> Iterator[tuple[Download, BinaryIO]]:
        """The last generated package as a file, whatever became of the names and jobs since.

        Raises:
            Forbidden: the caller may not, may not download, or batch exports are off on this platform.
            NotFound: none was generated, or its time is over (``download-missing``).
        """
        self._allow(grant)
        last = self._last(grant)
        if last is None:
            raise NotFound(
                ErrorCode.DOWNLOAD_MISSING,
                "there is no generated task package to export",
                subject=grant.workspace.name,
                hint="generate one first: jobferry tasks generate --names FILE; it is kept for some days",
            )
        with self._downloads.open(grant, last.download.id) as opened:
            yield opened

    def _allow(self, grant: Grant) -> None:
        self._ground.allow(grant, Action.BATCH_EXPORT, kind="package")
        if self._values().batch_exports:
            return
        action, refused = Action.BATCH_EXPORT.value, AuditOutcome.REFUSED
        event = self._ground.event(grant, action, kind="package", outcome=refused, detail="batch_exports")
        self._ground.note(event)
        raise Forbidden(
            ErrorCode.NOT_ALLOWED,
            "batch task packages are not exported on this platform",
            subject=grant.workspace.name,
            hint="operations can switch it on: jobferry settings set batch_exports=true",
        )

    def _last(self, grant: Grant) -> Listed | None:
        """The last good one, if it is still kept."""
        found = self._newest(grant, TaskStatus.SUCCESSFUL)
        return found if found and found.available else None

    def _newest(self, grant: Grant, status: TaskStatus | None = None) -> Listed | None:
        """The caller's newest task package here, of those that went so."""
        wanted = DownloadFilter(
            workspace_id=grant.workspace.id,
            operator=grant.caller.name,
            kind=DownloadKind.TASK_PACKAGE,
            status=status,
        )
        _, found = self._downloads.page(grant, wanted, offset=0, limit=1)
        return found[0] if found else None


def _names(download: Download) -> tuple[str, ...]:
    return read_request(download.request).jobs
