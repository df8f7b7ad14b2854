"""Packages in an object store: backups hold them, restores put them where settings say, or nowhere."""

from __future__ import annotations

import hashlib
import json
import time
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import psycopg
import pytest

import s3
from jobferry.bootstrap.first_start import read_credentials
from jobferry.bootstrap.home import Home
from postgres import PostgresServer, postgres_server

from .conftest import Program

pytestmark = pytest.mark.sqlite

DATA = ("--data", "here")
THERE = ("--key-file", "here/key", "--data", "there")
STORED = {"JOBFERRY_PACKAGES": "s3://packages/site"}
ELSEWHERE = {"JOBFERRY_PACKAGES": "s3://packages/other"}
IN_FOLDERS = {"JOBFERRY_PACKAGES": ""}
USERS = "tables/platform/users.msgpack"


@pytest.fixture(scope="module")
def server() -> Iterator[PostgresServer]:
    with postgres_server() as running:
        yield running


@pytest.fixture
def service() -> Iterator[s3.Service]:
    with s3.serving("packages", "backups", access_key="store-key") as service:
        yield service


@pytest.fixture
def platform(
    jobferry: Program, service: s3.Service, package: Path, ready: str, serve: Callable[..., str]
) -> Program:
    """A platform with a package that was handed in and one to be downloaded, both in the store."""
    jobferry.environment |= STORED | {
        "JOBFERRY_OBJECTS_ENDPOINT": service.endpoint,
        "JOBFERRY_OBJECTS_ACCESS_KEY": "store-key",
        "JOBFERRY_OBJECTS_SECRET_KEY": "SKMARK",
        "JOBFERRY_OBJECTS_PATIENCE": "1",
        "JOBFERRY_LOG_LEVEL": "warning",
    }
    jobferry.done("user", "create", "anne", *DATA)
    jobferry.done("import", package, "--yes", *DATA)
    jobferry.done("job", "submit", "orders", *DATA)
    jobferry.done("export", "orders", "--background", *DATA)
    url = serve(ready)
    headers = {"X-Auth-Token": read_credentials(Home(jobferry.folder / "here")).token}
    handed_in = httpx.post(f"{url}/api/packages?name=o.zip", content=package.read_bytes(), headers=headers)
    assert handed_in.is_success, handed_in.text
    return jobferry


def packages(service: s3.Service, place: str = "site") -> dict[str, bytes]:
    """What lies below the folders of packages of a place, each with its path there."""
    begin = f"/packages/{place}/"
    return {
        path.removeprefix(begin): content
        for path, content in service.objects.items()
        if path.startswith((f"{begin}downloads/", f"{begin}packages/")) and not path.endswith("/swept")
    }


def held(backup: Path) -> dict[str, bytes]:
    """The packages that a backup says it holds, with what they are; sizes and digests fit."""
    with zipfile.ZipFile(backup) as archive:
        told = json.loads(archive.read("backup.json"))["files"]
        found = {}
        for file in told:
            content = archive.read(f"files/{file['path']}")
            assert (file["size"], file["sha256"]) == (len(content), hashlib.sha256(content).hexdigest())
            if file["path"] != "anchor.json":
                found[file["path"]] = content
    return found


def about(part: str, fault: s3.Fault, method: str = "") -> s3.Fault:
    """The fault for calls about objects whose paths have that part; the others are honest."""
    return lambda exchange: (
        part in exchange.path and exchange.command in (method or exchange.command) and fault(exchange)
    )


def either(*faults: s3.Fault) -> s3.Fault:
    return lambda exchange: any(fault(exchange) for fault in faults)


def goes_away(exchange: s3.Exchange) -> bool:
    """The package is deleted while it is asked for, as platforms do it."""
    exchange.service.objects.pop(exchange.path.partition("?")[0], None)
    return False


def download(platform: Program, data: str, **more: Any) -> bytes:
    """The package that is to be downloaded."""
    (record,) = platform.done("download", "list", "--data", data, "--json", **more).json
    file = platform.folder / f"{data}.zip"
    platform.done("download", "get", record["id"], "-o", file, "--data", data, **more)
    return file.read_bytes()


