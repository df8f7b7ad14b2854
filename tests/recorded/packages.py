"""Packages whose answers are recorded: the bench's two, the examples', and odd ones made from fixed seeds.

Everything comes from :class:`random.Random` with a number, so that a package is the same for ever.
"""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from random import Random
from typing import Any

from bench import fleet, foreign

Documents = list[tuple[str, bytes]]
_EXAMPLES = Path(__file__).parents[2] / "examples" / "warehouse"
_SEEDS = range(1, 11)
_JOBS = 16
_DATE = (2026, 1, 1, 0, 0, 0)
_NAMES = ("orders", "会员_日报", "a.b-c", "load_" * 12, "Größe", "no/name", "", " ", "x" * 140, "same")
_VALUES: tuple[Any, ...] = (
    *("", "dwh", "${day}", "#{Job.getYesterday('yyyy')}", "obs://bucket/a b/c.jar", "SELECT * FROM a.b"),
    *(None, True, 0, -1, 1.5, 10**30, [], {}, ["dwh"], {"name": "dwh"}, "\u2028", "😀", "password=geheim"),
)
_TYPES = ("DWSSQL", "HiveSQL", "DLISQL", "Shell", "CDMJob", "SubJob", "RDSSQL", "Dummy", "DISTransferTask")
_PROPERTIES = (
    *("scriptName", "connectionName", "database", "scriptArgs", "jobName", "clusterName", "queueName"),
    *("statementOrScript", "sqlScript", "subJobName", "resources", "arguments", "hostName", "subJobParams"),
)
_FIELDS = ("processType", "nodes", "schedule", "params", "directory", "basicConfig", "version", "unknown")
_CRONS = ("0 0 1 * * ?", "0 */5 * * * ?", "0 0 25 * * ?", "", "0 0 0 L * ?", "0 0 1 ? * 2#1")


def packages() -> Iterator[tuple[str, Documents]]:
    """Names and documents, each path once."""
    yield "bench", list(fleet.documents(30))
    yield (
        "bench with gaps",
        [(path, text.replace(b'"2028-', b'"2998-')) for path, text in foreign.documents(40)],
    )
    yield "examples", _folder(_EXAMPLES)
    for seed in _SEEDS:
        yield f"seed {seed}", list(dict(_odd(Random(seed))).items())  # noqa: S311 - the same every time


def changed(documents: Documents) -> Documents:
    """The same with another description in each third document that is a plain object."""
    return [
        (path, text.replace(b"{", b'{"remark": "changed", ', 1) if place % 3 == 0 and b":" in text else text)
        for place, (path, text) in enumerate(documents)
    ]


