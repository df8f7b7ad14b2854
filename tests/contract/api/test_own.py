"""The own API's main flows over real HTTP; every answer is held against its published shape."""

from __future__ import annotations

import io
import json
import zipfile
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote, unquote

import httpx
import msgspec
import pytest

from builders import job, node, resource, script, written
from contract.api.doors import Door, fits, looked_into
from jobferry.api.native import (
    connections,
    imports,
    inventory,
    objects,
    packages,
    platform,
    receipts,
    tasks,
    variables,
    workspaces,
)
from jobferry.api.native.objects import SavedAnswer
from jobferry.api.native.settings import SettingAnswer
from tables import ON_POSTGRES
from unit.access.signing import sdk_signed


def _at(workspace: str, *parts: str) -> str:
    return "/api/workspaces/" + "/".join(quote(part, safe="") for part in (workspace, *parts))


def _zip(entries: dict[str, bytes]) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as package:
        for name, content in entries.items():
            package.writestr(name, content)
    return file.getvalue()


def _handed_in(door: Door, content: bytes, name: str = "it.zip") -> str:
    answer = door.http.post("/api/packages", params={"name": name}, content=content)
    return str(fits(packages.PackageAnswer, answer, 201)["id"])


def test_the_platform_says_who_it_is_and_whatfits(door: Door) -> None:
    fits(platform.Health, door.http.get("/healthz", headers={"X-Auth-Token": ""}))
    fits(platform.Readiness, door.http.get("/readyz", headers={"X-Auth-Token": ""}))
    told = fits(platform.PlatformAnswer, door.http.get("/api/platform"))
    assert told["project_id"] == door.credentials["project_id"]
    assert {"package_bytes", "unpacked_bytes", "factory_package_bytes"} <= told["limits"].keys()


def test_the_platform_says_what_it_runs_on_and_under_which_licences(door: Door) -> None:
    told = fits(platform.PartList, door.http.get("/api/platform/parts"))
    assert told["database"].startswith("PostgreSQL " if ON_POSTGRES else "SQLite 3.")
    licences = {part["name"]: part["licence"] for part in told["items"]}
    assert licences["jobferry"] == "Apache-2.0"
    assert "BSD" in licences["starlette"]
    assert "pytest" not in licences
    assert [name for name, licence in licences.items() if not licence] == []


def test_settings_say_what_holds_and_who_may_set_them(door: Door) -> None:
    def held(path: str) -> dict[str, SettingAnswer]:
        told = [msgspec.convert(one, SettingAnswer) for one in door.http.get(path).json()]
        return {one.key: one for one in told}

    changed = door.http.patch("/api/settings", json={"package_bytes": 4096, "object_exports": False})
    assert changed.status_code == 200, changed.text
    platform = held("/api/settings")
    assert (platform["package_bytes"].value, platform["package_bytes"].source) == ("4096", "stored")
    assert platform["object_exports"].value == "false"
    assert door.http.get("/api/platform").json()["limits"]["package_bytes"] == 4096
    assert door.http.patch("/api/settings", json={"object_exports": "", "package_bytes": ""}).is_success
    assert held("/api/settings")["package_bytes"].source == "default"
    unfit = door.http.patch("/api/settings", json={"ratio": 5, "nonsense": 1})
    assert (unfit.status_code, unfit.json()["error"]["subject"]) == (400, "nonsense")
    assert held("/api/settings")["ratio"].source == "default"

    door.workspace("ruled", profile="strict", mrs_queue_mandatory="true")
    settings = held(_at("ruled", "settings"))
    assert (settings["outcome"].value, settings["outcome"].source) == ("package", "profile")
    assert settings["mrs_queue_mandatory"].value == "true"
    assert settings["download"].set_by == ["operations", "owner"]


