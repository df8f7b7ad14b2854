"""Objects of the platform itself and asset backups are out of reach, by every call that takes a path."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import httpx
import pytest

from builders import job, node
from cases import every_case
from contract.api.doors import Door, opened
from contract.rights.conftest import client
from jobferry.bootstrap.backup_places import platform_folders
from jobferry.files.ports import ObjectPath
from jobferry.model.rights import Role
from jobferry.services.object_owners import PLATFORM, Owners
from people import assign, enrol, policy, store_of
from tables import home_with_tables, settings_for

SECRET = b"zq-secret"
ASSETS = "obs://bk/assets/first"
DAY = "2026-03-01"


class Place(NamedTuple):
    """A platform with two workspaces, of which the first has an asset backup, and a client of the second."""

    door: Door
    objects: Path
    http: httpx.Client
    backup: str


def ok(answer: httpx.Response) -> Any:
    assert answer.is_success, answer.text
    return answer.json() if answer.content else None


def put(file: Path, content: bytes) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(content)


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    objects = tmp_path_factory.mktemp("objects")
    for file in ("backups/site/p.backup", "backups/site/t.csv", f"bk/assets/first/{DAY}/4_jobs/notes.zip"):
        put(objects / file, SECRET)
    put(objects / "open/in/p.zip", SECRET)
    put(objects / f"old/first/{DAY}/4_jobs/jobs-0a1b2c3d.zip", SECRET)
    with opened(tmp_path_factory.mktemp("platform"), objects=str(objects)) as door:
        door.workspace("first", asset_backup_path="obs://bk/assets")
        door.workspace("second")
        ok(door.http.patch("/api/settings", json={"backup_place": "obs://backups/site"}))
        ok(door.http.post("/api/workspaces/first/objects/job", json=job("kept", node("n", "Dummy"))))
        begun = ok(door.http.post("/api/workspaces/first/asset-backups"))
        door.ended(begun["task_id"])
        (backup,) = ok(door.http.get("/api/workspaces/first/asset-backups"))["items"]
        caller = assign(door.platform, enrol(door.platform, "lin"), "second", Role.ADMINISTRATOR)
        with client(door, caller) as http:
            http.headers["workspace"] = "second"
            yield Place(door, objects, http, backup["name"])


FOLDERS = (
    "obs://backups/site",
    "obs://backups/site/",
    "obs://backups/site/deeper",
    "obs://backups/SITE",
    "obs://Backups/site",
    ASSETS,
    f"{ASSETS}/{DAY}",
    "obs://bk/ASSETS/first/",
)
FILES = (
    "obs://backups/site/p.backup",
    "obs://backups/site/t.csv",
    "obs://backups/Site/p.backup",
    f"{ASSETS}/{DAY}/backup.json",
    f"{ASSETS}/{DAY}/4_jobs/notes.zip",
    f"obs://old/first/{DAY}/4_jobs/jobs-0a1b2c3d.zip",
    f"obs://old/First/{DAY}/backup.json",
)
BENT = (
    "obs://backups/open/../site/p.backup",
    "obs://backups/./site/p.backup",
    "obs://backups//site/p.backup",
    "obs://backups/s%69te/p.backup",
    "obs://backups/site%2Fp.backup",
    "obs://backups\\site/p.backup",
)
"""Other ways to write one of them; none may lead there, whatever it is answered."""


def test_no_call_reads_lists_or_writes_them(place: Place) -> None:
    http, second = place.http, "/api/workspaces/second"
    factory = f"/v1/{place.door.platform.identity.project_id}"
    before = sorted(str(file) for file in place.objects.rglob("*"))
    with every_case() as tried:
        for folder in FOLDERS:
            with tried("browse", folder):
                assert refusal(http.get(f"{second}/object-storage", params={"path": folder}))
            with tried("export into", folder):
                ok(http.post(f"{second}/objects/job", json=job("sent", node("n", "Dummy"))))
                assert refusal(http.post(f"{second}/downloads", json={"names": ["sent"], "into": folder}))
            with tried("export one by the Factory API into", folder):
                order = {"obsPath": folder, "exportDepend": True}
                assert not http.post(f"{factory}/jobs/sent/export", json=order).is_success
            with tried("asset backups of", folder):
                listed = http.get(f"{second}/asset-backups", params={"folder": folder})
                assert refusal(listed), listed.text
            ok(http.delete(f"{second}/objects/job/sent"))
        for file in FILES:
            with tried("package", file):
                assert refusal(http.post(f"{second}/packages", json={"path": file}))
            with tried("import", file):
                body = {"package": {"path": file}}
                assert refusal(http.post(f"{second}/imports", json=body))
                assert refusal(http.post(f"{second}/comparisons", json=body))
                assert refusal(http.post(f"{second}/connections/import", json=body))
                assert refusal(http.post(f"{second}/variables/import", json=body))
            with tried("tag file", file):
                assert refusal(http.post(f"{second}/stored-tag-file", json={"path": file}))
            with tried("the Factory API", file):
                for call in ("jobs/import", "jobs/check-file", "connections/import"):
                    assert not http.post(f"{factory}/{call}", json={"path": file}).is_success, call
        for file in BENT:
            with tried("bent", file):
                answer = http.post(f"{second}/stored-tag-file", json={"path": file})
                assert not answer.is_success
                assert SECRET not in answer.content
    assert sorted(str(file) for file in place.objects.rglob("*")) == before


def refusal(answer: httpx.Response) -> bool:
    return answer.status_code == 400 and answer.json()["error"]["code"] == "invalid-object-path"


def test_lists_leave_them_out_and_other_places_are_as_ever(place: Place) -> None:
    def names(path: str) -> list[str]:
        answer = ok(place.http.get("/api/workspaces/second/object-storage", params={"path": path}))
        return [one["name"] for one in answer["items"]]

    assert names("obs://backups") == []
    assert names("obs://bk/assets") == []
    assert names("obs://") == ["backups", "bk", "old", "open"]
    assert names("obs://open/in") == ["p.zip"]
    ok(place.http.post("/api/workspaces/second/packages", json={"path": "obs://open/in/p.zip"}))


def test_no_file_of_a_resource_is_read_from_there_or_looked_for(place: Place) -> None:
    second = "/api/workspaces/second"
    document = {"name": "loot", "type": "jar", "location": "obs://backups/site/p.backup", "directory": "/"}
    ok(place.http.post(f"{second}/objects/resource", json=document))
    carrier = job("carrier", node("n", "MRSSpark", clusterName="c", jarPackage="loot", resourcePath="loot"))
    ok(place.http.post(f"{second}/objects/job?submit=true", json=carrier))
    sent = place.http.post(f"{second}/exports", json={"names": ["carrier"], "scope": "files"})
    assert refusal(sent), sent.text
    begun = ok(place.http.post(f"{second}/downloads", json={"names": ["carrier"], "scope": "files"}))
    ended = place.http.get(f"/api/tasks/{begun['task_id']}", params={"wait": 60}).json()
    assert ended["status"] == "FAILED"
    told = []
    for location in ("obs://backups/site/p.backup", "obs://backups/site/nothing"):
        for where in (location, "obs://open/in/p.zip"):
            if where != location:
                package = place.http.post(f"{second}/exports", json={"names": ["carrier"]}).content
            ok(place.http.put(f"{second}/objects/resource/loot", json=document | {"location": where}))
        upload = ok(place.http.post("/api/packages?name=p.zip", content=package))
        body = {"package": {"id": upload["id"]}, "options": {"duplicates": "overwrite"}}
        made = ok(place.http.post(f"{second}/imports", json=body))
        ok(place.http.get(f"{second}/imports/{made['id']}", params={"wait": 60}))
        found = ok(place.http.get(f"{second}/imports/{made['id']}/findings"))["items"]
        told.append([one["code"] for one in found])
    assert told[0] == told[1]


def test_a_workspace_cannot_set_its_folders_there_nor_use_one_that_became_the_platforms(place: Place) -> None:
    second = "/api/workspaces/second"
    settings = f"{second}/settings"
    for key in ("asset_backup_path", "default_object_path"):
        for folder in (
            "obs://backups/site",
            "obs://backups/site/deeper/",
            ASSETS,
            "obs://bk/a/../assets/first",
        ):
            answer = place.http.patch(settings, json={key: folder})
            assert (answer.status_code, key, folder) == (400, key, folder)
        ok(place.http.patch(settings, json={key: "obs://backups/siteless"}))
    ok(place.http.patch(settings, json={"asset_backup_path": "obs://open/kept"}))
    ok(place.http.patch(settings, json={"default_object_path": "obs://open/kept"}))
    ok(place.door.http.patch("/api/settings", json={"backup_place": "obs://open/kept"}))
    try:
        begun = ok(place.http.post(f"{second}/asset-backups"))
        ended = place.http.get(f"/api/tasks/{begun['task_id']}", params={"wait": 60}).json()
        assert (ended["status"], "reserved" in ended["message"]) == ("FAILED", True)
        assert refusal(place.http.get(f"{second}/asset-backups"))
        assert refusal(place.http.post(f"{second}/downloads", json={"into": "default"}))
        assert not (place.objects / "open/kept").exists()
    finally:
        ok(place.door.http.patch("/api/settings", json={"backup_place": "obs://backups/site"}))


def test_asset_backups_are_for_their_own_workspace_and_for_whom_no_policy_narrows(place: Place) -> None:
    running, first = place.door.platform, "/api/workspaces/first"
    other = place.http.post(
        f"/api/workspaces/second/asset-backups/{place.backup}/packages", json={"folder": ASSETS}
    )
    assert refusal(other)
    calls = [
        ("GET", f"{first}/asset-backups"),
        ("GET", f"{first}/asset-backup-state"),
        ("GET", f"{first}/asset-backups/{place.backup}"),
        ("POST", f"{first}/asset-backups/{place.backup}/packages"),
        ("POST", f"{first}/asset-backups"),
    ]

    def codes(http: httpx.Client) -> set[int]:
        return {
            http.request(method, path, json={} if method == "POST" else None).status_code
            for method, path in calls
        }

    with client(place.door, assign(running, enrol(running, "zhao"), "first", Role.OPERATOR)) as zhao:
        assert codes(zhao) == {200, 201, 202}
        policy(running, "/", users=["zhao"], workspace="first", name="all")
        assert 403 not in codes(zhao)
        policy(running, "/a", users=["zhao"], workspace="first", name="all")
        assert codes(zhao) == {403}
        ok(place.door.http.delete(f"{first}/directory-policies/all"))
        ok(place.door.http.put(f"{first}/download-policies/some", json={"users": ["administrator"]}))
        assert codes(zhao) == {403}
        ok(place.door.http.delete(f"{first}/download-policies/some"))
        assert 403 not in codes(zhao)


def test_the_owner_is_found_in_parent_and_child_folders_and_by_exact_name_first(place: Place) -> None:
    store = store_of(place.door.platform)
    with store.read() as snapshot:
        owners = Owners(snapshot, ["obs://backups/site/", "/var/backups", "obs://whole"])
        first = snapshot.workspaces.by_name("first")
    assert first is not None
    for path, owner in [
        ("obs://whole", PLATFORM),
        ("obs://whole/x", PLATFORM),
        ("obs://backups", ""),
        ("obs://backups/sites", ""),
        ("obs://backups/x/site", ""),
        (f"{ASSETS}/anything", first.id),
        ("obs://bk/assets", ""),
        ("obs://bk/assets/first-not", ""),
        (f"obs://x/first/{DAY}/backup.json", first.id),
        (f"obs://x/first/{DAY}/other.json", ""),
        (f"obs://x/nobody/{DAY}/backup.json", ""),
    ]:
        assert (path, owners.find(path)) == (path, owner)
    with pytest.raises(Exception, match="reserved"):
        owners.require(ObjectPath("bk", "assets/first/x"), "another")
    owners.require(ObjectPath("bk", "assets/first/x"), first.id)


def test_the_folder_of_exports_is_open_but_for_folders_named_like_a_backup(place: Place) -> None:
    ok(place.door.http.post("/api/workspaces", json={"name": "third"}))
    ok(place.door.http.patch("/api/workspaces/third/settings", json={"default_object_path": "obs://out"}))
    with store_of(place.door.platform).read() as snapshot:
        owners = Owners(snapshot, ())
    assert owners.find(f"obs://out/third/{DAY}/x") != ""
    assert owners.find("obs://out/third/lib.jar") == ""
    assert owners.find("obs://out/resources/abc/lib.jar") == ""


def test_folders_of_this_machine_count_where_local_buckets_contain_them(tmp_path: Path) -> None:
    home = home_with_tables(tmp_path / "objects" / "data")
    settings = settings_for(
        home, objects=str(tmp_path / "objects"), packages=str(tmp_path / "objects/shared/p")
    )
    found = list(platform_folders(home, settings, str(tmp_path / "objects/backups/site")))
    assert found == ["obs://data", "obs://backups/site", "obs://shared/p"]
    service = settings_for(
        home, objects="s3", objects_endpoint="http://127.0.0.1:1", packages="s3://jobs/kept"
    )
    assert list(platform_folders(home, service, "obs://backups/site")) == [
        "obs://jobs/kept",
        "obs://backups/site",
    ]
