"""Schedules in words, in both languages, and the next times of a cron expression."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from jobferry.model.document.cron import next_times
from jobferry.model.messages import Language
from jobferry.model.messages.schedules import cron_words, schedule_words

WORDS = {
    "0 0 1 * * ?": ("every day at 01:00", "每天 01:00"),
    "0 30 2,14 * * ?": ("every day at 02:30, 14:30", "每天 02:30、14:30"),
    "0 0 6 ? * 2,6": ("every Monday, Friday at 06:00", "每周一、五 06:00"),
    "0 5 0 1,15 * ?": ("on day 1, 15 of every month at 00:05", "每月 1、15 日 00:05"),
    "0 * * * * ?": ("every minute", "每分钟"),
    "0 0/15 * * * ?": ("every 15 minutes", "每 15 分钟"),
    "0 20 * * * ?": ("every hour at minute 20", "每小时第 20 分钟"),
    "0 10 0/2 * * ?": ("every 2 hours from 00:10 on", "自 00:10 起每 2 小时"),
    "0 0/30 8-18 * * ?": ("every 30 minutes from 08:00 to 18:30", "08:00 至 18:30 每 30 分钟"),
    "0 0/15 * ? * 2": ("every 15 minutes, every Monday", "每周一，每 15 分钟"),
    "0 7,8 1-9 * * ?": ("18 times a day, from 01:07 to 09:08", "每天 18 次，01:07 至 09:08"),
    "0 0 1 L * ?": ("by the expression 0 0 1 L * ?", "按表达式 0 0 1 L * ?"),
    "nonsense": ("by the expression nonsense", "按表达式 nonsense"),
}


@pytest.mark.parametrize("expression", WORDS)
def test_an_expression_is_told_in_both_languages(expression: str) -> None:
    assert (cron_words(expression, Language.ENGLISH), cron_words(expression, Language.CHINESE)) == WORDS[
        expression
    ]


def test_what_is_started_otherwise_is_told_too() -> None:
    def told(*schedule: str) -> tuple[str, str]:
        kind, expression, event = schedule
        return tuple(schedule_words(kind, expression, event, one) for one in Language)  # type: ignore[return-value]

    assert told("EXECUTE_ONCE", "", "") == ("once, when it is started", "启动后运行一次")
    assert told("EVENT", "", "KAFKA") == ("when an event of KAFKA arrives", "由 KAFKA 事件触发")
    assert told("EVENT", "", "") == ("when an event arrives", "由事件触发")
    assert told("CRON", "", "") == ("no schedule", "未设置调度")
    assert told("CRON", "0 0 1 * * ?", "")[0] == "every day at 01:00"


def shown(times: list[datetime] | None) -> list[str] | None:
    return None if times is None else [f"{one:%m-%dT%H:%M}" for one in times]


def test_the_next_times_are_instants_in_utc_however_far_apart() -> None:
    start = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
    assert shown(next_times("0 0 1 * * ?", "Asia/Shanghai", start, 2)) == ["11-22T17:00", "11-23T17:00"]
    assert shown(next_times("0 0/20 * * * ?", "UTC", start, 3)) == [
        "11-22T12:00",
        "11-22T12:20",
        "11-22T12:40",
    ]
    monthly = next_times("0 0 0 31 * ?", "UTC", start, 3)
    assert shown(monthly) == ["12-31T00:00", "01-31T00:00", "03-31T00:00"]
    assert shown(next_times("0 0 1 L * ?", "UTC", start, 2)) == ["11-30T01:00", "12-31T01:00"]
    assert next_times("0 0 1 * * ?", "Mars/Base", start, 3) is None


def test_no_time_comes_after_the_end() -> None:
    start, end = datetime(2026, 11, 22, 12, 0, tzinfo=UTC), datetime(2026, 11, 24, 1, 0, tzinfo=UTC)
    assert shown(next_times("0 0 1 * * ?", "UTC", start, 5, end=end)) == ["11-23T01:00", "11-24T01:00"]
