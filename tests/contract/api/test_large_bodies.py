"""Bodies beyond the limits of their calls: refused from the head, or as soon as too much has come."""

from __future__ import annotations

import http.client
import json
import re
from typing import Any

import pytest

from cases import every_case
from contract.api.doors import Door
from jobferry.api.bodies import BodyLimit
from jobferry.api.calls import Declared, Upload
from jobferry.api.decoding import Bound, plain
from jobferry.api.factory.calls import CALLS as FACTORY
from jobferry.api.native.calls import CALLS as NATIVE

WITH_BODY = [
    bound.declared
    for bound in map(Bound, (*NATIVE, *FACTORY))
    if bound.body is not None and plain(bound.body) is not Upload
]


def path_of(door: Door, call: Declared) -> str:
    """Fill in the path of a call."""
    known = {"project_id": door.platform.identity.project_id, "workspace": "default", "kind": "job"}
    return re.sub(r"\{(\w+)(:path)?\}", lambda part: known.get(part[1], "x"), call.path)


def announced(door: Door, call: Declared, size: int) -> tuple[int, Any]:
    """Send the head of a call whose body has a size, and nothing of the body; return the answer."""
    connection = http.client.HTTPConnection("127.0.0.1", door.port)
    connection.putrequest(call.method, path_of(door, call))
    connection.putheader("X-Auth-Token", door.credentials["token"])
    connection.putheader("Content-Type", "application/json")
    connection.putheader("Content-Length", str(size))
    connection.endheaders()
    answer = connection.getresponse()
    told = json.loads(answer.read())
    connection.close()
    return answer.status, told


def test_every_call_refuses_a_body_that_is_announced_as_too_large_before_any_of_it_comes(door: Door) -> None:
    with every_case() as case:
        for call in WITH_BODY:
            with case(call.method, call.path):
                for size in (call.body_limit + 1, 63 * 1024 * 1024):
                    status, told = announced(door, call, size)
                    assert status == 413
                    if call in FACTORY:
                        assert told["error_code"] == told["errors"][0]["error_code"] == "APIGW.0201"
                    else:
                        assert told["error"]["code"] == "too-large"


@pytest.mark.parametrize(
    ("name", "limit"),
    [
        ("mark_read", BodyLimit.USUAL),
        ("sign_in", BodyLimit.ANONYMOUS),
        ("change_objects", BodyLimit.NAMES),
        ("add_inventory", BodyLimit.DOCUMENT),
        ("delete_job", BodyLimit.USUAL),
    ],
)
def test_a_body_without_a_length_may_have_the_limit_and_is_refused_one_byte_beyond(
    door: Door, name: str, limit: BodyLimit
) -> None:
    call = next(call for call in WITH_BODY if call.name == name)
    assert call.body_limit is limit
    for size, is_refused in ((limit, False), (limit + 1, True)):
        pieces = (b" " * min(65_536, size - at) for at in range(0, size, 65_536))
        sent = {"Content-Type": "application/json"}
        answer = door.http.request(call.method, path_of(door, call), content=pieces, headers=sent)
        assert (answer.status_code == 413) is is_refused, answer.text


def test_a_list_beyond_its_limit_names_the_list_and_how_long_it_may_be(door: Door) -> None:
    for count, status in ((1_000, 404), (1_001, 400)):
        answer = door.http.post("/api/notices/read", json={"ids": [f"{one:x}" for one in range(count)]})
        assert answer.status_code == status
    error = answer.json()["error"]
    assert (error["subject"], error["message"]) == ("ids", "ids: use a list of at most 1,000")
