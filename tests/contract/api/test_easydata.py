"""The EasyData manner over HTTP: folders name jobs, new ones go where one chooses, all land or none."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from typing import Any

import pytest

from builders import job, node, written
from contract.api.doors import Door, checked, looked_into

QUIET = node("n", "Dummy")


def package(**folders: dict[str, Any]) -> bytes:
    """One folder a job, named as given, whatever the job calls itself."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as content:
        for folder, document in folders.items():
            content.writestr(f"{folder}/{document['name']}.job", written(document))
    return file.getvalue()


class Place:
    """A workspace in the EasyData manner."""

    def __init__(self, door: Door, name: str) -> None:
        self.door = door
        self.path = f"/api/workspaces/{name}"
        door.workspace(name, profile="easydata")

    def report(self, content: bytes, **options: Any) -> Any:
        return looked_into(self.door.http, self.path, self._asked(content, options))

    def refused(self, content: bytes, **options: Any) -> Any:
        return checked(self.door.http, self.path, self._asked(content, options))

    def imported(self, content: bytes, **options: Any) -> dict[str, Any]:
        task = self._post(content, options, apply=True).json()["task_id"]
        self.door.ended(task)
        receipt: dict[str, Any] = self.door.http.get(f"/api/receipts/{task}").json()
        lines = self.door.http.get(f"/api/receipts/{task}/lines").json()
        return receipt | {"lines": lines["items"]}

    def jobs(self) -> dict[str, tuple[str, int]]:
        items = self.door.http.get(f"{self.path}/objects/job").json()["items"]
        return {one["name"]: (one["directory"], one["live_version"]) for one in items}

    def _asked(self, content: bytes, options: dict[str, Any]) -> dict[str, Any]:
        made = self.door.http.post("/api/packages", content=content)
        asked = {"act": "import-batch-package"} | options
        return {"package": {"id": made.json()["id"]}, "options": asked}

    def _post(self, content: bytes, options: dict[str, Any], **more: bool) -> Any:
        return self.door.http.post(f"{self.path}/imports", json=self._asked(content, options) | more)


@pytest.fixture(scope="module", autouse=True)
def switched_on(door: Door) -> Iterator[None]:
    door.http.patch("/api/settings", json={"batch_imports": True}).raise_for_status()
    yield
    door.http.patch("/api/settings", json={"batch_imports": ""}).raise_for_status()


@pytest.fixture
def place(door: Door, request: pytest.FixtureRequest) -> Place:
    return Place(door, request.node.name[:60])


def test_a_directory_must_be_chosen_or_set(place: Place) -> None:
    batch = package(a=job("a", QUIET), b=job("b", QUIET, directory="/theirs"))
    refused = place.refused(batch)
    assert (refused.json()["state"], refused.json()["code"]) == ("refused", "missing-value")
    assert "default_directory" in refused.json()["hint"]
    assert place.imported(batch, directory="/mine")["counts"] == {"created": 2}
    assert place.jobs() == {"a": ("/mine", 0), "b": ("/mine", 0)}
    more = package(a=job("a", QUIET, retries=1), c=job("c", QUIET))
    place.door.http.patch(f"{place.path}/settings", json={"default_directory": "/set"}).raise_for_status()
    assert place.imported(more)["counts"] == {"created": 1, "overwritten": 1}
    assert place.jobs()["a"] == ("/mine", 0)
    assert place.jobs()["c"] == ("/set", 0)


def test_the_factory_call_has_no_directory_and_uses_the_set_one(place: Place) -> None:
    door = place.door
    bucket = door.folder / "objects" / "factory"
    bucket.mkdir(parents=True)
    (bucket / "p.zip").write_bytes(package(a=job("a", QUIET)))
    order = {"path": "obs://factory/p.zip", "sameNamePolicy": "OVERWRITE"}
    headers = {"workspace": place.path.rpartition("/")[2]}
    refused = door.http.post(f"{door.factory}/jobs/import", json=order, headers=headers)
    assert refused.status_code == 400
    door.http.patch(f"{place.path}/settings", json={"default_directory": "/set"}).raise_for_status()
    begun = door.http.post(f"{door.factory}/jobs/import", json=order, headers=headers)
    assert door.ended(begun.json()["taskId"])["message"] == "1 created"
    assert place.jobs() == {"a": ("/set", 0)}


