"""The caller's own notices."""

from __future__ import annotations

from typing import Any

from fastapi import Response

from jobferry.api.late import LateRouter
from jobferry.api.own.call import Signed, described
from jobferry.api.own.people import answers
from jobferry.api.own.people.bodies import NoticesRead
from jobferry.api.wire import PageLimit, PageOffset, answer, read_body
from jobferry.model.messages import Language, phrase
from jobferry.model.people import Notice

router = LateRouter(prefix="/api/notices", tags=["people"])


@router.get("", response_model=answers.NoticeList)
def list_notices(
    call: Signed,
    unread: bool = False,
    offset: PageOffset = 0,
    limit: PageLimit = 100,
) -> Response:
    """What the caller was told, newest first; with ``unread`` only what was not read yet."""
    total, found = call.platform.notices.page(call.caller, unread_only=unread, offset=offset, limit=limit)
    return answer({"total": total, "items": [_shown(one, call.language) for one in found]})


@router.post("/read", response_model=answers.ReadAnswer, openapi_extra=described(NoticesRead))
def mark_read(call: Signed) -> Response:
    """Marks some notices as read, or all when none is named."""
    asked = read_body(NoticesRead, call.body)
    return answer({"marked": call.platform.notices.mark_read(call.caller, asked.ids)})


def _shown(notice: Notice, language: Language) -> dict[str, Any]:
    said = phrase(notice.code, notice.args, language)
    return {
        "id": notice.id,
        "code": notice.code,
        "at": notice.at,
        "args": notice.args,
        "message": said.message,
        "remedy": said.remedy,
        "link": notice.link,
        "read_at": notice.read_at,
    }
