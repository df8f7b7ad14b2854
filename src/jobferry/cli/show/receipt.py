"""A receipt as lines: the counts, then what did not simply go well."""

from __future__ import annotations

from typing import Any

from jobferry.cli.show.findings import show_findings
from jobferry.cli.show.out import Out
from jobferry.cli.show.plan import line_limit, show_rest, subject
from jobferry.cli.words import Say
from jobferry.model.transfer.plan import ObjectOutcome

_UNTOUCHED = frozenset({ObjectOutcome.UNCHANGED, ObjectOutcome.SKIPPED, ObjectOutcome.FAILED})
"""Outcomes of objects that are as they were; every other one has changed something."""
_OWN_ACT = "import-package"
_UNDONE = "taken back in the workspace {workspace} (receipt {id})"
_TOLD = {"held": "yellow", "failed": "bold red"}


def show_receipt(out: Out, receipt: dict[str, Any], lines: int | None, *, warnings: bool = False) -> None:
    """Prints what came of an import; ``warnings`` too where they were not printed with its plan."""
    counts = receipt["counts"]
    heading = _UNDONE if receipt.get("undoes") else _heading(counts)
    out.line(out.say(heading, workspace=receipt["workspace"], id=receipt["id"]), "bold")
    if receipt.get("undone_by"):
        out.line("  " + out.say("taken back by {receipt}", receipt=receipt["undone_by"]))
    if receipt.get("act") not in (None, _OWN_ACT):
        out.line("  " + out.say("done as {act}", act=receipt["act"]))
    out.line("  " + counted(counts, out.say))
    if review := receipt.get("review"):
        told = "what it submits waits for review {id} ({state})"
        out.line("  " + out.say(told, id=review["id"], state=out.say(review["state"])))
    limit = line_limit(out, lines)
    for outcome, style in _TOLD.items():
        items = [item for item in receipt.get("items", []) if item["outcome"] == outcome]
        for item in items[:limit]:
            out.line(f"  {out.say(outcome)}: {_told(item, out.say)}", style)
        if limit is not None and len(items) > limit:
            show_rest(out, len(items) - limit, "  ")
    if warnings:
        show_findings(out, receipt.get("warnings", []), lines, {})


def counted(counts: dict[str, int], say: Say) -> str:
    """The counts of a receipt in words, in the order of the outcomes."""
    told = (f"{counts[one]} {say(one)}" for one in ObjectOutcome if counts.get(one))
    return ", ".join(told) or say("nothing to do")


def has_failed(receipt: dict[str, Any]) -> bool:
    """Whether an object stayed out that should have come in."""
    return bool(receipt["counts"].get("failed"))


def _heading(counts: dict[str, int]) -> str:
    if any(counts.get(one) for one in ObjectOutcome if one not in _UNTOUCHED):
        return "imported into the workspace {workspace} (receipt {id})"
    if counts.get(ObjectOutcome.FAILED):
        return "nothing was imported into the workspace {workspace} (receipt {id})"
    return "nothing had to be changed in the workspace {workspace} (receipt {id})"


def _told(item: dict[str, Any], say: Say) -> str:
    what = subject(item["kind"], item["name"], say)
    if item.get("missing"):
        return f"{what}: " + say("waits for {things}", things=", ".join(item["missing"]))
    return f"{what}: {item['message']}" if item.get("message") else what
