"""A platform in a file: taken while it runs, verified, restored elsewhere, and copied between databases."""

from __future__ import annotations

import hashlib
import io
import json
import os
import shutil
import sqlite3
import threading
import warnings
import zipfile
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import httpx
import msgspec
import psycopg
import pytest

from builders import job, node
from crashing.lives import Zygote
from jobferry.access.chain import Chain
from jobferry.backup.archive import BackupReader, BackupWriter
from jobferry.backup.key import index_mac, key_in
from jobferry.backup.take import DRAFT
from jobferry.backup.verify import looked_through
from jobferry.bootstrap.first_start import read_credentials
from jobferry.bootstrap.home import Home
from jobferry.errors import ErrorCode, PackageRefused
from jobferry.store.tables import TableShape, TableSum, moment
from postgres import PostgresServer, postgres_server

from .conftest import JOB, SCRIPT, Program, text, zipped

pytestmark = pytest.mark.sqlite

DATA = ("--data", "here")
PHRASE = b"a long enough phrase\n"
USERS = "tables/platform/users.msgpack"


@pytest.fixture(scope="module")
def server() -> Iterator[PostgresServer]:
    with postgres_server() as running:
        yield running


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory, founded: Path, zygote: Zygote) -> Path:
    """A folder with a platform at rest, ``here``, and a backup of it with its key, ``all.backup``.

    The platform has an import, its versions, an object, secrets and a user.
    """
    folder = tmp_path_factory.mktemp("original")
    (folder / "home").mkdir()
    shutil.copytree(founded, folder / "here")
    (folder / "here" / "objects" / "bucket").mkdir(parents=True)
    (folder / "orders.zip").write_bytes(
        zipped({"jobs/orders.job": text(JOB), "scripts/clean.script": text(SCRIPT)})
    )
    program = Program(folder, zygote)
    program.done("connection", "create", "dwh", "--type", "DWS", "--set", "clusterName=dws", *DATA)
    program.done("import", "orders.zip", "--yes", *DATA)
    program.done("job", "submit", "orders", *DATA)
    program.done("export", "orders", "--into", "obs://bucket/orders", *DATA)
    program.done("variable", "set", "region", "north", *DATA)
    program.done("user", "create", "anne", *DATA)
    program.done("backup", "all.backup", "--with-key", "--stdin", *DATA, send=PHRASE)
    return folder


@pytest.fixture
def filled(tmp_path: Path, original: Path, zygote: Zygote) -> Program:
    """That platform in a folder of the test's own."""
    for name in ("home", "here"):
        shutil.copytree(original / name, tmp_path / name)
    return Program(tmp_path, zygote)


@pytest.fixture
def backup(original: Path) -> Path:
    """A backup of that platform, with its key."""
    return original / "all.backup"


@pytest.fixture
def serve(filled: Program) -> Iterator[Callable[[], str]]:
    """Serves it on a free port, and gives the address."""
    running = []

    def start() -> str:
        process = filled.start("serve", "--port", "0", *DATA)
        running.append(process)
        assert process.stdout is not None
        return process.stdout.readline().strip()

    yield start
    for process in running:
        process.terminate()
        process.communicate()


def sums(platform: str, tasks: str) -> dict[str, tuple[int, str]]:
    """Rows and digest of every table."""
    found = {}
    with moment({"platform": platform, "tasks": tasks}) as readers:
        for reader in readers.values():
            for shape in reader.shapes():
                made = TableSum(shape.columns)
                for page in reader.pages(shape.name):
                    for row in page:
                        made.add(row)
                found[shape.name] = made.rows, made.digest
    return found


def of_folder(folder: Path) -> dict[str, tuple[int, str]]:
    return sums(str(folder / "platform.db"), str(folder / "tasks.db"))


def test_a_restored_platform_is_the_one_that_was_backed_up(filled: Program, backup: Path) -> None:
    restored = filled.done("restore", backup, "--data", "there", "--with-key", "--stdin", send=PHRASE)
    assert "restored into" in restored.out
    here, there = filled.folder / "here", filled.folder / "there"
    assert of_folder(there) == of_folder(here)
    stored = "objects/bucket/orders"
    assert [path.name for path in (there / stored).iterdir()] == [
        path.name for path in (here / stored).iterdir()
    ]
    assert (there / "key").read_text() == (here / "key").read_text()
    assert (there.stat().st_mode & 0o777, (there / "platform.db").stat().st_mode & 0o777) == (0o700, 0o600)
    filled.done("audit", "verify", "--data", "there")
    for line in (("job", "show", "orders", "--document"), ("connection", "list"), ("user", "list")):
        assert filled.done(*line, "--data", "there").out == filled.done(*line, *DATA).out


