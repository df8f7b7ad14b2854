"""Rules about the package's make-up and its documents' texts and fields."""

from __future__ import annotations

from collections.abc import Iterator

from jobferry.model.transfer.arrival import Passage
from jobferry.model.transfer.finding import Finding, Severity


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
    """A field breaks a rule of its document: names, lengths, ranges, predecessors, cycles among nodes."""
    for arrival in passage.written:
        for problem in arrival.item.facts.problems:
            yield Finding(
                code=problem.code,
                severity=Severity.BLOCK,
                kind=arrival.kind,
                name=arrival.name,
                path=problem.path,
                args=problem.args,
            )
