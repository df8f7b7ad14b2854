"""Writes what the bench measured into the project's documentation, with machine and versions."""

from __future__ import annotations

import os
import platform
import sqlite3
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "performance.md"
BEGIN, END = "<!-- bench:begin -->", "<!-- bench:end -->"
USUAL = 10_000
_PACKAGES = ("msgspec", "sqlalchemy", "isal")


def write(rows: Sequence[tuple[str, float, float | None]], count: int) -> None:
    """Replaces the measured block; only for the usual size, so that figures stay comparable."""
    if count != USUAL:
        return
    text = PAGE.read_text(encoding="utf-8")
    before, _, rest = text.partition(BEGIN)
    after = rest.partition(END)[2]
    block = "\n".join((_machine(), "", *_table(rows)))
    PAGE.write_text(f"{before}{BEGIN}\n{block}\n{END}{after}", encoding="utf-8")


def _machine() -> str:
    packages = ", ".join(f"{name} {version(name)}" for name in _PACKAGES)
    return (
        f"{os.cpu_count()} cores, {platform.system()} {platform.machine()}, "
        f"Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}, {packages}."
    )


def _table(rows: Sequence[tuple[str, float, float | None]]) -> list[str]:
    lines = ["| what | seconds | times its floor |", "|---|---|---|"]
    for name, seconds, ratio in rows:
        lines.append(f"| {name} | {seconds:.2f} | {f'{ratio:.1f}' if ratio else '–'} |")
    return lines
