"""The pages of a check, an undo or a receipt, asked for as far as they are shown."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from msgspec.structs import asdict

from jobferry.api.native import checks, receipts
from jobferry.api.native.report import FindingQuery, PlaceQuery, StepQuery
from jobferry.cli.show.findings import FindingsOf, show_findings
from jobferry.cli.show.out import Out, line_limit
from jobferry.cli.show.plan import (
    PACKAGE_HELD_BACK,
    TOUCHED_SINCE,
    StepsOf,
    show_plan,
    show_replacements,
    show_schedules,
)
from jobferry.cli.show.receipt import show_receipt, show_receipt_lines
from jobferry.model.transfer.finding import Finding, Severity
from jobferry.model.transfer.plan_view import Verdict

if TYPE_CHECKING:
    from jobferry.api.native.imports import CheckAnswer, ImportAnswer
    from jobferry.api.native.receipts import ReceiptAnswer, ReceiptLine, UndoAnswer
    from jobferry.cli.client import Client
    from jobferry.model.transfer.plan import ObjectOutcome


def show_check(out: Out, api: Client, made: ImportAnswer, lines: int | None) -> None:
    """Shows what an import would do; with ``--json`` that is left unsaid."""
    if out.as_json:
        return
    check = check_of(made)
    out.line(out.say("digest: {digest}", digest=check.package_digest))
    show_plan(
        out,
        check.counts,
        _steps_of(api, checks.show_plan, made.id),
        lines,
        refusal=PACKAGE_HELD_BACK if check.refused else "",
        skipped_differing=check.skipped_differing,
    )
    _show_changes(out, api, made, line_limit(lines))
    show_findings(out, check.findings, _findings_of(api, checks.show_findings, made.id), lines)


def _show_changes(out: Out, api: Client, made: ImportAnswer, limit: int) -> None:
    """Shows what a mapping and another time zone change."""
    check = check_of(made)
    if check.replacements and limit:
        found = api.newest(limit, checks.show_replacements, made.id, PlaceQuery())
        show_replacements(out, found.items, found.total)
    if check.schedules and limit:
        shown = api.newest(limit, checks.show_schedules, made.id)
        show_schedules(out, shown.items, shown.total)


def check_value(api: Client, made: ImportAnswer) -> dict[str, Any]:
    """The same as one value, with all its pages."""
    place = made.id
    return {
        "check": made.check,
        "findings": api.all_encoded(checks.show_findings, place, FindingQuery()),
        "steps": api.all_encoded(checks.show_plan, place, StepQuery()),
        "needs": api.all_encoded(checks.show_needs, place, checks.NeedQuery()),
        "replacements": api.all_encoded(checks.show_replacements, place, PlaceQuery()),
        "schedules": api.all_encoded(checks.show_schedules, place),
        "deletions": api.all_encoded(checks.show_deletions, place),
    }


def check_of(made: ImportAnswer) -> CheckAnswer:
    """What the check of an import found, which is there just after it."""
    if made.check is None:
        raise AssertionError("a check that was just made has its result")
    return made.check


def is_blocked(check: CheckAnswer) -> bool:
    """Whether the plan keeps anything out that should have come in."""
    return check.refused or bool(check.counts.get(Verdict.BLOCKED))


def show_undo(out: Out, api: Client, seen: UndoAnswer, lines: int | None, *, rest: bool) -> None:
    """Shows what taking an import back would do; with ``--json`` that is left unsaid."""
    if out.as_json:
        return
    where = (seen.receipt_id, receipts.UndoPage(rest=rest, plan_digest=seen.plan_digest))
    refusal = TOUCHED_SINCE if seen.refused else ""
    show_plan(out, seen.counts, _steps_of(api, receipts.show_undo_steps, *where), lines, refusal=refusal)
    show_findings(out, seen.findings, _findings_of(api, receipts.show_undo_findings, *where), lines)


def undo_value(api: Client, seen: UndoAnswer, *, rest: bool) -> dict[str, Any]:
    """The same as one value, with all its pages."""
    asked = receipts.UndoPage(rest=rest, plan_digest=seen.plan_digest)
    return {
        "plan": seen,
        "steps": api.all_encoded(receipts.show_undo_steps, seen.receipt_id, asked, StepQuery()),
        "findings": api.all_encoded(receipts.show_undo_findings, seen.receipt_id, asked, FindingQuery()),
    }


def show_whole_receipt(out: Out, api: Client, receipt: ReceiptAnswer, lines: int | None) -> None:
    """Shows a receipt with what is held or stayed out, and why; with ``--json`` that is left unsaid."""
    if out.as_json:
        return

    def lines_of(outcome: ObjectOutcome, most: int) -> list[ReceiptLine]:
        query = receipts.LineQuery(outcome=outcome)
        return api.newest(most, receipts.show_receipt_lines, receipt.id, query).items

    show_receipt(out, receipt)
    show_receipt_lines(out, receipt.counts, lines_of, lines)
    findings_of = _findings_of(api, receipts.show_receipt_findings, receipt.id)
    show_findings(out, receipt.findings, findings_of, lines)


def receipt_value(api: Client, receipt: ReceiptAnswer, *, reported: bool = True) -> dict[str, Any]:
    """The same as one value, with all its pages; its findings only where they are not told beside it."""
    value = {
        **asdict(receipt),
        "lines": api.all_encoded(receipts.show_receipt_lines, receipt.id, receipts.LineQuery()),
    }
    if reported:
        value["reported"] = api.all_encoded(receipts.show_receipt_findings, receipt.id, FindingQuery())
    return value


def kept_out(api: Client, made: ImportAnswer) -> list[Finding]:
    """What keeps objects out of an import, on each object."""
    return _on_objects(api, checks.show_findings, checks.show_finding_objects, made.id)


def kept_out_of(api: Client, receipt: ReceiptAnswer) -> list[Finding]:
    """What kept objects out of an import that is over, on each object."""
    objects = receipts.show_receipt_finding_objects
    return _on_objects(api, receipts.show_receipt_findings, objects, receipt.id)


def _on_objects(
    api: Client, findings: Callable[..., Any], objects: Callable[..., Any], place: str
) -> list[Finding]:
    return [
        Finding(
            code=finding.code,
            severity=finding.severity,
            kind=concerned.kind,
            name=concerned.name,
            path=concerned.path,
            need_kind=finding.need_kind,
            need_name=finding.need_name,
            args=finding.args,
        )
        for finding in api.all(findings, place, FindingQuery(severity=Severity.BLOCK))
        for concerned in api.all(objects, place, finding.number, PlaceQuery())
    ]


def _steps_of(api: Client, pages: Callable[..., Any], *where: Any) -> StepsOf:
    return lambda verdict, most: api.newest(most, pages, *where, StepQuery(verdict=verdict)).items


def _findings_of(api: Client, pages: Callable[..., Any], *where: Any) -> FindingsOf:
    return lambda severity, most: api.newest(most, pages, *where, FindingQuery(severity=severity)).items
