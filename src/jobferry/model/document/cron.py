"""When cron expressions fire, and the same instants said in another time zone.

Read is what the Factory API documents: seconds 0, minutes, hours, days of the month or of the week (1 is
Sunday), every month. What is beyond that (``L``, ``W``, ``C``, ``#``, a year) is not evaluated.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import NamedTuple

from jobferry.model.document.zones import clock_of

_PIECE = re.compile(r"(?:\*|(\d{1,2})(?:-(\d{1,2}))?)(?:/(\d{1,2}))?\Z")
_EVERY = ("*", "?")
_DAY = 24 * 60
_LONGEST = 200
_COMPARED = [datetime(2026, 1, 1, tzinfo=UTC) + timedelta(hours=6 * step) for step in range(4 * 731)]
"""Moments of two years at which the distance of two zones is compared."""


class _Times(NamedTuple):
    """An expression, read; ``days`` and ``weekdays`` are None where every day counts."""

    minutes: frozenset[int]
    hours: frozenset[int]
    days: frozenset[int] | None
    weekdays: frozenset[int] | None


def fire_times(expression: str, zone: str, start: datetime, days: int = 7) -> list[datetime] | None:
    """When it fires within so many days, in UTC; None where the expression or zone is not evaluated.

    A time that the clocks skip is left out; one that comes twice counts the first time.
    """
    times, clock = _read(expression), clock_of(zone)
    if times is None or clock is None:
        return None
    end = start + timedelta(days=days)
    found: set[datetime] = set()
    first = start.astimezone(clock).date()
    for later in range(days + 2):
        date = first + timedelta(days=later)
        if times.days is not None and date.day not in times.days:
            continue
        if times.weekdays is not None and date.isoweekday() % 7 + 1 not in times.weekdays:
            continue
        for minute in (hour * 60 + minute for hour in times.hours for minute in times.minutes):
            wall = datetime(date.year, date.month, date.day, minute // 60, minute % 60, tzinfo=clock)
            moment = wall.astimezone(UTC)
            if start <= moment < end and moment.astimezone(clock).replace(tzinfo=None) == wall.replace(
                tzinfo=None
            ):
                found.add(moment)
    return sorted(found)


@lru_cache(maxsize=1024)
def converted(expression: str, zone: str, there: str) -> str | None:
    """The expression that fires at the same instants when it is read in another zone; None if there is none.

    There is none where the zones are not equally far apart all year, where the times would fall on different
    days, or where the expression is not evaluated.
    """
    distance = _distance(zone, there)
    if distance is None:
        return None
    if distance == 0:
        return expression
    times = _read(expression)
    if times is None:
        return None
    moved = {hour * 60 + minute + distance for hour in times.hours for minute in times.minutes}
    minutes, hours = {one % 60 for one in moved}, {one % _DAY // 60 for one in moved}
    carried = {one // _DAY for one in moved}
    if len(minutes) * len(hours) != len({one % _DAY for one in moved}):
        return None
    fields = expression.split()
    if times.days is not None or times.weekdays is not None:
        if len(carried) > 1 or (times.days is not None and carried != {0}):
            return None
        if times.weekdays is not None and carried != {0}:
            (step,) = carried
            fields[5] = _said({(day - 1 + step) % 7 + 1 for day in times.weekdays}, 7, 1)
    fields[1] = fields[1] if minutes == times.minutes else _said(minutes, 60)
    fields[2] = fields[2] if hours == times.hours else _said(hours, 24)
    return " ".join(fields)


def _distance(zone: str, there: str) -> int | None:
    """How many minutes later the clocks of the other zone are, all year."""
    one, other = clock_of(zone), clock_of(there)
    if one is None or other is None:
        return None
    found = {
        (moment.astimezone(other).utcoffset() or timedelta())
        - (moment.astimezone(one).utcoffset() or timedelta())
        for moment in _COMPARED
    }
    distance = found.pop()
    whole, rest = divmod(distance, timedelta(minutes=1))
    return None if found or rest else whole


def _read(expression: str) -> _Times | None:
    fields = expression.split()
    if len(expression) > _LONGEST or len(fields) not in (6, 7) or fields[0] != "0" or fields[4] not in _EVERY:
        return None
    if len(fields) == 7 and fields[6] not in _EVERY:
        return None
    minutes, hours = _values(fields[1], 0, 59), _values(fields[2], 0, 23)
    days = None if fields[3] in _EVERY else _values(fields[3], 1, 31)
    weekdays = None if fields[5] in _EVERY else _values(fields[5], 1, 7)
    both = fields[3] not in _EVERY and fields[5] not in _EVERY
    unread = (days is None and fields[3] not in _EVERY) or (weekdays is None and fields[5] not in _EVERY)
    if minutes is None or hours is None or both or unread:
        return None
    return _Times(minutes, hours, days, weekdays)


def _values(field: str, low: int, high: int) -> frozenset[int] | None:
    found: set[int] = set()
    for piece in field.split(","):
        read = _PIECE.match(piece)
        if read is None or read[3] == "0":
            return None
        first = low if read[1] is None else int(read[1])
        last = int(read[2]) if read[2] else high if read[1] is None or read[3] else first
        if not low <= first <= last <= high:
            return None
        found.update(range(first, last + 1, int(read[3] or 1)))
    return frozenset(found)


def _said(values: set[int], count: int, low: int = 0) -> str:
    if len(values) == count:
        return "*"
    return ",".join(str(one) for one in sorted(values)) if values else str(low)
