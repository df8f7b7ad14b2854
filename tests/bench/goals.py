"""What is to be reached, as data. Goals in seconds, and in times a floor, hold for the usual size; the others
for every size."""

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


def _floors(limit: float) -> Goal:
    return Goal(limit, "x its floor", usual=True)


_MEMORY = Goal(120, "MB")
_MEMORY_BIG = Goal(400, "MB")
"""At ten times the usual size."""
_COMMAND = Goal(0.5, "s more than inside", usual=True)

GOALS = {
    "inside/export": _floors(0.8),
    "inside/check": _floors(3),
    "inside/import": _floors(2),
    "inside/unchanged": _floors(1.5),
    "gaps/check": _floors(4.5),
    "gaps/import": _floors(3),
    "archive/export-zlib": _seconds(1.5),
    "archive/size": Goal(1.12, "x"),
    "postgres/import": _floors(2.5),
    "commands/export": _COMMAND,
    "commands/check": _COMMAND,
    "commands/import": _COMMAND,
    "commands/unchanged": _COMMAND,
    "commands/start": Goal(0.12, "s of the processor"),
    "commands/start-platform": Goal(0.45, "s of the processor"),
    "memory/export": Goal(48, "MB"),
    "memory/check": _MEMORY,
    "memory/import": _MEMORY,
    "memory/check-big": _MEMORY_BIG,
    "memory/import-big": _MEMORY_BIG,
    "memory/server-check": _MEMORY,
    "memory/server-import": _MEMORY,
    "memory/client": Goal(60, "MB"),
    "growth/exponent": Goal(1.05, ""),
    "requests/list": Goal(1.5, "ms"),
    "requests/show": Goal(1.5, "ms"),
    "requests/save": Goal(4, "ms"),
    "requests/export": Goal(5, "ms"),
    "reading/p99": Goal(20, "ms"),
    "crowd/ratio": Goal(2, "x"),
}


def goal_of(key: str, count: int) -> Goal | None:
    """The goal of that name, if it holds for runs of this size."""
    goal = GOALS.get(key)
    return None if goal is None or (goal.usual and count != USUAL) else goal
