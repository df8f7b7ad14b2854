"""Schedules in another zone: kept, relabelled, or converted to the same instants."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from builders import Load, target
from jobferry.check.runner import check
from jobferry.model.document.edits import edited
from jobferry.model.document.text import parse
from jobferry.model.transfer.policy import ZoneMode


def became(expression: str, **options: Any) -> tuple[dict[str, Any], set[str]]:
    """The cron of a job that runs in Shanghai's time, and the codes of what is found."""
    cron = {"expression": expression, "expressionTimeZone": "Asia/Shanghai"}
    load = Load().job("orders", schedule={"type": "CRON", "cron": cron})
    context = load.context(**options)
    (arrival,) = context.items
    made = parse(edited(load.text_of(arrival.entry), arrival.edits))
    cron = {key: made["schedule"]["cron"][key] for key in cron}
    return cron, {one.code for one in check(context)}


@pytest.mark.parametrize(
    ("mode", "expression", "zone"),
    [
        (ZoneMode.KEEP, "0 0 10 * * ?", "Asia/Shanghai"),
        (ZoneMode.RELABEL, "0 0 10 * * ?", "UTC"),
        (ZoneMode.CONVERT, "0 0 2 * * ?", "UTC"),
    ],
)
def test_a_schedule_is_kept_relabelled_or_converted(mode: ZoneMode, expression: str, zone: str) -> None:
    cron, codes = became("0 0 10 * * ?", time_zone="UTC", zone_mode=mode)
    assert cron == {"expression": expression, "expressionTimeZone": zone}
    assert not codes & {"schedule-not-convertible", "time-zone-differs"}


def test_what_cannot_be_converted_exactly_blocks_and_stays_as_it_is() -> None:
    cron, codes = became("0 0 10 * * ?", time_zone="Europe/Berlin", zone_mode=ZoneMode.CONVERT)
    assert cron == {"expression": "0 0 10 * * ?", "expressionTimeZone": "Asia/Shanghai"}
    assert "schedule-not-convertible" in codes


@pytest.mark.parametrize(
    ("zone", "local", "ended"),
    [
        ("Asia/Shanghai", "UTC", True),
        ("UTC", "Asia/Shanghai", False),
        ("", "Asia/Shanghai", True),
        ("", "UTC", False),
    ],
)
def test_the_end_of_a_schedule_is_a_time_of_its_own_zone_or_else_of_the_workspaces(
    zone: str, local: str, ended: bool
) -> None:
    """It ends at half past midnight; now it is one o'clock in Shanghai, and five in the afternoon in UTC."""
    cron = {"endTime": "2026-01-01T00:30:00"} | ({"expressionTimeZone": zone} if zone else {})
    load = Load().job("orders", schedule={"type": "CRON", "cron": cron})
    now = int(datetime(2025, 12, 31, 17, tzinfo=UTC).timestamp() * 1000)
    found = check(load.context(target(settings={"time_zone": local}, now=now)))
    assert ("schedule-ended" in {one.code for one in found}) is ended