def test_a_console_is_told_errors_receipts_and_tasks_in_the_words_of_the_manual(place: Place) -> None:
    http, console = place.door.http, {"X-Client": "console"}
    missing = f"{place.path}/documents/job/gone"
    shell, inside = (http.get(missing, headers=headers).json()["error"] for headers in ({}, console))
    assert shell["message"] == "the job gone does not exist in this workspace"
    assert inside["message"].lower() == "the task gone does not exist in this project"
    batch = package(a=job("a", QUIET, upstream=["gone"]))
    receipt = f"/api/receipts/{place.imported(batch, directory='/mine')['id']}"
    for path, noun in ((f"{receipt}/findings", "message"), (f"{receipt}/findings", "remedy")):
        [here], [there] = (http.get(path, headers=headers).json()["items"] for headers in (console, {}))
        assert "job" in there[noun] and "job" not in here[noun].replace("jobs/gone.job", ""), noun
    undone = {"rest": False, "plan_digest": "another"}
    refused = http.post(f"{receipt}/undo", json=undone, headers=console)
    assert "job" not in refused.text and "workspace" not in refused.text
    unknown = http.get("/api/receipts/gone", headers=console)
    assert unknown.status_code == 404
    task = http.get(f"/api/tasks/{receipt.rpartition('/')[2]}", headers=console)
    assert task.status_code == 200


def test_one_finding_keeps_all_out(place: Place) -> None:
    batch = package(a=job("a", QUIET), b=job("b", node("n", "OfflineSync", syncTaskName="gone")))
    receipt = place.imported(batch, directory="/mine")
    assert receipt["counts"] == {"blocked": 2}
    assert place.jobs() == {}


def test_submitted_online_only_when_asked(place: Place) -> None:
    chain = package(a=job("a", QUIET, upstream=["b"]), b=job("b", QUIET, upstream=["c"]), c=job("c", QUIET))
    receipt = place.imported(chain, directory="/mine", target_status="submitted")
    assert [one["name"] for one in receipt["lines"]] == ["c", "b", "a"]
    assert place.jobs() == dict.fromkeys("abc", ("/mine", 1))


def test_the_folder_names_the_job(place: Place) -> None:
    place.imported(package(a=job("a", QUIET), b=job("b", QUIET)), directory="/mine")
    text = place.door.http.get(f"{place.path}/documents/job/a").content
    assert place.imported(package(b=job("a", QUIET, retries=2)), directory="/x")["counts"] == {
        "overwritten": 1
    }
    assert place.door.http.get(f"{place.path}/documents/job/a").content == text
    document = place.door.http.get(f"{place.path}/documents/job/b").json()
    assert (document["name"], document["retries"], document["directory"]) == ("b", 2, "/mine")
    again = place.imported(package(b=job("a", QUIET, retries=2)), directory="/x")
    assert again["counts"] == {"unchanged": 1}
    assert place.imported(package(c=job("a", QUIET)), directory="/x")["counts"] == {"created": 1}
    assert place.jobs()["c"] == ("/x", 0)


def test_a_folder_with_an_illegal_name_is_a_finding(place: Place) -> None:
    report = place.report(package(**{"不 合法": job("a", QUIET)}), directory="/mine")
    (finding,) = report["findings"]
    (place_,) = finding["first"]
    assert (finding["code"], place_["name"], place_["path"]) == ("name-illegal", "不 合法", "name")


def test_uid_wins_over_the_name_and_renames(place: Place) -> None:
    door = place.door
    door.workspace("uid-source")
    source = "/api/workspaces/uid-source"
    door.http.post(f"{source}/objects/job", json=job("old", QUIET)).raise_for_status()
    exported = door.http.post(f"{source}/exports", json={"names": ["old"]}).content
    assert place.imported(exported, directory="/mine")["counts"] == {"created": 1}
    door.http.put(f"{source}/objects/job/old", json=job("new", QUIET)).raise_for_status()
    renamed = door.http.post(f"{source}/exports", json={"names": ["new"]}).content
    assert place.imported(renamed, directory="/mine")["counts"] == {"overwritten": 1}
    assert list(place.jobs()) == ["new"]

    door.http.put(f"{source}/objects/job/new", json=job("taken", QUIET)).raise_for_status()
    door.http.post(f"{place.path}/objects/job", json=job("taken", QUIET)).raise_for_status()
    torn = door.http.post(f"{source}/exports", json={"names": ["taken"]}).content
    report = place.report(torn, directory="/mine")
    assert [one["code"] for one in report["findings"]] == ["identity-conflict"]
    assert report["refused"]
