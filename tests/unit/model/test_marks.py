"""What jobs are looked for by."""

from __future__ import annotations

import json
from typing import Any

import pytest

from jobferry.model.document.facts import Mark, MarkKind, Reading, facts_of, marks_in, marks_of, tags_of
from jobferry.model.kinds import ObjectKind

TAG, UPSTREAM = MarkKind.TAG, MarkKind.UPSTREAM
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


@pytest.mark.parametrize("document", DOCUMENTS)
def test_marks_are_the_same_from_facts_and_from_the_document(document: dict[str, Any]) -> None:
    text = json.dumps(document).encode()
    facts = facts_of(ObjectKind.JOB, document, Reading(), text=text)
    assert marks_of(facts.tags, facts.references) == marks_in(document)


def test_tags_are_texts_in_a_list_each_once() -> None:
    assert [tags_of(document) for document in DOCUMENTS[:5]] == [(), ("x", "y"), (), (), ()]


def test_a_thousand_tags_count() -> None:
    assert len(tags_of({"basicConfig": {"tags": [str(number) for number in range(2_000)]}})) == 1_000


def test_upstream_jobs_are_marks_with_the_workspace_they_are_said_to_live_in() -> None:
    assert marks_in(DOCUMENTS[5]) == {
        Mark(TAG, "z"),
        Mark(UPSTREAM, "a"),
        Mark(UPSTREAM, "b"),
        Mark(UPSTREAM, "c", "far"),
        Mark(UPSTREAM, "d"),
    }
