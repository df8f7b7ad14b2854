"""Jobs that wait for each other in a circle, or for themselves: none of them would ever start.

Only waiting for the *same* period counts: a job that waits for the former run of another one, or of itself,
starts as soon as that has ended.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Mapping, Set
from typing import Any

import msgspec

from jobferry.model.document.node import listed, opened

_SHOWN = 20
_SEARCHED = 100
"""So many circles of one knot are looked for; what is left of its jobs is told the last of them."""

Waits = Mapping[str, Set[str]]
"""By the names of jobs, those that they wait for."""


class Circle(msgspec.Struct, frozen=True):
    """Jobs of which each waits for the next and the last for the first; ``is_new`` unless all of that is here
    already.

    ``jobs`` are those of which this is to be told: they are in it, or wait for it while it waits for them.
    """

    names: tuple[str, ...]
    jobs: frozenset[str]
    is_new: bool = True

    @property
    def told(self) -> str:
        """The circle in words; of a very long one the beginning and how many more there are."""
        names = [*self.names[:_SHOWN]]
        if len(self.names) > _SHOWN:
            names.append(f"… ({len(self.names) - _SHOWN})")
        return " → ".join([*names, self.names[0]])


def waited_for_at_once(document: dict[str, Any], workspace: str) -> set[str]:
    """The jobs of its own workspace that a job waits for in the same period.

    ``dependPeriod`` is SAME_PERIOD where it is not said; ``dependOnLastPeriod`` says the opposite of one job.
    Only a schedule of the type CRON waits for jobs.
    """
    schedule = opened(document, "schedule")
    depend = opened(opened(schedule, "cron"), "dependJobs")
    if str(schedule.get("type") or "CRON").upper() != "CRON":
        return set()
    if str(depend.get("dependPeriod") or "SAME_PERIOD").upper() != "SAME_PERIOD":
        return set()
    jobs = depend.get("jobs")
    found = {name for name in (jobs if isinstance(jobs, list) else ()) if isinstance(name, str) and name}
    for item in listed(depend, "sameWorkSpaceJobs"):
        found |= _named(item)
    for item in listed(depend, "otherWorkSpaceJobs"):
        if item.get("workSpace") == workspace:
            found |= _named(item)
    return found


def _named(item: dict[str, Any]) -> set[str]:
    name, former = item.get("jobName"), item.get("dependOnLastPeriod")
    is_former = former not in (None, False, "") and str(former).lower() != "false"
    return {name} if isinstance(name, str) and name and not is_former else set()


def circles_through(names: Set[str], waits: Waits) -> Iterator[Circle]:
    """The circles that jobs of ``names`` are in, each job in one of them."""
    for knot in knots(waits):
        untold = knot & names
        for _ in range(_SEARCHED):
            if not untold:
                break
            circle = _shortest(min(untold), knot, waits)
            yield Circle(circle, untold & set(circle))
            untold -= set(circle)
        if untold:
            yield Circle(_shortest(min(untold), knot, waits), untold)


def knots(waits: Waits) -> Iterator[frozenset[str]]:
    """The largest sets of jobs that all wait for each other, through others or at once (Tarjan 1972)."""
    found = _Knots(waits)
    for name in waits:
        if name not in found.order:
            yield from found.behind(name)


class _Knots:
    """One walk through who waits for whom, without recursion: a chain may be as long as there are jobs."""

    def __init__(self, waits: Waits) -> None:
        self._waits = waits
        self.order: dict[str, int] = {}
        self._lowest: dict[str, int] = {}
        self._open: dict[str, None] = {}

    def behind(self, root: str) -> Iterator[frozenset[str]]:
        """The knots that are reached from a job and were not yet."""
        path = [(root, self._entered(root))]
        while path:
            name, rest = path[-1]
            following = next(rest, None)
            if following is None:
                path.pop()
                if path:
                    self._lower(path[-1][0], self._lowest[name])
                yield from self._closed(name)
            elif following in self._waits and following not in self.order:
                path.append((following, self._entered(following)))
            elif following in self._open:
                self._lower(name, self.order[following])

    def _entered(self, name: str) -> Iterator[str]:
        self.order[name] = self._lowest[name] = len(self.order)
        self._open[name] = None
        return iter(self._waits[name])

    def _lower(self, name: str, to: int) -> None:
        self._lowest[name] = min(self._lowest[name], to)

    def _closed(self, name: str) -> Iterator[frozenset[str]]:
        if self._lowest[name] != self.order[name]:
            return
        knot = [self._open.popitem()[0]]
        while knot[-1] != name:
            knot.append(self._open.popitem()[0])
        if len(knot) > 1 or name in self._waits[name]:
            yield frozenset(knot)


def _shortest(name: str, knot: frozenset[str], waits: Waits) -> tuple[str, ...]:
    """The shortest circle from a job of a knot back to it."""
    came: dict[str, str] = {}
    waiting = deque([name])
    while True:
        here = waiting.popleft()
        for following in sorted(waits[here] & knot):
            if following == name:
                return _walked(name, here, came)
            if following not in came:
                came[following] = here
                waiting.append(following)


def _walked(name: str, last: str, came: Mapping[str, str]) -> tuple[str, ...]:
    walked = [last]
    while walked[-1] != name:
        walked.append(came[walked[-1]])
    return tuple(reversed(walked))
