"""A plan as lines, one an object: what will come of it, and why where that is not plain."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING

from jobferry.cli.show.out import Out, padded, width
from jobferry.cli.words import Say

if TYPE_CHECKING:
    from jobferry.api.native.receipts import UndoPlan
    from jobferry.api.native.report import PlanAnswer, ReplacementAnswer, StepAnswer
    from jobferry.model.transfer.preview import ScheduleRuns

_LOOKS = {
    "create": ("+", "green"),
    "overwrite": ("~", "yellow"),
    "unchanged": ("=", "dim"),
    "skip": ("-", "dim"),
    "restore": ("<", "yellow"),
    "remove": ("x", "yellow"),
    "delete": ("x", "yellow"),
    "blocked": ("!", "bold red"),
}
"""Per verdict its mark and style, in the order in which they are shown."""
PACKAGE_HELD_BACK = "nothing will be imported: with outcome package, one blocked object keeps all out"
TOUCHED_SINCE = "nothing will be taken back: something was touched since"
_CONSEQUENCES = frozenset(
    {"needed-left-out", "only-used-left-out", "package-held-back", "deletion-held-back", "name-not-freed"}
)
_SUBMITS = {
    "live": "submits v{number}",
    "review": "v{number} after a review",
    "release": "v{number} with a release",
}
_NAMING = ("copy of ", "renamed from ")
"""Notes that end with a name."""
_SUBJECT_CELLS = (24, 44)
_VERDICT_CELLS = 10
TERMINAL_LINES = 40
"""How many lines of a kind a terminal gets where nothing else is said; a file gets all."""
_INSTANTS = 5


def show_plan(
    out: Out, plan: PlanAnswer | UndoPlan, lines: int | None, *, refused: str = PACKAGE_HELD_BACK
) -> None:
    """Prints a plan, at most so many lines a verdict, and its sum; ``refused`` says why it cannot be done."""
    steps = sorted(plan.steps, key=_rank)
    counts = Counter[str](step.verdict for step in steps)
    limit = line_limit(out, lines)
    shown = Counter[str]()
    cells = _cells(steps, out.say)
    out.line(f"{out.say('plan')}: {_sum(counts, out.say)}", "bold")
    for step in steps:
        verdict = step.verdict
        shown[verdict] += 1
        if limit is None or shown[verdict] <= limit:
            out.line(_step_line(step, cells, out.say), _LOOKS[verdict][1])
        elif shown[verdict] == counts[verdict]:
            show_rest(out, counts[verdict] - limit)
    if plan.refused:
        out.line(out.say(refused), "bold red")


def line_limit(out: Out, lines: int | None) -> int | None:
    """How many lines of a kind to show: as said, or what suits who reads; none for all."""
    if lines is not None:
        return lines
    return TERMINAL_LINES if out.is_terminal else None


def show_rest(out: Out, count: int, indent: str = "    ") -> None:
    """Says that there is more, and how to see it."""
    out.line(indent + out.say("… and {count} more ({how} shows all)", count=count, how="--json"), "dim")


def show_listed(out: Out, heading: str, texts: Sequence[str], lines: int | None) -> None:
    """Prints a heading and texts below it, at most so many."""
    limit = line_limit(out, lines)
    out.line(f"{out.say(heading)}:")
    for text in texts[:limit]:
        out.line(f"  {text}")
    if limit is not None and len(texts) > limit:
        show_rest(out, len(texts) - limit, "  ")


def is_blocked(plan: PlanAnswer) -> bool:
    """Whether the plan keeps anything out that should have come in."""
    return plan.refused or any(step.verdict == "blocked" for step in plan.steps)


def subject(kind: str, name: str, say: Say) -> str:
    """An object or thing as people call it."""
    return f"{say(kind)} {name}"


def _rank(step: StepAnswer) -> tuple[int, bool]:
    """Verdicts in their order; what is only kept out by others comes after what keeps it out."""
    is_consequence = bool(step.reasons) and step.reasons[0].code in _CONSEQUENCES
    return list(_LOOKS).index(step.verdict), is_consequence


def _step_line(step: StepAnswer, cells: int, say: Say) -> str:
    verdict = step.verdict
    what = padded(subject(step.kind, step.name, say), cells)
    return (
        f"  {_LOOKS[verdict][0]} {padded(say(verdict), _VERDICT_CELLS)} {what} {_remark(step, say)}".rstrip()
    )


def _remark(step: StepAnswer, say: Say) -> str:
    if step.verdict == "blocked" or step.reasons:
        marked = say("; it gets the tag {tag}", tag=step.tag) if step.tag else ""
        return _reason(step) + marked
    parts = [step.directory] if step.verdict in ("create", "delete") else []
    parts.append(_note(step.note, say))
    if step.submits:
        parts.append(say(_SUBMITS[step.way], number=step.submits))
    if step.lock_from:
        parts.append(say("takes the lock from {user}", user=step.lock_from))
    if step.files:
        parts.append(say("puts {files}", files=", ".join(step.files)))
    if step.held:
        parts.append(say("waits for {things}", things=", ".join(step.held)))
    return "; ".join(part for part in parts if part)


def _note(note: str, say: Say) -> str:
    for words in _NAMING:
        if note.startswith(words):
            return say(words + "{name}", name=note.removeprefix(words))
    return say(note)


def _reason(step: StepAnswer) -> str:
    if not step.reasons:
        return step.note
    first, *others = step.reasons
    place = f"{first.path} " if first.path and not first.need_name else ""
    more = f" (+{len(others)})" if others else ""
    return f"{place}{first.message}: {first.remedy} ({first.code}){more}"


def _sum(counts: Counter[str], say: Say) -> str:
    told = (f"{counts[verdict]} {say(verdict)}" for verdict in _LOOKS if counts[verdict])
    return ", ".join(told) or say("nothing to do")


def _cells(steps: list[StepAnswer], say: Say) -> int:
    low, high = _SUBJECT_CELLS
    widest = max((width(subject(step.kind, step.name, say)) for step in steps), default=low)
    return min(max(widest, low), high)


def show_schedules(out: Out, schedules: Sequence[ScheduleRuns]) -> None:
    """Prints what becomes of each schedule, and its next instants before and after."""
    if schedules:
        out.line(out.say("schedules in another time zone, with their next times (UTC):"), "bold")
    for firing in schedules:
        example = subject("job", firing.example, out.say)
        out.line(f"  {example} ({firing.jobs}): {firing.zone} → {firing.there}")
        for expression, instants in ((firing.expression, firing.before), (firing.made, firing.after)):
            told = ", ".join(instants[:_INSTANTS]) if instants is not None else "?"
            out.line(f"    {expression or '-'}: {told}")


def show_replacements(out: Out, hits: list[ReplacementAnswer], lines: int | None) -> None:
    """Prints each place that the mapping changes."""
    if not hits:
        return
    limit = line_limit(out, lines)
    out.line(out.say("the mapping changes:"), "bold")
    for hit in hits[:limit]:
        place = f"{hit.path}:{hit.line}" if hit.line else hit.path
        named = subject(hit.object_kind, hit.object, out.say)
        out.line(f"  {named} {place}: {hit.kind} {hit.former} → {hit.local}")
    if limit is not None and len(hits) > limit:
        show_rest(out, len(hits) - limit, "  ")
