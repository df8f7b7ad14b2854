"""Receipts of imports, why something did not pass, and taking imports back."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import msgspec
from msgspec import Meta, Struct
from msgspec.structs import asdict

from jobferry.api.calls import Body, Calls, Document, File, Limit, Media, Offset
from jobferry.api.native.call import Call, Placed
from jobferry.api.native.imports import TransferRequest
from jobferry.api.native.packages import package_of
from jobferry.api.native.report import FindingAnswer, StepAnswer, finding_answer, step_answer
from jobferry.api.native.tasks import StartedAnswer
from jobferry.errors import PackageRefused
from jobferry.model.kinds import ObjectKind
from jobferry.model.messages import Language, told
from jobferry.model.report.detection import DetectedRow, as_csv, as_text, detection, refused_package
from jobferry.model.report.receipt_file import HeldObject, sealed
from jobferry.model.review import ReviewState
from jobferry.model.transfer.plan import ObjectOutcome
from jobferry.model.transfer.plan_view import lines_of
from jobferry.model.transfer.policy import ImportAct
from jobferry.model.transfer.receipt import Receipt, ReceiptItem, ReceiptKind

if TYPE_CHECKING:
    from jobferry.services.importing.undo import UndoProspect

api = Calls("/api", tag="tasks")


class ReceiptHead(Struct, frozen=True):
    """An import without its objects. ``act`` is what it was done as; null for an undo."""

    id: str
    workspace: str
    platform_id: str
    imported_by: str
    imported_at: int
    package_name: str
    package_digest: str
    source_platform: str
    source_workspace: str
    kind: ReceiptKind
    undoes: str | None
    undone_by: str | None
    plan_digest: str
    act: ImportAct | None
    counts: dict[ObjectOutcome, int]
    warnings: list[FindingAnswer]


class ReceiptList(Struct, frozen=True):
    """How many receipts there are, and one page, newest first."""

    total: int
    items: list[ReceiptHead]


class ReceiptLine(Struct, frozen=True, gc=False):
    """What came of one object."""

    kind: ObjectKind
    name: str
    outcome: ObjectOutcome
    digest: str
    version: int
    message: str
    reasons: list[FindingAnswer]
    missing: tuple[str, ...]


class ReceiptReview(Struct, frozen=True):
    """The review that an import asked for, and how it stands."""

    id: str
    state: ReviewState


class ReceiptAnswer(ReceiptHead, frozen=True):
    """An import with all its objects; ``review`` is null where it asked for none."""

    review: ReceiptReview | None
    items: list[ReceiptLine]


class ReceiptFileAnswer(ReceiptHead, frozen=True):
    """A receipt with all that the workspace holds now of where the package came from; ``seal`` is a digest of
    the rest."""

    items: list[ReceiptLine]
    holds: list[HeldObject]
    seal: str


class UndoPlan(Struct, frozen=True):
    """What taking an import back would do, in order; ``refused`` if something stands in the way."""

    refused: bool
    steps: list[StepAnswer]


class UndoAnswer(Struct, frozen=True):
    """An undo before anything is done."""

    receipt_id: str
    package_name: str
    plan_digest: str
    findings: list[FindingAnswer]
    plan: UndoPlan


class UndoRequest(Body):
    """How to take an import back: ``rest`` leaves alone what was touched since, instead of refusing."""

    rest: bool = False
    plan_digest: str = ""


class DetectionAnswer(Struct, frozen=True):
    """Why objects stay out: no row, if none does."""

    passed: bool
    rows: list[DetectedRow]


DetectionFile = Annotated[File, Media(("text/csv", "text/plain"), str)]


class Form(StrEnum):
    """How a detection report is written."""

    JSON = "json"
    CSV = "csv"
    TEXT = "text"


@api.get("/workspaces/{workspace}/receipts")
def list_receipts(
    call: Placed,
    plan: Annotated[str, Meta(max_length=64)] = "",
    offset: Offset = 0,
    limit: Limit = 100,
) -> ReceiptList:
    """Receipts of a workspace, newest first, without their lines; or those of the plan with that digest."""
    total, found = call.platform.reports.receipts(
        call.grant, offset=offset, limit=limit, plan_digest=plan or None
    )
    return ReceiptList(total, [_head(receipt, call.language) for receipt in found])


@api.get("/receipts/{receipt_id}")
def show_receipt(call: Call, receipt_id: str) -> ReceiptAnswer:
    """A receipt with a line for each object."""
    receipt, items = call.platform.reports.receipt(call.caller, receipt_id)
    review = call.platform.reports.review(receipt)
    return ReceiptAnswer(
        **asdict(_head(receipt, call.language)),
        review=ReceiptReview(review.id, review.state) if review else None,
        items=_lines(items, call.language),
    )


@api.get("/receipts/{receipt_id}/file")
def show_receipt_file(
    call: Call, receipt_id: str
) -> Annotated[Document, Media(("application/json",), ReceiptFileAnswer)]:
    """A receipt as a file to be carried back to where the package came from, with what is held from there.
    It is kept as it is: what a newer platform tells besides is sealed too."""
    receipt, items = call.platform.reports.receipt(call.caller, receipt_id)
    content = {
        **asdict(_head(receipt, call.language)),
        "items": _lines(items, call.language),
        "holds": call.platform.reports.held_from_source(receipt),
    }
    return Document(msgspec.json.encode(ReceiptFileAnswer(**sealed(content))))


@api.get("/receipts/{receipt_id}/undo-plan")
def plan_undo(call: Call, receipt_id: str, *, rest: bool = False) -> UndoAnswer:
    """What taking an import back would do, and what stands in its way. With ``rest``, what was touched since
    stays and the others are taken back."""
    return _undo(call.platform.undoing.plan(call.caller, receipt_id, rest=rest), call.language)


@api.post("/receipts/{receipt_id}/undo", status=202)
def undo(call: Call, receipt_id: str, body: UndoRequest) -> StartedAnswer:
    """Takes an import back as a unit, in the background; with ``plan_digest`` only by that plan."""
    task = call.platform.undoing.begin(call.caller, receipt_id, rest=body.rest, plan_digest=body.plan_digest)
    return StartedAnswer(task.id)


@api.post("/workspaces/{workspace}/detections", tag="imports")
def detect(call: Placed, body: TransferRequest, form: Form = Form.JSON) -> DetectionAnswer | DetectionFile:
    """Why a package would not pass: a row a reason. Nothing is written; a package given by id stays."""
    asked = body.checked()
    options = asked.options.options()
    package = package_of(call, asked.package, options.act)
    try:
        seen = call.platform.imports.preview(call.grant, package, options)
    except PackageRefused as refused:
        rows = refused_package(package.name, told(refused.message, call.language), call.language)
    else:
        rows = detection(seen.findings, call.language)
    finally:
        if asked.package.path:
            call.platform.imports.discard(package)
    return _written(rows, form, package.name.rpartition("/")[2], call.language)


@api.get("/receipts/{receipt_id}/detection", tag="imports")
def show_detection(call: Call, receipt_id: str, form: Form = Form.JSON) -> DetectionAnswer | DetectionFile:
    """Why what stayed out of an import did not pass."""
    _, items = call.platform.reports.receipt(call.caller, receipt_id)
    findings = [reason for item in items for reason in item.reasons]
    return _written(detection(findings, call.language), form, receipt_id, call.language)


def _head(receipt: Receipt, language: Language) -> ReceiptHead:
    return ReceiptHead(
        id=receipt.id,
        workspace=receipt.workspace,
        platform_id=receipt.platform_id,
        imported_by=receipt.imported_by,
        imported_at=receipt.imported_at,
        package_name=receipt.package_name,
        package_digest=receipt.package_digest,
        source_platform=receipt.source_platform,
        source_workspace=receipt.source_workspace,
        kind=receipt.kind,
        undoes=receipt.undoes or None,
        undone_by=receipt.undone_by or None,
        plan_digest=receipt.plan_digest,
        act=receipt.act,
        counts=receipt.counts,
        warnings=[finding_answer(warning, language) for warning in receipt.warnings],
    )


def _lines(items: list[ReceiptItem], language: Language) -> list[ReceiptLine]:
    from jobferry.services.reports import outcome_message

    return [
        ReceiptLine(
            item.kind,
            item.name,
            item.outcome,
            item.digest,
            item.version,
            outcome_message(item, language),
            [finding_answer(reason, language) for reason in item.reasons],
            item.missing,
        )
        for item in items
    ]


def _undo(seen: UndoProspect, language: Language) -> UndoAnswer:
    plan = seen.reversal.plan
    return UndoAnswer(
        receipt_id=seen.receipt.id,
        package_name=seen.receipt.package_name,
        plan_digest=seen.plan_digest,
        findings=[finding_answer(finding, language) for finding in seen.reversal.findings],
        plan=UndoPlan(plan.refused, [step_answer(line, language) for line in lines_of(plan)]),
    )


def _written(rows: list[DetectedRow], form: Form, name: str, language: Language) -> DetectionAnswer | File:
    match form:
        case Form.JSON:
            return DetectionAnswer(not rows, rows)
        case Form.CSV:
            return File(as_csv(rows, language), "text/csv", f"{name}-detection.csv")
        case Form.TEXT:
            return File(as_text(rows, language), "text/plain", f"{name}-detection.txt")
