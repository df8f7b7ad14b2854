"""Cron expressions: whether they are legal, when they fire, and the same instants in another time zone.

Legal is what the Factory API documents, with the spellings of Quartz beside it: six or seven fields, which
are seconds (0), minutes, hours, days of the month (``L``, ``W``, ``C``), months, days of the week (1 is
Sunday; ``L``, ``C``, ``#``) and years; months and days of the week also by name.
Evaluated is what Quartz takes; no calendar is consulted, so that ``C`` changes nothing. Said in another time
zone are minutes, hours and numbered days of every month only.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta, tzinfo
from functools import lru_cache
from itertools import islice, takewhile
from typing import NamedTuple

from jobferry.model.document.cron_days import MONTHS, WEEKDAYS, Days, days_of, values_of
from jobferry.model.document.times import clock_of

_PART = re.compile(
    r"(?P<every>\*)?(?P<first>[A-Z]{3}|\d{1,4})?(?:-(?P<last>[A-Z]{3}|\d{1,4}))?(?:/(?P<step>\d{1,4}))?\Z",
    re.ASCII,
)
_DAY_WORD = re.compile(r"L(?:-(?:[12]?[1-9]|[123]0))?W?\Z|(?:0?[1-9]|[12][0-9]|3[01])[WC]\Z")
_WEEKDAY_WORD = re.compile(rf"L\Z|(?:[1-7]|{'|'.join(WEEKDAYS)})(?:[LC]|#[1-5])\Z")
_MONTH = 4
_DAY = 24 * 60
_LONGEST = 200
_COMPARED = [datetime(2026, 1, 1, tzinfo=UTC) + timedelta(hours=6 * step) for step in range(4 * 731)]
"""Moments of two years at which the distance of two zones is compared."""


class CronFault(NamedTuple):
    """What is wrong with one field of an expression: ``field`` counts from 1, ``value`` is empty where the
    field is missing, ``allowed`` says what may stand there, and is empty where nothing may."""

    field: int
    value: str
    allowed: str


class _Field(NamedTuple):
    """What may stand in one field. ``words`` are spellings besides numbers, ``names`` stand for numbers."""

    low: int
    high: int
    allowed: str
    names: tuple[str, ...] = ()
    words: re.Pattern[str] | None = None
    blank: bool = False


_FIELDS = (
    _Field(0, 0, "0"),
    _Field(0, 59, "0-59 , - * /"),
    _Field(0, 23, "0-23 , - * /"),
    _Field(1, 31, "1-31 , - * ? / L W C", words=_DAY_WORD, blank=True),
    _Field(1, 12, "1-12 , - * /", names=MONTHS),
    _Field(1, 7, "1-7 , - * ? / L C #", names=WEEKDAYS, words=_WEEKDAY_WORD, blank=True),
    _Field(1970, 2099, "1970-2099 , - * /", blank=True),
)
_LEAST_FIELDS = 6


class Times(NamedTuple):
    """An expression of every month, evaluated; ``days`` and ``weekdays`` are None where every day counts."""

    minutes: frozenset[int]
    hours: frozenset[int]
    days: frozenset[int] | None
    weekdays: frozenset[int] | None


class _Firing(NamedTuple):
    """Any expression, evaluated."""

    minutes: frozenset[int]
    hours: frozenset[int]
    on: Days

    def moments(self, clock: tzinfo, start: datetime) -> Iterator[datetime]:
        """When it fires from a moment on, in UTC and in order.

        A time that the clocks skip is left out; one that comes twice counts the first time.
        """
        wall_clock = sorted(time(hour, minute) for hour in self.hours for minute in self.minutes)
        for day in self.on.from_on(start.astimezone(clock).date()):
            for at in wall_clock:
                wall = datetime.combine(day, at, clock)
                moment = wall.astimezone(UTC)
                back = moment.astimezone(clock)
                if moment >= start and back.replace(tzinfo=None) == wall.replace(tzinfo=None):
                    yield moment


def cron_faults(expression: str) -> tuple[CronFault, ...]:
    """Every field that can never be; nothing for a legal expression.

    A legal one need not be evaluated here. Ranges may run over the end (``22-2``), as in Quartz.
    """
    return (_known_faults if len(expression) <= _LONGEST else _faults)(expression)


def is_monthly(expression: str) -> bool:
    """Whether a legal expression names months: the service documents only ``*`` there."""
    return expression.split()[_MONTH] != "*"


def _faults(expression: str) -> tuple[CronFault, ...]:
    fields = expression.split()
    wrong = [
        CronFault(number, value, field.allowed)
        for number, (value, field) in enumerate(zip(fields, _FIELDS, strict=False), 1)
        if not (field.blank and value == "?")
        and not all(_fits(one, field) for one in value.upper().split(","))
    ]
    if len(fields) < _LEAST_FIELDS:
        wrong.append(CronFault(len(fields) + 1, "", _FIELDS[len(fields)].allowed))
    if len(fields) > len(_FIELDS):
        wrong.append(CronFault(len(_FIELDS) + 1, fields[len(_FIELDS)], ""))
    return tuple(wrong)


_known_faults = lru_cache(maxsize=4096)(_faults)


def _fits(piece: str, field: _Field) -> bool:
    """Whether one piece of a list may stand in the field."""
    if field.high == 0:
        return piece == "0"
    if field.words is not None and field.words.match(piece):
        return True
    read = _PART.match(piece)
    if read is None or (read["every"] and (read["first"] or read["last"])):
        return False
    if not read["every"] and read["first"] is None and (read["last"] or not read["step"]):
        return False
    ends = [_number(end, field) for end in (read["first"], read["last"]) if end is not None]
    is_inside = all(field.low <= end <= field.high for end in ends)
    return is_inside and (read["step"] is None or 1 <= int(read["step"]) <= field.high)


def _number(end: str, field: _Field) -> int:
    """What an end of a range stands for; -1 for a name that the field does not know."""
    if end.isdigit():
        return int(end)
    return field.low + field.names.index(end) if end in field.names else -1


def fire_times(expression: str, zone: str, start: datetime, days: int = 7) -> list[datetime] | None:
    """When it fires within so many days, in UTC; None where the expression or zone is not evaluated.

    A time that the clocks skip is left out; one that comes twice counts the first time.
    """
    found, end = _moments(expression, zone, start), start + timedelta(days=days)
    return None if found is None else list(takewhile(lambda moment: moment < end, found))


def next_times(
    expression: str, zone: str, start: datetime, count: int, *, end: datetime | None = None
) -> list[datetime] | None:
    """The next times at which it fires, in UTC, as :func:`fire_times` finds them; none after ``end``."""
    found = _moments(expression, zone, start)
    if found is None:
        return None
    return list(islice(takewhile(lambda moment: end is None or moment <= end, found), count))


def _moments(expression: str, zone: str, start: datetime) -> Iterator[datetime] | None:
    firing, clock = _firing(expression), clock_of(zone)
    return None if firing is None or clock is None else firing.moments(clock, start)


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
    times = times_of(expression)
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


def times_of(expression: str) -> Times | None:
    """When it fires; None for an expression that names more than numbered days, and for one that is none."""
    found = _firing(expression)
    if found is None or not found.on.is_plain:
        return None
    return Times(found.minutes, found.hours, found.on.days, found.on.weekdays)


def _firing(expression: str) -> _Firing | None:
    fields = expression.upper().split()
    if len(expression) > _LONGEST or len(fields) not in (6, 7) or fields[0] != "0":
        return None
    minutes, hours = values_of(fields[1], 0, 59), values_of(fields[2], 0, 23)
    day, month, weekday, year = [*fields[3:], "*"][:4]
    on = days_of(day, month, weekday, year)
    if minutes is None or hours is None or on is None:
        return None
    return _Firing(minutes, hours, on)


def _said(values: set[int], count: int, low: int = 0) -> str:
    if len(values) == count:
        return "*"
    return ",".join(str(value) for value in sorted(values)) if values else str(low)
