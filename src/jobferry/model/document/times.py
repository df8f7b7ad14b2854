"""Time zones as jobs spell them (GMT+8, Asia/Shanghai), and moments as messages write them."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

_LONGEST = 64
_OFFSET = re.compile(r"(?:GMT|UTC)\s*(?:([+-])(\d{1,2})(?::?(\d{2}))?)?\Z", re.IGNORECASE)
_SEASONS = (datetime(2026, 1, 15, tzinfo=UTC), datetime(2026, 7, 15, tzinfo=UTC))


def offsets(zone: str) -> tuple[timedelta, ...] | None:
    """A zone's distance from UTC in winter and in summer, or none for a zone that nobody knows."""
    return _offsets(zone) if len(zone) <= _LONGEST else None


@lru_cache(maxsize=1_024)
def _offsets(zone: str) -> tuple[timedelta, ...] | None:
    known = clock_of(zone)
    if known is None:
        return None
    return tuple(season.astimezone(known).utcoffset() or timedelta() for season in _SEASONS)


def clock_of(zone: str) -> tzinfo | None:
    """A zone's clock, or none for a zone that nobody knows."""
    written = _OFFSET.match(zone.strip()) if len(zone) <= _LONGEST else None
    if written:
        sign = -1 if written[1] == "-" else 1
        distance = sign * timedelta(hours=int(written[2] or 0), minutes=int(written[3] or 0))
        return timezone(distance) if abs(distance) < timedelta(days=1) else None
    try:
        return ZoneInfo(zone) if len(zone) <= _LONGEST else None
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None


def moment_of(text: str, zone: str) -> datetime | None:
    """An instant as jobs spell it (``2026-10-22T23:59:59+08``), or none where it cannot be told; one that
    names no distance from UTC is in the zone."""
    try:
        read = datetime.fromisoformat(text.strip())
    except ValueError:
        return None
    if read.tzinfo is None:
        clock = clock_of(zone)
        return read.replace(tzinfo=clock) if clock is not None else None
    return read


def is_time(text: str) -> bool:
    """Whether a text is an instant as jobs spell it, with or without its distance from UTC."""
    return moment_of(text, "UTC") is not None


def is_zone(zone: str) -> bool:
    """Whether a text names a time zone."""
    return offsets(zone) is not None


def same_clock(one: str, other: str) -> bool:
    """Whether two spellings mean the same wall clock all year."""
    return one == other or (offsets(one) is not None and offsets(one) == offsets(other))


def written(moment: int) -> str:
    """A moment in milliseconds since 1970, to the second, in UTC."""
    return datetime.fromtimestamp(moment / 1000, UTC).strftime("%Y-%m-%d %H:%M:%S UTC")
