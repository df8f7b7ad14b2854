"""A receipt as lines: the counts, then what did not simply go well."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

from jobferry.cli.problems import BLOCKED, DONE, DONE_IN_PART
from jobferry.cli.show.out import Out, line_limit, show_rest, subject
from jobferry.cli.show.plan import counted
from jobferry.cli.words import Say
from jobferry.model.transfer.plan import ObjectOutcome
from jobferry.model.transfer.policy import ImportAct

if TYPE_CHECKING:
    from jobferry.api.native.receipts import ReceiptAnswer, ReceiptLine

LinesOf = Callable[[ObjectOutcome, int], Sequence["ReceiptLine"]]
"""Gives the first lines of an outcome, at most so many."""

_UNTOUCHED = frozenset({ObjectOutcome.UNCHANGED, ObjectOutcome.SKIPPED, ObjectOutcome.BLOCKED})
"""Outcomes of objects that are as they were; every other one has changed something."""
_UNDONE = "taken back in the workspace {workspace} (receipt {id})"
_SHOWN = {ObjectOutcome.HELD: "yellow", ObjectOutcome.BLOCKED: "bold red"}


def show_receipt(out: Out, receipt: ReceiptAnswer) -> None:
    """Prints what came of an import, in numbers."""
    heading = _UNDONE if receipt.undoes else _heading(receipt.counts)
    out.line(out.say(heading, workspace=receipt.workspace, id=receipt.id), "bold")
    if receipt.undone_by:
        out.line("  " + out.say("taken back by {receipt}", receipt=receipt.undone_by))
    if receipt.act not in (None, ImportAct.PACKAGE):
        out.line("  " + out.say("done as {act}", act=receipt.act))
    if receipt.comment:
        out.line("  " + receipt.comment)
    out.line("  " + outcomes(receipt.counts, out.say))
    if review := receipt.review:
        told = "what it submits waits for review {id} ({state})"
        out.line("  " + out.say(told, id=review.id, state=out.say(review.state)))


def show_receipt_lines(
    out: Out, counts: Mapping[ObjectOutcome, int], lines_of: LinesOf, lines: int | None
) -> None:
    """Prints the objects that are held or stayed out, at most so many of each."""
    limit = line_limit(lines)
    for outcome, style in _SHOWN.items():
        count = counts.get(outcome, 0)
        found = lines_of(outcome, min(limit, count)) if count and limit else ()
        for line in found:
            out.line(f"  {out.say(outcome)}: {_line(line, out.say)}", style)
        if count > len(found):
            show_rest(out, count - len(found), "  ")


def outcomes(counts: Mapping[ObjectOutcome, int], say: Say) -> str:
    """The counts of a receipt in words, in the order of the outcomes."""
    return counted({outcome: counts[outcome] for outcome in ObjectOutcome if counts.get(outcome)}, say)


def exit_code(counts: Mapping[ObjectOutcome, int]) -> int:
    """How a command ends whose receipt has these counts."""
    if counts.get(ObjectOutcome.BLOCKED):
        return DONE_IN_PART if _has_changed(counts) else BLOCKED
    return DONE_IN_PART if counts.get(ObjectOutcome.HELD) else DONE


def _has_changed(counts: Mapping[ObjectOutcome, int]) -> bool:
    return any(count for outcome, count in counts.items() if outcome not in _UNTOUCHED)


def _heading(counts: Mapping[ObjectOutcome, int]) -> str:
    if _has_changed(counts):
        return "imported into the workspace {workspace} (receipt {id})"
    if counts.get(ObjectOutcome.BLOCKED):
        return "nothing was imported into the workspace {workspace} (receipt {id})"
    return "nothing had to be changed in the workspace {workspace} (receipt {id})"


def _line(line: ReceiptLine, say: Say) -> str:
    what = subject(line.kind, line.name, say)
    if line.missing:
        return f"{what}: " + say("waits for {things}", things=", ".join(line.missing))
    numbers = sorted({reason.finding for reason in line.reasons})
    refers = say("see {findings}", findings=" ".join(f"[{number}]" for number in numbers))
    return f"{what}: {refers}" if numbers else what
