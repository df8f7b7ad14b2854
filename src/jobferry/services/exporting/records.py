"""Keeps the download center's records while exports go on."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager, suppress

import msgspec

from jobferry.errors import Forbidden, InvalidRequest, JobferryError
from jobferry.events import Events
from jobferry.model.audit import AuditEvent, AuditOutcome
from jobferry.model.editing.change_log import ExportPoint
from jobferry.model.task import TaskStatus
from jobferry.model.transfer.download import Download
from jobferry.services.ground import Ground

_events = Events("exports")

_GIVEN_UP = "whoever asked for the package went away before it was whole"
UNEXPECTED = "something unexpected happened; the log of the platform tells what"
INTERRUPTED = "interrupted: the platform ended before the package was whole; export again"


class Records:
    """Begins and ends records. What this process is sending right now, it knows."""

    def __init__(self, ground: Ground) -> None:
        self._ground = ground
        self._sending: set[str] = set()

    def begin(self, download: Download, *events: AuditEvent) -> None:
        """Notes an export that begins, together with what the audit is to say of it."""
        with self._ground.store.write() as uow:
            uow.downloads.add(download)
            self._ground.record(uow, *events)
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
        """Writes how one ended; False if somebody deleted it meanwhile, or it had ended."""
        with self._ground.store.write() as uow:
            written = uow.downloads.finish(msgspec.structs.replace(download, ended_at=self._ground.now()))
            if written and point is not None and download.status is TaskStatus.SUCCESSFUL:
                uow.changes.save_point(point)
            self._ground.record(uow, *events)
            uow.commit()
        _events.debug("download-ended", download=download.id, status=download.status.value)
        return written

    def fail(self, download: Download, reason: str, *events: AuditEvent) -> None:
        """Writes why one failed."""
        self.finish(msgspec.structs.replace(download, status=TaskStatus.FAILED, reason=reason), *events)

    @contextmanager
    def told_if_refused(self, download: Download, event: AuditEvent) -> Iterator[None]:
        """Leaves a failed record, and a row in the audit, of an export that cannot even begin.

        A call that is wrong in itself leaves only the row; a refusal has left its own already.
        """
        try:
            yield
        except Forbidden:
            raise
        except JobferryError as error:
            failed = msgspec.structs.replace(event, outcome=AuditOutcome.FAILED, detail=error.code.value)
            with suppress(JobferryError):
                if isinstance(error, InvalidRequest):
                    self._ground.note(failed)
                else:
                    now = self._ground.now()
                    ended = msgspec.structs.replace(
                        download, status=TaskStatus.FAILED, reason=error.message, ended_at=now
                    )
                    self.begin(ended, failed)
            raise

    def settle(self, unfinished: Callable[[], Collection[str]]) -> None:
        """Ends the records of exports that nobody works on any more; ``unfinished`` tells the tasks at work.

        A task is there before its record has begun, and ends after it; so records are read first.
        """
        with self._ground.store.read() as snapshot:
            running = snapshot.downloads.unfinished()
        if not running:
            return
        sending, at_work = set(self._sending), unfinished()
        for one in running:
            if one.id not in at_work and one.id not in sending:
                self.fail(one, INTERRUPTED)

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
