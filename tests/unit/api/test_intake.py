"""Bodies of callers whom nobody knows yet, in an application that reads all of them."""

from __future__ import annotations

import asyncio
from types import SimpleNamespace
from typing import Any

import pytest
from starlette.types import Message, Receive, Scope, Send

from jobferry.api.intake import Intake
from jobferry.errors import ErrorCode, Overloaded

PIECE = bytes(8 * 1024 * 1024)
ROOM = 64 * 1024 * 1024


def test_a_stranger_who_alone_sends_more_than_there_is_room_for_is_told_so() -> None:
    read: list[int] = []

    async def app(_scope: Scope, receive: Receive, _send: Send) -> None:
        while True:
            read.append(len((await receive())["body"]))

    async def receive() -> Message:
        return {"type": "http.request", "body": PIECE, "more_body": True}

    async def send(_message: Message) -> None:
        raise AssertionError

    scope = {
        "type": "http",
        "client": ("192.0.2.7", 1),
        "headers": [(b"transfer-encoding", b"chunked")],
    }
    platform: Any = SimpleNamespace(settings=SimpleNamespace(uploads_per_user=4, client_patience=60))
    with pytest.raises(Overloaded) as caught:
        asyncio.run(Intake(app, platform=platform)(scope, receive, send))
    assert caught.value.code is ErrorCode.SERVER_BUSY
    assert sum(read) == ROOM