def test_packages_in_a_store_come_back_into_a_store(platform: Program, service: s3.Service) -> None:
    before = packages(service)
    assert sorted(name.partition("/")[0] for name in before if name.endswith(".zip")) == [
        "downloads",
        "packages",
    ]
    platform.done("backup", "all.backup", *DATA)
    assert held(platform.folder / "all.backup") == before
    told = platform.done("verify", "all.backup", *THERE[:2], "--json").json
    assert told["files"] == len(before) + 1
    platform.done("restore", "all.backup", *THERE, environment=ELSEWHERE)
    assert packages(service, "other") == before
    assert packages(service) == before
    assert not (platform.folder / "there" / "downloads").exists()
    assert download(platform, "there", environment=ELSEWHERE) == download(platform, "here")


def test_packages_go_from_a_store_into_folders_and_back(platform: Program, service: s3.Service) -> None:
    before = packages(service)
    platform.done("backup", "all.backup", *DATA)
    platform.done("restore", "all.backup", *THERE, environment=IN_FOLDERS)
    there = platform.folder / "there"
    assert {
        path.relative_to(there).as_posix(): path.read_bytes()
        for name in ("downloads", "packages")
        for path in (there / name).iterdir()
    } == before
    expected = download(platform, "there", environment=IN_FOLDERS)
    platform.done("backup", "folders.backup", "--data", "there", environment=IN_FOLDERS)
    again = ("restore", "folders.backup", "--key-file", "here/key", "--data", "again")
    platform.done(*again, environment=ELSEWHERE)
    assert packages(service, "other") == before
    assert download(platform, "again", environment=ELSEWHERE) == expected


def without_anchor(service: s3.Service) -> dict[str, bytes]:
    """What lies there, but for the audit's anchor, which servers renew when they get to it."""
    return {path: content for path, content in service.objects.items() if not path.endswith("/anchor.json")}


def test_a_place_that_holds_packages_is_refused(platform: Program, service: s3.Service) -> None:
    platform.done("backup", "all.backup", *DATA)
    before = without_anchor(service)
    ended = platform.done("restore", "all.backup", *THERE, code=5)
    assert "s3://packages/site/downloads holds packages already" in ended.err
    assert "name another place with JOBFERRY_PACKAGES" in ended.err
    assert without_anchor(service) == before
    assert not (platform.folder / "there").exists()


def test_a_package_that_goes_away_meanwhile_is_left_out_whole(platform: Program, service: s3.Service) -> None:
    before = packages(service)
    for ending in (".zip", ".name"):
        service.faults = [about("site/packages/", about(ending, goes_away, "GET"))]
        platform.done("backup", f"all{ending}.backup", *DATA)
        service.faults = []
        assert held(platform.folder / f"all{ending}.backup") == {
            name: content for name, content in before.items() if name.startswith("downloads/")
        }
        for name, content in before.items():
            service.put(f"/packages/site/{name}", content)


@pytest.mark.parametrize(
    "fault",
    [s3.says(403, "AccessDenied"), s3.closes_early, s3.sends_more, s3.hangs],
    ids=["refuses", "closes-early", "sends-more", "hangs"],
)
def test_a_store_that_fails_ends_the_backup(platform: Program, service: s3.Service, fault: s3.Fault) -> None:
    for part in ("downloads", ".zip"):
        service.faults = [about(part, fault, "GET")]
        for place in ("all.backup", "obs://backups/all.backup"):
            ended = platform("backup", place, *DATA, environment={"JOBFERRY_OBJECTS": "s3"})
            assert (ended.code, "SKMARK" in ended.err) == (6, False), ended
        assert not (platform.folder / "all.backup").exists()
        assert not any(path.startswith("/backups/") for path in service.objects)


def test_a_restore_whose_store_fails_leaves_nothing(platform: Program, service: s3.Service) -> None:
    platform.done("backup", "all.backup", *DATA)
    for part in ("other/downloads/restoring", "other/packages/", ".zip", ".name"):
        service.faults = [about(part, s3.says(403, "AccessDenied"), "PUT")]
        ended = platform("restore", "all.backup", *THERE, environment=ELSEWHERE)
        assert (ended.code, "the package store s3://packages/other/" in ended.err) == (6, True), ended
        assert packages(service, "other") == {}
        assert [path.name for path in platform.folder.iterdir() if "there" in path.name] == []
    service.faults = []
    platform.done("restore", "all.backup", *THERE, environment=ELSEWHERE)
    assert packages(service, "other") == packages(service)


def changed(backup: Path, entry: str, change: Callable[[bytes], bytes]) -> None:
    """Another content of one entry, of which the backup does not know."""
    made = backup.with_name("changed.backup")
    with zipfile.ZipFile(backup) as before, zipfile.ZipFile(made, "w") as after:
        for name in before.namelist():
            content = before.read(name)
            after.writestr(name, change(content) if name == entry else content)


