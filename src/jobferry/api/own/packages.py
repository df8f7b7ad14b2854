"""Packages going out and coming in."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import anyio.from_thread
from fastapi import APIRouter, Depends, Request, Response
from starlette.concurrency import run_in_threadpool

from jobferry.api.own import answers
from jobferry.api.own.call import Placed, described, described_bytes
from jobferry.api.own.requests import ExportRequest
from jobferry.api.signin import platform_of, signed_in_streaming
from jobferry.api.wire import answer, package_answer, read_body
from jobferry.errors import ErrorCode, PackageRefused

router = APIRouter(prefix="/api", tags=["packages"])

_UNNAMED = "package.zip"
_NAME_CHARACTERS = 255
_HEADER_BYTES = 16 * 1024
_ZIP: dict[int | str, dict[str, Any]] = {
    200: {"content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}}}
}


@router.post(
    "/workspaces/{workspace}/exports",
    response_class=Response,
    responses=_ZIP,
    openapi_extra=described(ExportRequest),
)
def export(call: Placed) -> Response:
    """A package with a manifest; what is wrong is said before its first byte."""
    asked = read_body(ExportRequest, call.body)
    stream = call.platform.exports.package(
        call.grant, asked.names, depend=not asked.jobs_only, state=asked.state
    )
    headers = {"X-Jobferry-Package-Digest": stream.digest, "X-Jobferry-Objects": str(stream.objects)}
    if stream.left_out:
        headers["X-Jobferry-Left-Out"] = _header_list(stream.left_out)
    return package_answer(stream, headers)


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
    limits = platform.settings.limits
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
            f"the package has {told} bytes; at most {limit} are taken",
            hint="export fewer jobs, or raise JOBFERRY_PACKAGE_BYTES",
        )


def _header_list(names: tuple[str, ...]) -> str:
    """A percent-encoded JSON list; what does not fit into a header is only counted."""
    kept: list[str] = []
    size = 0
    for name in names:
        size += len(quote(json.dumps(name)))
        if size > _HEADER_BYTES:
            kept.append(f"… ({len(names) - len(kept)} more)")
            break
        kept.append(name)
    return quote(json.dumps(kept))
