"""Backups that lie in an object store: written whole or not at all, verified and restored from there."""

from __future__ import annotations

import time
import zipfile
from collections.abc import Iterator
from io import BytesIO

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
