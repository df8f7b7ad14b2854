"""Tables of what was measured: printed as they grow, and written into the project's documentation.

Only the block between the page's markers is written, a section for each table. A run of some themes
replaces their sections and leaves the others, unless machine or versions have changed since: then only
what was measured now stays, because figures of two machines do not belong on one page.
"""

from __future__ import annotations

import os
import platform
import re
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path

from bench.goals import Goal

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "performance.md"
BEGIN, END = "<!-- bench:begin -->", "<!-- bench:end -->"
NONE = "–"
_PACKAGES = ("msgspec", "sqlalchemy", "isal")
_SECTION = re.compile(r"^### ", re.MULTILINE)


@dataclass(frozen=True)
class Row:
    """A name, its figures in the table's order, and the goal that ``value`` is held against."""

    name: str
    figures: tuple[str, ...]
    value: float | None = None
    goal: Goal | None = None

    @property
    def verdict(self) -> str:
        """Whether the goal is met, in words."""
        if self.goal is None or self.value is None:
            return NONE
        return f"{self.goal}: {'met' if self.value <= self.goal.limit else '**not met**'}"


@dataclass
class Table:
    """One theme's figures; ``about`` says what a reader must know to understand them."""

    title: str
    heads: tuple[str, ...]
    about: str = ""
    rows: list[Row] = field(default_factory=list)

    def add(self, row: Row) -> None:
        """Adds a row and prints it, so that a long run shows how far it is."""
        if not self.rows:
            print(f"\n{self.title}\n{'':<44} {' '.join(f'{head:>15}' for head in self.heads)}", flush=True)
        self.rows.append(row)
        figures = " ".join(f"{figure:>15}" for figure in row.figures)
        said = "" if row.verdict == NONE else f"   {row.verdict.replace('*', '')}"
        print(f"{row.name:<44} {figures}{said}", flush=True)

    def section(self) -> str:
        """The table as Markdown, under its title."""
        heads = ("what", *self.heads, "goal")
        lines = [f"### {self.title}", ""]
        lines += [self.about, ""] if self.about else []
        lines += [f"| {' | '.join(heads)} |", f"|{'---|' * len(heads)}"]
        lines += [f"| {' | '.join((row.name, *row.figures, row.verdict))} |" for row in self.rows]
        return "\n".join(lines) + "\n"


def write(tables: Sequence[Table], order: Sequence[str], page: Path = PAGE) -> None:
    """Puts the tables' sections into the page; ``order`` lists every title that a section may have."""
    text = page.read_text(encoding="utf-8")
    before, _, rest = text.partition(BEGIN)
    block, _, after = rest.partition(END)
    kept = _sections(block) if block.strip().startswith(machine()) else {}
    known = kept | {table.title: table.section() for table in tables}
    body = "\n".join([machine(), "", *(known[title] for title in order if title in known)])
    page.write_text(f"{before}{BEGIN}\n{body}{END}{after}", encoding="utf-8")


def machine() -> str:
    """What the figures depend on besides the program."""
    packages = ", ".join(f"{name} {version(name)}" for name in _PACKAGES)
    return (
        f"{os.cpu_count()} cores, {platform.system()} {platform.machine()}, "
        f"Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}, {packages}."
    )


def _sections(block: str) -> dict[str, str]:
    parts = _SECTION.split(block)[1:]
    return {part.partition("\n")[0]: f"### {part.rstrip()}\n" for part in parts}
