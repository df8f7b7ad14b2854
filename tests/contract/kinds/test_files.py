"""Files of resources travel, land by their content, and their resources follow."""

from __future__ import annotations

import hashlib
import json
import random
from collections.abc import Iterator
from typing import Any

import pytest

from builders import job, node, resource
from contract.api.doors import looked_into
from contract.kinds.conftest import Side, unpacked, zipped

Sides = tuple[Side, Side]
JAR = random.Random(7).randbytes(700_000)  # noqa: S311 - the same in every run
SHA = hashlib.sha256(JAR).hexdigest()
EMPTY = hashlib.sha256(b"").hexdigest()


def filled(side: Side, **fields: Any) -> None:
    document = resource("lookup", location=side.file("jars/lookup.jar", JAR), **fields)
    side.ask("POST", "objects/resource", document, 201)
    side.ask("POST", "objects/job", job("orders", node("n", "DLISpark", resourcePath="lookup")), 201)


def package_of(side: Side) -> bytes:
    return side.ask("POST", "exports", {"names": ["orders"], "scope": "files"}).content


def checked(side: Side, package: bytes, **more: str) -> dict[str, Any]:
    body = {"package": {"id": side.handed_in(package)}, "options": {"duplicates": "overwrite"} | more}
    return looked_into(side.door.http, side.path, body)


def landed(side: Side, package: bytes, **more: str) -> dict[str, Any]:
    options = {"duplicates": "overwrite"} | more
    body = {"package": {"id": side.handed_in(package)}, "options": options, "apply": True}
    return side.door.ended(side.ask("POST", "imports", body, 202).json()["task_id"])


def location(side: Side) -> str:
    return str(side.ask("GET", "documents/resource/lookup").json()["location"])


def test_a_file_travels_and_its_resource_follows_as_a_step_of_the_plan(sides: Sides) -> None:
    here, there = sides
    filled(here, dependFiles=[here.file("jars/empty.txt", b""), "hdfs:///kept/as/it/is"])
    package = package_of(here)
    entries = unpacked(package)
    assert (entries[f"files/{SHA}"], entries[f"files/{EMPTY}"]) == (JAR, b"")
    manifest = json.loads(entries["manifest.json"])
    assert manifest["format"] == 2
    listed = [{"sha256": SHA, "size": len(JAR)}, {"sha256": EMPTY, "size": 0}]
    assert sorted(manifest["files"], key=str) == sorted(listed, key=str)
    place = f"obs://{there.place}/kept/resources/{SHA}/lookup.jar"
    steps = {one["name"]: one for one in checked(there, package)["steps"]}
    assert steps["lookup"]["files"][0] == place
    assert landed(there, package)["status"] == "SUCCESSFUL"
    assert location(there) == place
    assert there.stored(place) == JAR
    depends = there.ask("GET", "documents/resource/lookup").json()["dependFiles"]
    assert depends == [f"obs://{there.place}/kept/resources/{EMPTY}/empty.txt", "hdfs:///kept/as/it/is"]
    again = checked(there, package)
    assert {one["verdict"] for one in again["steps"]} == {"unchanged"}


def generated(side: Side, **more: Any) -> dict[str, Any]:
    """The record of a task package of the one job."""
    begun = side.ask("POST", "task-packages", {"names": "orders\n"} | more, 202).json()
    side.door.ended(begun["task_id"])
    made: dict[str, Any] = side.ask("GET", f"downloads/{begun['task_id']}").json()
    return made


@pytest.fixture
def batches(sides: Sides) -> Iterator[None]:
    """Task packages may be made on one side and imported on the other."""
    here, there = sides
    switches = ((here, "batch_exports"), (there, "batch_imports"))
    for side, key in switches:
        side.door.http.patch("/api/settings", json={key: True}).raise_for_status()
    yield
    for side, key in switches:
        side.door.http.patch("/api/settings", json={key: ""}).raise_for_status()


@pytest.mark.usefixtures("batches")
def test_a_task_package_brings_files_and_lands_them_as_a_batch(sides: Sides) -> None:
    here, there = sides
    filled(here)
    here.ask("POST", "submits/job/orders")
    made = generated(here)
    assert (made["status"], made["objects"]) == ("SUCCESSFUL", 2)
    package = here.ask("GET", "task-packages/last").content
    entries = unpacked(package)
    assert entries[f"files/{SHA}"] == JAR
    assert {"orders/orders.job", "orders/lookup.resource"} <= entries.keys()
    assert json.loads(entries["manifest.json"])["format"] == 2
    assert generated(here)["digest"] == made["digest"]
    report = checked(there, package, act="import-batch-package")
    assert report["package_digest"] == made["digest"]
    assert landed(there, package, act="import-batch-package")["status"] == "SUCCESSFUL"
    assert there.stored(location(there)) == JAR


