"""What the Factory door does at its edges: sign-in, limits, unknown addresses, a second import."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable
from typing import Any

import pytest

from builders import job, node, resource, script, stored
from contract.api.doors import Door
from halted import halted
from jobferry.api.factory.jobs import job_line
from jobferry.model.kinds import ObjectKind
from jobferry.model.records import Slot


def _told(answer: Any) -> tuple[int, str]:
    body = answer.json()
    assert body["errors"][0]["error_code"] == body["error_code"]
    assert len(answer.headers["X-Request-Id"]) == 32
    return answer.status_code, body["error_code"]


def test_nobody_is_told_to_sign_in(door: Door) -> None:
    for headers in ({"X-Auth-Token": ""}, {"X-Auth-Token": "wrong"}, {"Authorization": "SDK-HMAC-SHA256 x"}):
        quiet = {"X-Auth-Token": "", **headers}
        assert _told(door.http.get(f"{door.factory}/jobs", headers=quiet)) == (401, "APIGW.0301")


def test_the_literal_project_id_is_explained(door: Door) -> None:
    answer = door.http.get("/v1/%7Bproject_id%7D/jobs")
    assert _told(answer) == (403, "DLF.6888")
    assert door.platform.identity.project_id in answer.json()["hint"]


@pytest.mark.parametrize(
    ("method", "path", "expected"),
    [
        ("GET", "/v1/p/moon", (404, "APIGW.0101")),
        ("GET", "/v1/p/jobs/", (404, "APIGW.0101")),
        ("GET", "/v2/p/factory/moon", (404, "APIGW.0101")),
        ("PATCH", "/v1/p/jobs/a", (405, "APIGW.0101")),
    ],
)
def test_addresses_that_are_not_there(door: Door, method: str, path: str, expected: tuple[int, str]) -> None:
    answer = door.http.request(method, path)
    assert _told(answer) == expected
    if expected[0] == 405:
        assert answer.headers["Allow"] == "GET, HEAD, PUT, DELETE"


def test_a_document_has_twelve_megabytes_at_most_signed_or_with_a_token(door: Door) -> None:
    headers = {
        "X-Auth-Token": "",
        "Authorization": "SDK-HMAC-SHA256 Access=a, SignedHeaders=host, Signature=0",
    }
    body = b" " * (12 * 1024 * 1024 + 1)
    assert _told(door.http.post(f"{door.factory}/jobs", content=body, headers=headers)) == (413, "APIGW.0201")
    assert _told(door.http.post(f"{door.factory}/jobs", content=body)) == (413, "APIGW.0201")
    assert _told(door.http.post(f"{door.factory}/jobs", content=body[1:])) == (400, "DLF.3051")


def test_an_endless_body_is_cut_off(door: Door) -> None:
    pieces = (b" " * (1 << 20) for _ in range(65))
    assert _told(door.http.post(f"{door.factory}/jobs", content=pieces)) == (413, "APIGW.0201")


def test_a_script_is_held_to_four_megabytes(door: Door) -> None:
    body = script("large", "x" * (4 * 1024 * 1024 + 1))
    answer = door.http.post(f"{door.factory}/scripts", json=body)
    assert _told(answer) == (400, "DLF.0201")
    assert "4194304" in answer.json()["hint"]


@pytest.mark.parametrize(
    "body",
    [b"", b"null", b"[]", b"{", b'{"name":"a","name":"b","targetStatus":"SAVED"}', b'{"name":1}', b"\xff"],
)
def test_a_document_that_is_none_is_refused(door: Door, body: bytes) -> None:
    second = f"{door.factory.replace('/v1', '/v2')}/factory"
    for place in (door.factory, second):
        status, code = _told(door.http.post(f"{place}/jobs", content=body))
        assert (status, code) in ((400, "DLF.3051"), (400, "DLF.3018"))


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("jobs", {**job("x"), "targetStatus": "LATER"}),
        ("jobs/import", {"path": "obs://a/b", "sameNamePolicy": "MERGE"}),
        ("jobs/import", {"path": "obs://a/b", "targetStatus": "LATER"}),
        ("jobs/import", {"path": "obs://a/b", "params": [1]}),
        ("jobs/batch-export", {"jobList": "a"}),
        ("jobs/batch-export", {"jobList": ["a"], "exportStatus": "LATER"}),
        ("jobs/batch-export", [1]),
    ],
)
def test_undocumented_values_are_named(door: Door, path: str, body: Any) -> None:
    assert _told(door.http.post(f"{door.factory}/{path}", json=body)) == (400, "DLF.3051")


@pytest.mark.parametrize("query", ["limit=0", "limit=x", "offset=-1", "jobType=SOMETIMES", "limit=1e3"])
def test_list_limits_are_kept(door: Door, query: str) -> None:
    assert _told(door.http.get(f"{door.factory}/jobs?{query}")) == (400, "DLF.3051")


def _eleven(made: Callable[[str], dict[str, Any]]) -> list[dict[str, Any]]:
    return [made(f"thing_{number:02}") for number in range(11)]


@pytest.mark.parametrize(
    ("path", "listed", "things"),
    [
        ("jobs", "jobs", _eleven(lambda name: job(name, node("n", "Dummy")))),
        ("scripts", "scripts", _eleven(script)),
        ("resources", "resources", _eleven(resource)),
        ("connections", "connections", _eleven(lambda name: {"name": name, "type": "HOST", "config": {}})),
    ],
)
def test_a_list_has_ten_unless_more_are_asked_for(
    door: Door, path: str, listed: str, things: list[dict[str, Any]]
) -> None:
    door.workspace(f"eleven-{path}")
    headers, address = {"workspace": f"eleven-{path}"}, f"{door.factory}/{path}"
    for thing in things:
        assert door.http.post(address, json=thing, headers=headers).is_success
    for query, count in (("", 10), ("?limit=11", 11), ("?offset=10", 1)):
        answer = door.http.get(address + query, headers=headers).json()
        assert (answer["total"], len(answer[listed])) == (11, count)


@pytest.mark.parametrize(
    ("path", "things"),
    [
        ("jobs", _eleven(lambda name: job(name, node("n", "Dummy")))),
        ("scripts", _eleven(script)),
    ],
)
def test_a_list_of_the_second_version_has_ten_unless_more_are_asked_for(
    door: Door, path: str, things: list[dict[str, Any]]
) -> None:
    door.workspace(f"second-{path}")
    headers, second = {"workspace": f"second-{path}"}, door.factory.replace("/v1", "/v2")
    for thing in things:
        assert door.http.post(f"{door.factory}/{path}", json=thing, headers=headers).is_success
    for query, count in (("", 10), ("?limit=11", 11), ("?offset=10", 1)):
        answer = door.http.get(f"{second}/factory/{path}{query}", headers=headers).json()
        assert (answer["total"], len(answer[path])) == (11, count)


def test_a_list_of_workspaces_has_ten_unless_more_are_asked_for(door: Door) -> None:
    for number in range(11):
        door.workspace(f"one_of_{number:02}")
    address = f"/v1/{door.platform.identity.project_id}/workspaces"
    count = door.http.get(address).json()["count"]
    assert count >= 11
    for query, rows in (("", 10), ("?limit=11", 11), (f"?offset={count - 1}", 1)):
        answer = door.http.get(address + query).json()
        assert (answer["count"], len(answer["data"])) == (count, rows)


def test_drafts_are_exported_unless_live_versions_are_asked_for(door: Door) -> None:
    door.workspace("drafts")
    headers, jobs = {"workspace": "drafts"}, f"{door.factory}/jobs"
    live, draft = job("orders", node("n", "Dummy")), job("orders", node("n", "Dummy"), description="draft")
    assert door.http.post(jobs, json=live, headers=headers).status_code == 204
    saved = door.http.put(f"{jobs}/orders", json={**draft, "targetStatus": "SAVED"}, headers=headers)
    assert saved.status_code == 204

    def exported(address: str, **body: Any) -> Any:
        answer = door.http.post(address, json=body, headers=headers)
        assert answer.status_code == 200, answer.text
        with zipfile.ZipFile(io.BytesIO(answer.content)) as package:
            (path,) = [one for one in package.namelist() if one.endswith(".job")]
            return json.loads(package.read(path)).get("description")

    for address, more in ((f"{jobs}/orders/export", {}), (f"{jobs}/batch-export", {"jobList": ["orders"]})):
        assert exported(address, **more) == "draft"
        assert exported(address, exportStatus="DEVELOP", **more) == "draft"
        assert exported(address, exportStatus="SUBMIT", **more) is None


def test_a_second_import_is_refused_and_says_who_and_since(door: Door) -> None:
    workspace = door.workspace("busy")
    headers = {"workspace": "busy"}
    assert door.http.post(f"{door.factory}/jobs", json=job("a"), headers=headers).status_code == 204
    exported = door.http.post(
        f"{door.factory}/jobs/a/export", json={"obsPath": "obs://busy"}, headers=headers
    )
    body = {"path": f"{exported.json()['obsPath']}/a.zip"}
    store = door.platform.parts.runtime.store
    slot = Slot(
        workspace_id=workspace["id"], task_id="other", holder="wang", since=1_700_000_000_000, fence=1
    )
    with store.write() as uow:
        uow.slots.take(slot)
        uow.commit()
    refused = door.http.post(f"{door.factory}/jobs/import", json=body, headers=headers)
    assert _told(refused) == (400, "DLF.3051")
    assert "wang" in refused.json()["error_msg"]
    assert "2023-11-14" in refused.json()["error_msg"]
    with store.write() as uow:
        uow.slots.free("other")
        uow.commit()
    store.close()
    begun = door.http.post(f"{door.factory}/jobs/import", json=body, headers=headers)
    assert door.ended(begun.json()["taskId"])["status"] == "SUCCESSFUL"
    assert [one for one in (door.folder / "packages").rglob("*") if one.is_file()] == []


def test_connections_hide_what_is_secret(door: Door) -> None:
    door.workspace("secrets")
    headers = {"workspace": "secrets"}
    body = {"name": "dwh", "type": "RDS", "config": {"ip": "10.0.0.1", "port": "1", "password": "hunter2"}}
    assert door.http.post(f"{door.factory}/connections", json=body, headers=headers).status_code == 204
    shown = door.http.get(f"{door.factory}/connections/dwh", headers=headers)
    assert "hunter2" not in shown.text
    assert set(shown.json()["config"]["password"]) == {"*"}
    put = door.http.put(
        f"{door.factory}/connections/dwh?ischeck=true", content=shown.content, headers=headers
    )
    assert put.status_code == 204
    listed = door.http.get(f"{door.factory}/connections", headers=headers).json()
    assert (listed["total"], listed["connections"][0]["config"]["ip"]) == (1, "10.0.0.1")
    assert door.http.delete(f"{door.factory}/connections/dwh", headers=headers).status_code == 204


@pytest.mark.parametrize(
    "place",
    ["s3://b/x", "obs://", "obs://..", "obs://b//x", "obs://b/../x", "obs://b/" + "x" * 1020],
)
def test_a_place_for_exports_that_is_none_is_named_as_it_was_given(door: Door, place: str) -> None:
    door.http.post(f"{door.factory}/jobs", json=job("a"))
    refused = door.http.post(f"{door.factory}/jobs/a/export", json={"obsPath": place}).json()
    assert refused["error_code"] == "DLF.0803"
    told = f"{refused['error_msg']} {refused['hint']}"
    assert repr(place) in told
    assert "_exported" not in told
    begun = door.http.post("/api/workspaces/default/downloads", json={"names": ["a"], "into": place})
    error = begun.json()["error"]
    assert (error["code"], error["subject"]) == ("invalid-object-path", place)


def test_tasks_are_named_in_the_callers_language(door: Door) -> None:
    door.workspace("languages")
    headers = {"workspace": "languages", "X-Language": "zh-cn"}
    door.http.post(f"{door.factory}/jobs", json=job("作业"), headers=headers)
    folder = door.http.post(
        f"{door.factory}/jobs/作业/export", json={"obsPath": "obs://zh/"}, headers=headers
    ).json()["obsPath"]
    begun = door.http.post(
        f"{door.factory}/jobs/import", json={"path": f"{folder}/作业.zip"}, headers=headers
    )
    door.ended(begun.json()["taskId"])
    for spelling in ("system-tasks", "systemTasks"):
        task = door.http.get(f"{door.factory}/{spelling}/{begun.json()['taskId']}", headers=headers).json()
        assert task["name"] == f"从路径[{folder}/作业.zip]导入作业。"
        assert [one["name"] for one in task["subtasks"]] == ["导入作业[作业]。"]
        assert all(isinstance(task[key], int) for key in ("startTime", "endTime", "lastUpdate"))


def test_a_task_that_is_running_has_no_end_yet(door: Door) -> None:
    task = halted(door.platform)
    for spelling in ("system-tasks", "systemTasks"):
        told = door.http.get(f"{door.factory}/{spelling}/{task.id}").json()
        assert (told["status"], "endTime" in told) == ("RUNNING", False)
    assert door.http.post(f"/api/tasks/{task.id}/cancel").is_success
    told = door.http.get(f"{door.factory}/system-tasks/{task.id}").json()
    assert (told["status"], told["endTime"] > 0) == ("FAILED", True)


@pytest.mark.parametrize(
    ("basic", "owner", "priority"),
    [
        ({}, "administrator", 0),
        ({"owner": ""}, "administrator", 0),
        ({"owner": "wang"}, "wang", 0),
        ({"priority": 0}, "administrator", 0),
        ({"priority": "2"}, "administrator", 2),
        ({"priority": 2}, "administrator", 2),
        ({"priority": 3}, "administrator", 0),
        ({"priority": -1}, "administrator", 0),
        ("no object", "administrator", 0),
        (None, "administrator", 0),
    ],
)
def test_a_listed_job_without_owner_or_priority_gets_its_creator_and_the_lowest(
    basic: Any, owner: str, priority: int
) -> None:
    document = job("plain", node("n", "Dummy"), basicConfig=basic)
    line = job_line(*stored(ObjectKind.JOB, document, created_by="administrator"))
    assert (line.owner, line.priority) == (owner, priority)


def test_a_real_time_job_tells_its_state_without_nodes(door: Door) -> None:
    body = {**job("stream", node("n", "RESTAPI", url="http://x")), "processType": "REAL_TIME"}
    assert door.http.post(f"{door.factory}/jobs", json=body).status_code == 204
    address = f"{door.factory}/jobs/stream"
    for action, state in (("", "STOPPED"), ("/start", "NORMAL"), ("/stop", "STOPPED")):
        if action:
            assert door.http.post(f"{address}{action}").status_code == 204
        answer = door.http.get(f"{address}/status")
        assert (answer.status_code, answer.json()) == (200, {"name": "stream", "nodes": [], "status": state})


def test_a_batch_job_has_no_running_status(door: Door) -> None:
    assert door.http.post(f"{door.factory}/jobs", json=job("nightly")).status_code == 204
    answer = door.http.get(f"{door.factory}/jobs/nightly/status")
    assert _told(answer) == (400, "DLF.3051")
    assert "nightly is a batch job" in answer.json()["error_msg"]
    assert "instances/detail" in answer.json()["hint"]


@pytest.mark.parametrize(
    "body",
    [
        {"content": "echo 2"},
        {"name": None, "type": None, "content": "echo 2"},
        {"type": "Shell", "content": "echo 2"},
        {"name": "time test", "content": "echo 2"},
        {"name": "timeTest", "type": "Shell", "content": "echo 2"},
    ],
)
def test_a_script_is_changed_by_the_name_in_the_path(door: Door, body: dict[str, Any]) -> None:
    first = {"name": "timeTest", "type": "Shell", "content": "echo 1", "connectionName": "host"}
    address = f"{door.factory}/scripts/timeTest"
    door.http.delete(address)
    assert door.http.post(f"{door.factory}/scripts", json=first).status_code == 204
    answer = door.http.put(address, json=body)
    if body.get("name") == "time test":
        assert _told(answer) == (400, "DLF.0203")
        return
    assert answer.status_code == 204, answer.text
    read = door.http.get(address).json()
    assert (read["name"], read["type"], read["content"]) == ("timeTest", "Shell", "echo 2")


def test_what_a_script_lacks_is_added_and_nothing_else(door: Door) -> None:
    assert door.http.post(f"{door.factory}/scripts", json=script("bytes")).status_code == 204
    sent = b'{ "content" : "SELECT \\u4f5c", "n": 1E5}'
    assert door.http.put(f"{door.factory}/scripts/bytes", content=sent).status_code == 204
    kept = door.http.get("/api/workspaces/default/documents/script/bytes").text
    assert '"content" : "SELECT \\u4f5c", "n": 1E5' in kept


def test_a_script_that_is_not_there_is_not_changed(door: Door) -> None:
    answer = door.http.put(f"{door.factory}/scripts/nobody", json={"content": "echo"})
    assert _told(answer) == (400, "DLF.6201")
