"""Imports from and exports to an object service that misbehaves, at the doors."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

import s3
from builders import job
from processes import Program, Served, packed

PATH = "obs://bucket/in/jobs.zip"
KEY = "/bucket/in/jobs.zip"


@pytest.fixture(scope="module")
def service() -> Iterator[s3.Service]:
    with s3.serving("bucket") as service:
        yield service


@pytest.fixture(scope="module")
def program(founded: Path, service: s3.Service, tmp_path_factory: pytest.TempPathFactory) -> Program:
    folder = tmp_path_factory.mktemp("s3")
    shutil.copytree(founded, folder / "here")
    chosen = {
        "JOBFERRY_OBJECTS": "s3",
        "JOBFERRY_OBJECTS_ENDPOINT": service.endpoint,
        "JOBFERRY_OBJECTS_ACCESS_KEY": "a",
        "JOBFERRY_OBJECTS_SECRET_KEY": "SKMARK",
        "JOBFERRY_OBJECTS_PATIENCE": "0.5",
    }
    return Program(folder / "here", home=folder / "home", environment=chosen)


@pytest.fixture(scope="module")
def platform(program: Program) -> Iterator[Served]:
    with program.served() as platform:
        made = platform.http.post("/api/workspaces/default/objects/job", json=job("leaving"))
        assert made.status_code == 201
        yield platform


FAULTS = {
    "silent": (s3.hangs, "does not answer in time"),
    "stalling": (s3.stalls, "does not answer in time"),
    "cut off": (s3.closes_early, "ended the connection"),
    "hanging up": (s3.hangs_up, "ended the connection"),
    "unavailable": (s3.says(503, "SlowDown"), "503"),
    "denied": (s3.says(403, "AccessDenied"), "403"),
}


@pytest.mark.parametrize("name", FAULTS)
def test_an_import_from_it_names_object_and_reason_and_leaves_nothing(
    platform: Served, program: Program, service: s3.Service, name: str
) -> None:
    fault, reason = FAULTS[name]
    project = platform.http.get("/api/platform").json()["project_id"]
    place = name.replace(" ", "_")
    platform.workspace(place)
    service.objects[KEY] = packed([job(place)])
    service.faults = [fault]
    own = f"/api/workspaces/{place}/imports"
    body = {"package": {"path": PATH}}
    for refused in (
        platform.http.post(own, json=body),
        platform.http.post(f"/v1/{project}/jobs/import", json={"path": PATH}, headers={"workspace": place}),
    ):
        assert refused.status_code == 502, refused.text
        assert (PATH in refused.text, reason in refused.text) == (True, True), refused.text
        assert "SKMARK" not in refused.text
    shelf = program.data / "packages"
    assert not shelf.exists() or [*shelf.iterdir()] == []
    service.faults = []
    task = platform.ended(platform.http.post(own, json={**body, "apply": True}).json()["task_id"])
    assert (task["message"], platform.names(place)) == ("1 created", [place])
    assert [*shelf.iterdir()] == []


@pytest.mark.parametrize("name", ["silent", "hanging up", "unavailable", "denied"])
def test_an_export_to_it_leaves_no_half_object(platform: Served, service: s3.Service, name: str) -> None:
    project = platform.http.get("/api/platform").json()["project_id"]
    before = dict(service.objects)
    service.faults = [FAULTS[name][0]]
    asked = {"obsPath": "obs://bucket/out"}
    refused = platform.http.post(f"/v1/{project}/jobs/leaving/export", json=asked)
    assert (refused.status_code, "obs://bucket/out/leaving_exported/" in refused.text) == (502, True)
    assert (service.objects, service.uploads) == (before, {})
    service.faults = []
    done = platform.http.post(f"/v1/{project}/jobs/leaving/export", json=asked)
    assert (done.status_code, len(service.objects)) == (200, len(before) + 1)


@pytest.mark.parametrize("name", ["silent", "hanging up", "denied"])
def test_a_background_export_to_it_fails_with_the_reason(
    platform: Served, service: s3.Service, name: str
) -> None:
    own = "/api/workspaces/default/downloads"
    before = dict(service.objects)
    service.faults = [FAULTS[name][0]]
    begun = platform.http.post(own, json={"into": "obs://bucket/out"})
    assert begun.status_code == 202, begun.text
    assert platform.ended(begun.json()["task_id"])["status"] == "FAILED"
    record = platform.http.get(f"{own}/{begun.json()['download_id']}").json()
    assert (record["status"], record["available"]) == ("FAILED", False)
    assert record["reason"].startswith(f"{record['place']}: ")
    assert "SKMARK" not in record["reason"]
    assert (service.objects, service.uploads) == (before, {})
    service.faults = []


def test_the_command_line_ends_with_6_or_4(platform: Served, program: Program, service: s3.Service) -> None:
    service.faults = [s3.says(503, "SlowDown")]
    ended = program("import", PATH)
    assert (ended.code, PATH in ended.err) == (6, True), ended.err
    service.faults = []
    for missing in ("obs://bucket/nothing.zip", "obs://nowhere/jobs.zip"):
        ended = program("import", missing)
        assert (ended.code, missing in ended.err) == (4, True), ended.err
