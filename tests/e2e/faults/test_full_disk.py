"""A disk without room, at every write: what is said, what is left, and that the same works afterwards."""

from __future__ import annotations

import random
import zipfile
from pathlib import Path
from typing import Any

from builders import job, script
from processes import Program, packed

from .smalldisk import NO_ROOM, SmallDisk, is_told


def bulky(seed: int, count: int = 60) -> bytes:
    """A package of more than a mebibyte that shares no text with that of another seed."""
    chance = random.Random(seed)  # noqa: S311 - content that does not compress
    return packed((script(f"s{n}", content=chance.randbytes(12_000).hex()) for n in range(count)), "script")


def is_refused(status: int, answer: Any) -> bool:
    error = answer["error"]
    return status == 507 and error["code"] == "disk-full" and bool(NO_ROOM.search(error["message"]))


def test_an_import_is_refused_or_fails_whole_and_works_with_room(onboard: Program, disk: SmallDisk) -> None:
    outcomes = set()
    with onboard.served() as platform:
        for number, kib in enumerate((0, 12, 40, 64, 128, 300, 700, 2_000)):
            name, package = f"w{number}", bulky(number)
            platform.workspace(name)
            received = platform.hand_in(package).json()
            disk.leave(kib)
            begun = platform.begin(received["id"], name)
            running = None
            if begun.status_code == 202:
                running = begun.json()["task_id"]
                platform.http.get(f"/api/tasks/{running}", params={"wait": 0.2})
            else:
                assert is_refused(begun.status_code, begun.json())
            receipts = len(platform.receipts(name))  # it may land between the two looks
            there = len(platform.names(name, "script"))
            assert there in (0, 60)
            assert receipts <= (there > 0)
            disk.clear()
            if running is not None:
                task = platform.ended(running)
                if task["status"] == "FAILED":
                    assert (task["code"], task["receipt_id"]) == ("disk-full", None)
                    assert "nothing was changed" in task["message"]
                    assert platform.names(name, "script") == []
                outcomes.add(task["status"])
            else:
                outcomes.add("refused")
            assert platform.land(package, name)["status"] == "SUCCESSFUL"
            assert len(platform.names(name, "script")) == 60
    assert {"refused", "SUCCESSFUL"} <= outcomes


def test_a_package_that_finds_no_room_leaves_nothing_on_the_shelf(onboard: Program, disk: SmallDisk) -> None:
    package = bulky(1)
    with onboard.served() as platform:
        for kib in (0, 8, 300):
            disk.leave(kib)
            refused = platform.hand_in(package)
            assert is_refused(refused.status_code, refused.json())
            shelf = disk.outside / "here" / "packages"
            assert not shelf.exists() or [*shelf.iterdir()] == []
        disk.clear()
        assert platform.hand_in(package).status_code == 201


def test_a_save_without_room_is_refused_at_both_doors_and_works_later(
    onboard: Program, disk: SmallDisk
) -> None:
    document = job("orders", description="x" * 120)
    with onboard.served() as platform:
        project = platform.http.get("/api/platform").json()["project_id"]
        disk.leave(0)
        refused = platform.http.post("/api/workspaces/default/objects/job", json=document)
        assert is_refused(refused.status_code, refused.json())
        factory = platform.http.post(f"/v1/{project}/jobs", json=document)
        assert (factory.status_code, bool(NO_ROOM.search(factory.text))) == (507, True)
        assert platform.names() == []
        disk.clear()
        assert platform.http.post(f"/v1/{project}/jobs", json=document).status_code == 204
        assert platform.names() == ["orders"]


def test_an_export_into_object_storage_leaves_no_half_object(onboard: Program, disk: SmallDisk) -> None:
    with onboard.served() as platform:
        assert platform.land(bulky(1))["status"] == "SUCCESSFUL"
        nodes: list[dict[str, Any]] = [
            {"name": f"n{n}", "type": "DWSSQL", "location": {"x": "0", "y": "0"}, "preNodeName": []}
            for n in range(60)
        ]
        for number, node in enumerate(nodes):
            node["properties"] = [{"name": "scriptName", "value": f"s{number}"}]
        made = platform.http.post("/api/workspaces/default/objects/job", json=job("all", *nodes))
        assert made.status_code == 201, made.text
        project = platform.http.get("/api/platform").json()["project_id"]
        asked = {"obsPath": "obs://bucket/out", "exportDepend": True}
        for kib in (0, 100, 700):
            disk.leave(kib)
            refused = platform.http.post(f"/v1/{project}/jobs/all/export", json=asked)
            assert (refused.status_code, bool(NO_ROOM.search(refused.text))) == (507, True), refused.text
            assert [one for one in (disk.outside / "here" / "objects").rglob("*") if one.is_file()] == []
        disk.clear()
        assert platform.http.post(f"/v1/{project}/jobs/all/export", json=asked).status_code == 200


