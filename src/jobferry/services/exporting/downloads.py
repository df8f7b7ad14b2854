"""The download center: what was exported, which packages are kept and how long, and who may download them."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, BinaryIO, Unpack

import msgspec

from jobferry.errors import ErrorCode, Forbidden, InvalidRequest, JobferryError, NotFound
from jobferry.events import Events
from jobferry.files.ports import PackageStorage
from jobferry.model.audit import AuditEvent, AuditOutcome
from jobferry.model.change_log import ExportPoint
from jobferry.model.lists import PageOptions
from jobferry.model.people import Grant
from jobferry.model.platform_settings import PlatformValues
from jobferry.model.rights import HEADS, Action, Role
from jobferry.model.settings import DownloadRule, read_settings
from jobferry.model.task import TaskStatus
from jobferry.model.transfer.download import Download, DownloadFilter, DownloadKind
from jobferry.sentences import as_sentence, sentence
from jobferry.services.runtime import Runtime

if TYPE_CHECKING:
    from jobferry.store import Snapshot, TaskLog

_EXEMPT = HEADS | {Role.OPERATIONS}


def allow_download(runtime: Runtime, grant: Grant, *, kind: str, subject: str) -> None:
    """Goes on if the caller may download from this workspace; else notes the refusal.

    It writes, so call it before a transaction is opened, never inside one.

    Raises:
        Forbidden: only some, or nobody, may (``not-allowed``).
    """
    rule = read_settings(grant.workspace.settings).download
    if rule is DownloadRule.ALL or (
        rule is DownloadRule.ADMINISTRATORS and not grant.roles.isdisjoint(_EXEMPT)
    ):
        allow_taking(runtime, grant, kind=kind, subject=subject)
        return
    refused = AuditOutcome.REFUSED
    detail = f"download={rule}"
    runtime.note(runtime.event(grant, "download", kind=kind, subject=subject, outcome=refused, detail=detail))
    whom = (
        sentence("nobody may")
        if rule is DownloadRule.NONE
        else sentence("only its owner and administrators may")
    )
    raise Forbidden(
        ErrorCode.NOT_ALLOWED,
        sentence(
            "{name} may not download packages from the workspace {workspace_name}: {whom}",
            name=grant.caller.name,
            workspace_name=grant.workspace.name,
            whom=whom,
        ),
        subject=subject,
        hint="export into object storage, or ask its owner about the setting download",
    )


def allow_taking(runtime: Runtime, grant: Grant, *, kind: str, subject: str) -> None:
    """Goes on if download policies let the caller take packages out, also into object storage; else notes the
    refusal. It writes, like :func:`allow_download`.

    Raises:
        Forbidden: there are policies, and none covers the caller (``not-allowed``).
    """
    if not grant.roles.isdisjoint(_EXEMPT):
        return
    with runtime.store.read() as snapshot:
        _, policies = snapshot.members.download_policies(grant.workspace.id)
    mine = (
        policy
        for policy in policies
        if grant.caller.name in policy.users or not grant.roles.isdisjoint(policy.roles)
    )
    if not policies or any(mine):
        return
    refused = AuditOutcome.REFUSED
    detail = "no download policy"
    runtime.note(runtime.event(grant, "download", kind=kind, subject=subject, outcome=refused, detail=detail))
    raise Forbidden(
        ErrorCode.NOT_ALLOWED,
        sentence(
            "{name} may not download packages from the workspace {workspace}: no download policy "
            "covers this user",
            name=grant.caller.name,
            workspace=grant.workspace.name,
        ),
        subject=subject,
        hint=sentence("ask {administrators} for a download policy", administrators=grant.administrators),
    )


_events = Events("exports")

_GIVEN_UP = "whoever asked for the package went away before it was whole"
UNEXPECTED = "something unexpected happened; the log of the platform tells what"
INTERRUPTED = "interrupted: the platform ended before the package was whole; export again"


class Records:
    """Begins and ends records. What this process is sending right now, it knows."""

    def __init__(self, runtime: Runtime) -> None:
        self._runtime = runtime
        self._sending: set[str] = set()

    def begin(self, download: Download, *events: AuditEvent) -> None:
        """Notes an export that begins, together with what the audit is to say of it."""
        with self._runtime.store.write(only=download.workspace_id) as uow:
            server = self._runtime.store.server
            uow.downloads.add(msgspec.structs.replace(download, server=server))
            self._runtime.record(uow, *events)
            uow.commit()
        _events.debug("download-begun", download=download.id)

    def sent(
        self,
        download: Download,
        chunks: Iterator[bytes],
        *events: AuditEvent,
        point: ExportPoint | None = None,
    ) -> SentChunks:
        """The chunks of an export that goes out at once; its record ends with them. Once all have left, the
        workspace is exported to the ``point``."""
        self._sending.add(download.id)
        try:
            self.begin(download, *events)
        except BaseException:
            self._sending.discard(download.id)
            raise
        return SentChunks(chunks, lambda ended: self._end_sent(download, ended, point))

    @contextmanager
    def beginning(self, download_id: str) -> Iterator[None]:
        """While this lasts a record is not taken for one that nobody works on."""
        self._sending.add(download_id)
        try:
            yield
        finally:
            self._sending.discard(download_id)

    def finish(self, download: Download, *events: AuditEvent, point: ExportPoint | None = None) -> bool:
        """Writes how one ended, with its events; False if somebody deleted or cancelled it meanwhile."""
        with self._runtime.store.write(only=download.workspace_id) as uow:
            written = uow.downloads.finish(msgspec.structs.replace(download, ended_at=self._runtime.now()))
            if written and point is not None and download.status is TaskStatus.SUCCESSFUL:
                uow.changes.save_point(point)
            self._runtime.record(uow, *(events if written else ()))
            uow.commit()
        _events.debug("download-ended", download=download.id, status=download.status.value)
        return written

    def fail(self, download: Download, reason: str, *events: AuditEvent) -> None:
        """Writes why one failed."""
        self.finish(
            msgspec.structs.replace(download, status=TaskStatus.FAILED, reason=as_sentence(reason)), *events
        )

    def cancel(self, download: Download, by: str, *events: AuditEvent) -> bool:
        """Writes that one was cancelled; False if it had ended before."""
        reason = sentence("cancelled by {user}; no package was created", user=by)
        ended = msgspec.structs.replace(download, status=TaskStatus.CANCELLED, reason=reason)
        return self.finish(ended, *events)

    @contextmanager
    def audited_if_refused(self, download: Download, event: AuditEvent) -> Iterator[None]:
        """Leaves a failed record, and a row in the audit, of an export that cannot even begin.

        A call that is wrong in itself leaves only the row. Rights are asked for before, with their own row.
        """
        try:
            yield
        except JobferryError as error:
            failed = msgspec.structs.replace(event, outcome=AuditOutcome.FAILED, detail=error.code.value)
            with suppress(JobferryError):
                if isinstance(error, InvalidRequest):
                    self._runtime.note(failed)
                else:
                    now = self._runtime.now()
                    ended = msgspec.structs.replace(
                        download, status=TaskStatus.FAILED, reason=error.message, ended_at=now
                    )
                    self.begin(ended, failed)
            raise

    def settle(self, unfinished: Callable[[], Collection[str]], live: Callable[[], Collection[str]]) -> None:
        """Ends the records of exports that nobody works on any more; ``unfinished`` tells the tasks at work,
        ``live`` the servers. What another server sends right now, only that one knows.

        A task is there before its record has begun, and ends after it; so records are read first.
        """
        with self._runtime.store.read() as snapshot:
            running = snapshot.downloads.unfinished()
        if not running:
            return
        here, others = self._runtime.store.server, live()
        sending, at_work = set(self._sending), unfinished()
        for record in running:
            is_sent = record.id in sending if record.server in ("", here) else record.server in others
            if record.id not in at_work and not is_sent:
                self.fail(record, INTERRUPTED)

    def _end_sent(self, download: Download, ended: Sent, point: ExportPoint | None) -> None:
        """The package has left or not, whatever can be written down about that."""
        self._sending.discard(download.id)
        done = msgspec.structs.replace(
            download,
            status=TaskStatus.FAILED if ended.reason else TaskStatus.SUCCESSFUL,
            reason=ended.reason or download.reason,
            size=ended.size,
            place=ended.place,
        )
        try:
            self.finish(done, point=point)
        except JobferryError as error:
            _events.say("warning", "download-not-noted", download=download.id, reason=error.message)


class Sent(msgspec.Struct, frozen=True):
    """How sending ended: how many bytes went, where to, and why it failed, if it did."""

    size: int
    place: str
    reason: str


class SentChunks:
    """Chunks on their way to somebody, counted. ``end`` is told once how it ended.

    :meth:`close` must be called by who stops reading early. ``place`` is set by who writes them somewhere,
    who tells with :meth:`arrived` that they are there: all can be read and the last of it not be written.
    """

    def __init__(self, chunks: Iterator[bytes], end: Callable[[Sent], None]) -> None:
        self._chunks = chunks
        self._end = end
        self._size = 0
        self._over = False
        self.place = ""

    def __iter__(self) -> SentChunks:
        return self

    def __next__(self) -> bytes:
        try:
            chunk = next(self._chunks)
        except StopIteration:
            if not self.place:
                self._over_with("")
            raise
        except JobferryError as error:
            self._over_with(error.message)
            raise
        except Exception:
            self._over_with(UNEXPECTED)
            raise
        self._size += len(chunk)
        return chunk

    def arrived(self) -> None:
        """All of it stands whole at its place."""
        self._over_with("")

    def close(self, reason: str = _GIVEN_UP) -> None:
        """No more is read; nothing happens if all was."""
        self._over_with(reason)

    def _over_with(self, reason: str) -> None:
        if not self._over:
            self._over = True
            self._end(Sent(self._size, self.place, reason))


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
        runtime: Runtime,
        log: TaskLog,
        packages: PackageStorage,
        records: Records,
        values: Callable[[], PlatformValues],
    ) -> None:
        self._runtime = runtime
        self._log = log
        self._packages = packages
        self._records = records
        self._values = values

    def page(
        self, grant: Grant, wanted: DownloadFilter, **which: Unpack[PageOptions]
    ) -> tuple[int, list[Listed]]:
        """How many the caller can see, and one page of them, newest first unless it is said.

        Raises:
            Forbidden: the caller may not see the workspace.
        """
        self._runtime.allow(grant, Action.WORKSPACE_VIEW, kind="download")
        place = grant.workspace.id
        wanted = msgspec.structs.replace(wanted, workspace_id=place)
        if not grant.may(Action.RECORD_VIEW_ALL):
            if wanted.operator not in ("", grant.caller.name):
                return 0, []
            wanted = msgspec.structs.replace(wanted, operator=grant.caller.name)
        with self._runtime.store.read() as snapshot:
            total, found = snapshot.downloads.page(wanted, **which)
        values = self._values()
        return total, [self._listed(record, values) for record in found]

    def show(self, grant: Grant, download_id: str) -> Listed:
        """One record.

        Raises:
            Forbidden: the caller may not see the workspace.
            NotFound: there is none of that id that the caller is to see (``download-missing``).
        """
        self._runtime.allow(grant, Action.WORKSPACE_VIEW, kind="download", subject=download_id)
        with self._runtime.store.read() as snapshot:
            found = _seen(snapshot, grant, download_id)
        return self._listed(found, self._values())

    @contextmanager
    def open(self, grant: Grant, download_id: str) -> Iterator[tuple[Download, BinaryIO]]:
        """A package that is kept here, as a file to be read from its beginning.

        Raises:
            Forbidden: the caller may not export from here, or not download.
            NotFound: there is no such record, or it has no file here (any more).
        """
        self._runtime.allow(grant, Action.EXPORT, kind="download", subject=download_id)
        allow_download(self._runtime, grant, kind="download", subject=download_id)
        listed = self.show(grant, download_id)
        found = listed.download
        if not listed.available:
            raise _no_file(found)
        event = self._runtime.event(
            grant, "download", kind="package", subject=found.file_name, detail=found.digest
        )
        self._runtime.note(event)
        with self._packages.stream(found.file) as file:
            yield found, file

    def delete(self, grant: Grant, download_id: str) -> None:
        """Takes a record away, and its file with it. What is still being made is thrown away when it is made.

        Raises:
            Forbidden: the caller may not delete records here.
            NotFound: there is none of that id that the caller is to see (``download-missing``).
        """
        with self._runtime.change(
            grant,
            "download-delete",
            Action.DOWNLOAD_DELETE,
            kind="download",
            subject=download_id,
            only=grant.workspace.id,
        ) as change:
            found = _seen(change.uow, grant, download_id)
            change.uow.downloads.remove([download_id])
            change.audit(kind="package", subject=found.file_name)
        if found.file:
            self._packages.discard(found.file)

    def settle(self) -> None:
        """Ends the records of exports that nobody works on any more."""
        self._records.settle(lambda: {task.id for task in self._log.unfinished()}, self._log.servers.live)

    def sweep(self) -> None:
        """Removes records that were kept long enough, with their files, and files that have no record."""
        self.settle()
        values, removed = self._values(), 0
        for kind in DownloadKind:
            removed += self._sweep(kind, self._runtime.now() - _days(kind, values) * _DAY_MS)
        with self._runtime.store.read() as snapshot:
            files = snapshot.downloads.files()
        orphans = self._packages.sweep(older_than=_ORPHANED_SECONDS, keep=files)
        if removed or orphans:
            _events.say("info", "downloads kept long enough", records=removed, orphans=orphans)

    def _sweep(self, kind: DownloadKind, before: int) -> int:
        """Records first: the next sweep finds a file without one, only people a record without its file."""
        removed = 0
        while True:
            with self._runtime.store.write() as uow:
                old = uow.downloads.old([kind], before=before, limit=_PAGE)
                uow.downloads.remove([record.id for record in old])
                uow.commit()
            for record in old:
                if record.file:
                    self._packages.discard(record.file)
            removed += len(old)
            if len(old) < _PAGE:
                return removed

    def _listed(self, record: Download, values: PlatformValues) -> Listed:
        until = record.started_at + _days(record.kind, values) * _DAY_MS
        here = bool(record.file) and record.status is TaskStatus.SUCCESSFUL and self._runtime.now() < until
        return Listed(record, here, until)


def _seen(look: Snapshot, grant: Grant, download_id: str) -> Download:
    found = look.downloads.by_id(download_id)
    if found is None or found.workspace_id != grant.workspace.id or not _may_see(grant, found):
        raise NotFound(
            ErrorCode.DOWNLOAD_MISSING,
            sentence("there is no download {download_id} here", download_id=download_id),
            subject=download_id,
            hint="it was deleted or has expired; see `jobferry download list`, or export again",
        )
    return found


def _may_see(grant: Grant, download: Download) -> bool:
    return download.operator == grant.caller.name or grant.may(Action.RECORD_VIEW_ALL)


def _days(kind: DownloadKind, values: PlatformValues) -> int:
    return values.task_package_days if kind is DownloadKind.TASK_PACKAGE else values.download_days


def _no_file(download: Download) -> NotFound:
    if download.status is not TaskStatus.SUCCESSFUL:
        is_over = download.status is not TaskStatus.RUNNING
        reason = (
            sentence("it failed: {reason}", reason=download.reason)
            if is_over
            else sentence("it is still being made")
        )
    elif download.place:
        reason = sentence("it was written to {place}", place=download.place)
    elif download.file:
        reason = sentence("it has expired")
    else:
        reason = sentence("it was sent directly to the caller")
    return NotFound(
        ErrorCode.DOWNLOAD_MISSING,
        sentence(
            "{file_name} cannot be downloaded here: {reason}", file_name=download.file_name, reason=reason
        ),
        subject=download.id,
        hint="wait until it has ended, fetch it from there, or export again",
    )
