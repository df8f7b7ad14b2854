"""Schedule and parameters

A value for all jobs (`--param`) that no job defines is not a finding.
"""

from __future__ import annotations

from typing import Any

from findings.example import Case, Example, job


def given(name: str, options: dict[str, Any], **fields: Any) -> Case:
    return Case(files=(job({"name": name, **fields}),), options=options)


def _zoned(zone: str) -> Case:
    cron = {"expression": "0 0 1 * * ?", "expressionTimeZone": zone}
    return given("time-zone-differs", {}, schedule={"type": "CRON", "cron": cron})


PARAMETER = [{"name": "day", "value": "1"}]

EXAMPLES = (
    Example(
        code="time-zone-differs",
        meaning="Cron expressions are meant in a zone with another clock than the workspace's, and "
        "the import gives "
        "none; once a zone, with the number of jobs.",
        fails=_zoned("Asia/Shanghai"),
        passes=_zoned("UTC"),
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
