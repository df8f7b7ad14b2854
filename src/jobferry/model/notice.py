"""What a user is told about things that went on without them."""

from __future__ import annotations

from enum import StrEnum

import msgspec


class NoticeCode(StrEnum):
    """Kinds of notices; the words are in the message catalogue."""

    IMPORT_FINISHED = "import-finished"
    IMPORT_FAILED = "import-failed"
    EXPORT_FINISHED = "export-finished"
    EXPORT_FAILED = "export-failed"
    LOCKS_TAKEN = "locks-taken"
    LOCKS_RELEASED = "locks-released"
    LOCKS_OVERWRITTEN = "locks-overwritten"
    REVIEW_ASKED = "review-asked"
    REVIEW_DECIDED = "review-decided"
    RELEASE_ASKED = "release-asked"
    RELEASE_DECIDED = "release-decided"


class Notice(msgspec.Struct, frozen=True, kw_only=True):
    """One notice for one user. ``link`` is the path of what it is about in the own API."""

    id: str
    user_id: str
    code: NoticeCode
    at: int
    args: dict[str, str] = {}
    link: str = ""
    read_at: int = 0