def test_a_background_export_without_room_fails_with_the_reason_and_leaves_no_file(
    onboard: Program, disk: SmallDisk
) -> None:
    own = "/api/workspaces/default/downloads"
    with onboard.served() as platform:
        assert platform.land(bulky(1))["status"] == "SUCCESSFUL"
        for body in ({}, {"into": "obs://bucket/out"}):
            disk.leave(400)
            begun = platform.http.post(own, json=body)
            assert begun.status_code == 202, begun.text
            task = platform.ended(begun.json()["task_id"])
            assert (task["status"], task["code"]) == ("FAILED", "disk-full"), task
            disk.clear()
            record = platform.http.get(f"{own}/{task['id']}").json()
            assert (record["status"], record["available"]) == ("FAILED", False)
            assert NO_ROOM.search(record["reason"]), record
            left = [*(disk.outside / "here" / "downloads").glob("*")]
            left += [one for one in (disk.outside / "here" / "objects").rglob("*") if one.is_file()]
            assert left == []
            assert (
                platform.ended(platform.http.post(own, json=body).json()["task_id"])["status"] == "SUCCESSFUL"
            )
            for one in (disk.outside / "here" / "downloads").glob("*"):
                one.unlink()


def test_an_import_cut_off_on_a_full_disk_ends_after_the_next_start(
    onboard: Program, disk: SmallDisk
) -> None:
    with onboard.served() as platform:
        received = platform.hand_in(bulky(1)).json()
        disk.leave(256)
        begun = platform.begin(received["id"])
        assert begun.status_code == 202, begun.text
        task_id = begun.json()["task_id"]
        platform.process.kill()
        platform.process.wait()
    disk.clear()
    with onboard.served() as platform:
        succeeded = platform.ended(task_id)["status"] == "SUCCESSFUL"
        assert len(platform.names(kind="script")) == (60 if succeeded else 0)
        assert len(platform.receipts()) == succeeded
        assert platform.land(bulky(1))["status"] == "SUCCESSFUL"


def test_the_command_line_says_so_and_ends_with_6(onboard: Program, disk: SmallDisk, tmp_path: Path) -> None:
    file = tmp_path / "big.zip"
    file.write_bytes(bulky(1))
    for kib in (0, 1_300):
        disk.leave(kib)
        assert is_told(onboard("import", file))
    disk.clear()
    ended = onboard("import", file, "--json")
    assert ended.code == 0
    assert ended.json["receipt"]["counts"] == {"created": 60}


def test_a_read_only_folder_is_told_and_unharmed(onboard: Program, disk: SmallDisk, tmp_path: Path) -> None:
    file = tmp_path / "big.zip"
    file.write_bytes(bulky(1, count=3))
    assert onboard("import", file).code == 0
    disk.mount("ro")
    for command in (("job", "list"), ("import", file), ("serve", "--port", "0")):
        ended = onboard(*command)
        assert (ended.code, "cannot be written" in ended.err) == (6, True), ended
    disk.mount("rw")
    assert "3 unchanged" in onboard("import", file).out


def test_a_backup_of_files_on_another_disk_copies_them_or_says_that_there_is_no_room(
    onboard: Program, disk: SmallDisk, tmp_path: Path
) -> None:
    """Files on the disk of the data folder get second names; those elsewhere take room."""
    content = random.Random(1).randbytes(1_000_000)  # noqa: S311 - content that does not compress
    apart, made = tmp_path / "apart", tmp_path / "made.backup"
    (apart / "bucket").mkdir(parents=True)
    (apart / "bucket" / "large").write_bytes(content)
    (disk.outside / "here" / "objects").symlink_to(apart)
    disk.leave(300)
    refused = onboard("backup", made)
    assert is_told(refused), refused
    assert f"{disk.folder}/here/objects/bucket/large cannot be copied" in refused.err
    assert not made.exists()
    disk.clear()
    assert onboard("backup", made).code == 0
    with zipfile.ZipFile(made) as archive:
        assert archive.read("files/objects/bucket/large") == content
    assert [path.name for path in (disk.outside / "here").glob(".backup-*")] == []


def test_a_restore_without_room_says_so_and_leaves_nothing(
    onboard: Program, disk: SmallDisk, tmp_path: Path
) -> None:
    made = tmp_path / "made.backup"
    assert onboard("backup", made).code == 0
    there = Program(disk.folder / "there", home=tmp_path / "home", inside=disk.inside)
    told = []
    for kib in (100, 250, 400):
        disk.leave(kib)
        ended = there("restore", made)
        assert (ended.code, bool(NO_ROOM.search(ended.err))) == (6, True), ended
        assert [path.name for path in disk.outside.iterdir() if "there" in path.name] == []
        told.append(ended.err)
    assert any("not fit" not in err and "platform.db" in err for err in told), told
