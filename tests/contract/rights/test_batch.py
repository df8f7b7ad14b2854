"""The act of importing a batch task package: who may, and that nothing but the act asks for it."""

from __future__ import annotations

import io
import itertools
import zipfile
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from builders import job, node, written
from contract.api.doors import Door, checked, opened
from contract.rights.conftest import client
from jobferry.model.audit import AuditFilter, AuditOutcome
from jobferry.model.rights import Role
from people import assign, enrol, store_of

PLACE = "easy"
_numbers = itertools.count()


@pytest.fixture(scope="module")
def door(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Door]:
    with opened(tmp_path_factory.mktemp("platform")) as running:
        running.workspace(PLACE, profile="easydata", default_directory="/in")
        running.workspace("plain")
        yield running


@pytest.fixture(scope="module")
def developer(door: Door) -> Iterator[httpx.Client]:
    caller = enrol(door.platform, "dev")
    for place in (PLACE, "plain"):
        assign(door.platform, caller, place, Role.DEVELOPER)
    with client(door, caller) as http:
        yield http


@pytest.fixture
def switched_on(door: Door) -> Iterator[None]:
    door.http.patch("/api/settings", json={"batch_imports": True}).raise_for_status()
    yield
    door.http.patch("/api/settings", json={"batch_imports": ""}).raise_for_status()


BATCH = "import-batch-package"


def handed_in(http: httpx.Client, act: str = BATCH, count: int = 2) -> dict[str, Any]:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as package:
        for _ in range(count):
            name = f"j{next(_numbers)}"
            package.writestr(f"{name}/{name}.job", written(job(name, node("n", "Dummy"))))
    made = http.post("/api/packages", content=file.getvalue())
    return {"package": {"id": made.json()["id"]}, "options": {"act": act}}


def check(http: httpx.Client, place: str = PLACE, act: str = BATCH, count: int = 2) -> httpx.Response:
    return checked(http, f"/api/workspaces/{place}", handed_in(http, act, count))


def test_while_it_is_off_nobody_imports_a_batch(door: Door) -> None:
    refused = check(door.http)
    assert refused.status_code == 403
    told = refused.json()["error"]
    assert told["message"] == "batch task packages are not imported on this platform"
    assert told["hint"].endswith("`jobferry setting set --platform batch_imports=true`")
    at_once = door.http.post(f"/api/workspaces/{PLACE}/imports", json=handed_in(door.http) | {"apply": True})
    assert (at_once.status_code, at_once.json()["error"]["code"]) == (403, "not-allowed")
    assert door.http.get(f"/api/workspaces/{PLACE}/objects/job").json()["total"] == 0
    with store_of(door.platform).read() as snapshot:
        _, rows = snapshot.audit.page(AuditFilter(action="batch-import"), offset=0, limit=10)
    assert {row.event.outcome for row in rows} == {AuditOutcome.REFUSED}


@pytest.mark.usefixtures("switched_on")
def test_while_it_is_on_owner_and_administrators_do(door: Door, developer: httpx.Client) -> None:
    assert check(door.http).status_code == 200
    refused = check(developer)
    assert refused.status_code == 403
    told = refused.json()["error"]
    assert told["message"] == "dev may not import batch packages in the workspace easy"
    assert "ask admin" in told["hint"]


@pytest.mark.parametrize("place", [PLACE, "plain"])
def test_the_act_counts_and_neither_the_profile_nor_the_number_of_jobs(
    door: Door, developer: httpx.Client, place: str
) -> None:
    for count in (1, 2):
        assert check(developer, place, BATCH, count).status_code == 403
        assert check(door.http, place, BATCH, count).status_code == 403
        for act in ("import-package", "import-job"):
            assert check(developer, place, act, count).status_code == 200


@pytest.mark.usefixtures("switched_on")
def test_a_batch_import_switched_off_meanwhile_changes_nothing(door: Door) -> None:
    made = check(door.http).json()
    door.http.patch("/api/settings", json={"batch_imports": ""}).raise_for_status()
    place = f"/api/workspaces/{PLACE}/imports/{made['id']}/apply"
    refused = door.http.post(place, json={"plan_digest": made["plan_digest"]})
    assert (refused.status_code, refused.json()["error"]["code"]) == (403, "not-allowed")