@pytest.mark.usefixtures("batches")
def test_a_task_package_can_leave_files_out_and_fails_with_the_name_of_one_that_is_gone(sides: Sides) -> None:
    here, _ = sides
    here.ask("POST", "objects/resource", resource("lookup", location=f"obs://{here.place}/gone.jar"), 201)
    here.ask("POST", "objects/job", job("orders", node("n", "DLISpark", resourcePath="lookup")), 201)
    here.ask("POST", "submits/job/orders")
    here.file("other.jar", b"")
    made = generated(here)
    assert (made["status"], "the file of the resource lookup" in made["reason"]) == ("FAILED", True)
    assert generated(here, with_files=False)["status"] == "SUCCESSFUL"
    entries = unpacked(here.ask("GET", "task-packages/last").content)
    assert not [path for path in entries if path.startswith("files/")]


def test_what_leaves_without_files_has_the_former_format(sides: Sides) -> None:
    here, _ = sides
    filled(here)
    entries = unpacked(here.ask("POST", "exports", {"names": ["orders"]}).content)
    manifest = json.loads(entries["manifest.json"])
    assert (manifest["format"], "files" in manifest) == (1, False)


@pytest.mark.parametrize(
    ("place", "code"),
    [("obs://{place}/jars/gone.jar", "object-unreadable"), ("obs://nobody-has-it/x.jar", "bucket-missing")],
)
def test_a_file_that_is_not_there_is_an_error_that_names_its_resource(
    sides: Sides, place: str, code: str
) -> None:
    here, _ = sides
    here.file("jars/other.jar", b"")
    here.ask("POST", "objects/resource", resource("lookup", location=place.format(place=here.place)), 201)
    refused = here.ask("POST", "exports", {"scope": "files"}, 404).json()["error"]
    assert (refused["code"], refused["subject"]) == (code, "lookup")
    (failed,) = here.ask("GET", "downloads").json()["items"]
    assert (failed["status"], "lookup" in failed["reason"]) == ("FAILED", True)


def test_a_file_that_is_too_large_is_refused_going_out_and_coming_in(sides: Sides) -> None:
    here, there = sides
    filled(here)
    package = package_of(here)
    for side in sides:
        side.door.http.patch("/api/settings", json={"file_bytes": len(JAR) - 1}).raise_for_status()
    try:
        refused = here.ask("POST", "exports", {"scope": "files"}, 413).json()["error"]
        assert (refused["code"], refused["subject"]) == ("too-large", "lookup")
        body = {"package": {"id": there.handed_in(package)}}
        begun = there.ask("POST", "imports", body, 202).json()
        refused = there.ask("GET", f"imports/{begun['id']}?wait=60").json()
        assert (refused["code"], "file_bytes" in refused["message"]) == ("package-too-large", True)
    finally:
        for side in sides:
            side.door.http.patch("/api/settings", json={"file_bytes": ""}).raise_for_status()


def test_without_a_place_or_without_the_file_the_resource_stays_out(sides: Sides) -> None:
    here, there = sides
    filled(here)
    package = package_of(here)
    there.set(default_object_path="")
    assert "file-place-missing" in [one["code"] for one in checked(there, package)["findings"]]
    there.set(default_object_path=f"obs://{there.place}/kept")
    entries = unpacked(package)
    del entries["manifest.json"], entries[f"files/{SHA}"]
    entries[f"files/{EMPTY}"] = b""
    lacking = zipped(**{path.replace("/", "__"): text for path, text in entries.items()})
    assert "file-absent" in [one["code"] for one in checked(there, lacking)["findings"]]
    bare = unpacked(package)
    del bare["manifest.json"]
    assert landed(there, zipped(**{path.replace("/", "__"): text for path, text in bare.items()}))
    assert there.stored(location(there)) == JAR


def test_a_file_with_other_bytes_ends_the_import_and_leaves_nothing(sides: Sides) -> None:
    here, there = sides
    filled(here)
    entries = unpacked(package_of(here))
    entries[f"files/{SHA}"] = JAR[:-1] + b"x"
    ended = landed(there, zipped(**{path.replace("/", "__"): text for path, text in entries.items()}))
    assert (ended["status"], ended["code"]) == ("FAILED", "package-altered")
    assert "nothing was changed" in ended["message"]
    there.ask("GET", "objects/resource/lookup", None, 404)
    bucket = there.door.folder / "objects" / there.place
    assert [path for path in bucket.rglob("*") if path.is_file()] == []


def test_an_undo_gives_the_resource_back_and_leaves_the_file(sides: Sides) -> None:
    here, there = sides
    filled(here)
    there.ask("POST", "objects/resource", resource("lookup", location="obs://there/before.jar"), 201)
    task = landed(there, package_of(here))
    place = location(there)
    undone = there.door.http.post(f"/api/receipts/{task['id']}/undo", json={})
    there.door.ended(undone.json()["task_id"])
    assert location(there) == "obs://there/before.jar"
    assert there.stored(place) == JAR
