"""What jobs are looked for by."""

from __future__ import annotations

import json
from typing import Any

import pytest

from jobferry.model.document.facts import (
    FactRules,
    IndexTerm,
    IndexTermKind,
    facts_of,
    index_terms_of,
    tags_of,
)
from jobferry.model.kinds import ObjectKind

TAG, UPSTREAM = IndexTermKind.TAG, IndexTermKind.UPSTREAM
DEPENDS = {
    "jobs": ["a", "a", "", 7],
    "sameWorkSpaceJobs": [{"jobName": "b", "workSpace": "ignored"}, {"jobName": 1}],
    "otherWorkSpaceJobs": [{"jobName": "c", "workSpace": "far"}, {"jobName": "d"}],
}
DOCUMENTS: list[dict[str, Any]] = [
    {},
    {"basicConfig": {"tags": ["x", "y", "x", 3, None]}},
    {"basicConfig": {"tags": {}}},
    {"basicConfig": {"tags": "x"}},
    {"basicConfig": []},
    {"schedule": {"cron": {"dependJobs": DEPENDS}}, "basicConfig": {"tags": ["z"]}},
    {"schedule": {"cron": {"dependJobs": []}, "event": {"eventType": "DIS", "channel": "s"}}},
    {"schedule": "never", "nodes": [{"name": "n", "type": "SubJob", "properties": []}]},
]


def terms_in(document: dict[str, Any]) -> set[IndexTerm]:
    facts = facts_of(ObjectKind.JOB, document, FactRules(), text=json.dumps(document).encode())
    return {IndexTerm(*term) for term in index_terms_of(facts)}


@pytest.mark.parametrize("document", DOCUMENTS)
def test_tags_are_terms_however_wrong_the_rest_is(document: dict[str, Any]) -> None:
    tags = {term.value for term in terms_in(document) if term.kind == TAG}
    assert tags == set(tags_of(document))


def test_what_is_used_is_a_term_of_its_kind_whatever_takes_it() -> None:
    nodes = [
        {"name": "a", "type": "DWSSQL", "properties": [{"name": "connectionName", "value": "dwh"}]},
        {"name": "b", "type": "Shell", "properties": [{"name": "connectionName", "value": "dwh"}]},
        {"name": "c", "type": "SubJob", "properties": [{"name": "jobName", "value": "other"}]},
        {"name": "d", "type": "X", "properties": [{"name": "x", "value": "${p} ${q} ${dlf.r}"}]},
    ]
    document = {"name": "j", "nodes": nodes, "params": [{"name": "p", "value": ""}]}
    assert terms_in(document) == {
        IndexTerm("connection", "dwh"),
        IndexTerm("nested", "other"),
        IndexTerm("variable", "q", "${}"),
        IndexTerm("variable", "r", "${dlf.}"),
    }
    script = {"name": "s", "type": "DWSSQL", "connectionName": "dwh", "database": "dw"}
    facts = facts_of(ObjectKind.SCRIPT, script, FactRules())
    assert index_terms_of(facts) == [("connection", "dwh", ""), ("database", "dw", "")]


def test_tags_are_texts_in_a_list_each_once() -> None:
    assert [tags_of(document) for document in DOCUMENTS[:5]] == [(), ("x", "y"), (), (), ()]


def test_a_thousand_tags_count() -> None:
    assert len(tags_of({"basicConfig": {"tags": [str(number) for number in range(2_000)]}})) == 1_000


def test_upstream_jobs_are_terms_with_the_workspace_they_are_said_to_live_in() -> None:
    assert terms_in(DOCUMENTS[5]) == {
        IndexTerm(TAG, "z"),
        IndexTerm(UPSTREAM, "a"),
        IndexTerm(UPSTREAM, "b"),
        IndexTerm(UPSTREAM, "c", "far"),
        IndexTerm(UPSTREAM, "d"),
        IndexTerm("workspace", "far"),
    }
