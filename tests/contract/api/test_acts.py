"""What an import is done as: each act with its conditions and sizes, said by the caller and never guessed."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Iterator
from typing import Any

import pytest

from builders import job, node, written
from contract.api.doors import Door, checked, opened, rechecked, refused
from jobferry.model.audit import AuditFilter
from people import store_of

PLACE = "/api/workspaces/default"
QUIET = node("n", "Dummy")
SMALL, ROOMY = 600, 100_000
"""Bytes: below and above any package here."""


@pytest.fixture(scope="module")
def door(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Door]:
    with opened(tmp_path_factory.mktemp("platform")) as running:
        bucket = running.folder / "objects" / "bucket"
        bucket.mkdir(parents=True)
        (bucket / "p.zip").write_bytes(package("stored"))
        yield running


@pytest.fixture
def settings(door: Door) -> Iterator[Any]:
    """Sets the platform's settings, for one test."""
    said: dict[str, Any] = {}

    def put(**values: Any) -> None:
        said.update(values)
        door.http.patch("/api/settings", json=values).raise_for_status()

    yield put
    door.http.patch("/api/settings", json=dict.fromkeys(said, "")).raise_for_status()


def package(name: str) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as content:
        content.writestr(f"jobs/{name}.job", written(job(name, QUIET, description="x" * SMALL)))
    return file.getvalue()


def handed_in(door: Door, act: str | None = None, name: str = "a", **more: Any) -> dict[str, Any]:
    made = door.http.post("/api/packages", content=package(name)).json()
    options = {} if act is None else {"act": act}
    return {"package": {"id": made["id"]}, "options": options, **more}


def refusal(answer: Any) -> tuple[str, str]:
    told = answer.json()["error"]
    return told["code"], told["message"]


def asked_both_ways(door: Door, body: Any) -> Iterator[Any]:
    """Checked and kept to be looked at, and begun at once."""
    yield checked(door.http, PLACE, body())
    yield door.http.post(f"{PLACE}/imports", json=body() | {"apply": True})


def test_workspace_jobs_come_in_only_where_change_management_is_on(door: Door) -> None:
    for answer in asked_both_ways(door, lambda: handed_in(door, "import-workspace-job")):
        assert answer.status_code == 409
        code, message = refusal(answer)
        assert code == "changes-off"
        assert "change_management is off" in message
    assert door.http.get(f"{PLACE}/objects/job").json()["total"] == 0
    door.http.patch(f"{PLACE}/settings", json={"change_management": True}).raise_for_status()
    try:
        made = checked(door.http, PLACE, handed_in(door, "import-workspace-job")).json()
        assert made["state"] == "checked"
        assert made["options"] == {"act": "import-workspace-job"}
    finally:
        door.http.patch(f"{PLACE}/settings", json={"change_management": ""}).raise_for_status()


def test_a_local_file_has_the_limit_of_import_job_and_of_nothing_else(door: Door, settings: Any) -> None:
    settings(factory_local_bytes=SMALL, batch_imports=True)
    for answer in asked_both_ways(door, lambda: handed_in(door, "import-job")):
        assert answer.status_code == 422
        code, message = refusal(answer)
        assert code == "package-too-large"
        size = len(package("a"))
        assert message == f"the package has {size:,} bytes; the limit factory_local_bytes is {SMALL}"
    for act in (None, "import-package", "import-batch-package"):
        for answer in asked_both_ways(door, lambda act=act: handed_in(door, act)):
            assert answer.is_success
            if task := answer.json().get("task_id"):
                door.ended(task)


def test_what_comes_from_object_storage_has_another_limit_and_a_name_makes_no_place(
    door: Door, settings: Any
) -> None:
    settings(factory_local_bytes=SMALL)
    stored = {"package": {"path": "obs://bucket/p.zip"}, "options": {"act": "import-job"}}
    assert checked(door.http, PLACE, stored).json()["state"] == "checked"
    named = {"name": "obs://bucket/p.zip"}
    made = door.http.post("/api/packages", params=named, content=package("a")).json()
    assert made["name"] == "p.zip"
    body = {"package": {"id": made["id"]}, "options": {"act": "import-job"}}
    assert refusal(door.http.post(f"{PLACE}/imports", json=body))[0] == "package-too-large"
    settings(factory_local_bytes=ROOMY, factory_package_bytes=SMALL)
    assert checked(door.http, PLACE, body).json()["state"] == "checked"
    code, message = refusal(door.http.post(f"{PLACE}/imports", json=stored))
    size = len(package("stored"))
    assert (code, message) == (
        "package-too-large",
        f"obs://bucket/p.zip: has {size:,} bytes; the limit factory_package_bytes is {SMALL}",
    )


