"""How values go over the wire: path parameters, query numbers, control bodies, answers, packages."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from itertools import chain
from typing import Annotated, Any, TypeVar
from urllib.parse import quote, unquote

import msgspec
from anyio import CancelScope
from fastapi import Path, Query, Request, Response
from fastapi.responses import StreamingResponse
from pydantic import AfterValidator, BaseModel, ValidationError
from starlette.concurrency import run_in_threadpool
from starlette.types import Receive, Scope, Send

from jobferry.errors import ErrorCode, InvalidRequest
from jobferry.model.messages import Language
from jobferry.services.exporting.exports import PackageStream

PathText = Annotated[str, Path(), AfterValidator(unquote)]
"""A path parameter. The front door keeps paths encoded, so that ``%2F`` in a name survives the splitting."""

LATEST = 1 << 53
"""The largest number that every reader of JSON keeps exactly; databases take it too."""
PageOffset = Annotated[int, Query(ge=0, le=LATEST)]
PageLimit = Annotated[int, Query(ge=1, le=1000)]

ZIP_ANSWER: dict[int | str, dict[str, Any]] = {
    200: {"content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}}}
}
"""How an answer that is a package is described."""

ReadBody = TypeVar("ReadBody", bound=BaseModel)


def answer(value: Any, status: int = 200) -> Response:
    """A JSON answer; :class:`msgspec.Raw` values go out byte for byte."""
    return Response(msgspec.json.encode(value), status, media_type="application/json")


def document_answer(text: bytes) -> Response:
    """A document as it is stored."""
    return Response(text, media_type="application/json")


def package_answer(stream: PackageStream, headers: dict[str, str] | None = None) -> Response:
    """A package as it is written. Its first bytes are made before the answer starts, so that what is wrong
    from the beginning is still told as an error."""
    chunks = stream.chunks
    first = next(chunks, b"")
    return _Sending(
        chain((first,), chunks),
        chunks.close,
        media_type="application/octet-stream",
        headers={"Content-Disposition": disposition(stream.filename), **(headers or {})},
    )


class _Sending(StreamingResponse):
    """Sends a package, and says when no more of it is read, whoever went away."""

    def __init__(self, chunks: Iterable[bytes], close: Callable[[], None], **more: Any) -> None:
        super().__init__(chunks, **more)
        self._close = close

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await super().__call__(scope, receive, send)
        finally:
            with CancelScope(shield=True):
                await run_in_threadpool(self._close)


def disposition(filename: str) -> str:
    """``Content-Disposition`` with a plain name for old clients and the true one (RFC 6266)."""
    plain = "".join(one if " " <= one <= "~" and one not in '"\\%' else "_" for one in filename)
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(filename, safe='')}"


def header_text(request: Request, name: str) -> str:
    """A header's value; beyond ASCII it is read as UTF-8."""
    return request.headers.get(name, "").encode("latin-1").decode("utf-8", "replace").strip()


def language_of(request: Request) -> Language:
    """The language that the caller reads."""
    return Language.of(request.headers.get("X-Language") or request.headers.get("Accept-Language"))


def query_number(request: Request, name: str, default: int, *, low: int = 0, high: int | None = None) -> int:
    """A whole number of the query; empty counts as not given.

    Raises:
        InvalidRequest: it is no number, or not between ``low`` and ``high``.
    """
    said = request.query_params.get(name, "").strip()
    if not said:
        return default
    sign, digits = said[:1] == "-", said.removeprefix("-")
    number = int(digits) * (-1 if sign else 1) if digits.isascii() and digits.isdigit() else None
    if number is None or len(digits) > 15 or number < low or (high is not None and number > high):
        span = f"{low} to {high}" if high is not None else f"{low} or more"
        raise InvalidRequest(
            ErrorCode.INVALID_VALUE, f"{name} is {said[:40]!r}; allowed is {span}", subject=name
        )
    return number


def query_choice(request: Request, name: str, allowed: tuple[str, ...], default: str) -> str:
    """One of a few words of the query; empty counts as not given.

    Raises:
        InvalidRequest: it is another word.
    """
    return choice(request.query_params.get(name), name, allowed, default)


def choice(said: str | None, name: str, allowed: tuple[str, ...], default: str) -> str:
    """One of a few words; none or an empty one is the default.

    Raises:
        InvalidRequest: it is another word.
    """
    if not said:
        return default
    if said not in allowed:
        raise InvalidRequest(
            ErrorCode.INVALID_VALUE,
            f"{name} is {said[:40]!r}, which is none of: {', '.join(allowed)}",
            subject=name,
        )
    return said


def read_body(model: type[ReadBody], body: bytes) -> ReadBody:
    """A small body, checked; nothing and ``null`` count as ``{}``.

    Raises:
        InvalidRequest: it does not fit; the message names the first place that does not.
    """
    try:
        return model.model_validate_json(b"{}" if body.strip() in (b"", b"null") else body)
    except ValidationError as error:
        raise misfit(error.errors(include_url=False, include_context=False)[0]) from None


def misfit(fault: Any) -> InvalidRequest:
    """The error for a value that pydantic refuses."""
    place = ".".join(str(part) for part in fault["loc"]) or "the body"
    if fault["type"] == "missing":
        return InvalidRequest(ErrorCode.MISSING_VALUE, f"{place} is required", subject=place)
    said = "there is no such key" if fault["type"] == "extra_forbidden" else str(fault["msg"])
    return InvalidRequest(ErrorCode.INVALID_VALUE, f"{place}: {said}", subject=place)
