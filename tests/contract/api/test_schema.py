"""Both APIs keep to their published descriptions, whatever is sent that fits them, and what does not."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from functools import cache
from itertools import cycle
from typing import Any

import httpx
import pytest
import requests
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from builders import job, node, script
from cases import every_case
from contract.api.doors import Door, opened
from jobferry.api.factory.description import factory_description
from jobferry.api.native.description import native_description
from jobferry.api.native.platform import VERSION

DESCRIBED: dict[str, Callable[[str], dict[str, Any]]] = {
    "own": native_description,
    "factory": factory_description,
}
SHARES = 6
"""So many tests share the operations out, so that several processes run them."""
ENDING = {
    "DELETE /api/session",
    "DELETE /api/sessions",
    "POST /api/session/first",
    "PUT /api/me/password",
}
"""What would end the session, or change the password, that the next example signs in with."""
PASSWORD = "correct horse battery"
_PACKAGE = {"package": {"id": "{package}"}}
_JOB, _SCRIPT = job("made", node("n", "Dummy")), script("made")
_CONNECTION = {"name": "made", "type": "DWS", "config": {"clusterName": "made", "password": "secret"}}
GOOD: dict[str, Any] = {
    "POST /api/workspaces": {"name": "made"},
    "PATCH /api/workspaces/{workspace}/settings": {"time_zone": "Asia/Shanghai"},
    "POST /api/workspaces/{workspace}/objects/{kind}": _JOB,
    "PUT /api/workspaces/{workspace}/objects/{kind}/{name}": job("kept", node("n", "Dummy")),
    "POST /api/workspaces/{workspace}/connections": _CONNECTION,
    "PUT /api/workspaces/{workspace}/connections/{name}": {**_CONNECTION, "name": "kept"},
    "PUT /api/workspaces/{workspace}/connections/{name}/secrets": {"secrets": {"password": "secret"}},
    "PUT /api/workspaces/{workspace}/variables/{name}": {"value": "1", "type": "constant"},
    "PUT /v2/{project_id}/factory/env": {"params": [{"name": "made", "value": "1"}]},
    "POST /api/workspaces/{workspace}/comparisons": {**_PACKAGE, "everything": True},
    "POST /api/workspaces/{workspace}/imports": _PACKAGE,
    "POST /api/workspaces/{workspace}/rollbacks/{kind}/{name}": {"version": 1},
    "PUT /api/workspaces/{workspace}/jobs/{name}/tags": {"tags": ["free"]},
    "POST /v2/{project_id}/factory/jobs/{job_name}/tags": {"tag_names": ["free"]},
    "PUT /api/workspaces/{workspace}/routes/{platform}/{source}": {"options": {"duplicates": "skip"}},
    "POST /api/workspaces/{workspace}/locks/release": {"items": [{"kind": "script", "name": "kept"}]},
    "PUT /api/workspaces/{workspace}/members/{user}": {"roles": ["viewer"]},
    "PUT /api/workspaces/{workspace}/owner": {"user": "helper"},
    "PUT /api/workspaces/{workspace}/directory-policies/{name}": {"directories": ["/a"], "users": ["helper"]},
    "PATCH /api/users/{user}": {"disabled": False},
    "PUT /api/users/{user}/password": {"new": PASSWORD},
    "POST /api/users/{user}/tokens": {"name": "made", "workspaces": ["default"]},
    "POST /api/session": {"name": "other", "password": PASSWORD},
    "POST /v1/{project_id}/jobs": {**_JOB, "name": "made2"},
    "PUT /v1/{project_id}/jobs/{job_name}": job("kept", node("n", "Dummy")),
    "POST /v1/{project_id}/jobs/batch-export": {"jobList": ["kept"]},
    "POST /v1/{project_id}/scripts": {**_SCRIPT, "name": "made2"},
    "PUT /v1/{project_id}/scripts/{script_name}": script("kept"),
    "POST /v1/{project_id}/resources": {"name": "made", "type": "jar", "location": "obs://there/a.jar"},
    "POST /v1/{project_id}/connections": {**_CONNECTION, "name": "made2"},
    "POST /v1/{project_id}/workspaces": {"name": "made2"},
}
"""Bodies that are taken, for answers that hardly any generated body leads to. Each has to be taken here."""
REAL = {"user": "helper", "kind": "job"}
"""What paths name that is there; any other name is ``kept``, or ``gone`` to be deleted."""


@pytest.fixture(scope="module")
def package(door: Door) -> str:
    made = door.http.post("/api/workspaces/default/exports", json={}).content
    return str(door.http.post("/api/packages", content=made).json()["id"])


@pytest.fixture(scope="module")
def stranger(door: Door) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=f"http://127.0.0.1:{door.port}", trust_env=False, verify=False) as client:
        yield client


@cache
def documents() -> dict[str, dict[str, Any]]:
    """The descriptions. Making and reading them takes seconds, so no process does while it collects tests."""
    return {api: describe(VERSION) for api, describe in DESCRIBED.items()}


@cache
def operations() -> list[Any]:
    """What both descriptions describe, but for what would end the session."""
    import schemathesis
    from schemathesis.core.result import Ok

    schemathesis.serializer.alias(["application/zip", "text/csv"], "application/octet-stream")
    found = []
    for document in documents().values():
        schema = schemathesis.openapi.from_dict(document)
        schema.config.generation.update(with_security_parameters=False)
        for described in schema.get_all_operations():
            assert isinstance(described, Ok)
            found.append(described.ok())
    return [one for one in found if one.label not in ENDING]


def have(running: Door, name: str) -> None:
    """Makes a job, a script, a connection and a queue of that name, as far as no call has left them there."""
    for path, body in [
        ("objects/job", job(name, node("n", "Dummy"))),
        ("objects/script", script(name)),
        ("connections", {"name": name, "type": "DWS", "config": {"clusterName": name}}),
        ("inventory", {"items": [{"kind": "queue", "name": name}]}),
    ]:
        made = running.http.post(f"/api/workspaces/default/{path}", json=body)
        assert made.status_code in (201, 409), (path, made.text)


@pytest.fixture(scope="module")
def door(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Door]:
    with opened(tmp_path_factory.mktemp("platform")) as running:
        place = "/api/workspaces/default"
        for user in ("helper", "other"):
            made = running.http.post("/api/users", json={"name": user, "password": PASSWORD})
            assert made.status_code == 201, made.text
            member = running.http.put(f"{place}/members/{user}", json={"roles": ["viewer"]})
            assert member.status_code == 200, member.text
        for name in ("kept", "gone"):
            have(running, name)
        for tag in ("kept", "free"):  # no call of a path locks the second one
            assert running.http.put(f"{place}/tags/{tag}").status_code == 200
        yield running


@pytest.fixture(scope="module")
def session(door: Door) -> Iterator[requests.Session]:
    with requests.Session() as session:
        session.trust_env = False
        session.headers["X-Auth-Token"] = door.credentials["token"]
        yield session


@pytest.mark.parametrize("share", range(SHARES))
def test_answers_are_as_described(door: Door, session: requests.Session, package: str, share: int) -> None:
    with every_case() as case:
        for operation in operations()[share::SHARES]:
            with case(operation.label):
                _answers_as_described(door, session, package, operation)


def _answers_as_described(door: Door, session: requests.Session, package: str, operation: Any) -> None:
    from schemathesis import GenerationMode
    from schemathesis.checks import not_a_server_error
    from schemathesis.specs.openapi import checks

    described = [
        not_a_server_error,
        checks.status_code_conformance,
        checks.content_type_conformance,
        checks.response_headers_conformance,
        checks.response_schema_conformance,
    ]
    cases = st.one_of(
        operation.as_strategy(generation_mode=GenerationMode.POSITIVE),
        operation.as_strategy(generation_mode=GenerationMode.NEGATIVE),
    )

    if operation.label in GOOD:
        have(door, "kept")
    taken: set[int] = set()
    turns = cycle((True, False))

    @settings(
        max_examples=4,
        derandomize=True,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=cases)
    def holds(case: Any) -> None:
        real = next(turns)
        always = {"project_id": door.platform.identity.project_id, "workspace": "default"}
        for name in case.path_parameters:
            if name in always:
                case.path_parameters[name] = always[name]
            elif real:
                goes = operation.method == "delete" or operation.path.endswith(("/rename", "/move"))
                kept = "gone" if goes else "kept"
                case.path_parameters[name] = REAL.get(name, kept)
        if real and operation.label in GOOD:
            case.body = json.loads(json.dumps(GOOD[operation.label]).replace("{package}", package))
            case.media_type = "application/json"
            case.query = {}
            case.headers.clear()  # no other workspace, no other draft (If-Match)
        answer = case.call(base_url=f"http://127.0.0.1:{door.port}", session=session)
        if real:
            taken.add(answer.status_code)
        if answer.status_code < 400:
            assert str(answer.status_code) in operation.definition.raw["responses"]
        case.validate_response(answer, checks=described)

    holds()
    assert operation.label not in GOOD or min(taken) < 300, f"a body that is taken is answered {taken}"


def test_nobody_is_told_anything(stranger: httpx.Client) -> None:
    with every_case() as case:
        for document in documents().values():
            for path, calls in document["paths"].items():
                for method, call in calls.items():
                    with case(method, path):
                        _is_told_nothing(stranger, method, path, call)


def _is_told_nothing(stranger: httpx.Client, method: str, path: str, call: dict[str, Any]) -> None:
    for headers in ({}, {"X-Auth-Token": "jf_wrong"}, {"Authorization": "Bearer wrong"}):
        answer = stranger.request(method, re.sub("{.*?}", "kept", path), headers=headers)
        if call.get("security") == []:
            assert answer.status_code in (200, 400)
        else:
            assert answer.status_code == 401, answer.text


def test_who_needs_not_sign_in() -> None:
    open_calls = {
        f"{method} {path}"
        for document in documents().values()
        for path, calls in document["paths"].items()
        for method, call in calls.items()
        if call.get("security") == []
    }
    assert open_calls == {
        "get /healthz",
        "get /readyz",
        "get /api/session",
        "post /api/session",
        "post /api/session/first",
        "get /api/session/methods",
        "post /api/session/provider",
        "post /api/session/provider/end",
        "get /api/session/provider/sign-out",
    }


@pytest.mark.parametrize("api", DESCRIBED)
def test_every_name_in_a_description_is_explained_there(api: str) -> None:
    document = documents()[api]
    named = set(re.findall(r"'#/components/schemas/([^']+)'", repr(document)))
    assert named == set(document["components"].get("schemas", {}))
    assert {"token", "session"} <= document["components"]["securitySchemes"].keys()
