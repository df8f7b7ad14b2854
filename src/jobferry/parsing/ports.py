"""What is to be read, what comes of it, and who reads."""

from __future__ import annotations

from collections.abc import Generator, Iterable
from typing import NamedTuple, Protocol

import msgspec

from jobferry.model.document.facts import FactRules, Facts
from jobferry.model.document.problems import Problem
from jobferry.model.kinds import ObjectKind


class Text(NamedTuple):
    """A document's text as it came, without a byte order mark."""

    kind: ObjectKind
    text: bytes


class Read(msgspec.Struct, frozen=True, gc=False, array_like=True):
    """What was read of a text: its facts, or else why it is no document."""

    facts: Facts | None
    problems: tuple[Problem, ...] = ()


class Parser(Protocol):
    """Reads many texts."""

    def read(self, pages: Iterable[list[Text]], fact_rules: FactRules) -> Generator[list[Read]]:
        """What is in each page, in order; pages may be asked for ahead. Whoever stops early closes it.

        What ``pages`` raises is raised once everything before it has been given.
        """
        ...
