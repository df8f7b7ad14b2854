"""The audit of a workspace, and of the whole platform."""

from __future__ import annotations

from typing import Annotated, Any

import msgspec
from fastapi import Query, Response
from pydantic import BaseModel, Field

from jobferry.api.late import LateRouter
from jobferry.api.own.call import Placed, Signed, described
from jobferry.api.own.people import answers
from jobferry.api.own.people.bodies import AuditAcceptance
from jobferry.api.wire import LATEST, answer, read_body
from jobferry.model.audit import AuditFilter, AuditOutcome, AuditRow
from jobferry.services.people.audit import Verified

router = LateRouter(prefix="/api", tags=["audit"])


class AuditQuery(BaseModel):
    """Which rows, and which page of them; what is not said does not filter."""

    actor: str = ""
    action: str = ""
    kind: str = ""
    outcome: AuditOutcome | None = None
    since: int = Field(0, ge=0, le=LATEST, description="Milliseconds since 1970 (UTC).")
    until: int = Field(0, ge=0, le=LATEST, description="Exclusive; 0 for now.")
    text: str = Field("", description="Looked for anywhere, case ignored.")
    offset: int = Field(0, ge=0, le=LATEST)
    limit: int = Field(100, ge=1, le=1000)

    @property
    def wanted(self) -> AuditFilter:
        return AuditFilter(**self.model_dump(exclude={"offset", "limit"}))


Asked = Annotated[AuditQuery, Query()]


@router.get("/workspaces/{workspace}/audit", response_model=answers.AuditList)
def list_workspace_audit(call: Placed, asked: Asked) -> Response:
    """What was done or refused in a workspace, newest first."""
    total, rows = call.platform.audits.of_workspace(
        call.grant, asked.wanted, offset=asked.offset, limit=asked.limit
    )
    return answer({"total": total, "items": [_row(one) for one in rows]})


@router.get("/audit", response_model=answers.AuditList)
def list_audit(call: Signed, asked: Asked) -> Response:
    """What was done or refused on the whole platform, newest first."""
    total, rows = call.platform.audits.of_platform(
        call.caller, asked.wanted, offset=asked.offset, limit=asked.limit
    )
    return answer({"total": total, "items": [_row(one) for one in rows]})


@router.get("/audit/verification", response_model=answers.VerificationAnswer)
def verify_audit(call: Signed) -> Response:
    """Looks at every row whether it is as it was written, and whether one is gone."""
    return _answered(call.platform.audits.verify(call.caller))


@router.post(
    "/audit/acceptance", response_model=answers.VerificationAnswer, openapi_extra=described(AuditAcceptance)
)
def accept_audit(call: Signed) -> Response:
    """Takes the audit as it is where rows are missing at its end, as after putting back an older copy of the
    database on purpose. Leaves a row with the reason."""
    asked = read_body(AuditAcceptance, call.body)
    return _answered(call.platform.audits.accept(call.caller, asked.reason))


def _answered(seen: Verified) -> Response:
    fault = {"number": seen.fault.number, "breach": seen.fault.breach} if seen.fault else None
    return answer(
        {
            "whole": fault is None,
            "rows": seen.rows,
            "last": seen.number,
            "removed_until": seen.removed_until,
            "anchored": seen.anchored,
            "fault": fault,
        }
    )


def _row(row: AuditRow) -> dict[str, Any]:
    return {"number": row.number, **msgspec.structs.asdict(row.event), "mark": row.mark}
