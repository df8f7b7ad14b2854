"""What is to be reached, as data. Goals in seconds hold for the usual size; the others for every size."""

from __future__ import annotations

from dataclasses import dataclass

USUAL = 10_000
"""Jobs of a usual run, with half as many scripts."""


@dataclass(frozen=True)
class Goal:
    """At most ``limit``; ``usual`` says that this is meant for the usual size only."""

    limit: float
    unit: str
    usual: bool = False

    def __str__(self) -> str:
        return f"≤ {self.limit:g} {self.unit}".rstrip()


def _seconds(limit: float) -> Goal:
    return Goal(limit, "s", usual=True)


_MEMORY_EXPORT, _MEMORY_IMPORT = Goal(48, "MB"), Goal(120, "MB")

GOALS = {
    "inside/export": _seconds(0.6),
    "inside/check": _seconds(1.5),
    "inside/import": _seconds(2.5),
    "inside/unchanged": _seconds(0.5),
    "archive/export-zlib": _seconds(1.5),
    "archive/size": Goal(1.12, "x"),
    "postgres/import": _seconds(3.5),
    "commands/export": _seconds(1.6),
    "commands/export-zlib": _seconds(2.5),
    "commands/check": _seconds(2.5),
    "commands/import": _seconds(3.5),
    "commands/unchanged": _seconds(1.5),
    "commands/start": Goal(0.25, "s"),
    "commands/start-platform": Goal(0.9, "s"),
    "memory/export": _MEMORY_EXPORT,
    "memory/import": _MEMORY_IMPORT,
    "growth/exponent": Goal(1.05, ""),
    "reading/p99": Goal(20, "ms"),
    "crowd/ratio": Goal(2, "x"),
}


def goal_of(key: str, count: int) -> Goal | None:
    """The goal of that name, if it holds for runs of this size."""
    goal = GOALS.get(key)
    return None if goal is None or (goal.usual and count != USUAL) else goal
