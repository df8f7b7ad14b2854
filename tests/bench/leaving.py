"""A package leaving over HTTP: when its first byte comes, and the most that the platform holds meanwhile.

Everything is exported, as `jobferry export --all` asks for it. Processor seconds are the platform's own.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from bench.goals import goal_of
from bench.measure import RUNS, seconds
from bench.memory import STATUS, cleared, resident
from bench.report import Row, Table
from bench.scene import Scene
from bench.served import Served, served

TITLE = "A package leaving over HTTP"
_ABOUT = (__doc__ or "").partition("\n\n")[2].strip()
_TICKS_PER_SECOND = 100


@dataclass(frozen=True)
class Left:
    """One export: seconds to the first byte, to the last, and of the processor; bytes held above idle."""

    first: float
    whole: float
    cpu: float
    above: int


def measure(scene: Scene) -> list[Table]:
    """One platform, asked several times; the first time it has done nothing else before."""
    if not STATUS.exists():
        print(f"\n{TITLE}: this system has no /proc, so nothing is measured")
        return []
    table = Table(TITLE, ("first byte, s", "last byte, s", "processor s", "peak above idle"), _ABOUT)
    with served(scene.source(scene.count)) as platform:
        runs = [_left(platform) for _ in range(RUNS)]
    above = max(one.above for one in runs) / 1e6
    figures = [seconds(median(getattr(one, name) for one in runs)) for name in ("first", "whole", "cpu")]
    row = Row(
        f"export of {scene.count:,} jobs",
        (*figures, f"{above:.0f} MB"),
        above,
        goal_of("memory/export", scene.count),
    )
    table.add(row)
    return [table]


def _left(platform: Served) -> Left:
    client, process = platform.client(), platform.process
    cleared(process)
    idle, worked, begun = resident("VmRSS", process), spent_by(process), time.perf_counter()
    pieces = client.pieces("api", "workspaces", "default", "exports")
    next(pieces)
    first = time.perf_counter() - begun
    for _ in pieces:
        pass
    whole = time.perf_counter() - begun
    client.close()
    return Left(first, whole, spent_by(process) - worked, resident("VmHWM", process) - idle)


def spent_by(process: int) -> float:
    """Processor seconds of a process so far; those of Linux, in hundredths."""
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / _TICKS_PER_SECOND
