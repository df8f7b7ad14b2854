"""The download center's records."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any, Unpack

import msgspec
from sqlalchemy import ColumnElement, Connection, Row, bindparam, delete, insert, or_, select, update

from jobferry.model.lists import PageOptions
from jobferry.model.names import printable
from jobferry.model.task import TaskStatus
from jobferry.model.transfer.download import Download, DownloadFilter, DownloadKind
from jobferry.sentences import packed, unpacked
from jobferry.store import bulk
from jobferry.store.schema import downloads

_SEARCHED = ("file_name", "subject", "operator", "place", "reason")
_ORDERS: bulk.Orders = {
    name: [downloads.c[name], downloads.c.started_at, downloads.c.id]
    for name in ("started_at", "file_name", "operator", "kind", "status", "size")
}
_RUNNING = TaskStatus.RUNNING.value
_ADDED = insert(downloads)
_FINISHED = update(downloads).where(downloads.c.id == bindparam("wanted"), downloads.c.status == _RUNNING)


class Downloads:
    """The download center's records of exports."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def by_id(self, download_id: str) -> Download | None:
        """The record with that id."""
        if not bulk.texts([download_id]):
            return None
        query = select(downloads).where(downloads.c.id == download_id)
        row = self._connection.execute(query).one_or_none()
        return _download(row) if row else None

    def page(self, wanted: DownloadFilter, **which: Unpack[PageOptions]) -> tuple[int, list[Download]]:
        """How many fit, and one page of them, newest first unless it is said."""
        fitting = select(downloads).where(self._matching(wanted))
        total, rows = bulk.page(self._connection, fitting, _ORDERS, "-started_at", **which)
        return total, [_download(row) for row in rows]

    def unfinished(self) -> list[Download]:
        """Those still marked RUNNING."""
        query = select(downloads).where(downloads.c.status == _RUNNING)
        return [_download(row) for row in self._connection.execute(query)]

    def files(self) -> set[str]:
        """The files that records name, of all workspaces."""
        return set(self._connection.scalars(select(downloads.c.file).where(downloads.c.file != "")))

    def _matching(self, wanted: DownloadFilter) -> ColumnElement[bool]:
        columns = downloads.c
        equal = [
            (columns.workspace_id, wanted.workspace_id),
            (columns.operator, wanted.operator),
            (columns.kind, wanted.kind),
            (columns.status, wanted.status),
        ]
        pieces = [(columns.file_name, wanted.file_name), (columns.place, wanted.path)]
        here = bulk.fits(self._connection, equal, pieces)
        here &= bulk.within(columns.started_at, wanted.since, wanted.until)
        if wanted.text:
            searched = (columns[name] for name in _SEARCHED)
            here &= or_(*(bulk.contains(self._connection, column, wanted.text) for column in searched))
        return here


class DownloadWriter(Downloads):
    """Records of exports, to be kept and removed."""

    def add(self, download: Download) -> None:
        """Notes an export that begins, or that could not."""
        self._connection.execute(_ADDED, _row(download))

    def finish(self, download: Download) -> bool:
        """Writes how one ended, unless it has ended or is gone; whether it was written."""
        return self._connection.execute(_FINISHED, _row(download) | {"wanted": download.id}).rowcount == 1

    def remove(self, download_ids: Sequence[str]) -> None:
        """Deletes records; their files are for the caller to remove."""
        gone = bulk.among(self._connection, downloads.c.id, download_ids)
        self._connection.execute(delete(downloads).where(gone))

    def old(self, kinds: Collection[DownloadKind], *, before: int, limit: int) -> list[Download]:
        """Some of those of these kinds that began before a time and have ended, oldest first."""
        ended = (downloads.c.started_at < before) & (downloads.c.status != _RUNNING)
        ended &= downloads.c.kind.in_([kind.value for kind in kinds])
        query = select(downloads).where(ended).order_by(downloads.c.started_at, downloads.c.id).limit(limit)
        return [_download(row) for row in self._connection.execute(query)]


def _row(download: Download) -> bulk.Row:
    texts = {name: printable(packed(getattr(download, name))) for name in _SEARCHED}
    words = {"kind": download.kind.value, "status": download.status.value}
    return msgspec.structs.asdict(download) | texts | words


def _download(row: Row[Any]) -> Download:
    words = {
        "kind": DownloadKind(row.kind),
        "status": TaskStatus(row.status),
        "reason": unpacked(row.reason),
    }
    return Download(**row._asdict() | words)
