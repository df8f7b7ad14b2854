"""Receipts of imports, why something did not pass, and taking imports back."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import msgspec
from msgspec import Meta, Struct
from msgspec.structs import asdict

from jobferry.api.calls import Body, Calls, Document, File, Instant, Limit, Media, Offset, QueryGroup, Threads
from jobferry.api.native.call import AboutReceipt, Call, Placed
from jobferry.api.native.report import (
    FindingHead,
    FindingList,
    FindingObjectList,
    FindingQuery,
    PlaceQuery,
    ReasonAnswer,
    StepList,
    StepQuery,
    finding_heads,
    finding_list,
    object_list,
    reason_answers,
    step_list,
)
from jobferry.api.native.tasks import StartedAnswer
from jobferry.model.kinds import ObjectKind
from jobferry.model.messages import told
from jobferry.model.report.detection import (
    DetectedRow,
    as_csv,
    as_text,
    detection,
    page_of,
    refused_package,
)
from jobferry.model.report.receipt_file import HeldObject, sealed
from jobferry.model.review import ReviewState
from jobferry.model.transfer.checked_import import ImportState
from jobferry.model.transfer.finding import Severity
from jobferry.model.transfer.plan import ObjectOutcome
from jobferry.model.transfer.plan_pages import Span
from jobferry.model.transfer.plan_view import Verdict
from jobferry.model.transfer.policy import ImportAct
from jobferry.model.transfer.receipt import (
    LineFilter,
    LineOrder,
    Receipt,
    ReceiptFilter,
    ReceiptItem,
    ReceiptKind,
)
from jobferry.sentences import as_sentence

if TYPE_CHECKING:
    from jobferry.services.importing.undo import UndoView

api = Calls("/api", tag="tasks")


class ReceiptHead(Struct, frozen=True):
    """An import in numbers: ``counts`` of what came of its objects, ``findings`` of each severity. ``act`` is
    what it was done as; null for an undo. ``comment`` is what was said about it when it was applied,
    ``source_name`` what the platform was called that the package comes from."""

    id: str
    workspace: str
    platform_id: str
    imported_by: str
    imported_at: int
    package_name: str
    package_digest: str
    source_platform: str
    source_workspace: str
    source_name: str
    kind: ReceiptKind
    undoes: str | None
    undone_by: str | None
    plan_digest: str
    act: ImportAct | None
    comment: str
    counts: dict[ObjectOutcome, int]
    findings: dict[Severity, int]


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
    reasons: list[ReasonAnswer]
    missing: tuple[str, ...]


class ReceiptLines(Struct, frozen=True):
    """How many lines fit, one page of them, and the findings that these refer to."""

    total: int
    items: list[ReceiptLine]
    findings: list[FindingHead]


class ReceiptReview(Struct, frozen=True):
    """The review that an import asked for, and how it stands."""

    id: str
    state: ReviewState


class ReceiptAnswer(ReceiptHead, frozen=True):
    """The same with the review that it asked for; null where it asked for none."""

    review: ReceiptReview | None


class ReceiptFileAnswer(ReceiptHead, frozen=True):
    """A receipt with all its lines and all that the workspace holds now of where the package came from;
    ``reported`` are the findings that the lines refer to by number, ``seal`` is a digest of the rest."""

    items: list[ReceiptLine]
    reported: list[FindingHead]
    holds: list[HeldObject]
    seal: str


class ReceiptQuery(QueryGroup):
    """Which receipts: of the plan with that digest (``plan``), with an object that had this ``outcome``, of a
    package with ``package`` in its name; ``until`` is not included."""

    plan: Annotated[str, Meta(max_length=64)] = ""
    outcome: ObjectOutcome | None = None
    package: str = ""
    imported_by: str | None = None
    since: Instant | None = None
    until: Instant | None = None
    act: ImportAct | None = None
    kind: ReceiptKind | None = None

    def wanted(self) -> ReceiptFilter:
        """The same in the engine's words."""
        return ReceiptFilter(
            imported_by=self.imported_by,
            plan_digest=self.plan,
            outcome=self.outcome,
            package_part=self.package,
            since=self.since,
            until=self.until,
            act=self.act,
            kind=self.kind,
        )


class LineQuery(QueryGroup):
    """Which lines of a receipt: ``name`` is a part of the name."""

    kind: ObjectKind | None = None
    name: str = ""
    outcome: ObjectOutcome | None = None
    sort: LineOrder = LineOrder.PLAN

    def wanted(self) -> LineFilter:
        """The same in the engine's words."""
        return LineFilter(kind=self.kind, outcome=self.outcome, name_part=self.name, order=self.sort)


