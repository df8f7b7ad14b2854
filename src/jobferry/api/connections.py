"""Connections as a server keeps them: how large a request's head may be, how long a client may keep one
waiting, and who gives way when there are too many.

The limits stand on uvicorn's own protocol, whose parser is httptools; nothing here parses HTTP. What is
refused before a request is whole is answered here, in the words of the API that was called.
"""

from __future__ import annotations

import asyncio
import resource
import secrets
from collections import Counter
from collections.abc import Callable
from functools import partial
from typing import Any, NamedTuple, cast

from starlette.types import Receive, Scope, Send
from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol

from jobferry.api.languages import reader_of
from jobferry.api.problems import refusal, status_of
from jobferry.errors import ErrorCode, InvalidRequest, JobferryError, Overloaded
from jobferry.events import Events
from jobferry.sentences import sentence

URL_BYTES = 16 * 1024
"""The longest address of a request, its query included."""
HEAD_BYTES = 32 * 1024
"""What the header fields of a request, or the trailers of its body, may have together."""
HEAD_FIELDS = 100
"""How many of them there may be."""

_OTHER_FILES = 256
"""Open files that are left for databases, packages and what else a platform has open."""
_FEWEST = 16
_SURPLUS = 32
"""Connections above the limit that are still told why they are refused."""
_LINGER_SECONDS = 1.0
"""How long a client that goes on sending may take to read that it was refused."""

_events = Events("api")


class ConnectionLimits(NamedTuple):
    """``at_once`` connections in all and ``of_address`` from one address, unless it is a proxy's;
    ``patience`` is the seconds that a client may keep the server waiting."""

    at_once: int
    of_address: int
    patience: float
    is_proxy: Callable[[str], bool]


def limited(limits: ConnectionLimits) -> type[asyncio.Protocol]:
    """What uvicorn takes as its protocol: connections that keep to these limits together."""
    soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    most = limits.at_once if soft == resource.RLIM_INFINITY else min(limits.at_once, soft - _OTHER_FILES)
    crowd = _Crowd(limits._replace(at_once=max(most, _FEWEST)))
    return cast("type[asyncio.Protocol]", partial(LimitedConnection, crowd))


class _Crowd:
    """All connections of a server, those first that have waited longest for a request."""

    def __init__(self, limits: ConnectionLimits) -> None:
        self.limits = limits
        self._all: dict[LimitedConnection, None] = {}
        self._of: Counter[str] = Counter()

    def enter(self, connection: LimitedConnection) -> bool:
        """Counts a new connection; where there are too many, the one that waits longest gives way.

        False if nobody can: all others are at work.
        """
        self._all[connection] = None
        self._of[connection.address] += 1
        is_counted = bool(connection.address) and not self.limits.is_proxy(connection.address)
        if is_counted and self._of[connection.address] > self.limits.of_address:
            return self._make_room(connection, lambda other: other.address == connection.address)
        return len(self._all) <= self.limits.at_once or self._make_room(connection, lambda _: True)

    def again(self, connection: LimitedConnection) -> None:
        """A connection has had its answer, and waits anew."""
        if self._all.pop(connection, connection) is None:
            self._all[connection] = None

    def leave(self, connection: LimitedConnection) -> None:
        """A connection is over."""
        if self._all.pop(connection, connection) is None:
            self._of[connection.address] -= 1
            if not self._of[connection.address]:
                del self._of[connection.address]

    @property
    def is_overrun(self) -> bool:
        """Whether there are so many that not even a refusal can be told."""
        return len(self._all) > self.limits.at_once + _SURPLUS

    def _make_room(self, newcomer: LimitedConnection, fits: Callable[[LimitedConnection], bool]) -> bool:
        for connection in self._all:
            if connection is not newcomer and connection.is_waiting and fits(connection):
                self.leave(connection)
                connection.give_way()
                return True
        return False


