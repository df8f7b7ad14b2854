"""Rules about time zones, schedules that are over, and parameter values."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

from jobferry.model.document.problem import pointer
from jobferry.model.document.zones import moment_of
from jobferry.model.kinds import ObjectKind
from jobferry.model.transfer.arrival import Passage
from jobferry.model.transfer.finding import Finding, Severity
from jobferry.model.transfer.policy import ZoneMode


def time_zones_differ(passage: Passage) -> Iterator[Finding]:
    """Cron expressions are meant in another zone than the workspace's, and nobody relabels them."""
    if passage.options.time_zone is not None or passage.options.zone_mode is ZoneMode.KEEP:
        return
    zones = passage.options.mapping.zones
    jobs: dict[str, list[str]] = {}
    for arrival in passage.written:
        for zone in {zones.get(zone, zone) for zone, _ in arrival.item.facts.zones}:
            if not passage.view.is_local_zone(zone):
                jobs.setdefault(zone, []).append(arrival.name)
    for zone, names in jobs.items():
        yield Finding(
            code="time-zone-differs",
            severity=Severity.WARN,
            kind="package",
            name="",
            args={
                "zone": zone,
                "local": passage.view.settings.time_zone,
                "count": str(len(names)),
                "example": names[0],
            },
        )


def schedules_cannot_be_converted(passage: Passage) -> Iterator[Finding]:
    """No expression in the chosen time zone fires at the instants of this one."""
    for arrival in passage.written:
        for shift in arrival.shifts:
            if not shift.made:
                yield Finding(
                    code="schedule-not-convertible",
                    severity=Severity.BLOCK,
                    kind=arrival.kind,
                    name=arrival.name,
                    path=pointer((*shift.path[:-1], "expression")),
                    args={"expression": shift.expression[:80], "zone": shift.zone, "there": shift.there},
                )


def schedules_have_ended(passage: Passage) -> Iterator[Finding]:
    """A schedule ends before now, so that the job will never be started by it."""
    zone_here = passage.view.settings.time_zone
    now = datetime.fromtimestamp(passage.view.now // 1000, UTC)
    for arrival in passage.written:
        facts = arrival.item.facts
        zones = {path[:-1]: zone for zone, path in facts.zones}
        for end, path in facts.ends:
            moment = moment_of(end, zones.get(path[:-1]) or zone_here)
            if moment is not None and moment < now:
                yield Finding(
                    code="schedule-ended",
                    severity=Severity.WARN,
                    kind=arrival.kind,
                    name=arrival.name,
                    path=pointer(path),
                    args={"end": end[:80]},
                )


def overrides_miss(passage: Passage) -> Iterator[Finding]:
    """A parameter value is given for a job that is not in the package or does not define the parameter."""
    jobs = {
        arrival.item.entry.name: arrival.item.facts
        for arrival in passage.arrivals
        if arrival.kind is ObjectKind.JOB
    }
    for name, values in passage.options.job_params.items():
        if name not in jobs:
            yield Finding(code="override-unknown", severity=Severity.WARN, kind=ObjectKind.JOB, name=name)
            continue
        defined = {parameter for parameter, _ in jobs[name].parameters}
        for parameter in sorted(values.keys() - defined):
            yield Finding(
                code="parameter-unknown",
                severity=Severity.WARN,
                kind=ObjectKind.JOB,
                name=name,
                args={"parameter": parameter},
            )