class UndoAnswer(Struct, frozen=True):
    """What taking an import back would do, in numbers; ``refused`` if something stands in the way.

    ``plan_digest`` is what the undo is to be given, and what names this plan when its pages are asked for.
    """

    receipt_id: str
    package_name: str
    plan_digest: str
    refused: bool
    counts: dict[Verdict, int]
    findings: dict[Severity, int]


class UndoPage(QueryGroup):
    """Which plan of an undo: with ``rest`` or without. A plan that was shown just before is not made again if
    its ``plan_digest`` is said."""

    rest: bool = False
    plan_digest: Annotated[str, Meta(max_length=64)] = ""


class SpanQuery(QueryGroup):
    """Which page."""

    offset: Offset = 0
    limit: Limit = 100

    def span(self) -> Span:
        """The same in the engine's words."""
        return Span(self.offset, self.limit)


class UndoRequest(Body):
    """How to take an import back: ``rest`` leaves alone what was touched since, instead of refusing."""

    rest: bool = False
    plan_digest: str = ""


class DetectionAnswer(Struct, frozen=True):
    """Why objects stay out, one page: no row if none does. ``total`` counts the items of all rows."""

    passed: bool
    total: int
    rows: list[DetectedRow]


DetectionFile = Annotated[File, Media(("text/csv", "text/plain"), str)]


class Form(StrEnum):
    """How a detection report is written."""

    JSON = "json"
    CSV = "csv"
    TEXT = "text"


@api.get("/workspaces/{workspace}/receipts")
def list_receipts(call: Placed, query: ReceiptQuery, offset: Offset = 0, limit: Limit = 100) -> ReceiptList:
    """Receipts of a workspace, newest first, without their lines."""
    total, found = call.platform.reports.receipts(call.grant, query.wanted(), offset=offset, limit=limit)
    return ReceiptList(total, [_head(receipt) for receipt in found])


@api.get("/receipts/{receipt_id}")
def show_receipt(call: AboutReceipt, receipt_id: str) -> ReceiptAnswer:
    """A receipt without its lines, and how the review stands that it asked for."""
    receipt = call.platform.reports.receipt(call.caller, receipt_id)
    review = call.platform.reports.review(receipt)
    return ReceiptAnswer(
        **asdict(_head(receipt)),
        review=ReceiptReview(review.id, review.state) if review else None,
    )


@api.get("/receipts/{receipt_id}/lines")
def show_receipt_lines(
    call: AboutReceipt, receipt_id: str, query: LineQuery, offset: Offset = 0, limit: Limit = 100
) -> ReceiptLines:
    """What came of each object."""
    total, items, found = call.platform.reports.lines(
        call.caller, receipt_id, query.wanted(), Span(offset, limit)
    )
    return ReceiptLines(total, _lines(items), finding_heads(found, call.reader))


@api.get("/receipts/{receipt_id}/findings")
def show_receipt_findings(
    call: AboutReceipt, receipt_id: str, query: FindingQuery, offset: Offset = 0, limit: Limit = 100
) -> FindingList:
    """What was found, each thing once, the gravest first."""
    found = call.platform.reports.findings(call.caller, receipt_id, query.wanted(), Span(offset, limit))
    return finding_list(found, call.reader)


@api.get("/receipts/{receipt_id}/findings/{number}/objects")
def show_receipt_finding_objects(
    call: AboutReceipt,
    receipt_id: str,
    number: int,
    query: PlaceQuery,
    offset: Offset = 0,
    limit: Limit = 100,
) -> FindingObjectList:
    """What one finding concerns."""
    span = Span(offset, limit)
    found = call.platform.reports.objects(call.caller, receipt_id, number, query.objects(), span)
    return object_list(found)


@api.get("/receipts/{receipt_id}/file")
def show_receipt_file(
    call: AboutReceipt, receipt_id: str
) -> Annotated[Document, Media(("application/json",), ReceiptFileAnswer)]:
    """A receipt as a file to be carried back to where the package came from, with what is held from there.
    It is kept as it is: what a newer platform tells besides is sealed too."""
    receipt, items, found = call.platform.reports.whole(call.caller, receipt_id)
    content = {
        **asdict(_head(receipt)),
        "items": _lines(items),
        "reported": finding_heads(found, call.reader),
        "holds": call.platform.reports.held_from_source(call.caller, receipt),
    }
    return Document(msgspec.json.encode(ReceiptFileAnswer(**sealed(content))))


@api.get("/receipts/{receipt_id}/undo-plan")
def plan_undo(call: AboutReceipt, receipt_id: str, *, rest: bool = False) -> UndoAnswer:
    """What taking an import back would do, and what stands in its way. With ``rest``, what was touched since
    stays and the others are taken back."""
    seen = call.platform.undoing.plan(call.caller, receipt_id, rest=rest)
    return UndoAnswer(
        receipt_id=receipt_id,
        package_name=seen.package_name,
        plan_digest=seen.plan_digest,
        refused=seen.refused,
        counts=seen.counts,
        findings=seen.findings,
    )