def test_workspaces_and_their_settings(door: Door) -> None:
    made = fits(
        workspaces.WorkspaceAnswer, door.http.post("/api/workspaces", json={"name": "团队"}), status=201
    )
    assert fits(workspaces.WorkspaceAnswer, door.http.get(_at("团队"))) == made
    assert fits(workspaces.WorkspaceAnswer, door.http.get(_at(made["id"]))) == made
    fits(workspaces.WorkspaceList, door.http.get("/api/workspaces"))
    changed = door.http.patch(_at("团队", "settings"), json={"profile": "strict", "max_jobs": 7})
    settings = fits(workspaces.WorkspaceAnswer, changed)["settings"]
    assert (settings["profile"], settings["max_jobs"]) == ("strict", "7")
    refused = door.http.patch(_at("团队", "settings"), json={"profile": "factory", "moon": "1"})
    assert refused.status_code == 400
    assert door.http.get(_at("团队")).json()["settings"]["profile"] == "strict"


def test_objects_keep_their_bytes(door: Door) -> None:
    door.workspace("objects")
    text = (
        b'{"name":"\xe4\xbd\x9c", "nodes":[{"name":"n","type":"Dummy"}],'
        b' "x":[1E5, 0.10],"schedule":{"type":"EXECUTE_ONCE"},"targetStatus":"SAVED"}'
    )
    made = door.http.post(_at("objects", "objects", "job"), params={"submit": False}, content=text)
    stored = fits(SavedAnswer, made, 201)
    assert (stored["name"], stored["state"], stored["live_version"]) == ("作", "STOPPED", 0)
    path = _at("objects", "documents", "job", "作")
    read = door.http.get(path)
    assert read.content == text
    assert read.headers["Content-Type"] == "application/json"
    assert door.http.get(path, params={"version": "live"}).status_code == 404

    place = _at("objects", "objects", "job", "作")
    newer = text.replace(b'"x"', b'"y"')
    assert fits(SavedAnswer, door.http.put(place, content=newer))["live_version"] == 1
    assert door.http.get(path, params={"version": 1}).content == newer
    listed = fits(objects.ObjectList, door.http.get(_at("objects", "objects", "job"), params={"name": "作"}))
    assert listed["total"] == 1
    assert fits(SavedAnswer, door.http.get(place))["uid"] == stored["uid"]
    started = fits(objects.ObjectAnswer, door.http.post(_at("objects", "jobs", "作", "start")))
    assert (started["state"], started["engine"]) == ("SCHEDULING", "none")
    assert fits(SavedAnswer, door.http.get(place)).items() >= started.items()
    assert door.http.delete(place).status_code == 409
    stopped = fits(objects.ObjectAnswer, door.http.post(_at("objects", "jobs", "作", "stop")))
    assert (stopped["state"], stopped["engine"]) == ("STOPPED", "none")
    assert door.http.delete(place).status_code == 204


def test_cdm_definitions_have_names_with_a_slash(door: Door) -> None:
    door.workspace("cdm")
    place = _at("cdm", "objects", "cdm")
    made = door.http.post(place, params={"name": "cluster/load orders"}, content=b'{"jobs": []}')
    assert fits(SavedAnswer, made, 201)["state"] is None
    for spelled in ("cluster%2Fload%20orders", "cluster/load%20orders"):
        assert door.http.get(f"{place}/{spelled}").json()["name"] == "cluster/load orders"
    assert door.http.post(place, params={"name": "nothing"}, content=b"{}").status_code == 400


