"""Every error code that the Factory API's documentation lists: its sentence, and how to get it here, or why
nobody can."""

from __future__ import annotations

import re
from typing import Any, NamedTuple

import pytest

from builders import job, node, resource, script
from contract.api.doors import Door
from jobferry.api.factory.translation import documented_codes


class Call(NamedTuple):
    """One call that ends in the code."""

    method: str
    path: str
    body: Any = None
    workspace: str = "codes"
    status: int = 400


_LONG = "d" * 256
_NEW_SCRIPT = script("new")
_HIVE = {"name": "new", "type": "HIVE", "config": {"clusterName": "taken-cluster"}}

SENTENCES = {
    "DLF.0100": "The job does not exist.",
    "DLF.0101": "The job quota has reached the upper limit.",
    "DLF.0102": "The job name has been used by another job.",
    "DLF.0136": "This API can be called only for batch jobs.",
    "DLF.0137": "The job instance does not exist.",
    "DLF.0201": "The script fails to be created.",
    "DLF.0202": "The script name has been used by another script.",
    "DLF.0203": "The script fails to be modified.",
    "DLF.0802": "The specified parameter is not configured.",
    "DLF.0803": "The OBS path is invalid.",
    "DLF.0810": "The queried task does not exist.",
    "DLF.0815": "The OBS file fails to be accessed.",
    "DLF.0819": "Operation failed, detail msg Workspace does not exists.",
    "DLF.1006": "The job node is empty.",
    "DLF.1242": "The OBS bucket does not exist.",
    "DLF.3004": "The job name cannot be left blank.",
    "DLF.3018": "The job name is invalid.",
    "DLF.3025": "The job scheduling parameter is invalid.",
    "DLF.3050": "The job description is invalid.",
    "DLF.6201": "The script does not exist.",
    "DLF.6205": "The script execution instance does not exist.",
    "DLF.6241": "The resource to be queried does not exist.",
    "DLF.6247": "The script type is not specified.",
    "DLF.6253": "The script quota has reached the upper limit.",
    "DLF.6258": "The directory contains data that cannot be deleted.",
    "DLF.6259": "A resource with the same name already exists in the directory.",
    "DLF.6263": "The resource type is invalid.",
    "DLF.6264": "The OBS path of the resource file is invalid.",
    "DLF.6265": "The resource description is invalid.",
    "DLF.6271": "Each user can create only one DLI connection.",
    "DLF.6309": "The connection name has been used by another connection.",
    "DLF.6322": "The data connection does not exist.",
    "DLF.6323": "The connection type cannot be modified.",
    "DLF.6416": "The cluster has been occupied by another connection.",
    "DLF.6418": "Either the DWS cluster name or the access address and port number of the cluster must be "
    "configured.",
    "DLF.6423": "An exception occurs when the agent is creating a job.",
    "DLF.6888": "Invalid account permissions.",
    "DLF.20810": "Task[moon] does not exist",
}
"""The sentences of the published error table. Clients match on them: they are the contract."""

WITHOUT_SENTENCE = {
    "DLF.2014": "only a newer page lists it, without a sentence",
    "DLF.3051": "stands in examples only, each with its own sentence; ours says what is wrong",
    "DLF.20819": "only the provider's code knows it, and looks at the code alone",
}

