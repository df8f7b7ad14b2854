"""The order in which objects land: resources, scripts, CDM definitions, then jobs, upstream first."""

from __future__ import annotations

import heapq
from collections.abc import Iterable

from jobferry.model.kinds import NeedKind, ObjectKind
from jobferry.model.transfer.arrival import Arrival
from jobferry.model.transfer.planned.departure import Departure

_KINDS = (ObjectKind.RESOURCE, ObjectKind.SCRIPT, ObjectKind.CDM)


def ordered(arrivals: Iterable[Arrival]) -> list[Arrival]:
    """All arrivals in landing order; by name where nothing else decides, so the same every time."""
    by_kind: dict[ObjectKind, list[Arrival]] = {kind: [] for kind in ObjectKind}
    for arrival in arrivals:
        by_kind[arrival.kind].append(arrival)
    landing: list[Arrival] = []
    for kind in _KINDS:
        landing += sorted(by_kind[kind], key=_name)
    return landing + _upstream_first(by_kind[ObjectKind.JOB])


def leaving_order(departures: Iterable[Departure]) -> list[Departure]:
    """All departures: jobs first, since they use the others, then by name."""
    kinds = [ObjectKind.JOB, *reversed(_KINDS)]
    return sorted(departures, key=lambda one: (kinds.index(one.target.kind), one.target.name))


def _name(arrival: Arrival) -> str:
    return arrival.name


def _upstream_first(jobs: list[Arrival]) -> list[Arrival]:
    """Jobs after those they run or wait for; jobs in a circle come last, by name."""
    by_name = {job.name: job for job in jobs}
    waits_for = {
        job.name: {
            one.name
            for one in job.references
            if one.kind is NeedKind.JOB and not one.workspace and one.name in by_name and one.name != job.name
        }
        for job in jobs
    }
    return [by_name[name] for name in upstream_first_names(waits_for)]


def upstream_first_names(waits_for: dict[str, set[str]]) -> list[str]:
    """Names after those they wait for, all of which are keys too; those in a circle come last, by name."""
    followers: dict[str, list[str]] = {name: [] for name in waits_for}
    for name, before in waits_for.items():
        for upstream in before:
            followers[upstream].append(name)
    open_counts = {name: len(before) for name, before in waits_for.items()}
    ready = [name for name, count in open_counts.items() if count == 0]
    heapq.heapify(ready)
    landing: list[str] = []
    while ready:
        name = heapq.heappop(ready)
        landing.append(name)
        for follower in followers[name]:
            open_counts[follower] -= 1
            if open_counts[follower] == 0:
                heapq.heappush(ready, follower)
    circling = sorted(waits_for.keys() - set(landing))
    return [*landing, *circling]
