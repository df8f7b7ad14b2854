"""Schedule and parameters

A value for all jobs (`--param`) that no job defines is not a finding.
"""

from __future__ import annotations

from typing import Any

from findings.example import Case, Example, job
from jobferry.model.transfer.policy import ZoneMode


def given(name: str, options: dict[str, Any], **fields: Any) -> Case:
    return Case(files=(job({"name": name, **fields}),), options=options)


def _zoned(zone: str) -> Case:
    cron = {"expression": "0 0 1 * * ?", "expressionTimeZone": zone}
    return given("time-zone-differs", {}, schedule={"type": "CRON", "cron": cron})


def _converted(expression: str) -> Case:
    cron = {"expression": expression, "expressionTimeZone": "GMT+8"}
    document = job({"name": "schedule-not-convertible", "schedule": {"type": "CRON", "cron": cron}})
    return Case(
        files=(document,), options={"zone_mode": ZoneMode.CONVERT}, mapping={"time-zone": {"GMT+8": "UTC"}}
    )


def _ending(end: str) -> Case:
    cron = {"expression": "0 0 1 * * ?", "endTime": end}
    return given("schedule-ended", {}, schedule={"type": "CRON", "cron": cron})


PARAMETER = [{"name": "day", "value": "1"}]

EXAMPLES = (
    Example(
        code="time-zone-differs",
        meaning="Cron expressions are meant in a zone with another clock than the workspace's, and "
        "the import gives "
        "none; once a zone, with the number of jobs.",
        fails=_zoned("Asia/Shanghai"),
        passes=_zoned("UTC"),
        answer={"time-zone": {"Asia/Shanghai": "UTC"}},
    ),
    Example(
        code="schedule-not-convertible",
        meaning="With `--zone-mode convert` no expression in the chosen zone fires at the same instants: "
        "clocks change at other times, times would fall on different days, or the expression is not read.",
        fails=_converted("0 0 1,12 ? * 2"),
        passes=_converted("0 0 12 ? * 2"),
    ),
    Example(
        code="schedule-ended",
        meaning="The end of a schedule, or of a node's own, is past. It is imported as it is.",
        fails=_ending("2026-06-30T23:59:59+08"),
        passes=_ending("2126-06-30T23:59:59+08"),
    ),
    Example(
        code="parameter-unknown",
        meaning="A value is given to a parameter that the job does not define.",
        fails=given(
            "parameter-unknown", {"job_params": {"parameter-unknown": {"month": "2"}}}, params=PARAMETER
        ),
        passes=given(
            "parameter-unknown", {"job_params": {"parameter-unknown": {"day": "2"}}}, params=PARAMETER
        ),
    ),
    Example(
        code="override-unknown",
        meaning="Parameters are given to a job that the package does not have.",
        fails=given("override-known", {"job_params": {"override-unknown": {"day": "2"}}}, params=PARAMETER),
        passes=given("override-known", {"job_params": {"override-known": {"day": "2"}}}, params=PARAMETER),
    ),
)
