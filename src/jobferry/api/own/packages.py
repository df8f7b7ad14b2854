"""Packages coming in."""

from __future__ import annotations

from collections.abc import Iterator

import anyio.from_thread
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
    chunks = _from_thread(request)
    received = await run_in_threadpool(
        platform.imports.receive, request.state.caller, name[:_NAME_CHARACTERS] or _UNNAMED, chunks, limits
    )
    return answer({"id": received.id, "name": received.name, "size": received.size}, 201)


def _from_thread(request: Request) -> Iterator[bytes]:
    """The body as a thread reads it, one piece at a time."""
    if request.state.body:
        return iter((request.state.body,))
    pieces = request.stream()

    async def following() -> bytes | None:
        async for piece in pieces:
            if piece:
                return piece
        return None

    def step() -> bytes | None:
        return anyio.from_thread.run(following)

    return iter(step, None)


def _refuse_announced(request: Request, limit: int) -> None:
    told = request.headers.get("Content-Length", "")
    if told.isascii() and told.isdigit() and int(told) > limit:
        raise PackageRefused(
            ErrorCode.PACKAGE_TOO_LARGE,
            f"the package has {int(told):,} bytes; the limit package_bytes is {limit:,}",
            hint="export fewer jobs, or have operations raise it: jobferry settings set package_bytes=N",
        )
