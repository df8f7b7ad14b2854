"""The audit of a real data folder, tampered with by somebody who has the database but not the key."""

from __future__ import annotations

import shutil
import sqlite3
import threading
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import httpx
import pytest

from jobferry.bootstrap.first_start import read_credentials
from jobferry.bootstrap.home import Home

from .conftest import Program

DATA = ("--data", "here")


def tamper(folder: Path, *statements: str) -> None:
    with closing(sqlite3.connect(folder / "platform.db")) as database, database:
        for statement in statements:
            database.execute(statement)


def copied(folder: Path) -> Path:
    """A copy of the database as ``sqlite3 .backup`` makes one."""
    copy = folder.with_name("copy.db")
    with (
        closing(sqlite3.connect(folder / "platform.db")) as database,
        closing(sqlite3.connect(copy)) as backup,
    ):
        database.backup(backup)
    return copy


@pytest.fixture
def folder(jobferry: Program) -> Path:
    """The folder of a platform at rest, in which two users were made."""
    for name in ("anne", "bert"):
        jobferry.done("user", "create", name, *DATA)
    return jobferry.folder / "here"


@pytest.mark.sqlite
def test_rows_that_were_all_deleted_are_found_and_told(jobferry: Program, folder: Path) -> None:
    tamper(folder, "DELETE FROM audit", "DELETE FROM audit_ends")
    for _ in range(2):
        ended = jobferry("audit", "verify", *DATA)
        assert (ended.code, "the audit was emptied" in ended.out) == (11, True), ended
        assert "jobferry audit accept" in ended.out
    jobferry.done("user", "create", "carl", *DATA)
    ended = jobferry("audit", "verify", *DATA)
    assert (ended.code, "the audit was emptied" in ended.out) == (11, True), ended


@pytest.mark.sqlite
def test_an_earlier_end_that_was_put_back_is_found_and_told(jobferry: Program, folder: Path) -> None:
    tamper(folder, "CREATE TABLE kept AS SELECT * FROM audit_ends")
    jobferry.done("user", "create", "mallory", *DATA)
    tamper(
        folder,
        "DELETE FROM audit WHERE number > (SELECT number FROM kept)",
        "DELETE FROM audit_ends",
        "INSERT INTO audit_ends SELECT * FROM kept",
    )
    for name in ("carl", "dora"):
        ended = jobferry("audit", "verify", *DATA)
        assert (ended.code, "the audit was cut back" in ended.out) == (11, True), ended
        jobferry.done("user", "create", name, *DATA)


@pytest.mark.parametrize(
    ("tampering", "breach"),
    [
        ("DELETE FROM audit WHERE number = (SELECT max(number) FROM audit)", "missing"),
        ("DELETE FROM audit WHERE number = 2", "missing"),
        ("DELETE FROM audit WHERE number = 1", "missing"),
        ("UPDATE audit SET actor = 'bert' WHERE number = 2", "altered"),
        ("UPDATE audit_ends SET number = number - 1", "end-altered"),
        ("DELETE FROM audit_ends", "end-altered"),
    ],
)
@pytest.mark.sqlite
def test_every_other_tampering_is_found_too(
    jobferry: Program, folder: Path, tampering: str, breach: str
) -> None:
    tamper(folder, tampering)
    ended = jobferry("audit", "verify", *DATA, "--json")
    assert (ended.code, ended.json["fault"]["breach"]) == (11, breach)
    assert jobferry("audit", "accept", "--reason", "never mind", *DATA).code == 5


def test_an_anchor_that_is_gone_is_told(jobferry: Program, folder: Path) -> None:
    (folder / "anchor.json").unlink()
    ended = jobferry("audit", "verify", *DATA)
    assert (ended.code, "anchor.json beside the key) is gone" in ended.out) == (11, True), ended


@pytest.mark.sqlite
def test_an_older_database_put_back_on_purpose_is_accepted_and_that_is_written_down(
    jobferry: Program, folder: Path
) -> None:
    copy = copied(folder)
    jobferry.done("user", "create", "carl", *DATA)
    for name in ("platform.db", "platform.db-wal", "platform.db-shm"):
        (folder / name).unlink(missing_ok=True)
    shutil.copy(copy, folder / "platform.db")
    assert jobferry("audit", "verify", *DATA, "--json").json["fault"]["breach"] == "cut-back"
    assert jobferry("audit", "accept", "--reason", " ", *DATA).code == 2
    jobferry.done("audit", "accept", "--reason", "disk lost on Monday", *DATA)
    jobferry.done("audit", "verify", *DATA)
    (row,) = jobferry.done("audit", "list", "--all", "--action", "audit-accept", *DATA, "--json").json
    assert row["detail"].endswith("disk lost on Monday")


@pytest.mark.parametrize("seconds", [0.3, 1.1, 2.2])
def test_the_audit_is_whole_whenever_its_platform_was_killed(
    jobferry: Program, folder: Path, seconds: float
) -> None:
    process = jobferry.start("serve", "--port", "0", *DATA)
    assert process.stdout is not None
    url = process.stdout.readline().strip()
    token = read_credentials(Home(folder)).token
    killer = threading.Timer(seconds, process.kill)
    killer.start()
    made = 0
    with httpx.Client(base_url=url, headers={"X-Auth-Token": token}, trust_env=False, verify=False) as http:
        while True:
            try:
                answer = http.post("/api/users", json={"name": f"user{made}"})
            except httpx.TransportError:
                break
            assert answer.status_code < 300, answer.text
            made += 1
    process.communicate()
    seen = jobferry.done("audit", "verify", *DATA, "--json").json
    assert seen["whole"]
    assert seen["anchored"] == seen["last"]
    rows = jobferry.done(
        "audit", "list", "--all", "--action", "user-create", "--limit", "100000", *DATA, "--json"
    )
    assert len(rows.json) in (made + 2, made + 3)


def test_a_running_platform_moves_the_anchor_by_itself(jobferry: Program, serve: Callable[..., str]) -> None:
    serve("here")
    jobferry.done("user", "create", "anne", *DATA)
    for _ in range(40):
        seen = jobferry.done("audit", "verify", *DATA, "--json").json
        if seen["anchored"] == seen["last"]:
            break
        time.sleep(0.1)
    assert seen["anchored"] == seen["last"] > 1