def files(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_what_was_not_changed_is_verified_and_told(filled: Program, backup: Path) -> None:
    told = filled.done("verify", backup, "--with-key", "--stdin", "--json", send=PHRASE).json
    here = of_folder(filled.folder / "here")
    assert told["rows"] == sum(rows for rows, _ in here.values())
    assert (told["texts"], told["audit_rows"]) == (here["contents"][0], here["audit"][0])
    assert told["platform_name"] == "jobferry"
    plain = filled.done("verify", backup)
    assert "that takes the key" in plain.err
    by_file = filled.done("verify", backup, "--key-file", "here/key")
    assert "the audit is whole" in by_file.out


def test_without_its_key_a_backup_tells_nobody_a_secret_and_does_not_start(filled: Program) -> None:
    made = filled.done("backup", "all.backup", *DATA)
    assert "the key is not in it" in made.err
    content = (filled.folder / "all.backup").read_bytes()
    key = (filled.folder / "here" / "key").read_text().split()[0]
    assert key.encode() not in content and bytes.fromhex(key) not in content
    with zipfile.ZipFile(filled.folder / "all.backup") as archive:
        assert "key.sealed" not in archive.namelist()
    restored = filled.done("restore", "all.backup", "--data", "there")
    assert "put the platform's file key into" in restored.err
    refused = filled("job", "list", "--data", "there")
    assert (refused.code, "put the file key back" in refused.err) == (6, True)
    shutil.copy(filled.folder / "here" / "key", filled.folder / "there" / "key")
    assert "orders" in filled.done("job", "list", "--data", "there").out


def test_who_is_told_to_keep_the_key_is_told_where_it_is(filled: Program) -> None:
    key = (filled.folder / "here" / "key").read_text().strip()
    (filled.folder / "elsewhere.key").write_text(key)
    (filled.folder / "elsewhere.key").chmod(0o600)
    for environment, place in (
        ({}, f"{filled.folder / 'here' / 'key'}"),
        ({"JOBFERRY_KEY": key}, "JOBFERRY_KEY"),
        ({"JOBFERRY_KEY_FILE": "elsewhere.key"}, "elsewhere.key"),
    ):
        told = filled.done("backup", f"{len(place)}.backup", *DATA, environment=environment).err
        assert f"keep a copy of {place} elsewhere" in told, told


def test_it_is_taken_while_others_write_and_is_of_one_moment(
    filled: Program, serve: Callable[[], str]
) -> None:
    filled.environment |= {"JOBFERRY_LOG_LEVEL": "warning"}  # nobody reads the log: a full pipe would halt it
    url = serve()
    token = read_credentials(Home(filled.folder / "here")).token
    ended = threading.Event()
    made: list[int] = []

    def write() -> None:
        with httpx.Client(base_url=url, headers={"X-Auth-Token": token}, trust_env=False) as http:
            while not ended.is_set():
                body = job(f"job_{len(made):04}", node("n", "Dummy"))
                http.post("/api/workspaces/default/objects/job", json=body).raise_for_status()
                made.append(1)

    writer = threading.Thread(target=write)
    writer.start()
    try:
        for number in range(3):
            before = len(made)
            filled.done("backup", f"{number}.backup", "--with-key", "--stdin", *DATA, send=PHRASE)
            after = len(made)
            verified = filled.done(
                "verify", f"{number}.backup", "--with-key", "--stdin", "--json", send=PHRASE
            ).json
            jobs = heads(filled.folder / f"{number}.backup")["objects"]["rows"] - 2
            assert before <= jobs <= after + 1
            assert verified["audit_rows"]
    finally:
        ended.set()
        writer.join()


def heads(backup: Path) -> dict[str, Any]:
    """What a backup says of each table."""
    with zipfile.ZipFile(backup) as archive:
        head = json.loads(archive.read("backup.json"))
    return {table["name"]: table for group in head["groups"].values() for table in group["tables"]}


def test_every_table_survives_the_way_to_postgresql_and_back(
    filled: Program, backup: Path, server: PostgresServer
) -> None:
    here = of_folder(filled.folder / "here")
    there = server.address()
    told = filled.done("database", "copy", "--to", there, *DATA, "--json").json
    assert told["rows"] == sum(rows for rows, _ in here.values())
    assert sums(there, there) == here
    again = filled("database", "copy", "--to", there, *DATA)
    assert (again.code, "is not empty" in again.err) == (5, True)
    on_server = {"JOBFERRY_DATABASE": there}
    filled.done("user", "create", "bert", *DATA, environment=on_server)
    full = filled("database", "copy", "--to", "sqlite", *DATA, environment=on_server)
    assert (full.code, "move that file away first" in full.err) == (5, True)
    for name in ("platform.db", "tasks.db"):
        (filled.folder / "here" / name).unlink()
    filled.done("database", "copy", "--to", "sqlite", *DATA, environment=on_server)
    assert of_folder(filled.folder / "here") == sums(there, there)
    assert "bert" in filled.done("user", "list", *DATA).out
    filled.done("audit", "verify", *DATA)


def test_a_backup_is_restored_into_another_kind_of_database(
    filled: Program, backup: Path, server: PostgresServer
) -> None:
    there = server.address()
    on_server = {"JOBFERRY_DATABASE": there}
    line = ("restore", backup, "--data", "there", "--key-file", "here/key")
    filled.done(*line, environment=on_server)
    assert sums(there, there) == of_folder(filled.folder / "here")
    assert "orders" in filled.done("job", "list", "--data", "there", environment=on_server).out
    filled.done("backup", "again.backup", "--data", "there", environment=on_server)
    filled.done("verify", "again.backup", "--key-file", "here/key")
    refused = filled("restore", backup, "--data", "third", environment=on_server)
    assert (refused.code, "is not empty" in refused.err) == (5, True)
    assert not (filled.folder / "third").exists()


def test_packages_in_a_folder_of_their_own_are_in_it_and_come_back_there(filled: Program) -> None:
    at, elsewhere = {"JOBFERRY_PACKAGES": "shared"}, {"JOBFERRY_PACKAGES": "other"}
    filled.done("export", "orders", "--background", *DATA, environment=at)
    shared = files(filled.folder / "shared")
    assert any(name.endswith(".zip") for name in shared)
    (filled.folder / "shared" / f"{DRAFT}young").mkdir()
    (dead := filled.folder / "shared" / f"{DRAFT}dead").mkdir()
    os.utime(dead, (0, 0))
    filled.done("backup", "with.backup", *DATA, environment=at)
    assert sorted(path.name for path in (filled.folder / "shared").iterdir()) == [
        f"{DRAFT}young",
        "anchor.json",
        "downloads",
    ]
    restore = ("restore", "with.backup", "--key-file", "here/key", "--data", "there")
    full = filled(*restore, environment=at)
    assert (full.code, "shared/downloads is not empty" in full.err) == (5, True), full
    assert not (filled.folder / "there").exists()
    for empty in ("there", "other/downloads"):
        (filled.folder / empty).mkdir(parents=True)
    filled.done(*restore, environment=elsewhere)
    shared.pop("anchor.json")
    assert files(filled.folder / "other") == shared
    assert not (filled.folder / "there" / "downloads").exists()


def test_no_restore_and_no_copy_overwrites_anything(
    filled: Program, backup: Path, serve: Callable[[], str], server: PostgresServer
) -> None:
    before = of_folder(filled.folder / "here")
    over = filled("restore", backup, *DATA)
    assert (over.code, "is not empty" in over.err, "new or empty folder" in over.err) == (5, True, True)
    assert of_folder(filled.folder / "here") == before
    serve()
    there = server.address()
    running = filled("database", "copy", "--to", there, *DATA)
    assert (running.code, "another process runs a platform" in running.err) == (5, True)
    with psycopg.connect(there) as connection:
        assert connection.execute(
            "SELECT count(*) FROM pg_tables WHERE schemaname = current_schema"
        ).fetchone() == (0,)
    for to in ("mysql://x/y", "there.db"):
        assert (
            "is not the address of a PostgreSQL database" in filled("database", "copy", "--to", to, *DATA).err
        )


def authenticated(content: bytes, key_file: Path) -> bytes:
    """The backup with the MAC that its index gets from a platform's key."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        mac = index_mac(key_in(key_file.read_text()), archive.read("backup.json")).encode()
    return with_entries(without(content, "backup.mac"), {"backup.mac": mac})


def without(content: bytes, entry: str) -> bytes:
    """The backup without an entry."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as before, zipfile.ZipFile(made, "w") as after:
        for name in before.namelist():
            if name != entry:
                after.writestr(name, before.read(name))
    return made.getvalue()


def with_entries(content: bytes, entries: dict[str, bytes]) -> bytes:
    """The backup with further entries, which its index does not list."""
    made = io.BytesIO(content)
    with zipfile.ZipFile(made, "a") as archive, warnings.catch_warnings():
        warnings.simplefilter("ignore")  # a name that is there twice
        for name, entry in entries.items():
            archive.writestr(name, entry)
    return made.getvalue()


def with_file(path: str) -> Callable[[bytes], bytes]:
    """A change that adds a file to a backup and to its index."""

    def change(content: bytes) -> bytes:
        text = b'platform_name = "other"'
        file = {"path": path, "size": len(text), "sha256": hashlib.sha256(text).hexdigest()}
        content = changed(content, "backup.json", lambda head: with_more_files(head, file))
        return with_entries(content, {f"files/{path}": text})

    return change


def with_more_files(head: bytes, file: dict[str, Any]) -> bytes:
    told = json.loads(head)
    told["files"].append(file)
    return json.dumps(told).encode()


def older(content: bytes) -> bytes:
    """The backup as versions wrote it that knew no MAC."""

    def change(head: bytes) -> bytes:
        told = json.loads(head)
        for group in told["groups"].values():
            for table in group["tables"]:
                del table["sha256"]
        return json.dumps(told).encode()

    return without(changed(content, "backup.json", change), "backup.mac")


def of_token(content: bytes) -> bytes:
    """A name of a token is another one; every digest fits."""
    place = "tables/platform/tokens.msgpack"
    content = changed(content, place, lambda rows: rows.replace(b"first", b"other"))
    return changed(content, "backup.json", lambda head: resummed(content, head, "tokens"))


def of_arrays(rows: bytes) -> bytes:
    """A page that is small in the file: arrays instead of values, which would take gigabytes of memory."""
    page = msgspec.msgpack.encode([[[[]] * 2_000_000]])
    return len(page).to_bytes(4) + page


def with_rows(content: bytes, table: str, rows: list[tuple[Any, ...]]) -> bytes:
    """The backup with other rows of a table, and digests that fit."""
    page = msgspec.msgpack.encode(rows)
    content = changed(content, f"tables/platform/{table}.msgpack", lambda _: len(page).to_bytes(4) + page)
    return changed(content, "backup.json", lambda head: resummed(content, head, table))


def cut(content: bytes) -> bytes:
    return content[: len(content) // 2]


def of_rows(content: bytes) -> bytes:
    """One letter in the rows of a table is another; what the zip says of itself is right."""
    return changed(content, USERS, lambda rows: rows.replace(b"anne", b"anna"))


def of_texts(content: bytes) -> bytes:
    """Rows and their digest fit, and one text is not what its digest says."""
    place = "tables/platform/contents.msgpack"
    content = changed(content, place, lambda rows: rows.replace(b"SELECT 1", b"SELECT 2"))
    return changed(content, "backup.json", lambda head: resummed(content, head, "contents"))


def of_kinds(content: bytes) -> bytes:
    """Rows and their digest fit, and a number is written as a text, which a database reads as a number."""
    names = next(table for table in tables_of(content) if table["name"] == "users")["columns"]
    at = names.index("created_at")
    rows = [(*row[:at], str(row[at]), *row[at + 1 :]) for row in rows_of(content, USERS)]
    encoded = msgspec.msgpack.encode(rows)
    content = changed(content, USERS, lambda _: len(encoded).to_bytes(4) + encoded)
    return changed(content, "backup.json", lambda head: resummed(content, head, "users"))


def tables_of(content: bytes) -> list[dict[str, Any]]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        found: list[dict[str, Any]] = json.loads(archive.read("backup.json"))["groups"]["platform"]["tables"]
    return found


def resummed(content: bytes, head: bytes, name: str) -> bytes:
    told = json.loads(head)
    for table in told["groups"]["platform"]["tables"]:
        if table["name"] == name:
            made = TableSum(table["columns"])
            for row in rows_of(content, f"tables/platform/{name}.msgpack"):
                made.add(row)
            table["rows"], table["digest"] = made.rows, made.digest
            with zipfile.ZipFile(io.BytesIO(content)) as archive:
                entry = archive.read(f"tables/platform/{name}.msgpack")
            table["sha256"] = hashlib.sha256(entry).hexdigest()
    return json.dumps(told).encode()


def without_end(content: bytes) -> bytes:
    """Nothing says where the audit ends."""
    content = changed(content, "tables/platform/audit_ends.msgpack", lambda _: b"")
    return changed(content, "backup.json", lambda head: resummed(content, head, "audit_ends"))


def cut_short(rows: bytes) -> bytes:
    return rows[:-1]


def without_bound(rows: bytes) -> bytes:
    """A page says that it has two gibibytes."""
    return (1 << 31).to_bytes(4) + rows[4:]


def rows_of(content: bytes, entry: str) -> Iterator[tuple[Any, ...]]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        rest = archive.read(entry)
    while rest:
        size = int.from_bytes(rest[:4])
        yield from map(tuple, msgspec.msgpack.decode(rest[4 : 4 + size]))
        rest = rest[4 + size :]


def of_files(content: bytes) -> bytes:
    return changed(content, "files/anchor.json", lambda anchor: anchor[::-1])


def newer(content: bytes) -> bytes:
    return changed(content, "backup.json", lambda head: head.replace(b'"format": 1', b'"format": 2'))


def of_the_future(content: bytes) -> bytes:
    return changed(content, "backup.json", lambda head: head.replace(b'"revision": "00', b'"revision": "99'))


def without_workspaces(content: bytes) -> bytes:
    """Objects refer to workspaces that are not there."""

    def emptied(head: bytes) -> bytes:
        told = json.loads(head)
        for table in told["groups"]["platform"]["tables"]:
            if table["name"] == "workspaces":
                table["rows"], table["digest"] = 0, "0" * 64
                table["sha256"] = hashlib.sha256(b"").hexdigest()
        return json.dumps(told).encode()

    content = changed(content, "tables/platform/workspaces.msgpack", lambda _: b"")
    return changed(content, "backup.json", emptied)


def leading_out(content: bytes) -> bytes:
    return changed(content, "backup.json", lambda head: head.replace(b'"anchor.json"', b'"../anchor.json"'))


def without_group(content: bytes) -> bytes:
    def other(head: bytes) -> bytes:
        told = json.loads(head)
        del told["groups"]["tasks"]
        return json.dumps(told).encode()

    return changed(content, "backup.json", other)


def with_other_columns(content: bytes) -> bytes:
    def other(head: bytes) -> bytes:
        told = json.loads(head)
        users = next(table for table in told["groups"]["platform"]["tables"] if table["name"] == "users")
        users["columns"][-1] = "other"
        return json.dumps(told).encode()

    return changed(content, "backup.json", other)


def changed(content: bytes, entry: str, change: Callable[[bytes], bytes]) -> bytes:
    """The backup with another content of one entry."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as before, zipfile.ZipFile(made, "w") as after:
        for name in before.namelist():
            now = before.read(name)
            other = change(now) if name == entry else now
            assert name != entry or other != now
            after.writestr(name, other)
    return made.getvalue()


BROKEN: list[tuple[Callable[[bytes], bytes], str]] = [
    (cut, "is no backup, or only a part of one"),
    (lambda _: b"PK", "is no backup, or only a part of one"),
    (of_rows, "the rows of the table users were changed"),
    (of_kinds, "the rows of the table users were changed"),
    (lambda content: changed(content, USERS, cut_short), "the rows of the table users were changed"),
    (lambda content: changed(content, USERS, without_bound), "the rows of the table users were changed"),
    (lambda content: changed(content, USERS, of_arrays), "the rows of the table users were changed"),
    (
        lambda content: changed(content, USERS, lambda rows: rows[:4] + b"\xc1" * (len(rows) - 4)),
        "is damaged",
    ),
    (of_files, "the file anchor.json was changed"),
    (lambda content: with_entries(content, {"files/key": b"x"}), "files/key, which its index does not list"),
    (
        lambda content: with_entries(content, {"files/anchor.json": b"{}"}),
        "files/anchor.json, which its index",
    ),
    (lambda content: with_entries(content, {"backup.mac": b"0" * 65}), "is no backup, or only a part of one"),
    (with_file("objects/a\0b"), "names files outside of a data folder"),
    (with_file("objects//a"), "names files outside of a data folder"),
    *(
        (with_file(path), f"{path}, which no backup contains")
        for path in (
            *("jobferry.toml", "lock", "address.json", "credentials.json", "console/index.html", "key"),
            *("platform.db", "server", "anchored", "unauthenticated", "anchor.json/x", "objects"),
        )
    ),
    (newer, "was made by a newer Jobferry"),
    (of_the_future, "was made by a newer Jobferry"),
    (without_workspaces, "rows of the table"),
    (leading_out, "names files outside of a data folder"),
    (lambda content: changed(content, "backup.json", lambda _: b"[]"), "does not say what it holds"),
    (without_group, "does not say what it holds"),
    (with_other_columns, "the table users has other columns here"),
]


def test_a_backup_that_is_not_as_it_was_is_refused_and_nothing_is_left(filled: Program, backup: Path) -> None:
    whole = backup.read_bytes()
    for change, told in BROKEN:
        (filled.folder / "broken.backup").write_bytes(change(whole))
        ended = filled("restore", "broken.backup", "--data", "there")
        assert ended.code in (5, 7), (change, ended)
        assert told in ended.err, (change, ended)
        assert sorted(path.name for path in filled.folder.iterdir() if "there" in path.name) == []
    (filled.folder / "broken.backup").write_bytes(of_texts(whole))
    assert "has another digest" in filled.done("verify", "broken.backup", code=7).err


def test_a_backup_is_held_against_its_digests_where_it_lies(backup: Path) -> None:
    """As the platform does with its own. What takes a database to be noticed is left to ``verify``."""
    whole = backup.read_bytes()
    assert list(looked_through(io.BytesIO(whole), "b")) != []
    unseen = {of_kinds, of_the_future, without_workspaces, with_other_columns}
    for change in (of_texts, *(change for change, _ in BROKEN if change not in unseen)):
        code = None
        try:
            deque(looked_through(io.BytesIO(change(whole)), "b"), maxlen=0)
        except PackageRefused as error:
            code = error.code
        assert code is ErrorCode.BACKUP_INVALID, change


def test_an_audit_whose_end_was_taken_away_is_not_whole(filled: Program, backup: Path) -> None:
    content = authenticated(without_end(backup.read_bytes()), filled.folder / "here" / "key")
    (filled.folder / "endless.backup").write_bytes(content)
    ended = filled.done("verify", "endless.backup", "--key-file", "here/key", code=7)
    assert "of the audit: " in ended.err
    assert "all is as it was written" in filled.done("verify", "endless.backup").out


def test_a_copy_that_is_not_what_was_copied_is_given_up(filled: Program, server: PostgresServer) -> None:
    """SQLite keeps bytes in the place of a text, where PostgreSQL has a text."""
    with closing(sqlite3.connect(filled.folder / "here" / "platform.db")) as database:
        database.execute("UPDATE users SET name = CAST(name AS BLOB) WHERE name = 'anne'")
        database.commit()
    there = server.address()
    ended = filled("database", "copy", "--to", there, *DATA)
    assert (ended.code, "the copy of the table users differs" in ended.err) == (6, True), ended
    with psycopg.connect(there) as connection:
        found = connection.execute("SELECT count(*) FROM pg_tables WHERE schemaname = current_schema")
        assert found.fetchone() == (0,)


def test_any_byte_that_is_another_is_noticed(filled: Program, backup: Path) -> None:
    whole = backup.read_bytes()
    for place in range(200, len(whole), len(whole) // 5):
        other = whole[:place] + bytes([whole[place] ^ 0x20]) + whole[place + 1 :]
        (filled.folder / "other.backup").write_bytes(other)
        ended = filled("verify", "other.backup", "--with-key", "--stdin", send=PHRASE)
        assert ended.code in (0, 5, 7), ended
        assert "Traceback" not in ended.err
        if ended.code == 0:  # a byte that says nothing, such as a time in the zip
            assert "all is as it was written" in ended.out


def test_a_key_has_to_be_that_platforms(filled: Program, backup: Path) -> None:
    filled.done("init", "other")
    wrong = filled.done("verify", backup, "--with-key", "--stdin", send=b"another phrase\n", code=5)
    assert "the passphrase does not open the backup's key" in wrong.err
    other = filled.done("restore", backup, "--data", "there", "--key-file", "other/key", code=5)
    assert "the key does not belong to the platform in the backup" in other.err
    (filled.folder / "none").write_text("nothing\n")
    (filled.folder / "short").write_text("abcd\n")
    for name, told in (
        ("none", "is not the key of a data folder"),
        ("short", "is not the key of a data folder"),
        ("nowhere", "cannot be read"),
    ):
        assert told in filled.done("verify", backup, "--key-file", name, code=5).err
    both = filled.done("verify", backup, "--with-key", "--key-file", "other/key", code=2)
    assert "name two keys" in both.err
    assert "no passphrase was given" in filled.done("backup", "x", "--with-key", *DATA, code=2).err
    filled.done("backup", "plain.backup", *DATA)
    keyless = filled.done("verify", "plain.backup", "--with-key", "--stdin", send=PHRASE, code=5)
    assert "the backup holds no key" in keyless.err
    assert not (filled.folder / "there").exists()


def test_there_is_nothing_to_back_up_or_to_read(jobferry: Program) -> None:
    assert "there is no platform in" in jobferry.done("backup", "x", "--data", "nowhere", code=4).err
    assert "there is no file nowhere" in jobferry.done("verify", "nowhere", code=4).err
    with closing(sqlite3.connect(jobferry.folder / "here" / "platform.db")) as database:
        database.execute("DELETE FROM platform")
        database.commit()
    unfounded = jobferry.done("backup", "x", *DATA, code=6)
    assert "this platform is not set up yet" in unfounded.err
    assert "is in SQLite already" in jobferry.done("database", "copy", "--to", "sqlite", *DATA, code=5).err
    assert not (jobferry.folder / "x").exists()


def test_what_was_left_by_a_killed_backup_or_restore_is_removed(filled: Program, backup: Path) -> None:
    drafts = [filled.folder / "here" / f"{DRAFT}dead", filled.folder / ".there.restoring-dead"]
    for draft in drafts:
        draft.mkdir()
        (draft / "part").write_text("rest")
        os.utime(draft, (0, 0))
    filled.done("backup", "again.backup", *DATA)
    filled.done("restore", backup, "--data", "there", "--with-key", "--stdin", send=PHRASE)
    assert [draft for draft in drafts if draft.exists()] == []


def test_a_folder_that_cannot_be_made_is_an_error(filled: Program, backup: Path) -> None:
    (filled.folder / "file").write_text("in the way")
    ended = filled("restore", backup, "--data", "file/there")
    assert ended.code == 6, ended
    assert "cannot be made" in ended.err
    assert (filled.folder / "file").read_text() == "in the way"
    made = filled("backup", "x", *DATA, environment={"JOBFERRY_PACKAGES": "file/there"})
    assert (made.code, "file/there cannot be copied: " in made.err) == (6, True), made
    assert not (filled.folder / "x").exists()


def test_a_backup_is_authenticated_wherever_a_key_is_given(filled: Program, backup: Path) -> None:
    whole = backup.read_bytes()
    told = filled.done("verify", backup, "--key-file", "here/key", "--json").json
    assert told["authenticated"] is True
    filled.done("init", "other")
    key_file = filled.folder / "here" / "key"
    forged = {
        "row.backup": of_token(whole),
        "platform.backup": authenticated(whole, filled.folder / "other" / "key"),
        "byte.backup": changed(
            whole, "backup.json", lambda head: head.replace(b'"made_at": 1', b'"made_at": 2')
        ),
    }
    for name, content in forged.items():
        assert content != whole
        (filled.folder / name).write_bytes(content)
        for line in (
            ("verify", name, "--key-file", "here/key"),
            ("verify", name, "--with-key", "--stdin"),
            ("restore", name, "--data", "there", "--key-file", "here/key"),
            ("restore", name, "--data", "there", "--key-file", "here/key", "--unauthenticated"),
        ):
            refused = filled.done(*line, send=PHRASE, code=7)
            assert "its MAC is not of the platform's key" in refused.err, (line, refused)
        for at_hand in ({"JOBFERRY_KEY_FILE": "here/key"}, {"JOBFERRY_KEY": key_file.read_text().split()[0]}):
            refused = filled.done("restore", name, "--data", "there", environment=at_hand, code=7)
            assert "its MAC is not of the platform's key" in refused.err
        with pytest.raises(PackageRefused):
            deque(looked_through(io.BytesIO(content), "b", lambda: key_in(key_file.read_text())), maxlen=0)
    assert not (filled.folder / "there").exists()
    deque(looked_through(io.BytesIO(whole), "b", lambda: key_in(key_file.read_text())), maxlen=0)


def test_without_a_key_nothing_vouches_for_a_backup_and_the_first_start_records_that(
    filled: Program, backup: Path
) -> None:
    verified = filled.done("verify", backup)
    assert "nothing vouches for this backup" in verified.err
    assert filled.done("verify", backup, "--json").json["authenticated"] is None
    restored = filled.done("restore", backup, "--data", "there")
    assert "nothing vouches for this backup" in restored.err
    shutil.copy(filled.folder / "here" / "key", filled.folder / "there" / "key")
    assert restores_in(filled, "there") == ["not authenticated: all.backup"]
    assert restores_in(filled, "there") == ["not authenticated: all.backup"]
    filled.done("audit", "verify", "--data", "there")


def restores_in(program: Program, folder: str) -> list[str]:
    """What the audit tells of restores."""
    rows = program.done("audit", "list", "--all", "--action", "restore", "--data", folder, "--json").json
    return [row["detail"] for row in rows]


def test_a_backup_without_mac_is_restored_only_if_that_is_asked_for(filled: Program, backup: Path) -> None:
    (filled.folder / "older.backup").write_bytes(older(backup.read_bytes()))
    for key in ((), ("--key-file", "here/key")):
        verified = filled.done("verify", "older.backup", *key, code=11)
        assert "not authenticated: the backup has no MAC" in verified.out
        refused = filled.done("restore", "older.backup", "--data", "there", *key, code=7)
        assert "the backup is not authenticated" in refused.err
    assert not (filled.folder / "there").exists()
    line = ("restore", "older.backup", "--data", "there", "--key-file", "here/key", "--unauthenticated")
    assert "nothing vouches for this backup" in filled.done(*line).err
    assert restores_in(filled, "there") == ["not authenticated: older.backup"]
    filled.done("restore", backup, "--data", "third", "--key-file", "here/key", "--unauthenticated")
    assert restores_in(filled, "third") == []


def test_an_audit_that_was_cut_off_at_its_end_is_not_the_one_of_its_anchor(
    filled: Program, backup: Path
) -> None:
    """Every digest, the MAC and the seal of the audit's end fit; only the anchor knows of the last row."""
    content, key_file = backup.read_bytes(), filled.folder / "here" / "key"
    columns = {table["name"]: table["columns"] for table in tables_of(content)}
    audit, ends = "tables/platform/audit.msgpack", "tables/platform/audit_ends.msgpack"
    number, mark = (columns["audit"].index(name) for name in ("number", "mark"))
    rows = sorted(rows_of(content, audit), key=lambda row: row[number])[:-1]
    last = {"number": rows[-1][number], "mark": rows[-1][mark]}
    last["seal"] = Chain(key_in(key_file.read_text())).seal(**last)
    side = columns["audit_ends"].index("side")
    ended = [
        tuple(last.get(name, row[at]) for at, name in enumerate(columns["audit_ends"]))
        if row[side] == "end"
        else row
        for row in rows_of(content, ends)
    ]
    content = with_rows(with_rows(content, "audit", rows), "audit_ends", ended)
    (filled.folder / "short.backup").write_bytes(authenticated(content, key_file))
    told = filled.done("verify", "short.backup", "--key-file", "here/key", code=7)
    assert f"row {last['number'] + 1} of the audit: " in told.err, told


def test_a_restored_platform_is_its_owners_alone(filled: Program, backup: Path) -> None:
    former = os.umask(0)
    try:
        filled.done("restore", backup, "--data", "there", "--with-key", "--stdin", send=PHRASE)
    finally:
        os.umask(former)
    modes = {
        path.name: path.stat().st_mode & 0o777
        for path in (filled.folder / "there").rglob("*")
        if path.is_file()
    }
    assert {"key", "platform.db", "tasks.db"} <= modes.keys()
    assert set(modes.values()) == {0o600}, modes


def test_a_short_passphrase_seals_no_key(filled: Program) -> None:
    refused = filled.done("backup", "x.backup", "--with-key", "--stdin", *DATA, send=b"elevenchars\n", code=2)
    assert "a passphrase has 12 characters or more" in refused.err
    assert not (filled.folder / "x.backup").exists()
    filled.done("backup", "x.backup", "--with-key", "--stdin", *DATA, send=b"twelve chars\n")


def test_drafts_of_killed_backups_go_with_the_next_backup_into_their_folder(filled: Program) -> None:
    nobodys = 2**22 + 1
    names = (
        f".monday.backup.{nobodys}",
        f".monday.backup.{os.getpid()}",
        f".a.zip.{nobodys}",
        ".monday.backup.old",
    )
    for name in names:
        (filled.folder / name).write_text("rest")
        os.utime(filled.folder / name, (0, 0))
    (filled.folder / f".young.backup.{nobodys}").write_text("of another machine")
    filled.done("backup", "tuesday.backup", *DATA)
    assert [name for name in names if not (filled.folder / name).exists()] == [names[0]]
    assert (filled.folder / f".young.backup.{nobodys}").exists()


def test_an_index_beyond_its_limit_is_not_unpacked(filled: Program) -> None:
    huge = b'{"format": 1, "x": "' + b"a" * (70 * 1024 * 1024) + b'"}'
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("backup.json", huge)
    (filled.folder / "huge.backup").write_bytes(made.getvalue())
    assert len(made.getvalue()) < 200_000
    assert "is no backup" in filled.done("verify", "huge.backup", code=7).err


def test_large_rows_are_written_in_several_pages() -> None:
    made = io.BytesIO()
    rows = [(str(number) * 1_000_000,) for number in range(10, 20)]
    with BackupWriter(made.write) as writer:  # type: ignore[arg-type]
        head = writer.table("platform", TableShape("t", ("x",)), iter([rows]))
        writer._zip.close()
    with zipfile.ZipFile(made) as archive:
        reader = BackupReader(archive, b"", "", None)  # type: ignore[arg-type]
        pages = list(reader.pages("platform", head))
    assert [row for page in pages for row in page] == rows
    assert max(sum(len(row[0]) for row in page) for page in pages) <= 8 * 1024 * 1024 < 20_000_000


def test_a_file_that_is_replaced_is_reported(filled: Program) -> None:
    for line in (("backup", "b.backup"), ("export", "orders", "-o", "b.zip")):
        assert "was there before" not in filled.done(*line, *DATA).err
        assert f"replaced {line[-1]}, which was there before" in filled.done(*line, *DATA).err


def test_a_folder_with_another_platforms_sqlite_does_not_start_on_postgresql(
    filled: Program, server: PostgresServer
) -> None:
    key = (filled.folder / "here" / "key").read_text().split()[0]
    on_server = {"JOBFERRY_DATABASE": server.address(), "JOBFERRY_KEY": key}
    refused = filled.done("job", "list", *DATA, environment=on_server, code=5)
    assert "holds the platform jobferry in SQLite, and JOBFERRY_DATABASE names another" in refused.err
    assert "copy that database into PostgreSQL first" in refused.err
    filled.done("init", "other", environment=on_server)
    refused = filled.done("job", "list", *DATA, environment=on_server, code=5)
    assert "holds the platform jobferry in SQLite" in refused.err
    copied = {"JOBFERRY_DATABASE": server.address()}
    filled.done("database", "copy", "--to", copied["JOBFERRY_DATABASE"], *DATA)
    assert "orders" in filled.done("job", "list", *DATA, environment=copied).out


def test_a_folder_of_links_shares_the_lock_of_its_database(filled: Program, serve: Callable[[], str]) -> None:
    links = filled.folder / "links"
    links.mkdir(mode=0o700)
    for name in ("platform.db", "tasks.db", "key"):
        (links / name).symlink_to(filled.folder / "here" / name)
    filled.done("job", "list", "--data", "links")
    serve()
    refused = filled.done("serve", "--port", "0", "--data", "links", code=5)
    assert "another process runs a platform" in refused.err
