"""The caller's own notices."""

from __future__ import annotations

from msgspec import Struct

from jobferry.api.calls import Body, Calls, Limit, Offset
from jobferry.api.native.call import Call
from jobferry.model.messages import Language, phrase
from jobferry.model.people import Notice, NoticeCode

api = Calls("/api/notices", tag="people")


class NoticesRead(Body):
    """Which notices were read; none stands for all."""

    ids: tuple[str, ...] = ()


class NoticeAnswer(Struct, frozen=True):
    """A notice, in the caller's language; ``read_at`` is 0 while it is unread."""

    id: str
    code: NoticeCode
    at: int
    args: dict[str, str]
    message: str
    remedy: str
    link: str
    read_at: int


class NoticeList(Struct, frozen=True):
    """How many notices there are, and one page, newest first."""

    total: int
    items: list[NoticeAnswer]


class ReadAnswer(Struct, frozen=True):
    """How many notices were marked."""

    marked: int


@api.get("")
def list_notices(call: Call, unread: bool = False, offset: Offset = 0, limit: Limit = 100) -> NoticeList:
    """What the caller was told, newest first; with ``unread`` only what was not read yet."""
    total, found = call.platform.notices.page(call.caller, unread_only=unread, offset=offset, limit=limit)
    return NoticeList(total, [_shown(notice, call.language) for notice in found])


@api.post("/read")
def mark_read(call: Call, body: NoticesRead) -> ReadAnswer:
    """Marks some notices as read, or all when none is named."""
    return ReadAnswer(call.platform.notices.mark_read(call.caller, body.ids))


def _shown(notice: Notice, language: Language) -> NoticeAnswer:
    said = phrase(notice.code, notice.args, language)
    return NoticeAnswer(
        id=notice.id,
        code=notice.code,
        at=notice.at,
        args=notice.args,
        message=said.message,
        remedy=said.remedy,
        link=notice.link,
        read_at=notice.read_at,
    )