PRODUCED = {
    "DLF.0100": Call("GET", "jobs/nobody"),
    "DLF.0101": Call("POST", "jobs", job("second"), workspace="full"),
    "DLF.0102": Call("POST", "jobs", job("taken")),
    "DLF.0136": Call("POST", "jobs/stream/run-immediate"),
    "DLF.0137": Call("GET", "jobs/taken/instances/1"),
    "DLF.0201": Call("POST", "scripts", script("bad name")),
    "DLF.0202": Call("POST", "scripts", script("taken")),
    "DLF.0203": Call("PUT", "scripts/taken", {**script("taken"), "description": _LONG}),
    "DLF.0802": Call("POST", "jobs/import", {}),
    "DLF.0803": Call("POST", "jobs/import", {"path": "http://bucket/jobs.zip"}),
    "DLF.20810": Call("GET", "system-tasks/moon"),
    "DLF.0815": Call("POST", "jobs/check-file", {"path": "obs://there/nothing.zip"}),
    "DLF.0819": Call("GET", "jobs", workspace="nowhere"),
    "DLF.20819": Call("POST", "scripts/taken/execute", {"params": {}}, workspace="nowhere"),
    "DLF.1006": Call("POST", "jobs/empty/start"),
    "DLF.1242": Call("POST", "jobs/import", {"path": "obs://no-such-bucket/jobs.zip"}),
    "DLF.2014": Call("POST", "jobs", {**job("new"), "processType": "SOMETIMES"}),
    "DLF.3004": Call("POST", "jobs", job("")),
    "DLF.3018": Call("POST", "jobs", job("a/b")),
    "DLF.3025": Call("POST", "jobs", {**job("new"), "schedule": {"type": "SOMETIMES"}}),
    "DLF.3050": Call("POST", "jobs", job("new", description=_LONG)),
    "DLF.3051": Call("GET", "jobs?limit=101"),
    "DLF.6201": Call("GET", "scripts/nobody"),
    "DLF.6205": Call("GET", "scripts/taken/instances/i"),
    "DLF.6241": Call("GET", "resources/nobody"),
    "DLF.6247": Call("POST", "scripts", {"name": "new", "content": ""}),
    "DLF.6253": Call("POST", "scripts", script("second"), workspace="full"),
    "DLF.6259": Call("POST", "resources", resource("taken")),
    "DLF.6263": Call("POST", "resources", resource("new", type="tarball")),
    "DLF.6264": Call("POST", "resources", resource("new", location="")),
    "DLF.6265": Call("POST", "resources", resource("new", desc=_LONG)),
    "DLF.6271": Call("POST", "connections", {"name": "new", "type": "DLI"}),
    "DLF.6309": Call("POST", "connections", {"name": "taken", "type": "DLI"}),
    "DLF.6322": Call("GET", "connections/nobody"),
    "DLF.6323": Call("PUT", "connections/taken?ischeck=true", {"name": "taken", "type": "CloudTable"}),
    "DLF.6416": Call("POST", "connections", _HIVE),
    "DLF.6418": Call("POST", "connections", {"name": "new", "type": "DWS", "config": {"ip": "10.0.0.1"}}),
    "DLF.6888": Call("GET", "/v1/another-project/jobs", status=403),
}

IMPOSSIBLE = {
    "DLF.0810": "the call's own example says DLF.20810, so that is what it answers",
    "DLF.6258": "no call of this API deletes a directory",
    "DLF.6423": "there is no agent here that could fail while a job is created",
}

DOCUMENTED = re.findall(
    r"DLF[.][0-9]+",
    """
    DLF.0100 DLF.0101 DLF.0102 DLF.0136 DLF.0137 DLF.0201 DLF.0203 DLF.0202 DLF.0802 DLF.0803 DLF.0810
    DLF.20810 DLF.0815 DLF.0819 DLF.20819 DLF.1006 DLF.1242 DLF.2014 DLF.3004 DLF.3018 DLF.3025 DLF.3050
    DLF.3051 DLF.6201 DLF.6205 DLF.6241 DLF.6247 DLF.6253 DLF.6258 DLF.6259 DLF.6263 DLF.6264 DLF.6265
    DLF.6271 DLF.6309 DLF.6322 DLF.6323 DLF.6416 DLF.6418 DLF.6423 DLF.6888
    """,
)
"""The documentation's table, with the two codes that only its examples and clients show."""


