"""Packages coming in."""

from __future__ import annotations

from collections.abc import AsyncIterator

from anyio import CancelScope
from fastapi import Depends, Request, Response
from starlette.concurrency import run_in_threadpool

from jobferry.api.late import LateRouter
from jobferry.api.own import answers
from jobferry.api.own.call import described_bytes
from jobferry.api.signin import platform_of, signed_in_streaming
from jobferry.api.wire import answer
from jobferry.errors import ErrorCode, PackageRefused

router = LateRouter(prefix="/api", tags=["packages"])

_UNNAMED = "package.zip"
_NAME_CHARACTERS = 255
_PIECE_BYTES = 1024 * 1024


@router.post(
    "/packages",
    status_code=201,
    response_model=answers.PackageAnswer,
    openapi_extra=described_bytes("application/zip"),
    dependencies=[Depends(signed_in_streaming)],
)
async def receive_package(request: Request, name: str = _UNNAMED) -> Response:
    """Keeps a package for an import. With a token it may be large: it is written as it comes in."""
    platform = platform_of(request)
    limits = await run_in_threadpool(platform.stored.limits)
    _refuse_announced(request, limits.package_bytes)
    pieces = _pieces(request)
    first = await anext(pieces, b"")
    incoming = await run_in_threadpool(
        platform.imports.receiving, request.state.caller, name[:_NAME_CHARACTERS] or _UNNAMED, limits
    )
    try:
        await run_in_threadpool(incoming.add, first)
        async for piece in pieces:
            await run_in_threadpool(incoming.add, piece)
        received = await run_in_threadpool(incoming.keep)
    except BaseException:
        with CancelScope(shield=True):
            await run_in_threadpool(incoming.drop)
        raise
    return answer({"id": received.id, "name": received.name, "size": received.size}, 201)


async def _pieces(request: Request) -> AsyncIterator[bytes]:
    """The body in pieces worth a thread's while; none is held while the client is waited for."""
    if request.state.body:
        yield request.state.body
        return
    gathered = bytearray()
    async for piece in request.stream():
        gathered += piece
        if len(gathered) >= _PIECE_BYTES:
            yield bytes(gathered)
            gathered.clear()
    if gathered:
        yield bytes(gathered)


def _refuse_announced(request: Request, limit: int) -> None:
    told = request.headers.get("Content-Length", "")
    if told.isascii() and told.isdigit() and int(told) > limit:
        raise PackageRefused(
            ErrorCode.PACKAGE_TOO_LARGE,
            f"the package has {int(told):,} bytes; the limit package_bytes is {limit:,}",
            hint="export fewer jobs, or have operations raise it: jobferry settings set package_bytes=N",
        )
