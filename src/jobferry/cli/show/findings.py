"""Findings as lines, the gravest first: a thing once, with the first objects that it concerns."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

from jobferry.cli.show.out import Out, line_limit, show_rest, subject
from jobferry.cli.words import Say

if TYPE_CHECKING:
    from jobferry.api.native.report import FindingAnswer, FindingObject
    from jobferry.model.transfer.finding import Severity

FindingsOf = Callable[["Severity", int], Sequence["FindingAnswer"]]
"""Gives the first findings of a severity, at most so many."""

_HEADINGS = {
    "block": ("blocked:", "bold red"),
    "hold": ("held until this is there:", "yellow"),
    "warn": ("worth knowing:", "cyan"),
}
_NAMED = 3


def show_findings(
    out: Out, counts: Mapping[Severity, int], findings_of: FindingsOf, lines: int | None
) -> None:
    """Prints findings by severity; ``counts`` is how many there are of each."""
    limit = line_limit(lines)
    for severity, count in counts.items():
        heading, style = _HEADINGS[severity]
        out.line(out.say(heading), style)
        found = findings_of(severity, min(limit, count)) if limit else ()
        for alike in _clusters(found):
            for finding in alike:
                out.line(f"  {_line(finding, out.say)}")
            out.line(f"      → {alike[0].remedy}", "dim")
        if count > len(found):
            show_rest(out, count - len(found), "  ")


def _clusters(found: Sequence[FindingAnswer]) -> list[list[FindingAnswer]]:
    """Findings with the same remedy beside each other, so that it is said once."""
    clusters: dict[tuple[str, str], list[FindingAnswer]] = {}
    for finding in found:
        clusters.setdefault((finding.code, finding.remedy), []).append(finding)
    return list(clusters.values())


def _line(finding: FindingAnswer, say: Say) -> str:
    line = "{names}: {message} ({code})" if finding.objects > 1 else "{names} {message} ({code})"
    told = say(line, names=_names(finding, say), message=finding.message, code=finding.code)
    return f"[{finding.number}] {told}"


def _names(finding: FindingAnswer, say: Say) -> str:
    """Whom a finding concerns."""
    if not finding.first:
        return say("package")
    named = [_name(place, say, placed=not finding.need_name) for place in finding.first[:_NAMED]]
    more = finding.objects - len(named)
    names = say(", ").join(named)
    return say("{names} and {count} more", names=names, count=more) if more else names


def _name(place: FindingObject, say: Say, *, placed: bool) -> str:
    name = subject(place.kind, place.name, say).strip()
    return say("{name} ({path})", name=name, path=place.path) if placed and place.path else name
