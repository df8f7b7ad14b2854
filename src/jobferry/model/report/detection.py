"""The detection report: why a package, or some of it, did not pass; one row a reason, with all names."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from itertools import chain

import msgspec

from jobferry.model.printable import printable
from jobferry.model.report.category import Category, category_of
from jobferry.model.transfer.finding import Finding, Severity
from jobferry.model.words import Language, say
from jobferry.model.words.categories import HEADINGS, REASONS

_CELL = 30_000
"""Letters in a cell: spreadsheet programs cut one off at 32,767."""
_FORMULAS = ("=", "+", "-", "@")


class Item(msgspec.Struct, frozen=True):
    """What did not pass: a missing thing with the objects that need it, or an object with what is wrong."""

    name: str
    details: tuple[str, ...] = ()


class Row(msgspec.Struct, frozen=True):
    """One reason with everything that it is the reason of."""

    category: Category
    reason: str
    items: tuple[Item, ...]


def detection(findings: Iterable[Finding], language: Language) -> list[Row]:
    """The rows of what keeps objects out; none where everything passes.

    What is out only because of other objects is not told: it passes once they do.
    """
    found: dict[Category, dict[str, dict[str, None]]] = {}
    for finding in sorted(findings, key=lambda one: (one.name, one.kind, one.path)):
        if finding.severity is Severity.BLOCK and (category := category_of(finding)) is not Category.FOLLOWS:
            name, detail = _told(finding, category, language)
            details = found.setdefault(category, {}).setdefault(name, {})
            if detail:
                details[detail] = None
    return [_row(category, found[category], language) for category in Category if category in found]


def refused_package(name: str, reason: str, language: Language) -> list[Row]:
    """The only row of a package that cannot be read."""
    return [_row(Category.PACKAGE, {name: {reason: None}}, language)]


def as_csv(rows: Iterable[Row], language: Language) -> bytes:
    """Two columns, in UTF-8 with a byte order mark, without which spreadsheet programs garble Chinese."""
    text = io.StringIO()
    sheet = csv.writer(text)
    sheet.writerow(HEADINGS[language])
    for row in rows:
        for cell in _cells(row, language):
            sheet.writerow((row.reason, cell))
    return text.getvalue().encode("utf-8-sig")


def as_text(rows: Iterable[Row], language: Language) -> str:
    """The same for a terminal: a line a reason, and below it a line an item."""
    lines: list[str] = []
    for row in rows:
        lines.append(row.reason)
        lines += (f"  {_written(item, language)}" for item in row.items)
    return "".join(f"{line}\n" for line in lines)


def _told(finding: Finding, category: Category, language: Language) -> tuple[str, str]:
    if finding.need_name:
        workspace = finding.args.get("workspace", "")
        need = f"{workspace}/{finding.need_name}" if workspace else finding.need_name
        return need, finding.name
    if category is Category.NAME:
        return finding.name or finding.args.get("name", ""), ""
    return finding.name, " ".join(filter(None, (finding.path, say(finding, language).message)))


def _row(category: Category, items: dict[str, dict[str, None]], language: Language) -> Row:
    told = tuple(Item(name, tuple(items[name])) for name in sorted(items))
    return Row(category, REASONS[language][category], told)


def _written(item: Item, language: Language) -> str:
    if not item.details:
        return printable(item.name)
    if language is Language.CHINESE:
        return printable(f"{item.name}（{'、'.join(item.details)}）")
    return printable(f"{item.name} ({', '.join(item.details)})")


def _cells(row: Row, language: Language) -> Iterable[str]:
    """The items a line each; more than fits into a cell goes on in the next row."""
    cell = ""
    for item in chain.from_iterable(map(_parts, row.items)):
        line = _harmless(_written(item, language))[:_CELL]
        if cell and len(cell) + len(line) >= _CELL:
            yield cell
            cell = ""
        cell += f"\n{line}" if cell else line
    yield cell


def _parts(item: Item) -> Iterable[Item]:
    """The item with as many details at a time as a cell holds."""
    details: list[str] = []
    letters = len(item.name)
    for detail in map(printable, item.details):
        letters += len(detail) + 2
        if details and letters > _CELL:
            yield Item(item.name, tuple(details))
            details, letters = [], len(item.name) + len(detail) + 2
        details.append(detail)
    yield Item(item.name, tuple(details))


def _harmless(text: str) -> str:
    """A text that no spreadsheet program takes for a formula."""
    return f"'{text}" if text.startswith(_FORMULAS) else text
