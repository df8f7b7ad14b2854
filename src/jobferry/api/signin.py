"""Who is calling, from where, from the request as it came over the wire, and its body within its limit."""

from __future__ import annotations

from starlette.requests import Request

from jobferry.api.front import wire_method
from jobferry.bootstrap.platform import RunningPlatform
from jobferry.errors import ErrorCode, InvalidRequest
from jobferry.model.people import Caller
from jobferry.sentences import sentence
from jobferry.services.people.sign_in import SignedRequest

_MIB = 1024 * 1024


def authenticated(platform: RunningPlatform, request: Request, body: bytes = b"") -> Caller:
    """Who is calling; the log and the layer for bodies learn it too. ``body`` is that of a signed request.

    Raises:
        Unauthenticated: nobody, or with credentials that are wrong.
    """
    caller = platform.signing.authenticate(on_the_wire(request, body), origin_of(request))
    request.state.caller = caller
    return caller


async def body_of(request: Request, limit: int) -> bytes:
    """Read the whole body.

    Raises:
        InvalidRequest: it is larger than the limit (``too-large``); then not all of it was read.
    """
    if announced(request) > limit:
        raise _too_large(limit)
    chunks: list[bytes] = []
    size = 0
    async for chunk in request.stream():
        size += len(chunk)
        if size > limit:
            raise _too_large(limit)
        chunks.append(chunk)
    return b"".join(chunks)


def on_the_wire(request: Request, body: bytes = b"") -> SignedRequest:
    """The request as it came."""
    return SignedRequest(
        method=wire_method(request.scope),
        raw_path=request.scope.get("raw_path") or request.scope["path"].encode(),
        raw_query=request.scope["query_string"],
        headers=tuple(request.scope["headers"]),
        body=body,
    )


def origin_of(request: Request) -> str:
    """The network address that the request came from; empty where nothing tells."""
    return request.client.host if request.client else ""


def is_signed(request: Request) -> bool:
    """Whether the body has to be read before it is known who is calling."""
    scheme = request.headers.get("Authorization", "").partition(" ")[0].lower()
    return scheme not in ("", "bearer") and not request.headers.get("X-Auth-Token")


def announced(request: Request) -> int:
    """How many bytes the head says that the body has; 0 if it says nothing."""
    told = request.headers.get("Content-Length", "")
    return int(told) if told.isascii() and told.isdigit() else 0


def _too_large(limit: int) -> InvalidRequest:
    size = (limit // _MIB, "MiB") if limit >= _MIB else (limit // 1024, "KiB")
    return InvalidRequest(
        ErrorCode.TOO_LARGE,
        sentence("the body is larger than {size} {unit}", size=size[0], unit=size[1]),
        subject="body",
        hint="send less at a time",
    )