@api.get("/receipts/{receipt_id}/undo-plan/steps")
def show_undo_steps(
    call: AboutReceipt,
    receipt_id: str,
    asked: UndoPage,
    query: StepQuery,
    offset: Offset = 0,
    limit: Limit = 100,
) -> StepList:
    """What taking an import back would do, object by object."""
    pages = _undo(call, receipt_id, asked).pages
    return step_list(pages.steps(query.wanted(), Span(offset, limit)), pages.all_findings(), call.reader)


@api.get("/receipts/{receipt_id}/undo-plan/findings")
def show_undo_findings(
    call: AboutReceipt,
    receipt_id: str,
    asked: UndoPage,
    query: FindingQuery,
    offset: Offset = 0,
    limit: Limit = 100,
) -> FindingList:
    """What stands in the way of taking an import back."""
    pages = _undo(call, receipt_id, asked).pages
    return finding_list(pages.findings(query.wanted(), Span(offset, limit)), call.reader)


@api.get("/receipts/{receipt_id}/undo-plan/findings/{number}/objects")
def show_undo_finding_objects(
    call: AboutReceipt, receipt_id: str, number: int, asked: UndoPage, query: PlaceQuery, span: SpanQuery
) -> FindingObjectList:
    """What one of these findings concerns."""
    pages = _undo(call, receipt_id, asked).pages
    return object_list(pages.objects(number, query.objects(), span.span()))


@api.post("/receipts/{receipt_id}/undo", status=202)
def undo(call: AboutReceipt, receipt_id: str, body: UndoRequest) -> StartedAnswer:
    """Takes an import back as a unit, in the background; with ``plan_digest`` only by that plan."""
    task = call.platform.undoing.begin(call.caller, receipt_id, rest=body.rest, plan_digest=body.plan_digest)
    return StartedAnswer(task.id)


@api.get("/workspaces/{workspace}/imports/{import_id}/detection", tag="imports", threads=Threads.EXTERNAL)
def show_import_detection(
    call: Placed, import_id: str, form: Form = Form.JSON, offset: Offset = 0, limit: Limit = 100
) -> DetectionAnswer | DetectionFile:
    """Why a checked package would not pass: a row a reason, in pages of items; as a file whole."""
    record, found = call.platform.checked.detected(call.grant, import_id)
    if record.state is ImportState.REFUSED:
        said = told(as_sentence(record.message), call.language)
        rows = refused_package(record.package_name, said, call.language)
    else:
        rows = detection(found, call.language)
    return _written(call, rows, form, record.package_name.rpartition("/")[2], Span(offset, limit))


@api.get("/receipts/{receipt_id}/detection", tag="imports")
def show_detection(
    call: AboutReceipt, receipt_id: str, form: Form = Form.JSON, offset: Offset = 0, limit: Limit = 100
) -> DetectionAnswer | DetectionFile:
    """Why what stayed out of an import did not pass: as JSON in pages of items, as a file whole."""
    rows = detection(call.platform.reports.detected(call.caller, receipt_id), call.language)
    return _written(call, rows, form, receipt_id, Span(offset, limit))


def _head(receipt: Receipt) -> ReceiptHead:
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
        source_name=receipt.source_name,
        kind=receipt.kind,
        undoes=receipt.undoes or None,
        undone_by=receipt.undone_by or None,
        plan_digest=receipt.plan_digest,
        act=receipt.act,
        comment=receipt.comment,
        counts=receipt.counts,
        findings=receipt.findings,
    )


def _lines(items: list[ReceiptItem]) -> list[ReceiptLine]:
    return [
        ReceiptLine(
            item.kind,
            item.name,
            item.outcome,
            item.digest,
            item.version,
            reason_answers(item.reasons),
            item.missing,
        )
        for item in items
    ]


def _undo(call: AboutReceipt, receipt_id: str, asked: UndoPage) -> UndoView:
    return call.platform.undoing.plan(call.caller, receipt_id, rest=asked.rest, plan_digest=asked.plan_digest)


def _written(
    call: Call, rows: list[DetectedRow], form: Form, name: str, span: Span
) -> DetectionAnswer | File:
    match form:
        case Form.JSON:
            total, page = page_of(rows, span.offset, span.limit)
            return DetectionAnswer(not rows, total, page)
        case Form.CSV:
            return File(as_csv(rows, call.language), "text/csv", f"{name}-detection.csv")
        case Form.TEXT:
            return File(as_text(rows, call.language), "text/plain", f"{name}-detection.txt")
