"""When jobs run next, by the schedules of their live versions. Nothing is started here."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from jobferry.errors import ErrorCode, InvalidRequest
from jobferry.model.document.cron import next_times
from jobferry.model.document.node import opened
from jobferry.model.document.text import parse_known
from jobferry.model.document.times import moment_of
from jobferry.model.kinds import ObjectKind
from jobferry.model.next_runs import MOST_JOBS, JobRuns, NoRuns
from jobferry.model.people import Grant
from jobferry.model.records import StoredObject
from jobferry.model.rights import Action
from jobferry.model.settings import read_settings
from jobferry.sentences import sentence
from jobferry.services.object_access import missing
from jobferry.services.runtime import Runtime


class RunTimes:
    """The next runs of the jobs of a workspace."""

    def __init__(self, runtime: Runtime) -> None:
        self._runtime = runtime

    def of_job(self, grant: Grant, name: str, count: int) -> JobRuns:
        """The next runs of a job.

        Raises:
            Forbidden: the caller may not look at jobs.
            NotFound: there is no such job.
        """
        self._runtime.allow(grant, Action.JOB_VIEW, kind=ObjectKind.JOB, subject=name)
        found = self.of_jobs(grant, [name], count)[0]
        if found.reason is NoRuns.JOB_MISSING:
            raise missing(ObjectKind.JOB, name)
        return found

    def of_jobs(self, grant: Grant, names: Iterable[str], count: int) -> list[JobRuns]:
        """The next runs of some jobs, in the order of their names as they were asked for, each once.

        Raises:
            Forbidden: the caller may not look at jobs.
            InvalidRequest: these are more than 200 jobs (``invalid-value``).
        """
        wanted = list(dict.fromkeys(names))
        self._runtime.allow(grant, Action.JOB_VIEW, kind=ObjectKind.JOB)
        if len(wanted) > MOST_JOBS:
            raise InvalidRequest(
                ErrorCode.INVALID_VALUE,
                sentence(
                    "{count:job} are named; at most {limit} can be asked about at a time",
                    count=len(wanted),
                    limit=MOST_JOBS,
                ),
                subject="names",
                hint="ask in several calls",
            )
        with self._runtime.store.read() as snapshot:
            here = snapshot.objects.by_names(grant.workspace.id, ObjectKind.JOB, wanted)
            jobs = {name: job for name, job in here.items() if grant.reaches(job)}
            digests = {job.live_digest for job in jobs.values()} - {""}
            texts = dict(snapshot.contents.texts(sorted(digests)))
        return [self._runs(grant, name, jobs.get(name), texts, count) for name in wanted]

    def _runs(
        self, grant: Grant, name: str, job: StoredObject | None, texts: dict[str, bytes], count: int
    ) -> JobRuns:
        if job is None:
            return JobRuns(name, None, [], "", "", None, [], NoRuns.JOB_MISSING)
        text = texts.get(job.live_digest)
        if text is None:
            return JobRuns(name, job.state, list(job.held), "", "", None, [], NoRuns.NOT_SUBMITTED)
        schedule = opened(parse_known(text), "schedule")
        cron = opened(schedule, "cron")
        expression = _text(cron, "expression")
        zone = _text(cron, "expressionTimeZone") or read_settings(grant.workspace.settings).time_zone
        end = moment_of(_text(cron, "endTime"), zone)
        runs, reason = self._told(schedule, cron, (expression, zone), end, count)
        ends = None if end is None else int(end.timestamp() * 1000)
        return JobRuns(name, job.state, list(job.held), expression, zone, ends, runs, reason)

    def _told(
        self,
        schedule: dict[str, Any],
        cron: dict[str, Any],
        clock: tuple[str, str],
        end: datetime | None,
        count: int,
    ) -> tuple[list[int], NoRuns | None]:
        kind, (expression, zone) = _text(schedule, "type"), clock
        if kind in ("EXECUTE_ONCE", "EVENT"):
            return [], NoRuns.ONCE if kind == "EXECUTE_ONCE" else NoRuns.EVENT
        if not expression:
            return [], NoRuns.NO_SCHEDULE
        now = datetime.fromtimestamp(self._runtime.now() // 1000, UTC)
        start = moment_of(_text(cron, "startTime"), zone) or now
        times = next_times(expression, zone, max(now, start), count, end=end)
        if times is None:
            return [], NoRuns.NOT_EVALUATED
        runs = [int(time.timestamp()) * 1000 for time in times]
        return runs, None if runs else NoRuns.ENDED


def _text(place: dict[str, Any], key: str) -> str:
    value = place.get(key)
    return value if isinstance(value, str) else ""