class _Alarm:
    """Something that happens after some seconds, unless it is stopped before."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self._timer: asyncio.TimerHandle | None = None

    @property
    def is_set(self) -> bool:
        return self._timer is not None

    def set(self, seconds: float, then: Callable[[], None]) -> None:
        self.stop()
        self._timer = self._loop.call_later(seconds, then)

    def stop(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None


class LimitedConnection(HttpToolsProtocol):
    """One connection."""

    def __init__(self, crowd: _Crowd, **given: Any) -> None:
        super().__init__(**given)
        self._crowd = crowd
        self._patience = crowd.limits.patience
        self.address = ""
        self._is_surplus = False
        self._is_refused = False
        self._fault: JobferryError | None = None
        self._in_head = False
        self._in_message = False
        self._has_moved = False
        self._unread = 0
        self._head_bytes = 0
        self._head_fields = 0
        self._waiting = _Alarm(self.loop)
        self._writing = _Alarm(self.loop)

    @property
    def is_waiting(self) -> bool:
        """Whether it waits for a request, or for the rest of one that nobody has signed in for."""
        if self._is_refused or self._is_idle:
            return True
        return self._in_message and not self.cycle.scope.get("state", {}).get("caller")

    def give_way(self) -> None:
        """Ends this connection, so that another one finds room."""
        if self._in_head or not self._is_idle:
            self._refuse(_crowded(), linger=False)
        else:
            self.transport.close()

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self.address = self.client[0] if self.client else ""
        self._wait_for_head()
        self._is_surplus = not self._crowd.enter(self)
        if self._is_surplus and self._crowd.is_overrun:
            transport.abort()

    def connection_lost(self, exc: Exception | None) -> None:
        self._crowd.leave(self)
        self._waiting.stop()
        self._writing.stop()
        super().connection_lost(exc)

    def shutdown(self) -> None:
        """Stop after the answer under way; a call that waits for news answers now."""
        super().shutdown()
        if not self._is_idle and (waiting := self.cycle.scope.get("state", {}).get("waiting")):
            waiting.set()

    def data_received(self, data: bytes) -> None:
        if self._is_refused:
            return
        if self._is_idle and not self._waiting.is_set:
            self._wait_for_head()
        self._has_moved = False
        super().data_received(data)
        self._unread = 0 if self._has_moved else self._unread + len(data)
        if self._unread > URL_BYTES + HEAD_BYTES:
            self._refuse(_head_too_large())

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self._in_head = True
        self._head_bytes = self._head_fields = 0

    def on_url(self, url: bytes) -> None:
        super().on_url(url)
        if len(self.url) > URL_BYTES:
            self._fail(_url_too_long())

    def on_header(self, name: bytes, value: bytes) -> None:
        """Header fields, and after them the trailers of a body, which nobody here reads."""
        self._head_bytes += len(name) + len(value)
        self._head_fields += 1
        if self._head_bytes > HEAD_BYTES or self._head_fields > HEAD_FIELDS:
            self._fail(_head_too_large())
        if self._in_head:
            super().on_header(name, value)

    def on_headers_complete(self) -> None:
        self._has_moved = self._in_message = True
        self._in_head = False
        self._head_bytes = self._head_fields = 0
        self._waiting.stop()
        if self._is_surplus:
            self.app = _answer_crowded
        super().on_headers_complete()

    def on_chunk_header(self) -> None:
        """A chunk of a body begins."""
        self._has_moved = True

    def on_body(self, body: bytes) -> None:
        self._has_moved = True
        super().on_body(body)

    def on_message_complete(self) -> None:
        self._has_moved = True
        self._in_message = False
        super().on_message_complete()

    def on_response_complete(self) -> None:
        super().on_response_complete()
        self._crowd.again(self)
        if self._in_message:
            self._wait_for_head()

    def pause_writing(self) -> None:
        super().pause_writing()
        self._writing.set(self._patience, self.transport.abort)

    def resume_writing(self) -> None:
        self._writing.stop()
        super().resume_writing()

    def send_400_response(self, msg: str) -> None:  # noqa: ARG002 - uvicorn's own words
        self._refuse(self._fault or _no_http())

    @property
    def _is_idle(self) -> bool:
        return self.cycle is None or self.cycle.response_complete

    def _wait_for_head(self) -> None:
        """The next request's head has to be there in time, and the rest of one that was answered early."""
        self._waiting.set(self._patience, self._give_up)

    def _give_up(self) -> None:
        if self._in_head:
            self._refuse(_head_too_slow(self._patience))
        else:
            self.transport.close()

    def _fail(self, fault: JobferryError) -> None:
        """Stops the parser, which then asks for :meth:`send_400_response`."""
        self._fault = fault
        raise ValueError(fault.code)

    def _refuse(self, fault: JobferryError, *, linger: bool = True) -> None:
        """Answers with an error, if no answer has begun, and ends the connection."""
        if self._is_refused or self.transport.is_closing():
            return
        self._is_refused = True
        if not self._is_idle:
            if self.cycle.response_started:
                self.transport.abort()
                return
            self.cycle.disconnected = True
            self.cycle.message_event.set()
        request_id = secrets.token_hex(16)
        _events.say(
            "info", "request refused", status=status_of(fault), code=fault.code, request_id=request_id
        )
        path = getattr(self, "url", b"")[:URL_BYTES].decode("latin-1")
        self.transport.write(_raw(fault, path, request_id))
        self._waiting.stop()
        if linger and self.transport.can_write_eof():
            self.transport.write_eof()
            self._waiting.set(_LINGER_SECONDS, self.transport.abort)
        else:
            self.transport.close()


