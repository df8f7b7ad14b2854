"""Detection reports: why a package did not pass, before an import and after one that was refused."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from fastapi import Response

from jobferry.api.late import LateRouter
from jobferry.api.own import answers
from jobferry.api.own.call import OwnCall, Placed, Signed, described
from jobferry.api.own.imports import package_of
from jobferry.api.own.requests import TransferRequest
from jobferry.api.wire import PathText, answer, disposition, read_body
from jobferry.errors import PackageRefused
from jobferry.model.report.detection import Row, as_csv, as_text, detection, refused_package
from jobferry.model.transfer.finding import Finding

router = LateRouter(prefix="/api", tags=["imports"])


class Form(StrEnum):
    """How a report is written."""

    JSON = "json"
    CSV = "csv"
    TEXT = "text"


_FORMS: dict[int | str, dict[str, Any]] = {
    200: {
        "content": {
            "text/csv": {"schema": {"type": "string"}},
            "text/plain": {"schema": {"type": "string"}},
        }
    }
}
_ENDINGS = {Form.CSV: "csv", Form.TEXT: "txt"}


@router.post(
    "/workspaces/{workspace}/detections",
    response_model=answers.DetectionAnswer,
    responses=_FORMS,
    openapi_extra=described(TransferRequest),
)
def detect(call: Placed, form: Form = Form.JSON) -> Response:
    """Why a package would not pass: a row a reason. Nothing is written; a package given by id stays."""
    asked = read_body(TransferRequest, call.body).checked()
    options = asked.options.options()
    package = package_of(call, asked.package, options.act)
    try:
        seen = call.platform.imports.preview(call.grant, package, options)
    except PackageRefused as refused:
        rows = refused_package(package.name, refused.message, call.language)
    else:
        rows = detection(seen.findings, call.language)
    finally:
        if asked.package.path:
            call.platform.imports.discard(package)
    return _written(call, rows, form, package.name.rpartition("/")[2])


@router.get("/receipts/{receipt_id}/detection", response_model=answers.DetectionAnswer, responses=_FORMS)
def show_detection(call: Signed, receipt_id: PathText, form: Form = Form.JSON) -> Response:
    """Why what stayed out of an import did not pass."""
    _, items = call.platform.reports.receipt(call.caller, receipt_id)
    findings: list[Finding] = [reason for item in items for reason in item.reasons]
    return _written(call, detection(findings, call.language), form, receipt_id)


def _written(call: OwnCall, rows: list[Row], form: Form, name: str) -> Response:
    if form is Form.JSON:
        return answer({"passed": not rows, "rows": rows})
    headers = {"Content-Disposition": disposition(f"{name}-detection.{_ENDINGS[form]}")}
    if form is Form.CSV:
        return Response(as_csv(rows, call.language), media_type="text/csv", headers=headers)
    return Response(as_text(rows, call.language), media_type="text/plain", headers=headers)
