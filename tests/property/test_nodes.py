"""Plain nodes are read in one go: what comes of that is what the telling way finds."""

from __future__ import annotations

import copy
from typing import Any

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from jobferry.model.document.facts import Reading, facts_of
from jobferry.model.document.job import job_problems
from jobferry.model.document.node import plain_nodes
from jobferry.model.kinds import ObjectKind
from jobferry.model.names import Limits

TYPES = ("DWSSQL", "Hive SQL", "CDMJob", "cdm job", "SubJob", "DLISpark", "OBSManager", "Nobody Knows", "", 5)
PROPERTIES = (
    *("scriptName", "statementOrScript", "connectionName", "clusterName", "jobName", "dependFiles"),
    *("path", "password", "anything", ""),
)
VALUES = st.sampled_from(
    ("a", "b", "", "STATEMENT", "obs://bucket/key", "/x/y", "lib one,lib-two", 3, True, None, ["a"], {"a": 1})
)
EVENTS = st.sampled_from(({"eventType": "DIS", "channel": "s1"}, {"channel": "s2"}, {}, "odd", None))

properties = st.fixed_dictionaries(
    {"name": st.sampled_from(PROPERTIES), "value": VALUES},
    optional={"value_is_sensitive": st.sampled_from((True, False, "true", None))},
)


@st.composite
def jobs(draw: st.DrawFn) -> dict[str, Any]:
    """Jobs whose nodes are mostly as they should be."""
    nodes: list[Any] = []
    for number in range(draw(st.integers(0, 4))):
        before = [f"n{one}" for one in range(number)]
        node: dict[str, Any] = {"name": f"n{number}", "type": draw(st.sampled_from(TYPES))}
        odd: dict[str, st.SearchStrategy[Any]] = {
            "name": st.sampled_from((f"n{number}", "n0", "", "bad name", None)),
            "properties": st.lists(properties, max_size=5) | st.sampled_from((None, {}, ["x"])),
            "preNodeName": st.sampled_from((before, [], None, "", "n0", ["nobody"], [7])),
            "pollingInterval": st.sampled_from((1, 60, 61, 0, "20", "x", True, None)),
            "retryInterval": st.sampled_from((0, 4, 5, 120, 121, "5")),
            "failPolicy": st.sampled_from(("FAIL", "", "NEVER", None, 5)),
            "cronTrigger": st.sampled_from(
                ({"expression": "0 0 0 * * ?", "expressionTimeZone": "UTC"}, {}, 3)
            ),
            "eventTrigger": EVENTS,
            "event": EVENTS,
            "index": st.integers(),
        }
        for key in draw(st.lists(st.sampled_from(sorted(odd)), max_size=3, unique=True)):
            node[key] = draw(odd[key])
        node.setdefault("properties", draw(st.lists(properties, max_size=5)))
        nodes.append(node)
    return {"name": "job", "nodes": nodes if draw(st.integers(0, 9)) else draw(VALUES)}


@given(jobs())
def test_plain_nodes_have_the_problems_that_a_close_look_finds(document: dict[str, Any]) -> None:
    closely = job_problems(document, Limits(), None)
    assert job_problems(document, Limits(), plain_nodes(document)) == closely


@given(jobs())
def test_plain_nodes_have_the_facts_of_nodes_opened_one_by_one(document: dict[str, Any]) -> None:
    odd = copy.deepcopy(document)
    nodes = odd["nodes"]
    if not isinstance(nodes, list) or not all(isinstance(node, dict) for node in nodes) or not nodes:
        return
    nodes[-1]["retryTimes"] = "3"
    assert plain_nodes(odd) is None
    assert read(odd) == read(document)


def read(document: dict[str, Any]) -> Any:
    facts = facts_of(ObjectKind.JOB, document, Reading(), text=msgspec.json.encode(document))
    return msgspec.structs.replace(facts, problems=())
