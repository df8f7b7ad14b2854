"""Who reads the answer to a request, and in which language."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from urllib.parse import parse_qs

from jobferry.api.calls import LANGUAGE
from jobferry.model.messages import Language
from jobferry.model.messages.reader import Reader

LANGUAGE_PARAMETER: dict[str, Any] = {
    "name": LANGUAGE,
    "in": "query",
    "required": False,
    "description": "Language of messages, such as en or zh; without it, the one that the headers "
    "X-Language or Accept-Language ask for, else English.",
    "schema": {"type": "string"},
}
"""What every call takes in its query besides its own parameters."""

_HEADERS = (b"x-language", b"accept-language")
_CONSOLE = b"console"


def reader_of(query: bytes, headers: Iterable[tuple[bytes, bytes]]) -> Reader:
    """Who reads the answer.

    The language is what ``?language=`` names, or ``X-Language``, or ``Accept-Language``; else English.
    ``X-Client: console`` has hints name pages instead of commands.
    """
    named = parse_qs(query.decode("latin-1")).get(LANGUAGE, [""])[-1] if query else ""
    told = dict(headers)
    wishes = (named, *(told.get(header, b"").decode("latin-1") for header in _HEADERS))
    language = Language.of(next(filter(None, wishes), ""))
    return Reader(language, is_console=told.get(b"x-client", b"").strip().lower() == _CONSOLE)
