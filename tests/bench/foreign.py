"""Another hand's workspace, in which nothing of what the jobs refer to is here: the everyday first import.

It shares no code with the fleet, and the program was not tuned with it: other names, keys and sizes, indented
texts, eighteen connections, clusters, queues and hosts, custom fields on each tenth job, and no two jobs with
the same nodes.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from random import Random
from typing import Any

CONNECTIONS = tuple(
    f"{system}_{place}"
    for system in ("dws", "hive", "mysql")
    for place in ("bj", "sh", "gz", "cd", "wh", "sz")
)
_AREAS = ("finance", "crm", "supply", "web", "risk")
_LAYERS = ("raw", "clean", "mart")


def documents(count: int) -> Iterator[tuple[str, bytes]]:
    """Paths and texts of ``count`` jobs and half as many scripts."""
    chance = Random(2026)  # noqa: S311 - the same every time
    for number in range(count // 2):
        yield f"scripts/{_script(number)}.script", _written(_script_document(number, chance))
    for number in range(count):
        yield f"jobs/{_job(number)}.job", _written(_job_document(number, count, chance))


def _job(number: int) -> str:
    return f"{_AREAS[number % 5]}_{_LAYERS[number % 3]}_{number}"


def _script(number: int) -> str:
    return f"load_{_AREAS[number % 5]}_{number}"


def _written(document: dict[str, Any]) -> bytes:
    return json.dumps(document, ensure_ascii=False, indent=2).encode()


def _script_document(number: int, chance: Random) -> dict[str, Any]:
    columns = ",\n".join(
        f"  t.column_{place} AS c{chance.randrange(1000)}" for place in range(chance.randrange(10, 60))
    )
    return {
        "name": _script(number),
        "type": "HiveSQL",
        "content": f"-- {_AREAS[number % 5]}\nSELECT\n{columns}\nFROM ods.t_{number} t WHERE dt = '${{day}}'",
        "connectionName": CONNECTIONS[6 + number % 6],
        "database": "ods",
        "queueName": f"queue_{number % 7}",
        "directory": f"/{_AREAS[number % 5]}/{_LAYERS[number % 3]}",
        "configuration": {"hive.exec.parallel": "true"},
    }


def _job_document(number: int, count: int, chance: Random) -> dict[str, Any]:
    nodes = [_node(number, place, count, chance) for place in range(chance.randrange(3, 18))]
    upstream = sorted({_job(chance.randrange(number)) for _ in range(2)}) if number else []
    custom = {"customFields": {"cost_centre": str(number % 40), "stage": "gold"}} if number % 10 == 7 else {}
    return {
        "version": "1.0",
        "directory": f"/{_AREAS[number % 5]}/{_LAYERS[number % 3]}",
        "approvers": [],
        "targetStatus": "SUBMIT",
        "name": _job(number),
        "processType": "BATCH",
        "nodes": nodes,
        "schedule": {
            "type": "CRON",
            "cron": {
                "expressionTimeZone": "GMT+8",
                "startTime": "2026-03-01T00:00:00+08",
                "endTime": "2028-03-01T00:00:00+08",
                "expression": f"0 {chance.randrange(60)} {chance.randrange(24)} * * ?",
                "intervalType": "SAME_PERIOD",
                "dependJobs": {"jobs": upstream, "dependPeriod": "SAME_PERIOD", "dependFailPolicy": "FAIL"},
            },
        },
        "params": [{"name": "day", "value": '#{Job.getYesterday("yyyyMMdd")}', "type": "variable"}],
        "basicConfig": {"owner": f"user{number % 30}", "priority": 1, "isIgnoreWaiting": 0, **custom},
        "description": f"{_AREAS[number % 5]} {_LAYERS[number % 3]}",
        "cleanoutPara": {"retentionDays": 90},
    }


def _node(number: int, place: int, count: int, chance: Random) -> dict[str, Any]:
    kind, properties = _work(number, place, count, chance)
    return {
        "failPolicy": "FAIL_CHILD",
        "maxExecutionTime": 360,
        "name": _name(number, place),
        "type": kind,
        "location": {"x": str(-300.0 + 120 * place), "y": f"{chance.randrange(-200, 200)}.25"},
        "pollingInterval": 20,
        "preNodeName": [_name(number, place - 1)] if place else [],
        "conditions": [],
        "cronExpression": "",
        "retryTimes": 0,
        "retryInterval": 120,
        "properties": [{"name": name, "value": value} for name, value in properties.items()],
    }


def _name(number: int, place: int) -> str:
    return f"step_{(number + place) % 6}_{place}"


def _work(number: int, place: int, count: int, chance: Random) -> tuple[str, dict[str, str]]:
    """A node's type and properties."""
    script = _script(chance.randrange(max(count // 2, 1)))
    match (number + place) % 6:
        case 0 | 1:
            return "HiveSQL", {
                "scriptName": script,
                "connectionName": CONNECTIONS[6 + place % 6],
                "database": "ods",
                "scriptArgs": "day=${day}",
                "queueName": f"queue_{place % 7}",
            }
        case 2:
            return "DWSSQL", {
                "scriptName": script,
                "connectionName": CONNECTIONS[place % 6],
                "database": "mart",
            }
        case 3:
            return "CDMJob", {"clusterName": f"cdm-{number % 3}", "jobName": f"sync_{number}_{place}"}
        case 4:
            return "RDSSQL", {
                "statementOrScript": "STATEMENT",
                "sqlScript": f"DELETE FROM t_{number} WHERE dt < '${{day}}'",
                "connectionName": CONNECTIONS[12 + place % 6],
                "database": "app",
            }
        case _:
            return "Shell", {
                "scriptName": script,
                "connectionName": f"host_{place % 4}",
                "arguments": "${day}",
            }
