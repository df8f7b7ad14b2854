"""``make bench``: measures theme by theme and writes the tables to ``docs/reference/performance.md``.

``BENCH_JOBS`` sets how many jobs (default 10,000); other counts are printed and not written.
``BENCH_ONLY=crowd,memory`` runs some themes. ``BENCH_BIG=1`` also measures ten times the count where a
theme tells of growth; its tables have titles of their own.
"""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path

from bench import (
    archive,
    beside,
    clients,
    commands,
    crowd,
    gaps,
    growth,
    inside,
    leaving,
    memory,
    postgres,
    reading,
    report,
    requests,
    several,
)
from bench.goals import USUAL
from bench.report import Table
from bench.scene import Scene

THEMES = {
    "inside": inside,
    "gaps": gaps,
    "archive": archive,
    "postgres": postgres,
    "commands": commands,
    "memory": memory,
    "clients": clients,
    "leaving": leaving,
    "reading": reading,
    "requests": requests,
    "several": several,
    "beside": beside,
    "crowd": crowd,
    "growth": growth,
}
_BIG = {"memory", "crowd", "growth"}
_BIG_SUFFIX = ", up to ten times as many"


def main() -> None:
    """Runs the themes that are asked for."""
    count = int(os.environ.get("BENCH_JOBS", str(USUAL)))
    big = os.environ.get("BENCH_BIG", "") == "1"
    asked = [name for name in os.environ.get("BENCH_ONLY", "").split(",") if name]
    unknown = [name for name in asked if name not in THEMES]
    if unknown:
        sys.exit(f"there is no theme {unknown[0]}; there are {', '.join(THEMES)}")
    print(f"{count} jobs, {count // 2} scripts; {report.machine()}")
    tables: list[Table] = []
    with tempfile.TemporaryDirectory(prefix="jobferry-bench-") as scratch:
        scene = Scene(Path(scratch), count, big=big)
        for name in asked or THEMES:
            found = THEMES[name].measure(scene)
            for table in found if big and name in _BIG else ():
                table.title += _BIG_SUFFIX
            tables += found
    if count == USUAL:
        report.write(tables, _titles())


def _titles() -> list[str]:
    titles = []
    for name, theme in THEMES.items():
        titles += [theme.TITLE, theme.TITLE + _BIG_SUFFIX] if name in _BIG else [theme.TITLE]
    return titles


main()
