"""The console's files, and its one page at every address that is none of the APIs'."""

from __future__ import annotations

import re
import secrets
from pathlib import Path
from wsgiref.headers import Headers

from servestatic import ServeStaticASGI
from starlette.requests import Request
from starlette.responses import HTMLResponse
from starlette.types import ASGIApp, Receive, Scope, Send

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


def is_built(folder: Path = FOLDER) -> bool:
    """Whether there is a console to serve."""
    return (folder / "index.html").is_file()


class Console:
    """Wraps the application of the APIs. Files have their content's hash in their name, so browsers keep them
    for good; the page is made anew for each answer, with a nonce of its own."""

    def __init__(self, apis: ASGIApp, folder: Path) -> None:
        self._apis = apis
        self._page = (folder / "index.html").read_text(encoding="utf-8")
        self._files = ServeStaticASGI(
            apis,
            root=folder / _ASSETS,
            prefix=f"/{_ASSETS}/",
            immutable_file_test=lambda _, url: bool(_HASHED.search(url)),
            allow_all_origins=False,
            add_headers_function=_strictly_typed,
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        root = scope["path"].lstrip("/").partition("/")[0] if scope["type"] == "http" else ""
        if scope["type"] != "http" or scope["method"] != "GET" or root in _API_ROOTS:
            await self._apis(scope, receive, send)
        elif root == _ASSETS:
            await self._files(scope, receive, send)
        elif "text/html" in Request(scope).headers.get("Accept", ""):
            await self._shown()(scope, receive, send)
        else:
            await self._apis(scope, receive, send)

    def _shown(self) -> HTMLResponse:
        nonce = secrets.token_urlsafe(18)
        policy = {"Content-Security-Policy": _POLICY.format(nonce=nonce)}
        return HTMLResponse(self._page.replace(_NONCE, nonce), headers=_HEADERS | policy)


def _strictly_typed(headers: Headers, _path: str, _url: str) -> None:
    headers["X-Content-Type-Options"] = "nosniff"