@pytest.fixture(scope="module")
def filled(door: Door) -> Door:
    """A workspace in which something of each kind is taken, and one that is full."""
    door.workspace("codes")
    door.workspace("full", max_jobs="1", max_scripts="1")
    hive = {"name": "taken", "type": "HIVE", "config": {"clusterName": "taken-cluster"}}
    for workspace, family, body in [
        ("codes", "jobs", job("taken")),
        ("codes", "jobs", {**job("stream", node("n", "RESTAPI")), "processType": "REAL_TIME"}),
        ("codes", "jobs", {**job("empty"), "nodes": []}),
        ("codes", "scripts", script("taken")),
        ("codes", "resources", resource("taken")),
        ("codes", "connections", hive),
        ("codes", "connections", {"name": "lake", "type": "DLI"}),
        ("codes", "jobs/taken/export", {"obsPath": "obs://there/x"}),
        ("full", "jobs", job("first")),
        ("full", "scripts", script("first")),
    ]:
        made = door.http.post(f"{door.factory}/{family}", json=body, headers={"workspace": workspace})
        assert made.status_code in (200, 204), made.text
    return door


def _told(door: Door, call: Call) -> dict[str, Any]:
    """The answer to a failed call, which has the shape of every failure."""
    path = call.path if call.path.startswith("/") else f"{door.factory}/{call.path}"
    answer = door.http.request(call.method, path, json=call.body, headers={"workspace": call.workspace})
    told: dict[str, Any] = answer.json()
    assert answer.status_code == call.status, told
    pair = {"error_code": told["error_code"], "error_msg": told["error_msg"]}
    assert told["errors"]
    assert all(pair.items() <= one.items() for one in told["errors"])
    assert told.keys() <= {"error_code", "error_msg", "errors", "hint"}
    return told


@pytest.mark.parametrize("code", sorted(PRODUCED))
def test_a_documented_code_is_answered_with_its_sentence(filled: Door, code: str) -> None:
    told = _told(filled, PRODUCED[code])
    assert told["error_code"] == code, told
    if code in WITHOUT_SENTENCE:
        assert told["error_msg"] not in SENTENCES.values()
    else:
        assert told["error_msg"] == SENTENCES[code]
        assert code == "DLF.20810" or told["hint"], "the sentence alone does not say what it is about"


@pytest.mark.parametrize(
    ("code", "call", "about"),
    [
        ("DLF.0100", Call("DELETE", "jobs/nobody"), "the job nobody does not exist in this workspace"),
        ("DLF.0100", Call("POST", "jobs/batch-export", {"jobList": ["nobody"]}), "nobody"),
        ("DLF.0102", Call("POST", "jobs", job("taken")), "the job name taken is taken"),
        ("DLF.0201", Call("POST", "scripts", script("bad name")), "bad name"),
        ("DLF.0203", Call("PUT", "scripts/taken", script("taken", type="HiveSQL")), "HiveSQL"),
        ("DLF.0815", Call("POST", "jobs/import", {"path": "obs://there/nothing.zip"}), "nothing.zip"),
        ("DLF.0819", Call("GET", "scripts", workspace="nowhere"), "nowhere"),
        ("DLF.0819", Call("GET", "resources", workspace="nowhere"), "nowhere"),
        ("DLF.0819", Call("POST", "jobs/x/start", workspace="nowhere"), "nowhere"),
        ("DLF.6201", Call("DELETE", "scripts/nobody"), "the script nobody does not exist in this workspace"),
    ],
)
def test_the_hint_says_what_the_sentence_is_about(filled: Door, code: str, call: Call, about: str) -> None:
    told = _told(filled, call)
    assert (told["error_code"], told["error_msg"]) == (code, SENTENCES[code])
    assert about in told["hint"]


def test_the_export_call_keeps_the_sentence_of_its_own_page(filled: Door) -> None:
    told = _told(filled, Call("POST", "jobs/nobody/export"))
    assert (told["error_code"], told["error_msg"]) == ("DLF.0100", "The job does not exists.")
    assert "the job nobody does not exist" in told["hint"]


def test_the_table_is_complete() -> None:
    assert PRODUCED.keys() | IMPOSSIBLE.keys() == set(DOCUMENTED)
    assert not PRODUCED.keys() & IMPOSSIBLE.keys()
    assert SENTENCES.keys() | WITHOUT_SENTENCE.keys() == set(DOCUMENTED)
    assert not SENTENCES.keys() & WITHOUT_SENTENCE.keys()


def test_the_translation_says_exactly_the_codes_that_can_be_produced() -> None:
    assert documented_codes() == set(PRODUCED)
