"""What users are told about things that went on without them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Unpack

import msgspec
from sqlalchemy import Connection, Row, delete, insert, select, update

from jobferry.model.lists import NoticeFilter, PageOptions
from jobferry.model.names import printable
from jobferry.model.people import About, AboutKind, Notice, NoticeCode
from jobferry.sentences import packed, unpacked
from jobferry.store import bulk
from jobferry.store.schema import notices

_args = msgspec.json.Decoder(dict[str, str])
_ORDERS: bulk.Orders = {"at": [notices.c.at, notices.c.id]}


class Notices:
    """What users are told."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def page(
        self, user_id: str, wanted: NoticeFilter = NoticeFilter(), **which: Unpack[PageOptions]
    ) -> tuple[int, list[Notice]]:
        """How many of a user's notices fit, and one page of them, newest first unless it is said."""
        read_at = 0 if wanted.unread else None
        equal = [
            (notices.c.user_id, user_id),
            (notices.c.code, wanted.code),
            (notices.c.about_kind, wanted.about),
            (notices.c.read_at, read_at),
        ]
        at = bulk.within(notices.c.at, wanted.since, wanted.until)
        theirs = select(notices).where(bulk.fits(self._connection, equal), at)
        total, rows = bulk.page(self._connection, theirs, _ORDERS, "-at", **which)
        return total, [_notice(row) for row in rows]

    def known(self, user_id: str, ids: Sequence[str]) -> set[str]:
        """Those of some ids that are of the user's notices."""
        query = select(notices.c.id).where(
            notices.c.user_id == user_id, bulk.among(self._connection, notices.c.id, bulk.texts(ids))
        )
        return set(self._connection.execute(query).scalars())


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
    args = {key: printable(packed(value)) for key, value in notice.args.items()}
    row = msgspec.structs.asdict(notice)
    about: About = row.pop("about")
    return row | {
        "code": notice.code.value,
        "args": msgspec.json.encode(args).decode(),
        "workspace_id": about.workspace_id,
        "about_kind": about.kind.value,
        "about_id": about.id,
        "about_name": printable(about.name),
    }


def _notice(row: Row[Any]) -> Notice:
    return Notice(
        id=row.id,
        user_id=row.user_id,
        code=NoticeCode(row.code),
        at=row.at,
        about=About(
            workspace_id=row.workspace_id,
            kind=AboutKind(row.about_kind),
            id=row.about_id,
            name=row.about_name,
        ),
        args={key: unpacked(value) for key, value in _args.decode(row.args).items()},
        read_at=row.read_at,
    )
