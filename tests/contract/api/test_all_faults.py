"""What is wrong with a document, or missing to a job that is to start, is told all at once in both APIs."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from builders import job, node, resource, script, written
from contract.api.doors import Door

BROKEN = job(
    "broken",
    node("load") | {"failPolicy": "EXIT", "retryTimes": 9},
    processType="SOMETIMES",
    schedule={"type": "CRON", "cron": {"expression": "0 61 25 * * ?", "startTime": "yesterday"}},
)
PATHS = [
    "processType",
    "nodes[0].retryTimes",
    "nodes[0].failPolicy",
    "schedule.cron.expression",
    "schedule.cron.expression",
    "schedule.cron.startTime",
]
IMPORTS = ("package", "pack it", "import", "hold")


@pytest.fixture(scope="module")
def faulty(door: Door) -> Iterator[Door]:
    door.workspace("faulty")
    yield door


def saved(door: Door, kind: str, document: dict[str, Any]) -> None:
    made = door.http.post(f"/api/workspaces/faulty/objects/{kind}?submit=true", content=written(document))
    assert made.status_code == 201, made.text


def speaks_of_imports(told: str) -> bool:
    return any(word in told for word in IMPORTS)


def test_the_own_api_tells_all_faults_of_a_document(faulty: Door) -> None:
    answer = faulty.http.post("/api/workspaces/faulty/objects/job", content=written(BROKEN))
    error = answer.json()["error"]
    assert (answer.status_code, error["code"]) == (400, "invalid-type")
    assert error["message"] == "the job broken has 6 errors"
    assert [one["path"] for one in error["errors"]] == PATHS
    assert all(one["message"].startswith(one["path"]) and one["hint"] for one in error["errors"])
    assert "write FAIL, which means the same" in [one["hint"] for one in error["errors"]]
    assert not speaks_of_imports(answer.text)


@pytest.mark.parametrize("method", ["POST", "PUT"])
def test_the_factory_api_tells_them_in_its_envelope_and_its_sentence(faulty: Door, method: str) -> None:
    path = f"{faulty.factory}/jobs" + ("/broken" if method == "PUT" else "")
    answer = faulty.http.request(method, path, content=written(BROKEN), headers={"workspace": "faulty"})
    told = answer.json()
    assert answer.status_code == 400
    pair = {"error_code": told["error_code"], "error_msg": told["error_msg"]}
    assert [one["path"] for one in told["errors"]] == PATHS
    assert all(pair.items() <= one.items() for one in told["errors"])
    sentence = told["error_msg"] + told.get("hint", "")
    assert all(one["message"] in sentence for one in told["errors"])


def test_a_single_fault_stands_in_the_sentence_and_in_the_list(faulty: Door) -> None:
    body = written(script("s") | {"content": None})
    error = faulty.http.post("/api/workspaces/faulty/objects/script", content=body).json()["error"]
    assert error["message"] == "script s: content is not given, and the service requires it"
    assert [one["path"] for one in error["errors"]] == ["content"]


def test_a_broken_text_is_not_spoken_of_as_a_package(faulty: Door) -> None:
    answer = faulty.http.post("/api/workspaces/faulty/objects/job", content=b'{"name": "a" "b": 1}')
    assert answer.json()["error"]["errors"][0]["code"] == "json-broken"
    assert not speaks_of_imports(answer.text)


def test_a_start_tells_all_that_is_missing_in_words_of_its_own(faulty: Door) -> None:
    uses = node("load", scriptName="nowhere", connectionName="dwh")
    saved(faulty, "script", script("bound", connectionName="other"))
    saved(faulty, "job", job("lonely", uses, node("next", scriptName="bound"), upstream=["earlier"]))
    refused = faulty.http.post("/api/workspaces/faulty/jobs/lonely/start")
    error = refused.json()["error"]
    assert (refused.status_code, error["code"]) == (409, "reference-missing")
    assert error["message"] == "the job lonely cannot start for 4 reasons"
    assert sorted(one["message"] for one in error["errors"]) == [
        "it refers to the connection dwh, which does not exist here",
        "it refers to the script nowhere, which is not here",
        "it waits for the job earlier, which is not here",
        "its script bound refers to the connection other, which does not exist here",
    ]
    assert not speaks_of_imports(refused.text)


def test_a_start_over_the_factory_api_names_every_reason(faulty: Door) -> None:
    saved(faulty, "job", job("alone", node("load", scriptName="gone"), upstream=["before"]))
    headers = {"workspace": "faulty"}
    told = faulty.http.post(f"{faulty.factory}/jobs/alone/start", headers=headers).json()
    sentence = told["error_msg"] + told["hint"]
    assert "the script gone, which is not here" in sentence
    assert "the job before, which is not here" in sentence
    assert len(told["errors"]) == 2
    saved(faulty, "job", job("before"))
    told = faulty.http.post(f"{faulty.factory}/jobs/alone/start", headers=headers).json()
    assert (
        "the job alone cannot start because it refers to the script gone" in told["error_msg"] + told["hint"]
    )
    assert "save the script first" in told["hint"]
    assert not speaks_of_imports(str(told))


def test_what_a_resource_depends_on_is_read_back_as_it_was_written(faulty: Door) -> None:
    packages = [
        {"type": "jar", "location": "obs://deps/a.jar"},
        {"type": "pyFile", "location": "obs://deps/b.py"},
    ]
    headers = {"workspace": "faulty"}
    text = written(resource("lib", depend_packages=packages))
    made = faulty.http.post(f"{faulty.factory}/resources", content=text, headers=headers)
    id_ = made.json()["resourceId"]
    read = faulty.http.get(f"{faulty.factory}/resources/{id_}", headers=headers).json()
    assert read["dependPackages"] == packages
    (listed,) = faulty.http.get(f"{faulty.factory}/resources", headers=headers).json()["resources"]
    assert listed["dependPackages"] == packages
    kept = faulty.http.get("/api/workspaces/faulty/documents/resource/lib").content
    assert kept == text
    fewer = written(resource("lib", depend_packages=packages[:1]) | {"directory": "/"})
    assert (
        faulty.http.put(f"{faulty.factory}/resources/{id_}", content=fewer, headers=headers).status_code
        == 204
    )
    read = faulty.http.get(f"{faulty.factory}/resources/{id_}", headers=headers).json()
    assert read["dependPackages"] == packages[:1]