def test_a_package_is_exported_checked_and_imported(door: Door) -> None:
    for name in ("from", "to"):
        door.workspace(name)
    load = node("load", "DWSSQL", scriptName="clean", connectionName="dwh", resourcePath="lookup")
    for kind, document in (("script", script("clean")), ("resource", resource("lookup"))):
        door.http.post(_at("from", "objects", kind), content=written(document))
    door.http.post(_at("from", "objects", "job"), content=written(job("orders", load)))
    door.http.post(_at("from", "objects", "job"), params={"submit": False}, content=written(job("draft")))

    live = door.http.post(_at("from", "exports"), json={"state": "submitted"})
    assert json.loads(unquote(live.headers["X-Jobferry-Left-Out"])) == ["job draft"]
    exported = door.http.post(_at("from", "exports"), json={"names": ["orders"]})
    assert exported.headers["X-Jobferry-Objects"] == "3"
    assert "X-Jobferry-Left-Out" not in exported.headers
    assert zipfile.ZipFile(io.BytesIO(exported.content)).namelist()[0] == "manifest.json"

    package = _handed_in(door, exported.content)
    options: dict[str, Any] = {"expect_digest": exported.headers["X-Jobferry-Package-Digest"]}
    body = {"package": {"id": package}, "options": options}
    report = looked_into(door.http, _at("to"), body)
    assert [(one["name"], one["presence"], one["candidates"]) for one in report["needs"]] == [
        ("dwh", "missing", [])
    ]
    assert {step["verdict"] for step in report["steps"]} == {"blocked"}
    assert report["source"]["workspace"] == "from"
    chinese = looked_into(door.http, _at("to"), body, headers={"Accept-Language": "zh-CN"})
    assert "不存在" in chinese["findings"][0]["message"]

    door.http.post(
        _at("to", "connections"), json={"name": "prod", "type": "DWS", "config": {"clusterName": "c"}}
    )
    options["mapping"] = {"connection": {"dwh": "prod"}}
    assert looked_into(door.http, _at("to"), body)["counts"] == {"create": 3}
    at_once = door.http.post(_at("to", "imports"), json={**body, "apply": True})
    begun = fits(imports.ImportAnswer, at_once, 202)
    ended = fits(tasks.TaskAnswer, door.http.get(f"/api/tasks/{begun['task_id']}?wait=60"))
    assert (ended["status"], ended["receipt_id"]) == ("SUCCESSFUL", begun["task_id"])

    receipt = fits(receipts.ReceiptAnswer, door.http.get(f"/api/receipts/{begun['task_id']}"))
    assert receipt["counts"] == {"created": 3}
    lines = fits(receipts.ReceiptLines, door.http.get(f"/api/receipts/{begun['task_id']}/lines"))
    assert [(one["kind"], one["name"]) for one in lines["items"]] == [
        ("resource", "lookup"),
        ("script", "clean"),
        ("job", "orders"),
    ]
    listed = fits(receipts.ReceiptList, door.http.get(_at("to", "receipts")))
    assert [one["id"] for one in listed["items"]] == [begun["task_id"]]
    assert door.http.post(_at("to", "imports"), json=body).status_code == 404


def test_a_package_in_object_storage_needs_no_handing_in(door: Door) -> None:
    door.workspace("stored")
    bucket = door.folder / "objects" / "stored"
    bucket.mkdir(parents=True)
    (bucket / "p.zip").write_bytes(_zip({"jobs/a.job": written(job("a"))}))
    body = {"package": {"path": "obs://stored/p.zip"}}
    report = looked_into(door.http, _at("stored"), body)
    assert (report["layout"], report["source"]) == ("factory", None)
    begun = door.http.post(_at("stored", "imports"), json={**body, "apply": True}).json()
    assert door.ended(begun["task_id"])["message"] == "1 created"
    again = looked_into(door.http, _at("stored"), body)
    assert [one["verdict"] for one in again["steps"]] == ["unchanged"]


