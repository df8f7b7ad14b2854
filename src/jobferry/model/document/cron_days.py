"""On which days a cron expression fires: days of the month, months, days of the week and years, as Quartz
reads them. Whether an expression is legal, ``cron`` says."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterator
from datetime import date, timedelta
from typing import NamedTuple

MONTHS = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")
WEEKDAYS = ("SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT")
EVERY = ("*", "?")
FIRST_YEAR, LAST_YEAR = 1970, 2099
_SATURDAY, _SUNDAY = 5, 6
_PIECE = re.compile(
    r"(?:\*|(?P<first>\w+)(?:-(?P<last>\w+))?)?(?:/(?P<step>\d{1,4}))?\Z",
    re.ASCII,
)
_LAST = re.compile(r"L(?:-(?P<before>\d{1,2}))?(?P<near>W)?\Z")
_NEAR = re.compile(r"(?P<day>\d{1,2})W\Z")
_WEEKDAY = re.compile(r"(?P<day>\w+?)(?:(?P<last>L)|#(?P<nth>[1-5]))\Z", re.ASCII)


class PlacedDay(NamedTuple):
    """A day of the month by its place: ``day``, or so many days ``before`` the last; with ``is_near`` the
    working day next to it in the same month."""

    day: int = 0
    before: int = 0
    is_near: bool = False

    def of(self, year: int, month: int) -> int:
        """Which day that is in a month; 0 where it has none such."""
        last = monthrange(year, month)[1]
        day = self.day or last - self.before
        if not 1 <= day <= last:
            return 0
        return _working_day(year, month, day, last) if self.is_near else day


class PlacedWeekday(NamedTuple):
    """A day of the week by its place in the month: the ``nth``, or the last where that is 0."""

    weekday: int
    nth: int = 0

    def of(self, year: int, month: int) -> int:
        """Which day that is in a month; 0 where it has none such."""
        last = monthrange(year, month)[1]
        first = 1 + (self.weekday - 1 - date(year, month, 1).isoweekday() % 7) % 7
        day = first + 7 * (self.nth - 1) if self.nth else last - (last - first) % 7
        return day if day <= last else 0


class Days(NamedTuple):
    """The days of an expression; what is None does not narrow."""

    days: frozenset[int] | None = None
    weekdays: frozenset[int] | None = None
    months: frozenset[int] | None = None
    years: frozenset[int] | None = None
    placed: PlacedDay | PlacedWeekday | None = None

    @property
    def is_plain(self) -> bool:
        """Whether only numbered days of every month, or of every week, are meant."""
        return (self.months, self.years, self.placed) == (None, None, None)

    def from_on(self, first: date) -> Iterator[date]:
        """These days in their order, from one on, as far as expressions go."""
        for year in range(first.year, LAST_YEAR + 1):
            if self.years is not None and year not in self.years:
                continue
            for month in range(1, 13):
                if (year, month) < (first.year, first.month):
                    continue
                if self.months is None or month in self.months:
                    yield from (day for day in self._within(year, month) if day >= first)

    def _within(self, year: int, month: int) -> Iterator[date]:
        if self.placed is not None:
            if number := self.placed.of(year, month):
                yield date(year, month, number)
            return
        day = date(year, month, 1)
        while day.month == month:
            if (self.days is None or day.day in self.days) and (
                self.weekdays is None or day.isoweekday() % 7 + 1 in self.weekdays
            ):
                yield day
            day += timedelta(days=1)


def days_of(day: str, month: str, weekday: str, year: str) -> Days | None:
    """The days that four fields name; None where Quartz itself takes no such combination, or one is none."""
    if day not in EVERY and weekday not in EVERY:
        return None
    placed = _placed_day(day) or _placed_weekday(weekday)
    found = Days(
        days=None if placed else _narrowed(day.replace("C", ""), 1, 31),
        weekdays=None if placed else _narrowed(_plain_weekday(weekday), 1, 7, WEEKDAYS),
        months=_narrowed(month, 1, 12, MONTHS),
        years=_narrowed(year, FIRST_YEAR, LAST_YEAR),
        placed=placed,
    )
    return None if any(part == frozenset() for part in found) else found


def values_of(field: str, low: int, high: int, names: tuple[str, ...] = ()) -> frozenset[int] | None:
    """The numbers of a field; None for what it cannot hold. Ranges may run over the end (``22-2``)."""
    found: set[int] = set()
    for piece in field.split(","):
        read = _PIECE.match(piece)
        if read is None or not piece or read["step"] == "0":
            return None
        first = low if read["first"] is None else _number(read["first"], low, names)
        is_open = read["first"] is None or read["step"]
        last = _number(read["last"], low, names) if read["last"] else high if is_open else first
        if not (low <= first <= high and low <= last <= high):
            return None
        over = last + (high - low + 1 if last < first else 0)
        step = int(read["step"] or 1)
        found.update((value - low) % (high - low + 1) + low for value in range(first, over + 1, step))
    return frozenset(found)


def _narrowed(field: str, low: int, high: int, names: tuple[str, ...] = ()) -> frozenset[int] | None:
    """The values of a field, None where it does not narrow; nothing where it cannot be read."""
    if field in EVERY:
        return None
    found = values_of(field, low, high, names)
    return frozenset() if found is None else found


def _number(text: str, low: int, names: tuple[str, ...]) -> int:
    if text.isdigit():
        return int(text)
    return low + names.index(text) if text in names else -1


def _placed_day(field: str) -> PlacedDay | None:
    if found := _LAST.match(field):
        return PlacedDay(before=int(found["before"] or 0), is_near=bool(found["near"]))
    if found := _NEAR.match(field):
        return PlacedDay(day=int(found["day"]), is_near=True)
    return None


def _placed_weekday(field: str) -> PlacedWeekday | None:
    found = _WEEKDAY.match(field)
    if found is None:
        return None
    weekday = _number(found["day"], 1, WEEKDAYS)
    return PlacedWeekday(weekday, int(found["nth"] or 0)) if 1 <= weekday <= 7 else None


def _plain_weekday(field: str) -> str:
    """Without marks of a calendar, of which there is none here; ``L`` alone is the last day of the week."""
    pieces = [piece[:-1] if piece.endswith("C") else piece for piece in field.split(",")]
    return "7" if field == "L" else ",".join(pieces)


def _working_day(year: int, month: int, day: int, last: int) -> int:
    """The day, or the working day next to it that is in the same month."""
    weekday = date(year, month, day).weekday()
    if weekday == _SATURDAY:
        return day - 1 if day > 1 else day + 2
    if weekday == _SUNDAY:
        return day + 1 if day < last else day - 2
    return day
