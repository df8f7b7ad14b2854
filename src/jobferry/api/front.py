"""The outermost layer: keeps names in paths whole, answers HEAD, names every request, logs one line, has the
last word.

It knows nothing of the two APIs but how each says that something unexpected happened.
"""

from __future__ import annotations

import re
import secrets
import time
from collections.abc import Collection, Sequence
from ipaddress import ip_address
from typing import Any
from urllib.parse import quote, unquote_to_bytes, urlsplit

from starlette.datastructures import Headers
from starlette.requests import ClientDisconnect
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from jobferry.api.languages import reader_of
from jobferry.api.problems import refusal, unexpected_answer
from jobferry.errors import ErrorCode, InvalidRequest
from jobferry.events import REQUEST_ID, Events

_CLIENT_WENT = 499
_REFUSED = 400
_OUR_FAULT = 500
_REQUEST_ID = re.compile(rb"[A-Za-z0-9._:-]{1,64}")
_REPLACEMENT = "\ufffd".encode()

_USUAL = ((b"x-content-type-options", b"nosniff"), (b"cache-control", b"no-store"))
"""Headers of every response that does not set them itself."""
_INSIST = (b"strict-transport-security", b"max-age=31536000")

_events = Events("api")


class Front:
    """Wraps the application; every answer leaves with an ``X-Request-Id``: the caller's, or one made here."""

    def __init__(self, app: ASGIApp, *, is_tls: bool = False, hosts: Collection[str] | None = None) -> None:
        """With ``is_tls`` browsers are told to insist on it. With ``hosts``, only requests for these names,
        localhost and addresses are served: other sites can make their names lead here."""
        self._app = app
        self._hosts = hosts
        self._usual = (*_USUAL, _INSIST) if is_tls else _USUAL

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        scope["path"] = kept_path(scope)
        exchange = _Exchange(scope, send, self._usual)
        named = REQUEST_ID.set(exchange.request_id)
        try:
            app = self._app if self._serves(scope) else self._foreign
            await app(_asked(scope), receive, exchange.send)
        except ClientDisconnect:
            exchange.status = _CLIENT_WENT
        except Exception as error:
            _events.failed("request failed", error)
            if exchange.status == 0:
                answer: Response = unexpected_answer(
                    scope["path"],
                    exchange.request_id,
                    reader_of(scope["query_string"], scope["headers"]),
                )
                await answer(scope, receive, exchange.send)
        finally:
            exchange.note()
            REQUEST_ID.reset(named)

    def _serves(self, scope: Scope) -> bool:
        host = host_of(Headers(scope=scope).get("host", "localhost"))
        return self._hosts is None or host in self._hosts or is_loopback(host) or _is_address(host)

    async def _foreign(self, scope: Scope, receive: Receive, send: Send) -> None:
        error = InvalidRequest(
            ErrorCode.INVALID_VALUE,
            "the request's Host is not of this machine, which alone this server is for",
            subject="Host",
            hint="behind a proxy that keeps Host, name the proxy in JOBFERRY_TRUSTED_PROXIES",
        )
        reader = reader_of(scope["query_string"], scope["headers"])
        response = refusal(error, scope["path"], scope["method"], scope["state"]["request_id"], reader)
        await response(scope, receive, send)


def host_of(address: str) -> str:
    """Return the host of a Host header or an address, in lower case; empty if it cannot be read."""
    try:
        return urlsplit(address if "//" in address else f"//{address}").hostname or ""
    except ValueError:
        return ""


def is_loopback(host: str) -> bool:
    """Return whether an address or name is of this machine alone."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return f".{host.rstrip('.')}".endswith(".localhost")


def _is_address(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True


class _Exchange:
    """One request and its answer, as the log tells it: no body, no query, no header."""

    def __init__(self, scope: Scope, send: Send, usual: Sequence[tuple[bytes, bytes]]) -> None:
        self._usual = usual
        self.request_id = _named_by_caller(scope) or secrets.token_hex(16)
        self.status = 0
        self._scope = scope
        self._send = send
        self._is_head = scope["method"] == "HEAD"
        self._is_over = False
        self._began = time.perf_counter()
        scope.setdefault("state", {})["request_id"] = self.request_id

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            headers: list[Any] = [*message.get("headers", []), (b"x-request-id", self.request_id.encode())]
            names = {name for name, _ in headers}
            headers += [header for header in self._usual if header[0] not in names]
            message = {**message, "headers": headers}
        elif self._is_head:
            if self._is_over:
                return
            self._is_over = True
            message = {"type": "http.response.body", "body": b"", "more_body": False}
        await self._send(message)

    def note(self) -> None:
        caller = self._scope["state"].get("caller")
        _events.say(
            self._level(),
            "request",
            method=self._scope["method"],
            path=self._scope["path"],
            status=self.status,
            ms=round((time.perf_counter() - self._began) * 1000, 1),
            caller=caller.name if caller else None,
        )

    def _level(self) -> str:
        """What only looked, and got its answer, is seldom worth a line."""
        if self.status >= _OUR_FAULT:
            return "warning"
        is_look = self._scope["method"] in ("GET", "HEAD") and self.status < _REFUSED
        return "debug" if is_look else "info"


def _named_by_caller(scope: Scope) -> str:
    """The id that a caller or a proxy gave the request, if it is one that can stand in a log."""
    for name, value in scope["headers"]:
        if name == b"x-request-id":
            return value.decode() if _REQUEST_ID.fullmatch(value) else ""
    return ""


def wire_method(scope: Scope) -> str:
    """The method that the client named, and signed."""
    return str(scope["state"].get("wire_method") or scope["method"])


def _asked(scope: Scope) -> Scope:
    """What the application is asked: HEAD is GET, of which the answer's body stays here."""
    if scope["method"] != "HEAD":
        return scope
    scope["state"]["wire_method"] = "HEAD"
    return {**scope, "method": "GET"}


def kept_path(scope: Scope) -> str:
    """The path with every part percent-encoded in one way, so that splitting comes before decoding.

    A zero byte, which no database takes, is replaced: nothing here is named so.
    """
    raw: bytes = scope.get("raw_path") or quote(scope["path"]).encode()
    parts = (unquote_to_bytes(part).replace(b"\x00", _REPLACEMENT) for part in raw.split(b"/"))
    return "/".join(quote(part, safe="") for part in parts)