def test_a_backup_that_is_damaged_leaves_no_packages(platform: Program, service: s3.Service) -> None:
    platform.done("backup", "all.backup", *DATA)
    upload = next(name for name in packages(service) if name.startswith("packages/") and name.endswith("zip"))
    for entry, change, said in (
        (USERS, lambda rows: rows.replace(b"anne", b"anna"), "the rows of the table users were changed"),
        (f"files/{upload}", lambda content: content[::-1], f"the file {upload} was changed"),
    ):
        changed(platform.folder / "all.backup", entry, change)
        assert said in platform.done("verify", "changed.backup", code=7).err
        ended = platform.done("restore", "changed.backup", *THERE, code=7, environment=ELSEWHERE)
        assert said in ended.err
        assert packages(service, "other") == {}
        assert any("/other/" in asked for asked in service.asked)
        assert not (platform.folder / "there").exists()


def test_what_cannot_be_taken_back_is_told_and_removed_by_the_next_one(
    platform: Program, service: s3.Service
) -> None:
    platform.done("backup", "all.backup", *DATA)
    refused = s3.says(403, "AccessDenied")
    service.faults = [either(about("other/packages/", refused, "PUT"), s3.only("DELETE", refused))]
    ended = platform.done("restore", "all.backup", *THERE, code=6, environment=ELSEWHERE)
    assert (
        "; packages of the backup are left in s3://packages/other/downloads, s3://packages/other/packages"
        in ended.err
    )
    assert "restore again when the store answers: that removes them first" in ended.err
    assert any(name.endswith(".zip") for name in packages(service, "other"))
    assert not (platform.folder / "there").exists()
    service.faults = []
    platform.done("user", "create", "bert", *DATA)
    platform.done("backup", "later.backup", *DATA)
    platform.done("restore", "later.backup", *THERE, environment=ELSEWHERE)
    assert packages(service, "other") == packages(service)


def test_what_a_killed_restore_has_left_is_removed_by_the_next_one(
    platform: Program, service: s3.Service
) -> None:
    platform.done("backup", "all.backup", *DATA)
    service.faults = [about("other/packages/", about(".zip", s3.hangs, "PUT"))]
    platform.environment |= ELSEWHERE | {"JOBFERRY_OBJECTS_PATIENCE": "3600"}
    running = platform.start("restore", "all.backup", *THERE)
    while not any(
        asked.startswith("PUT /packages/other/packages/") and ".zip" in asked for asked in service.asked
    ):
        assert running.poll() is None
        time.sleep(0.01)
    running.kill()
    running.communicate()
    left = packages(service, "other")
    assert [name for name in left if name.endswith(".zip") and name.startswith("downloads/")]
    service.faults = []
    foreign = f"/packages/other/downloads/{'f' * 32}.zip"
    service.put(foreign, b"another platform's")
    refused = platform.done("restore", "all.backup", *THERE, code=5)
    assert "s3://packages/other/downloads holds packages already" in refused.err
    assert packages(service, "other").keys() >= left.keys()
    del service.objects[foreign]
    platform.done("restore", "all.backup", *THERE)
    assert packages(service, "other") == packages(service)


def test_a_database_that_is_not_empty_gets_no_packages(
    platform: Program, service: s3.Service, server: PostgresServer
) -> None:
    platform.done("backup", "all.backup", *DATA)
    on_server = ELSEWHERE | {"JOBFERRY_DATABASE": server.address()}
    platform.done("restore", "all.backup", *THERE, environment=on_server)
    assert packages(service, "other") == packages(service)
    third = {**on_server, "JOBFERRY_PACKAGES": "s3://packages/third"}
    ended = platform.done("restore", "all.backup", *THERE[:2], "--data", "third", code=5, environment=third)
    assert "is not empty" in ended.err
    assert packages(service, "third") == {}
    with psycopg.connect(on_server["JOBFERRY_DATABASE"]) as connection:
        assert connection.execute("SELECT count(*) FROM users WHERE name = 'anne'").fetchone() == (1,)


def test_the_platforms_own_backup_holds_them(platform: Program, service: s3.Service) -> None:
    place = platform.folder / "kept"
    before = packages(service)
    platform.done("setting", "set", "--platform", f"backup_place={place}", *DATA)
    while not (found := [*place.glob("jobferry-*.backup")] if place.is_dir() else []):
        time.sleep(0.05)
    assert held(found[0]) == before
    platform.done("verify", found[0], *THERE[:2])
