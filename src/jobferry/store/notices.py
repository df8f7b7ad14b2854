"""What users are told about things that went on without them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec
from sqlalchemy import Connection, Row, delete, func, insert, select, update

from jobferry.model.names import printable
from jobferry.model.people import Notice, NoticeCode
from jobferry.store import bulk
from jobferry.store.schema import notices

_args = msgspec.json.Decoder(dict[str, str])


class Notices:
    """What users are told."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def of_user(
        self, user_id: str, *, unread_only: bool, offset: int, limit: int
    ) -> tuple[int, list[Notice]]:
        """How many there are in all, and one page of them, newest first."""
        theirs = notices.c.user_id == user_id
        if unread_only:
            theirs &= notices.c.read_at == 0
        total = self._connection.scalar(select(func.count()).select_from(notices).where(theirs)) or 0
        newest = select(notices).where(theirs).order_by(notices.c.at.desc(), notices.c.id.desc())
        return total, [_notice(row) for row in self._connection.execute(newest.offset(offset).limit(limit))]


class NoticeWriter(Notices):
    """Notices, to be sent, read and swept."""

    def add(self, notice: Notice) -> None:
        """Tells a user something."""
        self._connection.execute(insert(notices).values(_row(notice)))

    def mark_read(self, user_id: str, ids: Sequence[str], *, at: int) -> int:
        """Empty ``ids`` stands for all that are unread; how many were marked."""
        unread = (notices.c.user_id == user_id) & (notices.c.read_at == 0)
        if ids:
            unread &= bulk.among(self._connection, notices.c.id, bulk.texts(ids))
        return self._connection.execute(update(notices).where(unread).values(read_at=at)).rowcount

    def sweep(self, *, before: int) -> int:
        """Removes older ones; how many there were."""
        return self._connection.execute(delete(notices).where(notices.c.at < before)).rowcount


def _row(notice: Notice) -> bulk.Row:
    args = {key: printable(value) for key, value in notice.args.items()}
    return msgspec.structs.asdict(notice) | {
        "code": notice.code.value,
        "args": msgspec.json.encode(args).decode(),
    }


def _notice(row: Row[Any]) -> Notice:
    return Notice(**row._asdict() | {"code": NoticeCode(row.code), "args": _args.decode(row.args)})