def _raw(fault: JobferryError, path: str, request_id: str) -> bytes:
    told = refusal(fault, path, "", request_id)
    told.headers["Connection"] = "close"
    told.headers["X-Request-Id"] = request_id
    fields = b"".join(b"%s: %s\r\n" % field for field in told.raw_headers)
    return STATUS_LINE[told.status_code] + fields + b"\r\n" + bytes(told.body)


async def _answer_crowded(scope: Scope, receive: Receive, send: Send) -> None:
    told = refusal(
        _crowded(),
        scope["path"],
        scope["method"],
        secrets.token_hex(16),
        reader_of(scope["query_string"], scope["headers"]),
    )
    told.headers["Connection"] = "close"
    await told(scope, receive, send)


def _crowded() -> Overloaded:
    return Overloaded(
        ErrorCode.SERVER_BUSY,
        "there are too many connections to this platform",
        subject="connections",
        hint="try again in some seconds, or use fewer connections at the same time",
    )


def _url_too_long() -> InvalidRequest:
    return InvalidRequest(
        ErrorCode.ADDRESS_TOO_LONG,
        sentence("the address of the call has more than {url_bytes:,} bytes", url_bytes=URL_BYTES),
        subject="URL",
        hint="ask for less at a time",
    )


def _head_too_large() -> InvalidRequest:
    return InvalidRequest(
        ErrorCode.HEADERS_TOO_LARGE,
        sentence(
            "the call has more than {head_fields} header fields, or more than {head_bytes:,} bytes of them",
            head_fields=HEAD_FIELDS,
            head_bytes=HEAD_BYTES,
        ),
        subject="headers",
        hint="send fewer and shorter header fields",
    )


def _head_too_slow(patience: float) -> InvalidRequest:
    return InvalidRequest(
        ErrorCode.TOO_SLOW,
        sentence("the call's header fields did not arrive within {patience} s", patience=f"{patience:g}"),
        subject="headers",
        hint="send the call again",
    )


def _no_http() -> InvalidRequest:
    return InvalidRequest(
        ErrorCode.INVALID_VALUE,
        "what was sent is no HTTP request",
        subject="request",
        hint="use plain HTTP/1.1 at this address",
    )
