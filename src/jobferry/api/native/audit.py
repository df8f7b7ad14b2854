"""The audit of a workspace, and of the whole platform."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from msgspec import Meta, Struct
from msgspec.structs import asdict

from jobferry.api.calls import Body, Calls, Instant, Limit, Offset, QueryGroup, Threads, Until
from jobferry.api.native.call import Call, Placed
from jobferry.model.audit import AuditFault, AuditFilter, AuditOutcome, AuditRow, KeptLine
from jobferry.model.lists import AuditSort
from jobferry.model.messages import Language
from jobferry.model.messages.audit_details import detail_told

if TYPE_CHECKING:
    from jobferry.services.people.audit import Verified

api = Calls("/api", tag="audit")


class AuditAcceptance(Body):
    """Why rows are missing at the audit's end."""

    reason: Annotated[str, Meta(pattern=r"\S", max_length=300)]


class SaidRows(QueryGroup):
    """Which rows; what is not said does not filter."""

    actor: str = ""
    action: str = ""
    kind: str = ""
    outcome: AuditOutcome | None = None
    since: Instant = 0
    until: Until = 0
    text: Annotated[str, Meta(description="Looked for anywhere, case ignored.")] = ""

    def wanted(self) -> AuditFilter:
        """The same in the engine's words."""
        return AuditFilter(**asdict(self))


class AuditRowAnswer(Struct, frozen=True):
    """What was done or refused, by whom, from where; ``detail`` is as it was written, ``detail_told`` that in
    the reader's language."""

    number: int
    at: int
    actor: str
    action: str
    origin: str
    workspace_id: str
    workspace: str
    kind: str
    subject: str
    outcome: AuditOutcome
    detail: str
    detail_told: str
    mark: str


class AuditList(Struct, frozen=True):
    """How many rows fit in all, and one page of them."""

    total: int
    items: list[AuditRowAnswer]


class VerificationAnswer(Struct, frozen=True):
    """What came of looking at every row. ``removed_until`` is the last row that retention has removed,
    ``anchored`` the one at which the anchor stands (0: there is none that can be read). ``follows`` is
    false if a line that was kept is not of this audit."""

    whole: bool
    rows: int
    last: int
    removed_until: int
    anchored: int
    fault: AuditFault | None
    follows: bool


class AnchorAnswer(Struct, frozen=True):
    """The number of the audit's last row, and the line that tells whether rows up to it are the same."""

    number: int
    line: str


@api.get("/workspaces/{workspace}/audit")
def list_workspace_audit(
    call: Placed, which: SaidRows, sort: AuditSort = "-number", offset: Offset = 0, limit: Limit = 100
) -> AuditList:
    """One page of what was done or refused in a workspace."""
    audits, wanted = call.platform.audits, which.wanted()
    total, rows = audits.of_workspace(call.grant, wanted, sort=sort, offset=offset, limit=limit)
    return AuditList(total, [_row(row, call.language) for row in rows])


@api.get("/audit")
def list_audit(
    call: Call, which: SaidRows, sort: AuditSort = "-number", offset: Offset = 0, limit: Limit = 100
) -> AuditList:
    """One page of what was done or refused on the whole platform."""
    audits, wanted = call.platform.audits, which.wanted()
    total, rows = audits.of_platform(call.caller, wanted, sort=sort, offset=offset, limit=limit)
    return AuditList(total, [_row(row, call.language) for row in rows])


@api.get("/audit/verification", threads=Threads.EXTERNAL)
def verify_audit(call: Call, since: str = "") -> VerificationAnswer:
    """Looks at every row whether it is as it was written, and whether one is gone.

    With ``since``, a line that was kept, also whether all rows up to that are the same.
    """
    audits = call.platform.audits
    follows = audits.follows(call.caller, KeptLine.read(since)) if since else True
    return _verified(audits.verify(call.caller), follows=follows)


@api.get("/audit/anchor", threads=Threads.EXTERNAL)
def show_anchor(call: Call) -> AnchorAnswer:
    """Where the audit ends now, as a line to be kept on paper or elsewhere."""
    kept = call.platform.audits.anchor(call.caller)
    return AnchorAnswer(number=kept.number, line=str(kept))


@api.post("/audit/acceptance", threads=Threads.EXTERNAL)
def accept_audit(call: Call, body: AuditAcceptance) -> VerificationAnswer:
    """Takes the audit as it is where rows are missing at its end, as after putting back an older copy of the
    database on purpose. Leaves a row with the reason."""
    return _verified(call.platform.audits.accept(call.caller, body.reason))


def _verified(seen: Verified, *, follows: bool = True) -> VerificationAnswer:
    return VerificationAnswer(
        whole=seen.fault is None,
        rows=seen.rows,
        last=seen.number,
        removed_until=seen.removed_until,
        anchored=seen.anchored,
        fault=seen.fault,
        follows=follows,
    )


def _row(row: AuditRow, language: Language) -> AuditRowAnswer:
    event = row.event
    told = detail_told(event.action, event.outcome, event.detail, language)
    return AuditRowAnswer(number=row.number, **asdict(event), detail_told=told, mark=row.mark)
