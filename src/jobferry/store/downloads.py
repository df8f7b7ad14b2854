"""The download center's records."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

import msgspec
from sqlalchemy import ColumnElement, Connection, Row, delete, func, insert, or_, select, update

from jobferry.model.names import printable
from jobferry.model.task import TaskStatus
from jobferry.model.transfer.download import Download, DownloadFilter, DownloadKind
from jobferry.store import bulk
from jobferry.store.schema import downloads

_SEARCHED = ("file_name", "subject", "operator", "place", "reason")
_RUNNING = TaskStatus.RUNNING.value


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

    def page(self, wanted: DownloadFilter, *, offset: int, limit: int) -> tuple[int, list[Download]]:
        """How many there are in all, and one page of them, newest first."""
        here = self._matching(wanted)
        total = self._connection.scalar(select(func.count()).select_from(downloads).where(here)) or 0
        newest = select(downloads).where(here).order_by(downloads.c.started_at.desc(), downloads.c.id.desc())
        rows = self._connection.execute(newest.offset(offset).limit(limit))
        return total, [_download(row) for row in rows]

    def unfinished(self) -> list[Download]:
        """Those still marked RUNNING."""
        query = select(downloads).where(downloads.c.status == _RUNNING)
        return [_download(row) for row in self._connection.execute(query)]

    def files(self) -> set[str]:
        """The files that records name, of all workspaces."""
        return set(self._connection.scalars(select(downloads.c.file).where(downloads.c.file != "")))

    def _matching(self, wanted: DownloadFilter) -> ColumnElement[bool]:
        here = downloads.c.workspace_id == wanted.workspace_id
        if wanted.operator:
            here &= downloads.c.operator == wanted.operator
        if wanted.kind is not None:
            here &= downloads.c.kind == wanted.kind.value
        if wanted.status is not None:
            here &= downloads.c.status == wanted.status.value
        if wanted.since:
            here &= downloads.c.started_at >= wanted.since
        if wanted.until:
            here &= downloads.c.started_at < wanted.until
        if wanted.text:
            columns = (downloads.c[name] for name in _SEARCHED)
            here &= or_(*(bulk.contains(self._connection, column, wanted.text) for column in columns))
        return here


class DownloadWriter(Downloads):
    """Records of exports, to be kept and removed."""

    def add(self, download: Download) -> None:
        """Notes an export that begins, or that could not."""
        self._connection.execute(insert(downloads).values(_row(download)))

    def finish(self, download: Download) -> bool:
        """Writes how one ended, unless it has ended or is gone; whether it was written."""
        running = (downloads.c.id == download.id) & (downloads.c.status == _RUNNING)
        written = update(downloads).where(running).values(_row(download))
        return self._connection.execute(written).rowcount == 1

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
    texts = {name: printable(getattr(download, name)) for name in _SEARCHED}
    words = {"kind": download.kind.value, "status": download.status.value}
    return msgspec.structs.asdict(download) | texts | words


def _download(row: Row[Any]) -> Download:
    words = {"kind": DownloadKind(row.kind), "status": TaskStatus(row.status)}
    return Download(**row._asdict() | words)