def test_what_the_package_unpacks_to_is_told_with_the_setting_of_the_act(door: Door, settings: Any) -> None:
    settings(factory_unpacked_bytes=SMALL)
    told = f"the package unpacks to more than {SMALL} bytes; the limit factory_unpacked_bytes is {SMALL}"
    answer = checked(door.http, PLACE, handed_in(door, "import-job"))
    assert refused(answer) == ("package-too-large", told)
    begun = door.http.post(f"{PLACE}/imports", json=handed_in(door, "import-job", apply=True))
    ended = door.ended(begun.json()["task_id"])
    assert (ended["code"], ended["message"]) == ("package-too-large", f"{told}; nothing was changed")


def test_the_factory_door_is_import_job_and_its_caller_sees_size_and_setting(
    door: Door, settings: Any
) -> None:
    imports = f"{door.factory}/jobs/import"
    settings(factory_package_bytes=SMALL)
    refused = door.http.post(imports, json={"path": "obs://bucket/p.zip"}).json()
    assert refused["error_code"] == "DLF.0815"
    size = len(package("stored"))
    assert f"has {size:,} bytes; the limit factory_package_bytes is {SMALL}" in refused["hint"]
    settings(factory_package_bytes=ROOMY, factory_unpacked_bytes=SMALL)
    task = door.http.post(imports, json={"path": "obs://bucket/p.zip"}).json()["taskId"]
    door.ended(task)
    shown = door.http.get(f"{door.factory}/system-tasks/{task}").json()
    assert f"the limit factory_unpacked_bytes is {SMALL}" in shown["message"]
    settings(factory_unpacked_bytes=ROOMY)
    task = door.http.post(imports, json={"path": "obs://bucket/p.zip"}).json()["taskId"]
    door.ended(task)
    assert door.http.get(f"/api/receipts/{task}").json()["act"] == "import-job"


def test_the_act_is_kept_by_import_receipt_and_audit_and_bound_to_the_plan(door: Door) -> None:
    body = handed_in(door, "import-job", "kept")
    made = checked(door.http, PLACE, body).json()
    assert made["options"] == {"act": "import-job"}
    place = f"{PLACE}/imports/{made['id']}"
    other = rechecked(door.http, place, {}).json()
    assert (other["options"], other["plan_digest"] != made["plan_digest"]) == ({}, True)
    again = rechecked(door.http, place, {"act": "import-job"}).json()
    assert again["plan_digest"] == made["plan_digest"]
    begun = door.http.post(f"{place}/apply", json={"plan_digest": made["plan_digest"]}).json()
    door.ended(begun["task_id"])
    assert door.http.get(f"/api/receipts/{begun['task_id']}").json()["act"] == "import-job"
    for action in ("import-check", "import-begin"):
        with store_of(door.platform).read() as snapshot:
            _, rows = snapshot.audit.page(AuditFilter(action=action), offset=0, limit=1)
        assert rows[0].event.detail.endswith(" import-job")
    assert door.http.get(f"{PLACE}/receipts").json()["items"][0]["act"] == "import-job"


def test_a_route_never_says_the_act(door: Door) -> None:
    route = f"{PLACE}/routes/{'0' * 32}/dev"
    options = {"act": "import-batch-package", "duplicates": "skip"}
    saved = door.http.put(route, json={"platform_name": "p", "options": options})
    assert saved.is_success, saved.text
    assert saved.json()["options"] == {"duplicates": "skip"}


def test_an_act_that_is_none_is_refused_by_name(door: Door) -> None:
    answer = door.http.post(f"{PLACE}/imports", json=handed_in(door, "import-everything"))
    assert answer.status_code == 400
    assert "act" in json.dumps(answer.json())
