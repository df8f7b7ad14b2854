"""When a job runs, in words: what its cron expression says, in English and Chinese."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise
from typing import NamedTuple

from jobferry.model.document.cron import Times, times_of
from jobferry.model.messages import Language

_MOST_TIMES = 6
_HOURS, _MINUTES = 24, 60


class _Words(NamedTuple):
    """How one language says it."""

    every_day: str
    weekdays: tuple[str, ...]
    """From Sunday on."""
    on_weekdays: str
    on_days: str
    between: str
    at: str
    every_minute: str
    every_minutes: str
    hourly: str
    every_hours: str
    window: str
    many: str
    both: str
    """The days, and what is no list of times."""
    expression: str
    once: str
    event: str
    event_of: str
    nothing: str


_ENGLISH = _Words(
    every_day="every day",
    weekdays=("Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"),
    on_weekdays="every {days}",
    on_days="on day {days} of every month",
    between=", ",
    at="{days} at {times}",
    every_minute="every minute",
    every_minutes="every {step} minutes",
    hourly="every hour at minute {minute}",
    every_hours="every {step} hours from {first} on",
    window="every {step} minutes from {first} to {last}",
    many="{count} times a day, from {first} to {last}",
    both="{times}, {days}",
    expression="by the expression {expression}",
    once="once, when it is started",
    event="when an event arrives",
    event_of="when an event of {type} arrives",
    nothing="no schedule",
)
_CHINESE = _Words(
    every_day="每天",
    weekdays=("日", "一", "二", "三", "四", "五", "六"),
    on_weekdays="每周{days}",
    on_days="每月 {days} 日",
    between="、",
    at="{days} {times}",
    every_minute="每分钟",
    every_minutes="每 {step} 分钟",
    hourly="每小时第 {minute} 分钟",
    every_hours="自 {first} 起每 {step} 小时",
    window="{first} 至 {last} 每 {step} 分钟",
    many="每天 {count} 次，{first} 至 {last}",
    both="{days}，{times}",
    expression="按表达式 {expression}",
    once="启动后运行一次",
    event="由事件触发",
    event_of="由 {type} 事件触发",
    nothing="未设置调度",
)
_WORDS = {Language.ENGLISH: _ENGLISH, Language.CHINESE: _CHINESE}


def schedule_words(kind: str, expression: str, event: str, language: Language) -> str:
    """What starts a job: its schedule's type, its cron expression and its event's type, as far as it has
    them."""
    words = _WORDS[language]
    if kind == "EXECUTE_ONCE":
        return words.once
    if kind == "EVENT":
        return words.event_of.format(type=event) if event else words.event
    return cron_words(expression, language) if expression else words.nothing


def cron_words(expression: str, language: Language) -> str:
    """When an expression fires; one that is not evaluated stands for itself."""
    words, times = _WORDS[language], times_of(expression)
    if times is None or not times.hours or not times.minutes:
        return words.expression.format(expression=expression)
    days = _days(times, words)
    moments = [f"{hour:02}:{minute:02}" for hour in sorted(times.hours) for minute in sorted(times.minutes)]
    if len(moments) <= _MOST_TIMES:
        return words.at.format(days=days or words.every_day, times=words.between.join(moments))
    often = _often(times, moments, words)
    return words.both.format(times=often, days=days) if days else often


def _days(times: Times, words: _Words) -> str:
    """Which days; empty for all."""
    if times.weekdays is not None:
        named = (words.weekdays[day - 1] for day in sorted(times.weekdays))
        return words.on_weekdays.format(days=words.between.join(named))
    if times.days is not None:
        return words.on_days.format(days=words.between.join(str(day) for day in sorted(times.days)))
    return ""


def _often(times: Times, moments: list[str], words: _Words) -> str:
    """What is too often for a list of times."""
    first, last = moments[0], moments[-1]
    is_all_day = len(times.hours) == _HOURS
    minutes = _step(times.minutes, _MINUTES)
    if minutes is not None and min(times.minutes) == 0:
        if is_all_day:
            return words.every_minute if minutes == 1 else words.every_minutes.format(step=minutes)
        if max(times.hours) - min(times.hours) == len(times.hours) - 1:
            return words.window.format(step=minutes, first=first, last=last)
    if len(times.minutes) == 1:
        if is_all_day:
            return words.hourly.format(minute=f"{min(times.minutes):02}")
        step = _step(times.hours, _HOURS)
        if step is not None:
            return words.every_hours.format(step=step, first=first)
    return words.many.format(count=len(moments), first=first, last=last)


def _step(values: Iterable[int], whole: int) -> int | None:
    """The distance between values that are as far apart from each other as the last is from the first of the
    next round; None where they are not."""
    ordered = sorted(values)
    steps = {later - earlier for earlier, later in pairwise(ordered)}
    if len(ordered) < 2:
        return None
    steps.add(ordered[0] + whole - ordered[-1])
    return steps.pop() if len(steps) == 1 else None
