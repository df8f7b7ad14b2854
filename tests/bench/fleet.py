"""A made-up fleet of jobs, the same every time: what the bench measures with."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any

NODES = 20
TAG = "ten"
"""The first ten jobs have it."""
_TYPES = ("DWSSQL", "HiveSQL", "DLISQL", "Shell")
_CHINESE = ("订单", "会员", "库存", "报表", "门店")


def job_name(number: int) -> str:
    """Every tenth job has a Chinese name."""
    if number % 10 == 0:
        return f"{_CHINESE[number // 10 % len(_CHINESE)]}_{number:06d}"
    return f"job_{number:06d}"


def script_name(number: int) -> str:
    return f"script_{number:06d}"


def documents(count: int, *, changed_every: int = 0, mark: str = "changed") -> Iterator[tuple[str, bytes]]:
    """Paths and texts of ``count`` jobs and half as many scripts.

    With ``changed_every`` n, each n-th job differs from the same job without it, by its ``mark``.
    """
    for number in range(count):
        changed = bool(changed_every) and number % changed_every == 0
        yield job(number, count, mark=mark if changed else "today")
    for number in range(script_count(count)):
        yield _path("scripts", "script", script_name(number)), _written(_script(number))


def some_jobs(numbers: Iterable[int], count: int, mark: str = "today") -> Iterator[tuple[str, bytes]]:
    """Those jobs alone, of a fleet of ``count``; numbers from ``count`` on are jobs that it does not have."""
    for number in numbers:
        yield job(number, count, mark=mark)


def job(number: int, count: int, *, mark: str = "today") -> tuple[str, bytes]:
    """Path and text of a job of 20 nodes, about 7 KB; the dependencies of all form a DAG."""
    name = job_name(number)
    return _path("jobs", "job", name), _written(_job(number, script_count(count), mark))


def script_count(count: int) -> int:
    """How many scripts a fleet of so many jobs has."""
    return max(count // 2, 1)


def _path(folder: str, ending: str, name: str) -> str:
    return f"{folder}/{name}.{ending}"


def _script(number: int) -> dict[str, Any]:
    """About 2 KB."""
    lines = [f"INSERT INTO dwd.t_{number} SELECT c{line}, ${{day}} FROM ods.s_{line};" for line in range(34)]
    return {
        "name": script_name(number),
        "type": "DWSSQL",
        "directory": f"/bench/{number % 100}",
        "connectionName": "dwh",
        "database": "dw",
        "content": "\n".join(lines),
    }


def _written(document: dict[str, Any]) -> bytes:
    return json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode()


def _job(number: int, scripts: int, day: str) -> dict[str, Any]:
    tags = {"tags": [TAG]} if number < 10 else {}
    upstream = [job_name(number // 2), job_name(number // 3)] if number > 3 else []
    return {
        "name": job_name(number),
        "nodes": [_node(number, place, scripts) for place in range(NODES)],
        "schedule": {
            "type": "CRON",
            "cron": {
                "startTime": "2026-01-01T00:00:00+08",
                "expression": f"0 {number % 60} {number % 24} * * ?",
                "expressionTimeZone": "GMT+8",
                "dependJobs": {"jobs": upstream, "dependPeriod": "SAME_PERIOD", "dependFailPolicy": "FAIL"},
            },
        },
        "params": [{"name": "day", "value": day, "type": "variable"}],
        "directory": f"/bench/{number % 100}",
        "processType": "BATCH",
        "basicConfig": {"owner": "ferry", "priority": number % 3, "customFields": {}} | tags,
    }


def _node(number: int, place: int, scripts: int) -> dict[str, Any]:
    return {
        "name": f"node_{place}",
        "type": _TYPES[place % len(_TYPES)],
        "location": {"x": str(40 * place), "y": "-45.5"},
        "preNodeName": [f"node_{place - 1}"] if place else [],
        "conditions": [],
        "properties": [
            {"name": "scriptName", "value": script_name((number * 7 + place) % scripts)},
            {"name": "connectionName", "value": "dwh"},
            {"name": "database", "value": "dw"},
            {"name": "scriptArgs", "value": "day=${day}"},
        ],
        "pollingInterval": 20,
        "maxExecutionTime": 60,
        "failPolicy": "FAIL_CHILD",
    }
