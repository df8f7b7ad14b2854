"""Check a package, import it, and see what came of it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import anyio
import msgspec
from anyio import CapacityLimiter
from fastapi import APIRouter, Query, Request, Response

from jobferry.api.own import answers
from jobferry.api.own.call import Placed, PlacedCall, Signed, described
from jobferry.api.own.report import finding_of, report_of
from jobferry.api.own.requests import TransferRequest
from jobferry.api.wire import PathText, answer, read_body
from jobferry.errors import NotFound
from jobferry.model.transfer.receipt import Receipt, ReceiptItem
from jobferry.model.words import Language
from jobferry.services.importing.imports import ReceivedPackage
from jobferry.services.paths import object_path
from jobferry.services.reports import outcome_message

router = APIRouter(prefix="/api", tags=["imports"])

_WAITERS = 256
_LONGEST_WAIT_S = 60


@router.post(
    "/workspaces/{workspace}/checks",
    response_model=answers.ReportAnswer,
    openapi_extra=described(TransferRequest),
)
def check(call: Placed) -> Response:
    """Findings and plan; nothing is written, and a package given by id stays for the import."""
    asked = read_body(TransferRequest, call.body).checked()
    limits = call.platform.settings.limits
    options = asked.options.options()
    with _package(call, asked) as package:
        try:
            seen = call.platform.imports.preview(call.workspace, package, options, limits)
        finally:
            if asked.package.path:
                call.platform.imports.discard(package)
    return answer(report_of(seen, call.language))