def test_what_a_workspace_has_besides(door: Door) -> None:
    door.workspace("around")
    document: dict[str, Any] = {"name": "dwh", "type": "RDS"}
    document["config"] = {"ip": "h", "port": "1", "password": ""}
    made = door.http.post(_at("around", "connections"), json=document)
    assert fits(connections.ConnectionAnswer, made, 201)["incomplete"] is True
    document["config"] = {"ip": "h", "port": "1", "password": "hunter2"}
    put = door.http.put(_at("around", "connections", "dwh"), json=document)
    assert fits(connections.ConnectionAnswer, put)["incomplete"] is False
    listed = door.http.get(_at("around", "connections"))
    fits(connections.ConnectionList, listed)
    assert "hunter2" not in listed.text
    for secret in (["hunter2"], {"a": "hunter2"}):
        document["config"]["password"] = secret
        put = door.http.put(_at("around", "connections", "dwh"), json=document)
        assert fits(connections.ConnectionAnswer, put)["incomplete"] is False
        assert "hunter2" not in door.http.get(_at("around", "connections")).text
    document["config"]["password"] = 5
    for refused in (
        door.http.put(_at("around", "connections", "dwh"), json=document),
        door.http.post(_at("around", "connections"), json=document),
    ):
        assert refused.status_code == 400
        assert "config.password is not text" in refused.json()["error"]["message"]
    assert door.http.delete(_at("around", "connections", "dwh")).status_code == 204

    things = {"items": [{"kind": "cluster", "name": "c/1"}, {"kind": "queue", "name": "q", "local_id": "7"}]}
    added = door.http.post(_at("around", "inventory"), json=things)
    assert fits(inventory.AddedAnswer, added, 201) == {"added": 2}
    found = fits(inventory.InventoryList, door.http.get(_at("around", "inventory"), params={"kind": "queue"}))
    assert found["items"] == [{"kind": "queue", "name": "q", "local_id": "7"}]
    assert door.http.delete(_at("around", "inventory", "cluster", "c/1")).status_code == 204
    assert door.http.delete(_at("around", "inventory", "cluster", "c/1")).status_code == 404

    body = {"value": "5", "type": "constant"}
    assert door.http.put(_at("around", "variables", "n"), json=body).status_code == 204
    kept = fits(variables.VariableList, door.http.get(_at("around", "variables")))
    (item,) = kept["items"]
    assert item == {"name": "n", "type": "constant", "value": "5", "description": "", "incomplete": False}
    assert door.http.delete(_at("around", "variables", "n")).status_code == 204


def test_a_package_may_come_in_pieces_of_unknown_number(door: Door) -> None:
    pieces = (bytes(1 << 16) for _ in range(400))
    answer = door.http.post("/api/packages", content=pieces)
    assert fits(packages.PackageAnswer, answer, 201)["size"] == 400 << 16


def test_a_package_may_be_handed_in_by_signature_too(door: Door) -> None:
    signed = {"X-Auth-Token": "", "Authorization": "SDK-HMAC-SHA256 Access=a, SignedHeaders=h, Signature=0"}
    assert door.http.post("/api/packages", content=b"x", headers=signed).status_code == 401


def test_a_package_that_is_handed_in_by_signature_is_kept_as_it_was_sent(door: Door) -> None:
    whole = bytes(range(256)) * 300
    date = datetime.now(UTC).strftime("%Y%m%dT%H%M%SZ")
    own = door.credentials
    signed = sdk_signed(
        "POST",
        "/api/packages",
        headers={"X-Sdk-Date": date, "Content-Type": "application/zip"},
        body=whole,
        secret=own["secret_key"],
        access_key=own["access_key"],
    )
    kept = httpx.post(
        f"http://127.0.0.1:{door.port}/api/packages",
        content=whole,
        headers=list(signed.headers),
        trust_env=False,
        verify=False,
    )
    assert (kept.status_code, kept.json()["size"]) == (201, len(whole)), kept.text
    assert (door.folder / "packages" / f"{kept.json()['id']}.zip").read_bytes() == whole


def test_the_api_describes_itself(door: Door) -> None:
    described = door.http.get("/api/openapi.json").json()
    assert described["openapi"].startswith("3.1")
    assert not [path for path in described["paths"] if path.startswith("/v1")]
    for path, calls in described["paths"].items():
        for method, call in calls.items():
            assert call["description"], (method, path)
            assert "422" not in call["responses"], (method, path)
            assert "default" in call["responses"], (method, path)


@pytest.mark.parametrize("wait", ["-1", "61", "soon"])
def test_nobody_waits_longer_than_a_minute(door: Door, wait: str) -> None:
    assert door.http.get("/api/tasks/moon", params={"wait": wait}).status_code == 400
