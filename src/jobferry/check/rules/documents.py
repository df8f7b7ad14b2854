"""Rules about the package's make-up and its documents' texts and fields."""

from __future__ import annotations

from collections.abc import Iterator

from jobferry.model.document.problem import DOCUMENTED, Problem, is_illegal
from jobferry.model.transfer.arrival import Arrival, Passage
from jobferry.model.transfer.finding import Finding, Severity
from jobferry.model.transfer.policy import Undocumented, ZoneMode


def package_is_odd(passage: Passage) -> Iterator[Finding]:
    """Something about the package's own make-up should be known: twin names, old encodings, extra files."""
    for oddity in passage.cargo.oddities:
        if oddity.problem.code == "name-doubled":
            continue
        yield Finding(
            code=oddity.problem.code,
            severity=Severity.WARN,
            kind=oddity.kind,
            name=oddity.name,
            path=oddity.problem.path,
            args=oddity.problem.args,
        )


def text_is_unusable(passage: Passage) -> Iterator[Finding]:
    """A document's text is not JSON as it should be: broken, doubled keys, not UTF-8, too deep."""
    for arrival in passage.written:
        for problem in arrival.item.unusable:
            yield Finding(
                code=problem.code,
                severity=Severity.BLOCK,
                kind=arrival.kind,
                name=arrival.name,
                path=arrival.item.entry.path,
                args=problem.args,
            )


def fields_are_invalid(passage: Passage) -> Iterator[Finding]:
    """A field breaks a rule of its document: names, lengths, ranges, predecessors, cycles among nodes.

    What breaks only what the service documents warns or blocks, as the option says.
    """
    blocks = passage.policy.undocumented is Undocumented.BLOCK
    documented = Severity.BLOCK if blocks else Severity.WARN
    for arrival in passage.written:
        for problem in arrival.item.facts.problems:
            if is_illegal(problem):
                severity = Severity.BLOCK
            elif _is_answered(problem, arrival, passage):
                continue
            else:
                severity = documented if problem.code in DOCUMENTED else Severity.WARN
            yield Finding(
                code=problem.code,
                severity=severity,
                kind=arrival.kind,
                name=arrival.name,
                path=problem.path,
                args=problem.args,
            )


def _is_answered(problem: Problem, arrival: Arrival, passage: Passage) -> bool:
    """Whether the import itself gives what is wrong: another zone, or the schedule of what is here."""
    options = passage.options
    if problem.code == "zone-unknown":
        another = options.time_zone is not None or problem.args["zone"] in options.mapping.zones
        return another and options.zone_mode is not ZoneMode.KEEP
    return problem.code == "schedule-missing" and arrival.target is not None
