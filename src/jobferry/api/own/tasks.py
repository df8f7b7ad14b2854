"""Background tasks, and the receipts of imports."""

from __future__ import annotations

from typing import Annotated, Any

import msgspec
from anyio import to_thread
from fastapi import Query, Request, Response
from starlette.concurrency import run_in_threadpool

from jobferry.api.late import LateRouter
from jobferry.api.own import answers
from jobferry.api.own.call import Placed, Signed, described
from jobferry.api.own.importing import answers as shapes
from jobferry.api.own.importing.shown import undo_as_told
from jobferry.api.own.report import finding_of
from jobferry.api.own.requests import UndoRequest
from jobferry.api.wire import PageLimit, PageOffset, PathText, answer, read_body
from jobferry.model.messages import Language
from jobferry.model.people import Caller
from jobferry.model.report.receipt_file import sealed
from jobferry.model.task import TaskStatus
from jobferry.model.transfer.receipt import Receipt, ReceiptItem
from jobferry.services.reports import Reports, outcome_message

router = LateRouter(prefix="/api", tags=["tasks"])

_LONGEST_WAIT_S = 60


@router.get("/tasks/{task_id}", response_model=answers.TaskAnswer)
async def show_task(
    request: Request, call: Signed, task_id: PathText, wait: float = Query(0, ge=0, le=_LONGEST_WAIT_S)
) -> Response:
    """A task; with ``wait`` the answer comes at its end, or after so many seconds."""
    reports = call.platform.reports
    task = await run_in_threadpool(reports.task, call.caller, task_id)
    if wait and task.status is TaskStatus.RUNNING:
        waiters = request.app.state.waiters
        await to_thread.run_sync(call.platform.wait, task_id, wait, limiter=waiters, abandon_on_cancel=True)
    return answer(await run_in_threadpool(_task, reports, call.caller, task_id))


@router.get("/workspaces/{workspace}/receipts", response_model=answers.ReceiptList)
def list_receipts(
    call: Placed,
    plan: Annotated[str, Query(max_length=64)] = "",
    offset: PageOffset = 0,
    limit: PageLimit = 100,
) -> Response:
    """Receipts of a workspace, newest first, without their lines; or those of the plan with that digest."""
    total, found = call.platform.reports.receipts(
        call.grant, offset=offset, limit=limit, plan_digest=plan or None
    )
    return answer({"total": total, "items": [_head(one, call.language) for one in found]})


@router.get("/receipts/{receipt_id}", response_model=answers.ReceiptAnswer)
def show_receipt(call: Signed, receipt_id: PathText) -> Response:
    """A receipt with a line for each object."""
    receipt, items = call.platform.reports.receipt(call.caller, receipt_id)
    lines = [_line(item, call.language) for item in items]
    asked = call.platform.reports.review(receipt)
    review = {"id": asked.id, "state": asked.state} if asked else None
    return answer({**_head(receipt, call.language), "review": review, "items": lines})


@router.get("/receipts/{receipt_id}/file", response_model=shapes.ReceiptFileAnswer)
def show_receipt_file(call: Signed, receipt_id: PathText) -> Response:
    """A receipt as a file to be carried back to where the package came from, with what is held from there."""
    receipt, items = call.platform.reports.receipt(call.caller, receipt_id)
    holds = call.platform.reports.held_from_source(receipt)
    content = {
        **_head(receipt, call.language),
        "items": [_line(item, call.language) for item in items],
        "holds": [msgspec.to_builtins(one) for one in holds],
    }
    return answer(sealed(msgspec.to_builtins(content)))


@router.get("/receipts/{receipt_id}/undo-plan", response_model=shapes.UndoAnswer)
def plan_undo(call: Signed, receipt_id: PathText, *, rest: bool = False) -> Response:
    """What taking an import back would do, and what stands in its way. With ``rest``, what was touched since
    stays and the others are taken back."""
    seen = call.platform.undoing.plan(call.caller, receipt_id, rest=rest)
    return answer(undo_as_told(seen, call.language))


@router.post(
    "/receipts/{receipt_id}/undo",
    status_code=202,
    response_model=answers.StartedAnswer,
    openapi_extra=described(UndoRequest),
)
def undo(call: Signed, receipt_id: PathText) -> Response:
    """Takes an import back as a unit, in the background; with ``plan_digest`` only by that plan."""
    asked = read_body(UndoRequest, call.body)
    task = call.platform.undoing.begin(
        call.caller, receipt_id, rest=asked.rest, plan_digest=asked.plan_digest
    )
    return answer({"task_id": task.id}, 202)


def _task(reports: Reports, caller: Caller, task_id: str) -> dict[str, Any]:
    task = reports.task(caller, task_id)
    return {
        "id": task.id,
        "kind": task.kind,
        "name": task.name,
        "workspace_id": task.workspace_id,
        "status": task.status,
        "message": task.message,
        "code": task.code,
        "done": task.done,
        "total": task.total,
        "started_at": task.started_at,
        "updated_at": task.updated_at,
        "ended_at": task.ended_at,
        "receipt_id": task_id if reports.has_receipt(caller, task_id) else None,
    }


def _head(receipt: Receipt, language: Language) -> dict[str, Any]:
    return {
        "id": receipt.id,
        "workspace": receipt.workspace,
        "platform_id": receipt.platform_id,
        "imported_by": receipt.imported_by,
        "imported_at": receipt.imported_at,
        "package_name": receipt.package_name,
        "package_digest": receipt.package_digest,
        "source_platform": receipt.source_platform,
        "source_workspace": receipt.source_workspace,
        "kind": receipt.kind,
        "undoes": receipt.undoes or None,
        "undone_by": receipt.undone_by or None,
        "plan_digest": receipt.plan_digest,
        "act": receipt.act,
        "counts": receipt.counts,
        "warnings": [finding_of(one, language) for one in receipt.warnings],
    }


def _line(item: ReceiptItem, language: Language) -> dict[str, Any]:
    return {
        "kind": item.kind,
        "name": item.name,
        "outcome": item.outcome,
        "digest": item.digest,
        "version": item.version,
        "message": outcome_message(item, language),
        "reasons": [finding_of(one, language) for one in item.reasons],
        "missing": item.missing,
    }
