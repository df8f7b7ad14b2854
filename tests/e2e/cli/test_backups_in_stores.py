"""Backups in an object store, by a command or by the platform itself: whole or not at all, verified and
restored from there."""

from __future__ import annotations

import time
import zipfile
from collections.abc import Callable, Iterator
from io import BytesIO

import httpx
import pytest

import s3

from .conftest import Program

DATA = ("--data", "here")
PATH = "obs://backups/site/monday.zip"
KEY = "/backups/site/monday.zip"


@pytest.fixture
def service() -> Iterator[s3.Service]:
    with s3.serving("backups", access_key="archive-key") as service:
        yield service


@pytest.fixture
def platform(jobferry: Program, service: s3.Service) -> Program:
    """A platform that has an object store of that name beside the folder of its objects."""
    (jobferry.folder / "site.toml").write_text(
        '[stores.archive]\naccess_key = "archive-key"\nbuckets = ["backups"]\n'
        f'endpoint = "{service.endpoint}"\n'
    )
    jobferry.environment |= {
        "JOBFERRY_CONFIG": "site.toml",
        "JOBFERRY_STORES_ARCHIVE_SECRET_KEY": "SKMARK",
        "JOBFERRY_OBJECTS_PATIENCE": "1",
    }
    return jobferry


@pytest.mark.sqlite
def test_a_platform_is_restored_from_a_backup_in_a_store(platform: Program, service: s3.Service) -> None:
    platform.done("user", "create", "anne", *DATA)
    told = platform.done("backup", PATH, *DATA)
    assert f"wrote {PATH}" in told.out
    assert list(service.objects) == [KEY]
    with zipfile.ZipFile(BytesIO(service.objects[KEY])) as archive:
        assert "backup.json" in archive.namelist()
    verified = platform.done("verify", PATH, "--key-file", "here/key", *DATA, "--json").json
    assert verified["audit_rows"] > 0
    platform.done("verify", PATH, "--config", "site.toml")
    platform.done("restore", PATH, "--key-file", "here/key", "--data", "there")
    assert "anne" in platform.done("user", "list", "--data", "there").out


def test_a_store_that_fails_is_named_and_has_no_half_backup(platform: Program, service: s3.Service) -> None:
    platform.done("backup", PATH, *DATA)
    before = dict(service.objects)
    service.faults = [s3.says(403, "AccessDenied")]
    for line in (("backup", PATH, *DATA), ("verify", PATH), ("restore", PATH, "--data", "there")):
        ended = platform(*line)
        assert (ended.code, f"{PATH} (object store archive)" in ended.err) == (6, True), ended
        assert "SKMARK" not in ended.err
    assert service.objects == before
    service.faults = []
    service.objects[KEY] = before[KEY][:-1000]
    assert "monday.zip is no backup, or only a part of one" in platform.done("verify", PATH, code=7).err
    assert "there is no such object" in platform.done("verify", "obs://backups/other.zip", code=4).err
    nowhere = platform.done("backup", "obs://nowhere/a.zip", *DATA, code=2)
    assert "the bucket nowhere is in the data folder, which is what is backed up" in nowhere.err


def test_a_backup_that_is_killed_on_its_way_is_not_there(platform: Program, service: s3.Service) -> None:
    service.faults = [s3.hangs]
    platform.environment["JOBFERRY_OBJECTS_PATIENCE"] = "3600"
    running = platform.start("backup", PATH, *DATA)
    while not service.asked:
        time.sleep(0.01)
    running.kill()
    running.communicate()
    assert service.objects == {}
    service.faults = []
    platform.done("backup", PATH, *DATA)
    assert list(service.objects) == [KEY]


def until(is_so: Callable[[], bool]) -> None:
    while not is_so():
        time.sleep(0.05)


def states(platform: Program) -> dict[str, tuple[str, str]]:
    told = platform("doctor", *DATA, "--json").json
    return {one["part"]: (one["state"], one["message"]) for one in told}


def test_a_served_platform_backs_itself_up(
    platform: Program, service: s3.Service, serve: Callable[..., str]
) -> None:
    assert "backups" not in states(platform)
    platform.done("setting", "set", "--platform", "backup_place=obs://backups/daily", *DATA)
    assert "no backup was taken yet into obs://backups/daily" in states(platform)["backups"][1]
    url = serve("here")
    until(lambda: len(service.objects) == 1)
    (key,) = service.objects
    path = f"obs:/{key}"
    assert key.startswith("/backups/daily/jobferry-")
    platform.done("verify", path, "--key-file", "here/key", *DATA)
    until(lambda: "jobferry_backup_failed 0.0" in httpx.get(f"{url}/metrics").text)
    measured = httpx.get(f"{url}/metrics").text
    assert f"jobferry_backup_bytes {float(len(service.objects[key]))}" in measured
    assert "jobferry_backup_success_timestamp_seconds" in measured
    state, said = states(platform)["backups"]
    assert (state, f"the last good backup is {path}" in said) == ("well", True)
    assert (
        platform.done("audit", "list", "--all", "--action", "backup", *DATA, "--json").json[0]["outcome"]
        == "done"
    )


def test_one_that_was_killed_is_taken_again_and_one_that_failed_is_told(
    platform: Program, service: s3.Service
) -> None:
    platform.done("setting", "set", "--platform", "backup_place=obs://backups/daily", *DATA)
    slow = platform.environment | {"JOBFERRY_OBJECTS_PATIENCE": "3600"}
    service.faults = [s3.only("PUT", s3.hangs)]
    platform.environment = slow
    running = platform.start("serve", "--port", "0", *DATA)
    until(lambda: any(one.startswith("PUT") for one in service.asked))
    running.kill()
    running.communicate()
    assert service.objects == {}
    service.faults = [s3.only("PUT", s3.says(403, "AccessDenied"))]
    running = platform.start("serve", "--port", "0", *DATA)
    until(lambda: "the last one failed" in states(platform).get("backups", ("", ""))[1])
    state, said = states(platform)["backups"]
    assert (state, "object store archive" in said, "403" in said) == ("warning", True, True)
    assert service.objects == {}
    notices = platform.done("notice", "list", *DATA, "--json").json
    assert [one["code"] for one in notices] == ["backup-failed"]
    running.terminate()
    running.communicate()


def test_places_that_are_backed_up_themselves_are_refused(platform: Program) -> None:
    for place, said in (
        ("obs://mine/backups", "the bucket mine is in the data folder"),
        (str(platform.folder / "here" / "backups"), "which is what is backed up"),
        ("backups", "does not fit the setting backup_place"),
    ):
        ended = platform("setting", "set", "--platform", f"backup_place={place}", *DATA)
        assert (ended.code, said in ended.err) == (2, True), ended
