"""Rules about how much a workspace holds."""

from __future__ import annotations

from collections.abc import Iterator

from jobferry.model.kinds import JobType, ObjectKind
from jobferry.model.names import ancestors
from jobferry.model.transfer.arrival import Arrival, Intent, Passage
from jobferry.model.transfer.finding import Finding, Severity


def _over(arrival: Arrival, number: int, limit: int, things: str, setting: str) -> Finding:
    args = {"number": str(number), "limit": str(limit), "things": things, "setting": setting}
    return Finding(
        code="quota-reached", severity=Severity.BLOCK, kind=arrival.kind, name=arrival.name, args=args
    )


def objects_exceed_quota(passage: Passage) -> Iterator[Finding]:
    """More jobs, real-time jobs or scripts than the workspace holds; those beyond the limit stay out."""
    limits = passage.view.settings.reading.limits
    allowed = {
        "jobs": (limits.jobs, "max_jobs"),
        "real-time jobs": (limits.real_time_jobs, "max_real_time_jobs"),
        "scripts": (limits.scripts, "max_scripts"),
    }
    counts = dict(passage.view.counts)
    for arrival in passage.written:
        if arrival.intent is not Intent.CREATE:
            continue
        for things in _counted_as(arrival):
            counts[things] = counts.get(things, 0) + 1
            limit, setting = allowed[things]
            if counts[things] > limit:
                yield _over(arrival, counts[things], limit, things, setting)


def _counted_as(arrival: Arrival) -> tuple[str, ...]:
    if arrival.kind is ObjectKind.SCRIPT:
        return ("scripts",)
    if arrival.kind is not ObjectKind.JOB:
        return ()
    real_time = arrival.item.facts.subtype == JobType.REAL_TIME
    return ("jobs", "real-time jobs") if real_time else ("jobs",)


def directories_exceed_quota(passage: Passage) -> Iterator[Finding]:
    """More directories than the workspace holds, for jobs and for scripts apart."""
    limit = passage.view.settings.reading.limits.directories
    there = {kind: set(paths) for kind, paths in passage.view.directories.items()}
    for arrival in passage.written:
        stays = arrival.target is not None and arrival.target.directory == arrival.directory
        if stays or arrival.kind not in (ObjectKind.JOB, ObjectKind.SCRIPT):
            continue
        paths = there.setdefault(arrival.kind, set())
        paths.update(ancestors(arrival.directory))
        if len(paths) > limit:
            yield _over(arrival, len(paths), limit, "directories", "max_directories")