def zipped(documents: Iterable[tuple[str, bytes]]) -> bytes:
    """A zip without manifest, as anybody would make it."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for path, text in documents:
            archive.writestr(zipfile.ZipInfo(path, _DATE), text)
    return file.getvalue()


def _folder(folder: Path) -> Documents:
    files = sorted(file for file in folder.rglob("*") if file.is_file())
    return [(file.relative_to(folder).as_posix(), file.read_bytes()) for file in files]


def _odd(chance: Random) -> Iterator[tuple[str, bytes]]:
    """Jobs with scripts and resources, most of them acceptable, some broken in ways of their own."""
    jobs = [_name(chance, f"job_{number}") for number in range(_JOBS)]
    scripts = [_name(chance, f"script_{number}") for number in range(_JOBS // 2)]
    for place, name in enumerate(jobs):
        yield f"jobs/job_{place}.job", _text(chance, _job(chance, name, jobs, scripts))
    for place, name in enumerate(scripts):
        script = {
            "name": name,
            "type": chance.choice(("DWSSQL", "HiveSQL", "Shell", "Nothing")),
            "content": f"SELECT {chance.random()} FROM ods.t_{place} WHERE d = '${{day}}'",
            "connectionName": chance.choice(("dwh", "lake", "gone")),
            "database": "dw",
            "directory": chance.choice(("/a", "/a/b", "/", "a")),
        }
        yield f"scripts/script_{place}.script", _text(chance, _damaged(chance, script))
    for place in range(2):
        resource = {
            "name": f"resource_{place}",
            "type": chance.choice(("jar", "file", "pyFile", "odd")),
            "location": f"obs://bucket/{place}.jar",
            "dependFiles": [f"obs://bucket/{place}/{part}.py" for part in range(chance.randrange(3))],
            "directory": "/r",
        }
        yield f"resources/resource_{place}.resource", _text(chance, _damaged(chance, resource))


def _name(chance: Random, usual: str) -> str:
    return usual if chance.random() < 0.85 else chance.choice(_NAMES)


def _job(chance: Random, name: str, jobs: list[str], scripts: list[str]) -> dict[str, Any]:
    nodes = [_node(chance, place, jobs, scripts) for place in range(chance.randrange(1, 5))]
    document = {
        "name": name,
        "nodes": nodes,
        "schedule": _schedule(chance, jobs),
        "params": [{"name": "day", "value": "today", "type": chance.choice(("variable", "constants", "x"))}],
        "directory": chance.choice(("/a", "/a/b/c", "/会员", "/a//b", "b")),
        "processType": chance.choice(("BATCH", "BATCH", "BATCH", "REAL_TIME")),
        "basicConfig": {
            "owner": "ferry",
            "priority": chance.randrange(4),
            "customFields": chance.choice(({}, {"centre": "7"}, {"a": 1}, None)),
            "tags": chance.sample(["red", "蓝", "t" * 100], chance.randrange(3)),
        },
    }
    return _damaged(chance, document)


def _node(chance: Random, place: int, jobs: list[str], scripts: list[str]) -> dict[str, Any]:
    def value(name: str) -> Any:
        if chance.random() < 0.1:
            return chance.choice(_VALUES)
        match name:
            case "scriptName":
                return chance.choice([*scripts, "script_gone"])
            case "jobName" | "subJobName":
                return chance.choice([*jobs, "job_gone"])
            case _:
                return chance.choice(("dwh", "lake", "gone", "${day}"))

    names = chance.sample(_PROPERTIES, chance.randrange(6))
    return {
        "name": f"node_{place}",
        "type": chance.choice(_TYPES) if chance.random() < 0.9 else f"Odd{place}",
        "location": {"x": str(40 * place), "y": "-45.50"},
        "preNodeName": [f"node_{place - 1}"] if place and chance.random() < 0.8 else [],
        "conditions": [],
        "properties": [{"name": name, "value": value(name)} for name in names],
        "pollingInterval": chance.choice((20, 1, 61)),
        "maxExecutionTime": chance.choice((60, 5, 1440)),
        "failPolicy": chance.choice(("FAIL_CHILD", "IGNORE", "SUSPEND", "ODD")),
    }


def _schedule(chance: Random, jobs: list[str]) -> Any:
    kind = chance.choice(("CRON", "CRON", "CRON", "EVENT", "EXECUTE_ONCE"))
    if kind == "EVENT":
        return {"type": kind, "event": {"eventType": "KAFKA", "channel": "topic", "failPolicy": "SUSPEND"}}
    if kind == "EXECUTE_ONCE":
        return {"type": kind}
    upstream = chance.sample([*jobs, "elsewhere"], chance.randrange(3))
    return {
        "type": kind,
        "cron": {
            "startTime": "2026-01-01T00:00:00+08",
            "endTime": chance.choice(("2998-01-01T00:00:00+08", "2020-01-01T00:00:00+08", "never")),
            "expression": chance.choice(_CRONS),
            "expressionTimeZone": chance.choice(("GMT+8", "GMT-05:30", "Mars")),
            "dependJobs": {"jobs": upstream, "dependPeriod": "SAME_PERIOD", "dependFailPolicy": "FAIL"},
        },
    }


def _damaged(chance: Random, document: dict[str, Any]) -> dict[str, Any]:
    """The document, in one of five cases with a field gone, or of another type."""
    if chance.random() < 0.2:
        name = chance.choice(_FIELDS)
        if chance.random() < 0.4:
            document.pop(name, None)
        else:
            document[name] = chance.choice(_VALUES)
    return document


def _text(chance: Random, document: dict[str, Any]) -> bytes:
    """A document's text in one of several hands; one in fifteen is not JSON, or has a key twice."""
    indent, separators = chance.choice(((None, (",", ":")), (2, None), (1, None)))
    text = json.dumps(document, ensure_ascii=chance.random() < 0.3, indent=indent, separators=separators)
    match chance.randrange(60):
        case 0:
            text = text[: len(text) // 2]
        case 1:
            text = text.replace("{", '{"name": "twice", ', 1)
        case 2:
            text = "\ufeff" + text
        case 3:
            text = text[:-1] + ', "deep": ' + "[" * 200 + "]" * 200 + "}"
        case _:
            pass
    return text.encode()
