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


UPLOADS = 4
LARGE = 64 * 1024 + 1


def in_hand(announced: int, *, is_whole: bool) -> list[str]:
    """Send as many bodies of one user as may be sent at a time, and one more while the others wait.

    Returns what became of each; ``is_whole`` says whether the first ones have been received to their end.
    """
    platform: Any = SimpleNamespace(settings=SimpleNamespace(uploads_per_user=UPLOADS, client_patience=60))
    ended: list[str] = []

    async def run() -> None:
        arrived, done = asyncio.Semaphore(0), asyncio.Event()

        async def app(scope: Scope, receive: Receive, _send: Send) -> None:
            scope["state"]["caller"] = SimpleNamespace(user_id="lin")
            await receive()
            arrived.release()
            await done.wait()

        async def send(scope: Scope, more: bool) -> None:
            async def receive() -> Message:
                return {"type": "http.request", "body": b"x", "more_body": more}

            try:
                await intake(scope, receive, unused)
                ended.append("taken")
            except Overloaded as error:
                arrived.release()
                ended.append(error.code.value)

        intake = Intake(app, platform=platform)
        length = (b"content-length", str(announced).encode())
        scopes = [
            {"type": "http", "client": ("192.0.2.7", 1), "headers": [length]} for _ in range(UPLOADS + 1)
        ]
        async with asyncio.TaskGroup() as group:
            for number, scope in enumerate(scopes):
                group.create_task(send(scope, not (is_whole and number < UPLOADS)))
                await arrived.acquire()
            done.set()

    asyncio.run(run())
    return ended


@pytest.mark.parametrize(
    ("announced", "is_whole", "refused"),
    [(LARGE, False, 1), (LARGE, True, 0), (LARGE - 1, False, 0)],
    ids=["large and still coming", "large and whole", "small"],
)
def test_only_large_bodies_that_are_still_coming_count_as_uploads(
    announced: int, is_whole: bool, refused: int
) -> None:
    ended = in_hand(announced, is_whole=is_whole)
    assert len(ended) == UPLOADS + 1
    assert ended.count("too-many-uploads") == refused


async def unused(_message: Message) -> None:
    raise AssertionError
