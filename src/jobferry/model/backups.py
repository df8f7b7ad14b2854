"""Backups that a platform takes by itself: when they are due, what they are called, and which are too old."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

import msgspec

from jobferry.model.document.times import clock_of

_DAY_MS = 24 * 60 * 60 * 1000
_STAMP = "%Y%m%dT%H%M%SZ"
_ID_LETTERS = 8


class BackupRun(msgspec.Struct, frozen=True, kw_only=True):
    """One backup that was due at a time, and what became of it. Times are in milliseconds since 1970 (UTC).

    ``ended_at`` is 0 while ``server`` is at it. ``said`` is why the last attempt that ended has failed, and
    empty if none has or it went well; ``path`` and ``size`` in bytes are then those of the backup.
    """

    due_at: int
    server: str
    begun_at: int
    ended_at: int = 0
    attempts: int = 1
    path: str = ""
    size: int = 0
    said: str = ""


def last_due(hour: int, zone: str, now: int) -> int:
    """When a backup was due last, if one is due each day at an hour of a time zone."""
    here = datetime.fromtimestamp(now / 1000, clock_of(zone) or UTC)
    due = here.replace(hour=hour, minute=0, second=0, microsecond=0)
    if due > here:
        due -= timedelta(days=1)
    return int(due.timestamp() * 1000)


def backup_name(platform_id: str, at: int) -> str:
    """What a backup is called that is begun at a time."""
    return f"{_prefix(platform_id)}{datetime.fromtimestamp(at / 1000, UTC).strftime(_STAMP)}.backup"


def old_backups(names: Iterable[str], platform_id: str, *, newest: str, days: int) -> list[str]:
    """Those of a platform's own backups that are older than the ``newest`` one by more than so many days."""
    limit = _time_of(newest, platform_id) - days * _DAY_MS
    return [name for name in names if 0 < _time_of(name, platform_id) < limit]


def _prefix(platform_id: str) -> str:
    return f"jobferry-{platform_id[:_ID_LETTERS]}-"


def _time_of(name: str, platform_id: str) -> int:
    """When a backup of a platform was begun; 0 if it is none."""
    found = re.fullmatch(rf"{re.escape(_prefix(platform_id))}(\d{{8}}T\d{{6}}Z)\.backup", name)
    try:
        return int(datetime.strptime(found[1], _STAMP).replace(tzinfo=UTC).timestamp() * 1000) if found else 0
    except ValueError:
        return 0
