"""When a job runs next, and why that cannot be told."""

from __future__ import annotations

from enum import StrEnum

from msgspec import Struct

from jobferry.model.kinds import SchedulingState

MOST_JOBS = 200
MOST_RUNS = 50


class NoRuns(StrEnum):
    """Why no next runs are told."""

    JOB_MISSING = "job-missing"
    NOT_SUBMITTED = "not-submitted"
    NO_SCHEDULE = "no-schedule"
    ONCE = "once"
    EVENT = "event"
    NOT_EVALUATED = "not-evaluated"
    ENDED = "ended"


class JobRuns(Struct, frozen=True):
    """The next runs of a job, in milliseconds since 1970 (UTC), if it is started and not held.

    ``zone`` is where the expression is read, ``end`` when the schedule ends (None for never), and ``reason``
    why there are no ``runs``.
    """

    name: str
    state: SchedulingState | None
    held: list[str]
    expression: str
    zone: str
    end: int | None
    runs: list[int]
    reason: NoRuns | None
