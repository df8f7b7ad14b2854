"""Text in columns, counted as a terminal counts: a Chinese letter is two wide, an accent none."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

from jobferry.model.printable import printable


def width(text: str) -> int:
    """How many cells of a terminal a text takes."""
    if text.isascii():
        return len(text)
    return sum(_cells(letter) for letter in text)


def padded(text: str, cells: int) -> str:
    """The text with spaces up to so many cells; a longer one stays whole."""
    return text + " " * (cells - width(text))


def table(heading: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    """Lines of a table: a heading, then one line a row, two spaces between columns."""
    whole = [list(map(printable, row)) for row in (heading, *rows)]
    widths = [max(width(row[column]) for row in whole) for column in range(len(heading))]
    return [
        "  ".join(padded(cell, cells) for cell, cells in zip(row, widths, strict=True)).rstrip()
        for row in whole
    ]


def _cells(letter: str) -> int:
    if unicodedata.combining(letter) or unicodedata.category(letter) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(letter) in "WF" else 1
