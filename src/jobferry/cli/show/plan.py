"""A plan as lines: what changes or stays out, an object a line, and all else in numbers."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

from jobferry.cli.show.out import Out, line_limit, padded, show_rest, subject, width
from jobferry.cli.words import Say
from jobferry.model.transfer.plan_view import Verdict

if TYPE_CHECKING:
    from jobferry.api.native.checks import ReplacementAnswer
    from jobferry.api.native.report import StepAnswer
    from jobferry.model.transfer.preview import ScheduleRuns

StepsOf = Callable[[Verdict, int], Sequence["StepAnswer"]]
"""Gives the first steps of a verdict, at most so many."""

_LOOKS = {
    Verdict.CREATE: ("+", "green"),
    Verdict.OVERWRITE: ("~", "yellow"),
    Verdict.HELD: ("?", "yellow"),
    Verdict.RESTORE: ("<", "yellow"),
    Verdict.REMOVE: ("x", "yellow"),
    Verdict.DELETE: ("x", "yellow"),
    Verdict.UNCHANGED: ("=", "dim"),
    Verdict.SKIP: ("-", "dim"),
    Verdict.BLOCKED: ("!", "bold red"),
}
"""Per verdict its mark and style, in the order in which they are shown."""
_QUIET = frozenset({Verdict.UNCHANGED, Verdict.SKIP})
"""Verdicts whose objects are shown only where lines are asked for."""
PACKAGE_HELD_BACK = "nothing will be imported: with outcome package, one blocked object keeps all out"
TOUCHED_SINCE = "nothing will be taken back: something was touched since"
_SUBMITS = {
    "live": "submits v{number}",
    "review": "v{number} after a review",
    "release": "v{number} with a release",
}
"""Notes that end with a name."""
_SUBJECT_CELLS = (24, 44)
_VERDICT_CELLS = 10
_INSTANTS = 5


def show_plan(
    out: Out,
    counts: Mapping[Verdict, int],
    steps_of: StepsOf,
    lines: int | None,
    *,
    refusal: str = "",
    skipped_differing: int = 0,
) -> None:
    """Prints a plan's sum, then at most so many lines a verdict; ``refusal`` says why it cannot be done."""
    out.line(out.say("plan: {sum}", sum=_sum(counts, skipped_differing, out.say)), "bold")
    limit = line_limit(lines)
    shown = [verdict for verdict in _LOOKS if counts.get(verdict)]
    if lines is None:
        shown = [verdict for verdict in shown if verdict not in _QUIET]
    pages = {verdict: steps_of(verdict, min(limit, counts[verdict])) if limit else () for verdict in shown}
    cells = _cells([step for steps in pages.values() for step in steps], out.say)
    for verdict, steps in pages.items():
        for step in steps:
            out.line(_step_line(step, cells, out.say), _LOOKS[verdict][1])
        if counts[verdict] > len(steps):
            show_rest(out, counts[verdict] - len(steps))
    if refusal:
        out.line(out.say(refusal), "bold red")


def show_listed(out: Out, heading: str, texts: Sequence[str], count: int, lines: int | None) -> None:
    """Prints a heading and the first texts below it, at most so many; ``count`` is how many there are."""
    shown = texts[: line_limit(lines)]
    out.line(out.say("{heading}:", heading=out.say(heading)))
    for text in shown:
        out.line(f"  {text}")
    if count > len(shown):
        show_rest(out, count - len(shown), "  ")


def counted(counts: Mapping[str, int], say: Say, remarks: Mapping[str, str] = {}) -> str:
    """Numbers with what they count, in words."""
    told = [
        say("{count} {state}", count=count, state=say(state)) + remarks.get(state, "")
        for state, count in counts.items()
    ]
    return say(", ").join(told) or say("nothing to do")


def _sum(counts: Mapping[Verdict, int], skipped_differing: int, say: Say) -> str:
    remark = " " + say("({count} with other content)", count=skipped_differing)
    remarks: dict[str, str] = {Verdict.SKIP: remark} if skipped_differing else {}
    return counted({verdict: counts[verdict] for verdict in _LOOKS if counts.get(verdict)}, say, remarks)


def _step_line(step: StepAnswer, cells: int, say: Say) -> str:
    verdict = step.verdict
    what = padded(subject(step.kind, step.name, say), cells)
    mark = _LOOKS[verdict][0]
    return f"  {mark} {padded(say(verdict), _VERDICT_CELLS)} {what} {_remark(step, say)}".rstrip()


def _remark(step: StepAnswer, say: Say) -> str:
    parts = [step.directory] if step.verdict in (Verdict.CREATE, Verdict.DELETE) else []
    parts.append(step.note)
    if step.submits:
        parts.append(say(_SUBMITS[step.way], number=step.submits))
    if step.lock_from:
        parts.append(say("takes the lock from {user}", user=step.lock_from))
    if step.files:
        parts.append(say("puts {files}", files=", ".join(step.files)))
    if numbers := sorted({reason.finding for reason in step.reasons}):
        parts.append(say("see {findings}", findings=" ".join(f"[{number}]" for number in numbers)))
    if step.tag:
        parts.append(say("it gets the tag {tag}", tag=step.tag))
    return "; ".join(part for part in parts if part)


def _cells(steps: list[StepAnswer], say: Say) -> int:
    low, high = _SUBJECT_CELLS
    widest = max((width(subject(step.kind, step.name, say)) for step in steps), default=low)
    return min(max(widest, low), high)


def show_schedules(out: Out, schedules: Sequence[ScheduleRuns], count: int) -> None:
    """Prints what becomes of the first schedules, and their next instants before and after; ``count`` is how
    many there are."""
    if schedules:
        out.line(out.say("schedules in another time zone, with their next times (UTC):"), "bold")
    for schedule in schedules:
        example = subject("job", schedule.example, out.say)
        out.line(f"  {example} ({schedule.jobs}): {schedule.zone} → {schedule.there}")
        for expression, instants in (
            (schedule.expression, schedule.before),
            (schedule.made, schedule.after),
        ):
            told = ", ".join(instants[:_INSTANTS]) if instants is not None else "?"
            out.line(f"    {expression or '-'}: {told}")
    if count > len(schedules):
        show_rest(out, count - len(schedules), "  ")


def show_replacements(out: Out, places: Sequence[ReplacementAnswer], count: int) -> None:
    """Prints the first places that the mapping changes; ``count`` is how many there are."""
    if count:
        out.line(out.say("the mapping changes:"), "bold")
    for place in places:
        at = f"{place.path}:{place.line}" if place.line else place.path
        named = subject(place.object_kind, place.object, out.say)
        out.line(f"  {named} {at}: {subject(place.kind, place.former, out.say)} → {place.local}")
    if count > len(places):
        show_rest(out, count - len(places), "  ")
