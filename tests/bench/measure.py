"""Taking times: wall and processor seconds of the same work done several times, and percentiles."""

from __future__ import annotations

import gc
import resource
import statistics
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

RUNS = 3
"""How often work is done whose median counts, where once takes seconds."""


@dataclass(frozen=True)
class Timing:
    """Wall and processor seconds of each run, those of processes that it started among them."""

    walls: tuple[float, ...]
    cpus: tuple[float, ...]

    @property
    def seconds(self) -> float:
        """The median, so that one swing of the machine does not decide."""
        return statistics.median(self.walls)

    @property
    def cpu(self) -> float:
        return statistics.median(self.cpus)

    @property
    def swing(self) -> str:
        """Shortest and longest run, where there was more than one."""
        if len(self.walls) == 1:
            return "one run"
        return f"{seconds(min(self.walls))} – {seconds(max(self.walls))}"


def timed(work: Callable[..., Any], prepared: Iterable[Any] = ((),) * RUNS) -> Timing:
    """Does the work once for each of the prepared arguments; making those is not part of the time, also
    where they are made one by one.
    """
    runs = []
    for arguments in prepared:
        gc.collect()
        wall, cpu = time.perf_counter(), processor()
        work(*arguments)
        runs.append((time.perf_counter() - wall, processor() - cpu))
    return Timing(tuple(wall for wall, _ in runs), tuple(cpu for _, cpu in runs))


def processor() -> float:
    """Processor seconds of this process and of those that it has started and that have ended."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in used)


def percentile(values: Sequence[float], share: float) -> float:
    """The smallest value that at least this share of all is not above."""
    ranked = sorted(values)
    return ranked[max(0, -int(-share * len(ranked) // 1) - 1)]


def seconds(value: float) -> str:
    """Seconds with as many digits as tell something."""
    return f"{value:.2f}" if value >= 0.1 else f"{value:.4f}"
