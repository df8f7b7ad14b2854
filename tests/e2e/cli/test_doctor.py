"""doctor: what is wrong with a platform is said, each thing by name, with what to do."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import psycopg
import pytest
from pydantic import SecretStr

import s3
from jobferry.bootstrap.doctor import examine
from jobferry.bootstrap.home import Home
from jobferry.bootstrap.settings import ObjectStoreSettings, PlatformSettings
from jobferry.bootstrap.wiring import open_platform
from jobferry.errors import ErrorCode
from oidc import CLIENT, provider_running
from postgres import PostgresServer, postgres_server
from receiving import SECRET
from tables import settings_for

from .conftest import Program, as_somebody_else


def looked(folder: Path, now: int = 0, **values: Any) -> dict[str, tuple[ErrorCode | None, bool, str]]:
    home = Home(folder)
    found = examine(home, settings_for(home, **values), now or time.time_ns() // 1_000_000)
    return {one.part: (one.error.code if one.error else None, one.is_warning, one.message) for one in found}


@pytest.fixture
def server() -> Iterator[PostgresServer]:
    with postgres_server() as running:
        yield running


@pytest.mark.sqlite
def test_a_platform_is_well_while_it_is_served_and_at_rest(
    jobferry: Program, serve: Callable[..., str]
) -> None:
    serve("here")
    told = jobferry("doctor", "--data", "here", "--json")
    assert (told.code, {one["state"] for one in told.json} <= {"well", "warning"}) == (0, True)
    parts = [one["part"] for one in told.json]
    assert parts == ["rights", "disk", "files", "objects", "database", "schema", "key", "clock"]
    assert "key: 密钥与数据库相符" in jobferry.done("doctor", "--data", "here", "--language", "zh").out
    nowhere = jobferry("doctor", "--data", "nowhere")
    assert (nowhere.code, "there is no platform" in nowhere.err) == (4, True)


@pytest.mark.sqlite
def test_what_is_wrong_is_told_with_what_to_do(jobferry: Program) -> None:
    folder = jobferry.folder / "here"
    (folder / "key").chmod(0o644)
    told = jobferry("doctor", "--data", "here")
    assert told.code == 6
    assert f"error  rights: others can read or write {folder / 'key'}" in told.out
    assert f"chmod -R go= {folder}" in told.out
    (folder / "key").chmod(0o600)
    (folder / "key").write_text("ab" * 32)
    assert looked(folder)["key"][0] is ErrorCode.KEY_REFUSED
    assert jobferry("doctor", "--data", "here").code == 5


@pytest.mark.sqlite
def test_clocks_and_tables_are_held_against_the_database(jobferry: Program) -> None:
    folder = jobferry.folder / "here"
    behind = looked(folder, 1_000_000)["clock"]
    assert behind[:2] == (ErrorCode.STORE_FAILED, False)
    assert looked(folder)["clock"][0] is None
    with closing(sqlite3.connect(folder / "platform.db")) as database:
        database.execute("UPDATE jobferry_revision SET version_num = '0020'")
        database.commit()
    assert looked(folder)["schema"][:2] == (ErrorCode.DATA_FOLDER_OLDER, True)
    with closing(sqlite3.connect(folder / "platform.db")) as database:
        database.execute("UPDATE jobferry_revision SET version_num = '9999'")
        database.commit()
    assert looked(folder)["schema"][:2] == (ErrorCode.DATA_FOLDER_NEWER, False)
    (folder / "platform.db").unlink()
    gone = looked(folder)
    assert gone["database"][0] is ErrorCode.STORE_FAILED
    assert "key" not in gone


def test_a_store_of_packages_that_does_not_answer_is_told(jobferry: Program) -> None:
    folder = jobferry.folder / "here"
    with s3.serving("bucket") as service:
        chosen: dict[str, Any] = {
            "packages": "s3://bucket/site",
            "objects_endpoint": service.endpoint,
            "objects_patience": 1,
            "objects_access_key": "a",
            "objects_secret_key": SecretStr("s"),
        }
        assert looked(folder, **chosen)["packages"] == (
            None,
            False,
            "the package store s3://bucket/site answers",
        )
        service.faults = [s3.says(403, "AccessDenied")]
        assert looked(folder, **chosen)["packages"][0] is ErrorCode.FILES_FAILED


@pytest.mark.sqlite
def test_a_webhook_that_is_not_right_or_not_taken_is_told(jobferry: Program) -> None:
    folder = jobferry.folder / "here"
    chosen: dict[str, Any] = {
        "webhook_url": SecretStr("https://chat.example/hook"),
        "webhook_secret": SecretStr(SECRET),
    }
    assert looked(folder, **chosen)["webhook"] == (None, False, "0 calls of the webhook waiting")
    wrong = [
        {"webhook_url": SecretStr(url)}
        for url in ("http://chat.example/hook", "https://", "https://[chat", "https://chat:port/", "chat")
    ]
    for one in (*wrong, {"webhook_secret": SecretStr("x")}):
        assert looked(folder, **(chosen | one))["webhook"][0] is ErrorCode.INVALID_VALUE
    assert looked(folder, **(chosen | {"webhook_url": SecretStr("http://[::1]/")}))["webhook"][0] is None
    with closing(sqlite3.connect(folder / "platform.db")) as database:
        database.execute("INSERT INTO webhook_deliveries VALUES ('a', '{}', 1, 1, 1, 'HTTP 500')")
        database.commit()
    told = looked(folder, **chosen)["webhook"]
    assert told[:2] == (ErrorCode.STORE_BUSY, True)
    assert told[2] == "1 call of the webhook waiting; the receiver did not take the oldest: HTTP 500"


def test_object_storage_that_is_silent_or_cannot_be_written_is_told(jobferry: Program) -> None:
    folder = jobferry.folder / "here"
    with s3.serving("bucket") as service:
        chosen: dict[str, Any] = {
            "objects": "s3",
            "objects_endpoint": service.endpoint,
            "objects_patience": 1,
            "objects_access_key": "a",
            "objects_secret_key": SecretStr("s"),
        }
        assert looked(folder, **chosen)["objects"][0] is None
    assert looked(folder, **chosen)["objects"][0] is ErrorCode.FILES_FAILED
    (folder / "objects-file").write_bytes(b"")
    (folder / "objects-file").chmod(0o600)
    there = looked(folder, objects=str(folder / "objects-file" / "inside"))
    assert there["objects"][0] is ErrorCode.FILES_FAILED


def test_each_named_object_store_is_looked_at(jobferry: Program) -> None:
    folder = jobferry.folder / "here"
    with s3.serving("cold") as service:
        store = ObjectStoreSettings(
            endpoint=service.endpoint, access_key="a", secret_key=SecretStr("s"), buckets="cold"
        )
        chosen: dict[str, Any] = {"stores": {"archive": store}, "objects_patience": 1}
        assert looked(folder, **chosen)["store archive"] == (
            None,
            False,
            "the object store archive answers, with its buckets cold",
        )
        (folder / "objects" / "cold").mkdir(parents=True)
        code, is_warning, message = looked(folder, **chosen)["store archive"]
        assert (code, is_warning) == (ErrorCode.FILES_FAILED, True)
        assert "the bucket cold is in the object store archive" in message
        service.faults = [s3.says(403, "AccessDenied")]
        dead = looked(folder, **chosen)
        assert (dead["store archive"][:2], dead["objects"][0]) == ((ErrorCode.FILES_FAILED, False), None)
        assert "object store archive" in dead["store archive"][2]
        (folder / "objects" / "cold").rmdir()


def test_risky_settings_of_postgresql_are_warned_of(server: PostgresServer, tmp_path: Path) -> None:
    chosen: dict[str, Any] = {"database": server.database(), "connections": 100_000}
    home = Home(tmp_path / "here")
    assert home.lock()
    open_platform(home, PlatformSettings(**chosen), durable=False).close()
    found = looked(home.folder, **chosen)
    assert found["postgresql"][:2] == (ErrorCode.STORE_FAILED, True)
    assert "fsync is off" in found["postgresql"][2]
    assert found["files"][1]
    assert found["key"][0] is None
    with psycopg.connect(server.database(), autocommit=True) as connection:
        for setting in ("fsync = on", "full_page_writes = on", "max_connections = 79"):
            connection.execute(f"ALTER SYSTEM SET {setting}".encode())
        connection.execute("SELECT pg_reload_conf()")
    while (there := looked(home.folder, **chosen)["postgresql"])[0] is ErrorCode.STORE_FAILED:
        time.sleep(0.05)  # the server reads its settings in its own time
    assert there == (None, False, "the server takes 100 connections")
    with server.down():
        assert "postgresql" not in looked(home.folder, **chosen)
    few = looked(home.folder, **chosen)["postgresql"]
    assert few == (ErrorCode.STORE_BUSY, True, "the server takes 79 connections")


def test_a_sign_in_provider_is_asked_whether_it_answers(jobferry: Program) -> None:
    folder = jobferry.folder / "here"
    with provider_running() as provider:
        chosen: dict[str, Any] = {"oidc_issuer": provider.issuer, "oidc_client": CLIENT}
        told = f"the sign-in provider {provider.issuer} answers"
        assert looked(folder, **chosen)["sign-in"] == (None, False, told)
        provider.is_down = True
        down = looked(folder, **chosen)["sign-in"]
        assert (down[0], "HTTP 503" in down[2]) == (ErrorCode.NOT_SIGNED_IN, True)


def test_a_key_that_this_user_may_not_read_is_told(jobferry: Program) -> None:
    folder = jobferry.folder / "here"
    key = jobferry.folder / "keys" / "key"
    key.parent.mkdir()
    key.write_text("ab" * 32)
    examined = examine(Home(folder), PlatformSettings(key_file=str(key)), 0)
    with as_somebody_else(key.parent):
        rights = next(examined)
    assert rights.error is not None
    assert (rights.error.code, rights.is_warning) == (ErrorCode.FILES_FAILED, False)
    assert " cannot be read by this user" in rights.message
