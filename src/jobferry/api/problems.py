"""Every failure in the words of the API that was called: one envelope each, whatever went wrong."""

from __future__ import annotations

from msgspec import Struct
from starlette.responses import Response

from jobferry.api.factory.translation import factory_problem
from jobferry.api.sending import json_response
from jobferry.errors import (
    Conflict,
    ErrorCode,
    FilesError,
    Forbidden,
    InvalidRequest,
    JobferryError,
    NotFound,
    Overloaded,
    PackageRefused,
    StoreError,
    TooManyAttempts,
    Unauthenticated,
)
from jobferry.model.messages.reader import Reader
from jobferry.sentences import sentence

INTERNAL = "internal"
"""The one code that is no ``ErrorCode``: something happened that nobody thought of."""

_FACTORY_ROOTS = ("v1", "v2")
_BY_FAMILY: dict[type[JobferryError], int] = {
    InvalidRequest: 400,
    Unauthenticated: 401,
    Forbidden: 403,
    NotFound: 404,
    Conflict: 409,
    PackageRefused: 422,
    StoreError: 503,
    FilesError: 502,
    Overloaded: 503,
}
_BY_CODE = {
    ErrorCode.UNKNOWN_ROUTE: 404,
    ErrorCode.METHOD_NOT_ALLOWED: 405,
    ErrorCode.TOO_LARGE: 413,
    ErrorCode.ADDRESS_TOO_LONG: 414,
    ErrorCode.HEADERS_TOO_LARGE: 431,
    ErrorCode.TOO_SLOW: 408,
    ErrorCode.TOO_MANY_UPLOADS: 429,
    ErrorCode.DISK_FULL: 507,
    ErrorCode.DRAFT_CHANGED: 412,
    ErrorCode.TOO_MANY_ATTEMPTS: 429,
}


class FaultDetail(Struct, frozen=True):
    """One of the things that are wrong, and where in the document; ``code`` is that of findings."""

    code: str
    path: str
    message: str
    hint: str


class ErrorDetail(Struct, frozen=True, omit_defaults=True):
    """What went wrong, in words and as a code; ``errors`` are all things that are wrong with a document, or
    missing to a job that is to be started."""

    code: str
    message: str
    subject: str
    hint: str
    request_id: str
    errors: list[FaultDetail] = []


class ErrorAnswer(Struct, frozen=True):
    """Every failure, whatever its status."""

    error: ErrorDetail


class WrongMethod(InvalidRequest):
    """There is something at an address, but not for this method; ``allowed`` goes out as ``Allow``."""

    def __init__(self, path: str, method: str, taken: list[str]) -> None:
        self.allowed = ", ".join(["GET", "HEAD", *taken[1:]] if "GET" in taken else taken)
        super().__init__(
            ErrorCode.METHOD_NOT_ALLOWED,
            sentence("{path} does not take {method}", path=path, method=method),
            subject=path,
            hint=sentence("it takes {allowed}", allowed=self.allowed),
        )


def status_of(error: JobferryError) -> int:
    """The HTTP status of an error in the own API."""
    if error.code in _BY_CODE:
        return _BY_CODE[error.code]
    return next((status for family, status in _BY_FAMILY.items() if isinstance(error, family)), 500)


def unexpected_answer(path: str, request_id: str, reader: Reader) -> Response:
    """The answer to something that nobody thought of. It names nothing but the request's id."""
    message = reader.whole(
        sentence("something unexpected happened; the log has it under {request_id}", request_id=request_id)
    )
    if _is_factory(path):
        return json_response(factory_problem(None, path, "", message, reader).body, 500)
    return json_response(ErrorAnswer(ErrorDetail(INTERNAL, message, "", "", request_id)), 500)


def refusal(
    error: JobferryError, path: str, method: str, request_id: str, reader: Reader = Reader()
) -> Response:
    """The answer to a call of ``path`` that ends with ``error``, in the words of the API it belongs to."""
    if _is_factory(path):
        problem = factory_problem(error, path, method, _shown(error, reader.told(error.whole)), reader)
        response = json_response(problem.body, problem.status)
    else:
        response = json_response(ErrorAnswer(_detail(error, request_id, reader)), status_of(error))
    if isinstance(error, WrongMethod):
        response.headers["Allow"] = error.allowed
    if error.code is ErrorCode.STORE_BUSY:
        response.headers["Retry-After"] = "1"
    if isinstance(error, TooManyAttempts | Overloaded):
        response.headers["Retry-After"] = str(error.seconds)
    return response


def _detail(error: JobferryError, request_id: str, reader: Reader) -> ErrorDetail:
    message, hint = _shown(error, reader.whole(error.message)), reader.whole(error.hint)
    faults = [
        FaultDetail(fault.code, fault.path, reader.told(fault.message), reader.told(fault.hint))
        for fault in error.faults
    ]
    return ErrorDetail(error.code, message, _shown(error, error.subject), hint, request_id, faults)


def _shown(error: JobferryError, text: str) -> str:
    """Name a database without its folder, which ``serve-started`` logs: callers may be anonymous."""
    if not isinstance(error, StoreError) or not error.subject:
        return text
    return text.replace(error.subject, error.subject.rpartition("/")[2])


def _is_factory(path: str) -> bool:
    return path.lstrip("/").partition("/")[0] in _FACTORY_ROOTS
