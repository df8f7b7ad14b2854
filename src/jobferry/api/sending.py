"""What a call returns, as it goes over the wire."""

from __future__ import annotations

import gzip
from collections.abc import AsyncIterator, Awaitable, Callable
from functools import partial
from typing import Any
from urllib.parse import quote

import msgspec
from anyio import CancelScope, to_thread
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response, StreamingResponse
from starlette.types import Receive, Scope, Send

from jobferry.api.calls import Chunks, Cookied, Document, File, Package, Pieces, has_client_left
from jobferry.api.decoding import Bound
from jobferry.services.people.sign_in import ABSOLUTE_MS, COOKIE, SAFE_COOKIE

Run = Callable[[Callable[[], Any]], Awaitable[Any]]
"""Does work in a thread."""
_JSON = "application/json"
_BYTES = "application/octet-stream"
_WHOLE_BYTES = 64 * 1024
"""As soon as so much has been made, it is sent while the rest is."""
_COMPRESSED_BYTES = 2 * 1024
"""What is smaller fits into two packets of a network as it is."""


def response_of(
    call: Bound, value: Any, *, is_safe: bool, takes_gzip: bool = False, run: Run = to_thread.run_sync
) -> Response:
    """The answer to a call. Of what is made while it is sent the first bytes come before its head,
    so that what is wrong from the beginning is still told as an error; ``run`` makes the others."""
    match value:
        case Cookied(value=inner, secret=secret):
            response = response_of(call, inner, is_safe=is_safe)
            _set_cookie(response, secret, is_safe=is_safe)
            return response
        case None:
            return Response(status_code=204)
        case Document(text=text, etag=etag):
            headers = {"ETag": f'"{etag}"', "Cache-Control": "private, no-cache"} if etag else None
            return Response(text, media_type=_JSON, headers=headers)
        case File(media_type=media_type, filename=filename) as file:
            return Response(file.data, media_type=media_type, headers=_named(filename))
        case Package(filename=filename, chunks=chunks, headers=headers):
            return _sent(chunks, _BYTES, run, _named(filename) | {**headers})
        case Pieces(chunks=chunks):
            return _sent(chunks, _JSON, run)
    response = json_response(value, _status(call, value))
    if call.declared.is_secret:
        response.headers["Cache-Control"] = "no-store"
    elif len(response.body) >= _COMPRESSED_BYTES:
        response.headers["Vary"] = "Accept-Encoding"
        if takes_gzip:
            _compress(response)
    return response


def json_response(value: Any, status: int) -> Response:
    """A JSON answer; :class:`msgspec.Raw` values go out byte for byte."""
    return Response(msgspec.json.encode(value), status, media_type=_JSON)


def takes_gzip(accepted: str) -> bool:
    """Whether a client whose ``Accept-Encoding`` this is reads what is packed by gzip."""
    codings = (one.partition(";q=") for one in accepted.lower().replace(" ", "").split(","))
    return "gzip" in {coding for coding, _, weight in codings if not weight or weight.strip("0.")}


def _compress(response: Response) -> None:
    """The same answer, packed by gzip's fastest level: lists become a tenth of what they were."""
    response.body = gzip.compress(response.body, compresslevel=1, mtime=0)
    response.headers["Content-Encoding"] = "gzip"
    response.headers["Content-Length"] = str(len(response.body))


def _sent(chunks: Chunks, media_type: str, run: Run, headers: dict[str, str] | None = None) -> Response:
    """What is small goes out whole: each chunk that is waited for takes a turn of a thread."""
    first: list[bytes] = []
    size = 0
    for chunk in chunks:
        first.append(chunk)
        if has_client_left():
            break
        size += len(chunk)
        if size >= _WHOLE_BYTES:
            return _Sending(_pieces(b"".join(first), chunks, run), chunks.close, media_type, headers)
    chunks.close()
    return Response(b"".join(first), media_type=media_type, headers=headers)


async def _pieces(first: bytes, chunks: Chunks, run: Run) -> AsyncIterator[bytes]:
    """Go on where the first bytes end; each piece is made in a thread of its own."""
    yield first
    while (piece := await run(partial(next, chunks, None))) is not None:
        yield piece


class _Sending(StreamingResponse):
    """Sends what is made meanwhile, and says when no more of it is read, whoever went away."""

    def __init__(
        self,
        pieces: AsyncIterator[bytes],
        close: Callable[[], None],
        media_type: str,
        headers: dict[str, str] | None = None,
    ) -> None:
        super().__init__(pieces, media_type=media_type, headers=headers)
        self._close = close

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await super().__call__(scope, receive, send)
        finally:
            with CancelScope(shield=True):
                await run_in_threadpool(self._close)


def _status(call: Bound, value: Any) -> int:
    """The status of the kind of answer that this is; of the first, where it is one of no class."""
    kinds = call.answers
    return next((kind.status for kind in kinds if kind.type is type(value)), kinds[0].status)


def _named(filename: str) -> dict[str, str]:
    """``Content-Disposition`` with a plain name for old clients and the true one (RFC 6266)."""
    plain = "".join(one if " " <= one <= "~" and one not in '"\\%' else "_" for one in filename)
    disposition = f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(filename, safe='')}"
    return {"Content-Disposition": disposition}


def _set_cookie(response: Response, secret: str, *, is_safe: bool) -> None:
    response.set_cookie(
        SAFE_COOKIE if is_safe else COOKIE,
        secret,
        max_age=ABSOLUTE_MS // 1000 if secret else 0,
        path="/",
        secure=is_safe,
        httponly=True,
        samesite="strict",
    )
    response.headers["Cache-Control"] = "no-store"
