"""A made-up fleet of jobs, the same every time: what the bench measures with."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

NODES = 20
_TYPES = ("DWSSQL", "HiveSQL", "DLISQL", "Shell")
_CHINESE = ("订单", "会员", "库存", "报表", "门店")


def job_name(number: int) -> str:
    """Every tenth job has a Chinese name."""
    if number % 10 == 0:
        return f"{_CHINESE[number // 10 % len(_CHINESE)]}_{number:06d}"
    return f"job_{number:06d}"


def script_name(number: int) -> str:
    return f"script_{number:06d}"


def jobs(count: int, *, changed_every: int = 0) -> Iterator[tuple[str, bytes]]:
    """``count`` jobs of 20 nodes, about 7 KB each, whose dependencies form a DAG.

    With ``changed_every`` n, each n-th job differs from the same job without it.
    """
    scripts = max(count // 2, 1)
    for number in range(count):
        changed = bool(changed_every) and number % changed_every == 0
        document = _job(number, scripts, changed=changed)
        yield job_name(number), _written(document)


def scripts(count: int) -> Iterator[tuple[str, bytes]]:
    """``count`` scripts of about 2 KB."""
    for number in range(count):
        lines = [
            f"INSERT INTO dwd.t_{number} SELECT c{line}, ${{day}} FROM ods.s_{line};" for line in range(34)
        ]
        document = {
            "name": script_name(number),
            "type": "DWSSQL",
            "directory": f"/bench/{number % 100}",
            "connectionName": "dwh",
            "database": "dw",
            "content": "\n".join(lines),
        }
        yield script_name(number), _written(document)


def _written(document: dict[str, Any]) -> bytes:
    return json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode()


def _job(number: int, scripts: int, *, changed: bool) -> dict[str, Any]:
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
        "params": [{"name": "day", "value": "changed" if changed else "today", "type": "variable"}],
        "directory": f"/bench/{number % 100}",
        "processType": "BATCH",
        "basicConfig": {"owner": "ferry", "priority": number % 3, "customFields": {}},
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
