"""The outermost layer, around applications that answer in their own ways."""

from __future__ import annotations

import asyncio

from starlette.types import Message, Receive, Scope, Send

from jobferry.api.front import Front


def asked(method: str, *messages: Message, kind: str = "http") -> list[Message]:
    """What leaves when the application inside sends these messages."""
    left: list[Message] = []

    async def app(_scope: Scope, _receive: Receive, send: Send) -> None:
        for message in messages:
            await send(message)

    async def send(message: Message) -> None:
        left.append(message)

    async def receive() -> Message:
        raise AssertionError

    scope: Scope = {"type": kind, "method": method, "path": "/", "raw_path": b"/", "headers": []}
    asyncio.run(Front(app)({**scope, "query_string": b"", "client": ("127.0.0.1", 1)}, receive, send))
    return left


START = {"type": "http.response.start", "status": 200, "headers": []}
PIECES = [
    {"type": "http.response.body", "body": piece, "more_body": piece != b""} for piece in (b"a", b"b", b"")
]


def test_of_an_answer_in_pieces_head_gets_the_head_and_one_end() -> None:
    start, *rest = asked("HEAD", START, *PIECES)
    assert (start["status"], start["headers"][0][0]) == (200, b"x-request-id")
    assert rest == [{"type": "http.response.body", "body": b"", "more_body": False}]
    assert [one["body"] for one in asked("GET", START, *PIECES)[1:]] == [b"a", b"b", b""]


def test_what_is_no_request_is_passed_on_as_it_is() -> None:
    done = {"type": "lifespan.startup.complete"}
    assert asked("", done, kind="lifespan") == [done]
