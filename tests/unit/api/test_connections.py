"""Connections to a server over a wire that is none: what takes chance elsewhere happens at once here."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Awaitable, Callable
from typing import Any, cast

import uvicorn
from starlette.types import Receive, Scope, Send
from uvicorn.server import ServerState

from jobferry.api.connections import ConnectionLimits, LimitedConnection, limited

WORK = b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n"
FEWEST = 16
TOLD = 32


class Wire(asyncio.Transport):
    """A transport that keeps what is written, and how it was ended."""

    def __init__(self) -> None:
        super().__init__({"peername": ("192.0.2.7", 1)})
        self.written = b""
        self.is_aborted = self.is_closed = False

    def write(self, data: Any) -> None:
        self.written += data

    def abort(self) -> None:
        self.is_aborted = True

    def close(self) -> None:
        self.is_closed = True

    def is_closing(self) -> bool:
        return self.is_closed or self.is_aborted

    def can_write_eof(self) -> bool:
        return False


async def at_work(_scope: Scope, _receive: Receive, _send: Send) -> None:
    """Answers nobody."""
    await asyncio.Event().wait()


async def half_told(_scope: Scope, _receive: Receive, send: Send) -> None:
    """Begins an answer, and does not come to its end."""
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": b"half", "more_body": True})
    await asyncio.Event().wait()


class Server:
    """Makes connections to one application, which share their limits."""

    def __init__(self, app: Callable[[Scope, Receive, Send], Awaitable[None]], patience: float = 60) -> None:
        limits = ConnectionLimits(FEWEST, 1000, patience, lambda _: False)
        self._make = cast("Callable[..., LimitedConnection]", limited(limits))
        self._config = uvicorn.Config(app, log_config=None, access_log=False, lifespan="off")
        self._config.load()

    def connected(self, sent: bytes = b"") -> tuple[LimitedConnection, Wire]:
        """A new connection, on which this is sent at once."""
        loop = asyncio.get_running_loop()
        made = self._make(config=self._config, server_state=ServerState(), app_state={}, _loop=loop)
        wire = Wire()
        made.connection_made(wire)
        if sent:
            made.data_received(sent)
        return made, wire


async def a_moment() -> None:
    """Lets everything happen that can."""
    for _ in range(10):
        await asyncio.sleep(0)


def test_beyond_those_who_can_be_told_a_connection_is_cut_off() -> None:
    async def crowd() -> tuple[list[Wire], Wire]:
        server = Server(at_work)
        told = [server.connected(WORK)[1] for _ in range(FEWEST + TOLD)]
        return told, server.connected()[1]

    told, beyond = asyncio.run(crowd())
    assert [one.is_aborted for one in told] == [False] * (FEWEST + TOLD)
    assert beyond.is_aborted


def test_a_client_that_reads_on_in_time_keeps_its_answer() -> None:
    async def waits(reads_on: bool) -> bool:
        connection, wire = Server(half_told, patience=0.01).connected(WORK)
        await a_moment()
        connection.pause_writing()
        if reads_on:
            connection.resume_writing()
        await asyncio.sleep(0.1)
        assert wire.written.endswith(b"half\r\n")
        return wire.is_aborted

    assert asyncio.run(waits(reads_on=False))
    assert not asyncio.run(waits(reads_on=True))


def test_a_body_that_breaks_off_under_an_answer_ends_the_connection_without_a_second_one() -> None:
    async def breaks() -> Wire:
        head = b"POST /api/session HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
        connection, wire = Server(half_told).connected(head)
        await a_moment()
        connection.data_received(b"no length\r\n")
        return wire

    wire = asyncio.run(breaks())
    assert wire.is_aborted
    assert wire.written.count(b"HTTP/1.1") == 1
    assert wire.written.endswith(b"half\r\n")


def test_a_server_that_stops_tells_a_call_that_waits_for_news_and_no_other() -> None:
    async def stops() -> tuple[bool, bool]:
        told = []
        for is_waiting in (True, False):
            news = threading.Event()

            async def app(scope: Scope, receive: Receive, send: Send) -> None:
                if is_waiting:  # noqa: B023 - it is called at once
                    scope["state"]["waiting"] = news  # noqa: B023
                await at_work(scope, receive, send)

            connection, _ = Server(app).connected(WORK)
            idle, _ = Server(app).connected()
            await a_moment()
            connection.shutdown()
            idle.shutdown()
            told.append(news.is_set())
        return told[0], told[1]

    assert asyncio.run(stops()) == (True, False)
