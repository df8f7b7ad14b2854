"""Plain jobs and nodes are read in one go: what comes of that is what the telling way finds."""

from __future__ import annotations

import copy
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases import every_case
from jobferry.model.document.facts import FactRules, facts_of
from jobferry.model.document.job import job_problems
from jobferry.model.document.node import plain_job, plain_nodes
from jobferry.model.kinds import ObjectKind
from jobferry.model.names import Limits

TYPES = ("DWSSQL", "Hive SQL", "CDMJob", "cdm job", "SubJob", "DLISpark", "OBSManager", "Nobody Knows")
PROPERTIES = (
    *("scriptName", "statementOrScript", "connectionName", "clusterName", "jobName", "dependFiles"),
    *("path", "password", "anything"),
)
VALUES = st.sampled_from(
    ("a", "b", "", "STATEMENT", "obs://bucket/key", "/x/y", "lib one,lib-two", 3, True, None, ["a"], {"a": 1})
)
EVENTS = st.sampled_from(({"eventType": "DIS", "channel": "s1"}, {"channel": "s2"}, {}, "odd", None))

properties = st.fixed_dictionaries(
    {"name": st.sampled_from(PROPERTIES), "value": VALUES},
    optional={"value_is_sensitive": st.sampled_from((True, False, "true", None))},
)


ODD: dict[str, tuple[Any, ...]] = {
    "name": ("n1", "n0", "", "bad name", None, "n" * 129, 7),
    "type": ("", 5, None, "DWSSQL"),
    "properties": (None, {}, "x", ["x"], [{"name": ""}], [{"value": "x"}], [{"name": 5}], []),
    "preNodeName": (["n0"], ["n0", "n0"], ["n1"], ["nobody"], [7], [], None, "", "n0", {}),
    "pollingInterval": (1, 60, 61, 0, -1, "20", "x", True, None, 1.5),
    "maxExecutionTime": (5, 1440, 4, 1441, "5", None),
    "retryTimes": (0, 5, 6, -1, "5", "", None),
    "retryInterval": (0, 4, 5, 120, 121, "5", None),
    "failPolicy": ("FAIL", "FAIL_CHILD", "", "NEVER", None, 5),
    "cronTrigger": ({"expression": "0 0 0 * * ?", "expressionTimeZone": "UTC"}, {}, 3, None),
    "index": (0, "x"),
}
"""Values of a node's fields, as they should be and not."""


OWN: dict[str, tuple[Any, ...]] = {
    "name": ("job", "作业", "bad name", "", "j" * 128, "j" * 129, None, 7),
    "directory": (None, "", "/", "/a/b", "a//b", "/bad name", "/a" * 10, "/a" * 11, "/" + "a" * 65, 7),
    "processType": (None, "", "BATCH", "REAL_TIME", "batch", 7),
    "description": (None, "", "d" * 255, "d" * 256, "作" * 255, 7),
    "params": (
        *(None, [], {}, "x", [3], [{}], [{"name": "a", "value": "v"}], [{"name": "a b"}], [{"name": None}]),
        *([{"name": "a", "value": "v" * 1024}], [{"name": "a", "value": "v" * 1025}]),
        *([{"name": "a", "value": ["v"]}], [{"name": "p" * 64}, {"name": "p" * 65}]),
    ),
}
"""Values of a job's own fields, as they should be and not; and so for the objects in it."""
SCHEDULE: dict[str, tuple[Any, ...]] = {
    "type": (None, "", "CRON", "EVENT", "EXECUTE_ONCE", "cron", 7),
    "cron": (None, {}, [], "x"),
    "event": (
        *(None, {}, [], {"concurrent": None}, {"concurrent": ""}, {"concurrent": "7"}, {"concurrent": 0}),
        *({"concurrent": number} for number in (-1, 1, 128, 129, 1.0, True, "129")),
    ),
}
CRON: dict[str, tuple[Any, ...]] = dict.fromkeys(
    ("startTime", "endTime", "expressionTimeZone"), (None, "", "x", 7, [])
) | {"expression": (None, "", " ", "0 0 0 * * ?", "0 0 0 * * ? 2026", "1 0 0 * * ?", "0 0 0 * *", 7, [])}
BASIC: dict[str, tuple[Any, ...]] = {
    "owner": (None, "", "o" * 128, "o" * 129, 7),
    "executeUser": (None, "", "u", 7),
    "priority": (None, "", 0, 2, 3, -1, "1", True),
    "instanceTimeout": (None, "", 0, 4, 5, 1440, 1441, "5", -1),
    "customFields": (None, {}, [], "x", {"a": "b"}, {"a": "b" * 2048}),
}
NO_FIELDS: tuple[Any, ...] = (None, {}, [], "x")


@st.composite
def jobs(draw: st.DrawFn) -> dict[str, Any]:
    """Jobs of a few nodes as they should be, whose properties are anything."""
    return {
        "name": "job",
        "nodes": [
            {
                "name": f"n{number}",
                "type": draw(st.sampled_from(TYPES)),
                "properties": draw(st.lists(properties, max_size=5)),
                "eventTrigger": draw(EVENTS),
                "event": draw(EVENTS),
            }
            for number in range(draw(st.integers(1, 4)))
        ],
    }


def test_plain_nodes_have_the_problems_that_a_close_look_finds() -> None:
    first: dict[str, Any] = {"name": "n0", "type": "t", "properties": [{"name": "queueName", "value": "q"}]}
    with every_case() as case:
        for key, values in ODD.items():
            for value in values:
                document = {"name": "job", "nodes": [first, {"name": "n1", "type": "t"} | {key: value}]}
                with case(key, repr(value)):
                    assert problems(document) == closely(document)


def test_plain_jobs_have_the_problems_that_a_close_look_finds() -> None:
    odd: list[dict[str, Any]] = [
        *({key: value} for key in OWN for value in OWN[key]),
        *({"schedule": {key: value}} for key in SCHEDULE for value in SCHEDULE[key]),
        *({"schedule": {"cron": {key: value}}} for key in CRON for value in CRON[key]),
        *({"basicConfig": {key: value}} for key in BASIC for value in BASIC[key]),
        *({key: value} for key in ("schedule", "basicConfig") for value in NO_FIELDS),
    ]
    with every_case() as case:
        for fields in odd:
            document = {"name": "job", "nodes": [{"name": "n0", "type": "t"}]} | fields
            with case(str(fields)[:100]):
                assert problems(document) == closely(document)


@pytest.mark.parametrize("nodes", [None, {}, "x", [], [3], [[]], [None]])
def test_what_is_no_list_of_nodes_is_looked_at_closely(nodes: Any) -> None:
    document = {"name": "job", "nodes": nodes}
    assert problems(document) == closely(document)


@given(jobs())
def test_plain_nodes_have_the_facts_of_nodes_opened_one_by_one(document: dict[str, Any]) -> None:
    odd = copy.deepcopy(document)
    odd["nodes"][-1]["retryTimes"] = "3"
    assert plain_nodes(document) is not None
    assert plain_nodes(odd) is None
    assert read(odd) == read(document)


def read(document: dict[str, Any]) -> Any:
    """The facts of a document."""
    return facts_of(ObjectKind.JOB, document, FactRules(), text=msgspec.json.encode(document))


def problems(document: dict[str, Any]) -> Any:
    """As they are found where a document may be plain."""
    return job_problems(document, Limits(), plain_job(document))


def closely(document: dict[str, Any]) -> Any:
    """As a close look finds them."""
    return job_problems(document, Limits(), None)
