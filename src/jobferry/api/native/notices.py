"""The caller's own notices."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta, Struct, convert
from msgspec.structs import asdict

from jobferry.api.calls import Body, Calls, Instant, Limit, Offset, QueryGroup, Until
from jobferry.api.native.call import Call
from jobferry.model.lists import NoticeFilter, NoticeSort
from jobferry.model.messages.reader import Reader
from jobferry.model.people import AboutKind, Notice, NoticeCode
from jobferry.sentences import Sentence

api = Calls("/api/notices", tag="people")


class NoticesRead(Body):
    """Which notices were read; none stands for all."""

    ids: Annotated[tuple[str, ...], Meta(max_length=1_000)] = ()


class NoticeQuery(QueryGroup):
    """Which notices; what is not said does not filter."""

    unread: bool = False
    code: NoticeCode | None = None
    about: AboutKind | None = None
    since: Instant = 0
    until: Until = 0


class AboutAnswer(Struct, frozen=True):
    """What a notice is about: its kind, id and name, and the workspace's id. ``locks`` have no id."""

    workspace_id: str
    kind: AboutKind
    id: str
    name: str


class NoticeAnswer(Struct, frozen=True):
    """A notice, in the caller's language; ``read_at`` is 0 while it is unread."""

    id: str
    code: NoticeCode
    at: int
    args: dict[str, str]
    message: str
    remedy: str
    about: AboutAnswer
    read_at: int


class NoticeList(Struct, frozen=True):
    """How many notices fit, and one page of them."""

    total: int
    items: list[NoticeAnswer]


class ReadAnswer(Struct, frozen=True):
    """How many notices were marked."""

    marked: int


@api.get("")
def list_notices(
    call: Call, which: NoticeQuery, sort: NoticeSort = "-at", offset: Offset = 0, limit: Limit = 100
) -> NoticeList:
    """One page of what the caller was told."""
    wanted = NoticeFilter(**asdict(which))
    total, found = call.platform.notices.page(call.caller, wanted, sort=sort, offset=offset, limit=limit)
    return NoticeList(total, [_shown(notice, call.reader) for notice in found])


@api.post("/read")
def mark_read(call: Call, body: NoticesRead) -> ReadAnswer:
    """Marks some notices as read, or all when none is named."""
    return ReadAnswer(call.platform.notices.mark_read(call.caller, body.ids))


def _shown(notice: Notice, reader: Reader) -> NoticeAnswer:
    said = reader.notice(notice.code, notice.args)
    return NoticeAnswer(
        id=notice.id,
        code=notice.code,
        at=notice.at,
        args={
            key: reader.told(value) if isinstance(value, Sentence) else value
            for key, value in notice.args.items()
        },
        message=said.message,
        remedy=said.remedy,
        about=convert(notice.about, AboutAnswer, from_attributes=True),
        read_at=notice.read_at,
    )
