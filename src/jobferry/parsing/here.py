"""Reads texts in this process, page by page as they come."""

from __future__ import annotations

from collections.abc import Generator, Iterable

from jobferry.model.document.facts import FactRules, facts_of
from jobferry.model.document.problems import Problem
from jobferry.model.document.text import UnusableText, parse
from jobferry.parsing.ports import Read, Text


class InProcessParser:
    """No process but this one."""

    def read(self, pages: Iterable[list[Text]], fact_rules: FactRules) -> Generator[list[Read]]:
        """What is in each page, when it is asked for."""
        for page in pages:
            yield read_page(page, fact_rules)


def read_page(page: list[Text], fact_rules: FactRules) -> list[Read]:
    """What is in each text of a page."""
    return [_read(text, fact_rules) for text in page]


def _read(text: Text, fact_rules: FactRules) -> Read:
    try:
        return Read(facts_of(text.kind, parse(text.text), fact_rules, text=text.text))
    except UnusableText as unusable:
        return Read(None, (_foreign(text.text),) if _looks_foreign(text.text) else unusable.problems)


def _looks_foreign(text: bytes) -> bool:
    return text.lstrip()[:1] not in (b"{", b"[")


def _foreign(text: bytes) -> Problem:
    """What a file is that has a document's name but holds no JSON."""
    lines = [line for line in text[:4096].splitlines() if line.strip() and not line.lstrip().startswith(b"#")]
    if not lines:
        looks = "an empty file"
    elif all(b"=" in line for line in lines[:5]):
        looks = "a properties file with key=value lines, as Azkaban writes them"
    elif text.lstrip().startswith(b"<"):
        looks = "XML"
    else:
        looks = "plain text"
    return Problem("not-json", args={"looks": looks})
