"""Every error code that the Factory API's documentation lists, and how to get it here, or why nobody can."""

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
    message: str = ""


_LONG = "d" * 256
_NEW_SCRIPT = script("new")
_HIVE = {"name": "new", "type": "HIVE", "config": {"clusterName": "taken-cluster"}}

PRODUCED = {
    "DLF.0100": Call("GET", "jobs/nobody", message="The job does not exists."),
    "DLF.0101": Call("POST", "jobs", job("second"), workspace="full"),
    "DLF.0102": Call("POST", "jobs", job("taken"), message="The job name already exists."),
    "DLF.0136": Call("POST", "jobs/stream/run-immediate"),
    "DLF.0137": Call("GET", "jobs/taken/instances/1", message="Job instance does not exist."),
    "DLF.0201": Call("POST", "scripts", script("bad name")),
    "DLF.0202": Call("POST", "scripts", script("taken"), message="The name already exists."),
    "DLF.0203": Call("PUT", "scripts/taken", {**script("taken"), "description": _LONG}),
    "DLF.0802": Call("POST", "jobs/import", {}),
    "DLF.0803": Call("POST", "jobs/import", {"path": "http://bucket/jobs.zip"}),
    "DLF.20810": Call("GET", "system-tasks/moon", message="Task[moon] does not exist"),
    "DLF.0815": Call(
        "POST", "jobs/check-file", {"path": "obs://there/nothing.zip"}, message="Fail to read OBS file."
    ),
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
    "DLF.6205": Call(
        "GET", "scripts/taken/instances/i", message="The script running history does not exist."
    ),
    "DLF.6241": Call("GET", "resources/nobody", message="The resource information does not exist."),
    "DLF.6247": Call("POST", "scripts", {"name": "new", "content": ""}),
    "DLF.6253": Call("POST", "scripts", script("second"), workspace="full"),
    "DLF.6259": Call(
        "POST", "resources", resource("taken"), message="Files of the same name exist in the directory."
    ),
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


@pytest.mark.parametrize("code", sorted(PRODUCED))
def test_a_documented_code_is_answered(filled: Door, code: str) -> None:
    call = PRODUCED[code]
    path = call.path if call.path.startswith("/") else f"{filled.factory}/{call.path}"
    answer = filled.http.request(call.method, path, json=call.body, headers={"workspace": call.workspace})
    told = answer.json()
    assert (answer.status_code, told["error_code"]) == (call.status, code), told
    pair = {"error_code": code, "error_msg": told["error_msg"]}
    assert all(pair.items() <= one.items() for one in told["errors"])
    assert told["errors"]
    assert told["error_msg"] == (call.message or told["error_msg"])
    assert told.keys() <= {"error_code", "error_msg", "errors", "hint"}
    if call.message and not code.startswith("DLF.20"):
        assert told["hint"]


def test_the_table_is_complete() -> None:
    assert PRODUCED.keys() | IMPOSSIBLE.keys() == set(DOCUMENTED)
    assert not PRODUCED.keys() & IMPOSSIBLE.keys()


def test_the_translation_says_exactly_the_codes_that_can_be_produced() -> None:
    assert documented_codes() == set(PRODUCED)
