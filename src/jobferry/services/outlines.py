"""Outlines of jobs: nodes, schedule with its next times, parameters, without sensitive values."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import NamedTuple

from jobferry.model.document.cron import next_times
from jobferry.model.document.outline import Outline, OutlineSchedule, outline_of
from jobferry.model.document.sensitive import compiled, sensitive_places
from jobferry.model.document.text import parse_known
from jobferry.model.document.times import moment_of
from jobferry.model.kinds import ObjectKind
from jobferry.model.people import Grant
from jobferry.model.records import StoredObject
from jobferry.model.rights import Action
from jobferry.model.settings import read_settings
from jobferry.services.objects import ObjectLibrary
from jobferry.services.runtime import Runtime

_NEXT = 5


class JobOutline(NamedTuple):
    """A job with one of its texts in outline; ``version`` is 0 for the draft.

    ``next_runs`` are times (ms) at which its schedule fires next; None where it has no cron expression, or
    one that is not evaluated. ``zone`` is where its expression is read.
    """

    stored: StoredObject
    version: int
    outline: Outline
    zone: str
    next_runs: list[int] | None


class Outlines:
    """Jobs as people look at them."""

    def __init__(self, runtime: Runtime, library: ObjectLibrary) -> None:
        self._runtime = runtime
        self._library = library

    def of(self, grant: Grant, name: str, *, version: int | None = None, live: bool = False) -> JobOutline:
        """A job's draft, its live version, or a version by number, in outline.

        Raises:
            Forbidden: the caller may not look at jobs.
            NotFound: there is no such job, or it has no such version.
        """
        self._runtime.allow(grant, Action.JOB_VIEW, kind=ObjectKind.JOB, subject=name)
        shown = self._library.show(grant, ObjectKind.JOB, name, version=version, live=live)
        settings = read_settings(grant.workspace.settings)
        document = parse_known(shown.text)
        places = frozenset(sensitive_places(document, compiled(settings.fact_rules.patterns)))
        outline = outline_of(document, places)
        zone = outline.schedule.zone or settings.time_zone
        runs = self._next_runs(outline.schedule, zone)
        return JobOutline(shown.stored, shown.version, outline, zone, runs)

    def _next_runs(self, schedule: OutlineSchedule, zone: str) -> list[int] | None:
        if schedule.type != "CRON" or not schedule.expression:
            return None
        now = datetime.fromtimestamp(self._runtime.now() // 1000, UTC)
        start = moment_of(schedule.start, zone) if schedule.start else None
        end = moment_of(schedule.end, zone) if schedule.end else None
        times = next_times(schedule.expression, zone, max(now, start or now), _NEXT, end=end)
        return None if times is None else [int(one.timestamp()) * 1000 for one in times]
