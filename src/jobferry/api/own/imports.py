"""Check a package, and import it."""

from __future__ import annotations

from fastapi import APIRouter, Response

from jobferry.api.own import answers
from jobferry.api.own.call import Placed, PlacedCall, described
from jobferry.api.own.report import report_of
from jobferry.api.own.requests import PackageReference, TransferRequest
from jobferry.api.wire import answer, read_body
from jobferry.services.importing.imports import ReceivedPackage

router = APIRouter(prefix="/api/workspaces/{workspace}", tags=["imports"])

_BODY = described(TransferRequest)


@router.post("/checks", response_model=answers.ReportAnswer, openapi_extra=_BODY)
def check(call: Placed) -> Response:
    """Findings and plan. Nothing is written; a package given by id stays for the import."""
    asked = read_body(TransferRequest, call.body).checked()
    package = package_of(call, asked.package)
    limits = call.platform.stored.limits()
    try:
        seen = call.platform.imports.preview(call.grant, package, asked.options.options(), limits)
    finally:
        if asked.package.path:
            call.platform.imports.discard(package)
    return answer(report_of(seen, call.language))


@router.post("/imports", status_code=202, response_model=answers.StartedAnswer, openapi_extra=_BODY)
def begin_import(call: Placed) -> Response:
    """Starts an import in the background; a second one in the same workspace is refused."""
    asked = read_body(TransferRequest, call.body).checked()
    package = package_of(call, asked.package)
    options, limits = asked.options.options(), call.platform.stored.limits()
    try:
        task = call.platform.imports.begin(call.grant, package, options, limits)
    except BaseException:
        if asked.package.path:
            call.platform.imports.discard(package)
        raise
    return answer({"task_id": task.id}, 202)


def package_of(call: PlacedCall, asked: PackageReference) -> ReceivedPackage:
    """The package that a call names: handed in before, or fetched from object storage now."""
    if asked.id:
        return call.platform.imports.received(call.grant, asked.id)
    return call.platform.imports.fetch(call.grant, asked.path, call.platform.stored.limits())
