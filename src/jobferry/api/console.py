"""The console's files, and its one page at every address that is none of the APIs'.

The files may be replaced while they are served: by an upgrade in place, or a new build. What is there now
is served; what is gone is said to be.
"""

from __future__ import annotations

import re
import secrets
from pathlib import Path
from typing import NamedTuple
from wsgiref.headers import Headers

from servestatic import ServeStaticASGI
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

FOLDER = Path(__file__).parents[1] / "console"
"""Where ``make console`` puts what it builds, and where the wheel has it."""

_NONCE = "{nonce}"
_API_ROOTS = frozenset({"api", "v1", "v2", "healthz", "readyz", "metrics"})
_ASSETS = "assets"
_HASHED = re.compile(r"-[\w-]{8}\.\w+$")
_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self' 'nonce-{nonce}'",
        "style-src 'self' 'nonce-{nonce}'",
        "style-src-attr 'unsafe-inline'",
        "img-src 'self' data:",
        "font-src 'self'",
        "connect-src 'self'",
        "worker-src 'self'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    )
)
_HEADERS = {
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
}


_REPLACED = "the console's files are being replaced; reload the page in a moment\n"
_GONE = "there is no such file of the console: it was replaced by a newer one; reload the page\n"


def is_built(folder: Path = FOLDER) -> bool:
    """Whether there is a console to serve."""
    return (folder / "index.html").is_file()


class Console:
    """Wraps the application of the APIs. Files have their content's hash in their name, so browsers keep them
    for good; the page is made anew for each answer, with a nonce of its own."""

    def __init__(self, apis: ASGIApp, folder: Path) -> None:
        self._apis = apis
        self._folder = folder
        self._built = _read(folder, _marks(folder))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        root = scope["path"].lstrip("/").partition("/")[0] if scope["type"] == "http" else ""
        if scope["type"] != "http" or scope["method"] != "GET" or root in _API_ROOTS:
            await self._apis(scope, receive, send)
        elif root == _ASSETS:
            await self._file(scope, receive, send)
        elif "text/html" in Request(scope).headers.get("Accept", ""):
            await self._page()(scope, receive, send)
        else:
            await self._apis(scope, receive, send)

    def _page(self) -> HTMLResponse | PlainTextResponse:
        try:
            page = self._now().page
        except OSError:
            return _refusal(503, _REPLACED)
        nonce = secrets.token_urlsafe(18)
        policy = {"Content-Security-Policy": _POLICY.format(nonce=nonce)}
        return HTMLResponse(page.replace(_NONCE, nonce), headers=_HEADERS | policy)

    async def _file(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Sends a file. Its headers wait for its first bytes, so that one that is gone by then has a 404."""
        begun = False
        start: list[Message] = []

        async def send_whole(message: Message) -> None:
            nonlocal begun
            if message["type"] == "http.response.start":
                start.append(message)
                return
            begun = True
            while start:
                await send(start.pop())
            await send(message)

        try:
            files = self._now().files
        except OSError:
            await _refusal(503, _REPLACED)(scope, receive, send)
            return
        try:
            await files(scope, receive, send_whole)
        except FileNotFoundError:
            if begun:
                raise
            await _gone(scope, receive, send)

    def _now(self) -> _Built:
        """The console as it is in the folder now.

        Raises:
            OSError: it is being replaced, and not there as a whole yet.
        """
        marks = _marks(self._folder)
        if marks != self._built.marks:
            self._built = _read(self._folder, marks)
        return self._built


class _Built(NamedTuple):
    """A console, by the marks of its folder when it was read."""

    marks: tuple[tuple[int, int], ...]
    page: str
    files: ServeStaticASGI


def _marks(folder: Path) -> tuple[tuple[int, int], ...]:
    """What changes where the page is written anew, or a file beside it comes or goes."""
    found = [path.stat() for path in (folder / "index.html", folder / _ASSETS)]
    return tuple((one.st_ino, one.st_mtime_ns) for one in found)


def _read(folder: Path, marks: tuple[tuple[int, int], ...]) -> _Built:
    files = ServeStaticASGI(
        _gone,
        root=folder / _ASSETS,
        prefix=f"/{_ASSETS}/",
        immutable_file_test=lambda _, url: bool(_HASHED.search(url)),
        allow_all_origins=False,
        add_headers_function=_strictly_typed,
    )
    return _Built(marks, (folder / "index.html").read_text(encoding="utf-8"), files)


async def _gone(scope: Scope, receive: Receive, send: Send) -> None:
    await _refusal(404, _GONE)(scope, receive, send)


def _refusal(status: int, text: str) -> PlainTextResponse:
    headers = _HEADERS | ({"Retry-After": "1"} if status == 503 else {})
    return PlainTextResponse(text, status, headers=headers)


def _strictly_typed(headers: Headers, _path: str, _url: str) -> None:
    headers["X-Content-Type-Options"] = "nosniff"
