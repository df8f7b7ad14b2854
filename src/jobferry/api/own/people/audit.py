"""The audit of a workspace, and of the whole platform."""

from __future__ import annotations

from typing import Annotated, Any

import msgspec
from fastapi import APIRouter, Depends, Query, Response

from jobferry.api.own.call import Placed, Signed
from jobferry.api.own.people import answers
from jobferry.api.wire import answer
from jobferry.model.audit import AuditFilter, AuditOutcome, AuditRow

router = APIRouter(prefix="/api", tags=["audit"])

_LATEST = 1 << 53


def _wanted(
    actor: str = "",
    action: str = "",
    kind: str = "",
    outcome: AuditOutcome | None = None,
    since: int = Query(0, ge=0, le=_LATEST, description="Milliseconds since 1970 (UTC)."),
    until: int = Query(0, ge=0, le=_LATEST, description="Exclusive; 0 for now."),
    text: str = Query("", description="Looked for anywhere, case ignored."),
) -> AuditFilter:
    """What is asked for; what is not said does not filter."""
    return AuditFilter(
        actor=actor, action=action, kind=kind, outcome=outcome, since=since, until=until, text=text
    )


Wanted = Annotated[AuditFilter, Depends(_wanted)]


@router.get("/workspaces/{workspace}/audit", response_model=answers.AuditList)
def list_workspace_audit(
    call: Placed, wanted: Wanted, offset: int = Query(0, ge=0), limit: int = Query(100, ge=1, le=1000)
) -> Response:
    """What was done or refused in a workspace, newest first."""
    total, rows = call.platform.audits.of_workspace(call.grant, wanted, offset=offset, limit=limit)
    return answer({"total": total, "items": [_row(one) for one in rows]})


@router.get("/audit", response_model=answers.AuditList)
def list_audit(
    call: Signed, wanted: Wanted, offset: int = Query(0, ge=0), limit: int = Query(100, ge=1, le=1000)
) -> Response:
    """What was done or refused on the whole platform, newest first."""
    total, rows = call.platform.audits.of_platform(call.caller, wanted, offset=offset, limit=limit)
    return answer({"total": total, "items": [_row(one) for one in rows]})


@router.get("/audit/verification", response_model=answers.VerificationAnswer)
def verify_audit(call: Signed) -> Response:
    """Looks at every row whether it is as it was written, and whether one is gone."""
    seen = call.platform.audits.verify(call.caller)
    fault = {"number": seen.fault.number, "breach": seen.fault.breach} if seen.fault else None
    return answer(
        {
            "whole": fault is None,
            "rows": seen.rows,
            "last": seen.number,
            "removed_until": seen.removed_until,
            "fault": fault,
        }
    )


def _row(row: AuditRow) -> dict[str, Any]:
    return {"number": row.number, **msgspec.structs.asdict(row.event), "mark": row.mark}
