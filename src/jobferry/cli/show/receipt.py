"""A receipt as lines: the counts, then what did not simply go well."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from jobferry.cli.problems import BLOCKED, DONE, DONE_IN_PART
from jobferry.cli.show.findings import show_findings
from jobferry.cli.show.out import Out
from jobferry.cli.show.plan import line_limit, show_rest, subject
from jobferry.cli.words import Say
from jobferry.model.transfer.plan import ObjectOutcome
from jobferry.model.transfer.policy import ImportAct

if TYPE_CHECKING:
    from jobferry.api.native.receipts import ReceiptAnswer, ReceiptLine

_UNTOUCHED = frozenset({ObjectOutcome.UNCHANGED, ObjectOutcome.SKIPPED, ObjectOutcome.FAILED})
"""Outcomes of objects that are as they were; every other one has changed something."""
_UNDONE = "taken back in the workspace {workspace} (receipt {id})"
_TOLD = {ObjectOutcome.HELD: "yellow", ObjectOutcome.FAILED: "bold red"}


def show_receipt(out: Out, receipt: ReceiptAnswer, lines: int | None, *, warnings: bool = False) -> None:
    """Prints what came of an import; ``warnings`` too where they were not printed with its plan."""
    heading = _UNDONE if receipt.undoes else _heading(receipt.counts)
    out.line(out.say(heading, workspace=receipt.workspace, id=receipt.id), "bold")
    if receipt.undone_by:
        out.line("  " + out.say("taken back by {receipt}", receipt=receipt.undone_by))
    if receipt.act not in (None, ImportAct.PACKAGE):
        out.line("  " + out.say("done as {act}", act=receipt.act))
    out.line("  " + counted(receipt.counts, out.say))
    if review := receipt.review:
        told = "what it submits waits for review {id} ({state})"
        out.line("  " + out.say(told, id=review.id, state=out.say(review.state)))
    limit = line_limit(out, lines)
    for outcome, style in _TOLD.items():
        alike = [line for line in receipt.items if line.outcome is outcome]
        for line in alike[:limit]:
            out.line(f"  {out.say(outcome)}: {_told(line, out.say)}", style)
        if limit is not None and len(alike) > limit:
            show_rest(out, len(alike) - limit, "  ")
    if warnings:
        show_findings(out, receipt.warnings, lines, {})


def counted(counts: Mapping[ObjectOutcome, int], say: Say) -> str:
    """The counts of a receipt in words, in the order of the outcomes."""
    told = (f"{counts[outcome]} {say(outcome)}" for outcome in ObjectOutcome if counts.get(outcome))
    return ", ".join(told) or say("nothing to do")


def exit_code(counts: Mapping[ObjectOutcome, int]) -> int:
    """How a command ends whose receipt has these counts."""
    if counts.get(ObjectOutcome.FAILED):
        return DONE_IN_PART if _has_changed(counts) else BLOCKED
    return DONE_IN_PART if counts.get(ObjectOutcome.HELD) else DONE


def _has_changed(counts: Mapping[ObjectOutcome, int]) -> bool:
    return any(count for outcome, count in counts.items() if outcome not in _UNTOUCHED)


def _heading(counts: Mapping[ObjectOutcome, int]) -> str:
    if _has_changed(counts):
        return "imported into the workspace {workspace} (receipt {id})"
    if counts.get(ObjectOutcome.FAILED):
        return "nothing was imported into the workspace {workspace} (receipt {id})"
    return "nothing had to be changed in the workspace {workspace} (receipt {id})"


def _told(line: ReceiptLine, say: Say) -> str:
    what = subject(line.kind, line.name, say)
    if line.missing:
        return f"{what}: " + say("waits for {things}", things=", ".join(line.missing))
    return f"{what}: {line.message}" if line.message else what
