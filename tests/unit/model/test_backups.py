"""When a backup is due, what it is called, and which ones are too old."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from jobferry.model.backups import backup_name, last_due, old_backups

ID = "3f2a9c1e00000000000000000000beef"


def at(text: str) -> int:
    return int(datetime.fromisoformat(text).astimezone(UTC).timestamp() * 1000)


@pytest.mark.parametrize(
    ("hour", "zone", "now", "due"),
    [
        (2, "UTC", "2026-11-24T02:00:00+00:00", "2026-11-24T02:00:00+00:00"),
        (2, "UTC", "2026-11-24T01:59:59+00:00", "2026-11-23T02:00:00+00:00"),
        (2, "Asia/Shanghai", "2026-11-24T12:00:00+08:00", "2026-11-24T02:00:00+08:00"),
        (2, "GMT+8", "2026-11-24T01:00:00+08:00", "2026-11-23T02:00:00+08:00"),
        (0, "UTC", "2026-01-01T00:00:01+00:00", "2026-01-01T00:00:00+00:00"),
        (23, "Europe/Berlin", "2026-03-29T12:00:00+02:00", "2026-03-28T23:00:00+01:00"),
        (3, "Europe/Berlin", "2026-10-25T12:00:00+01:00", "2026-10-25T03:00:00+01:00"),
    ],
)
def test_one_is_due_each_day_at_its_hour(hour: int, zone: str, now: str, due: str) -> None:
    assert last_due(hour, zone, at(now)) == at(due)


def test_names_tell_platform_and_time() -> None:
    assert backup_name(ID, at("2026-11-24T02:00:13+00:00")) == "jobferry-3f2a9c1e-20261124T020013Z.backup"


def test_a_platforms_own_that_are_older_than_so_many_days_are_old() -> None:
    days = ("20261120T020000Z", "20261122T020000Z", "20261124T020000Z")
    own = [f"jobferry-3f2a9c1e-{day}.backup" for day in days]
    others = [
        "jobferry-ffffffff-20201120T020000Z.backup",
        "jobferry-3f2a9c1e-20201399T020000Z.backup",
        "jobferry-3f2a9c1e-20201120T020000Z.backup#1",
        "jobferry.backup",
    ]
    assert old_backups([*own, *others], ID, newest=own[2], days=3) == own[:1]
    assert old_backups([*own, *others], ID, newest=own[2], days=1) == own[:2]
    assert old_backups([*own, *others], ID, newest=own[2], days=14) == []
