"""Plain nodes are read in one go: what comes of that is what the telling way finds."""

from __future__ import annotations

import copy
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from jobferry.model.document.facts import Reading, facts_of
from jobferry.model.document.job import job_problems
from jobferry.model.document.node import plain_nodes
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


@pytest.mark.parametrize(("key", "value"), [(key, value) for key in ODD for value in ODD[key]])
def test_plain_nodes_have_the_problems_that_a_close_look_finds(key: str, value: Any) -> None:
    first = {"name": "n0", "type": "t", "properties": [{"name": "queueName", "value": "q"}]}
    document = {"name": "job", "nodes": [first, {"name": "n1", "type": "t"} | {key: value}]}
    closely = job_problems(document, Limits(), None)
    assert job_problems(document, Limits(), plain_nodes(document)) == closely


@pytest.mark.parametrize("nodes", [None, {}, "x", [], [3], [[]], [None]])
def test_what_is_no_list_of_nodes_is_looked_at_closely(nodes: Any) -> None:
    document = {"name": "job", "nodes": nodes}
    assert job_problems(document, Limits(), plain_nodes(document)) == job_problems(document, Limits(), None)


@given(jobs())
def test_plain_nodes_have_the_facts_of_nodes_opened_one_by_one(document: dict[str, Any]) -> None:
    odd = copy.deepcopy(document)
    odd["nodes"][-1]["retryTimes"] = "3"
    assert plain_nodes(document) is not None
    assert plain_nodes(odd) is None
    assert read(odd) == read(document)


def read(document: dict[str, Any]) -> Any:
    """The facts of a document."""
    return facts_of(ObjectKind.JOB, document, Reading(), text=msgspec.json.encode(document))
