"""Databases of other programs: what a newer one makes of them, and which ones are refused.

The second revision is made up: it comes with the tests, not with the program.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import msgspec
import psycopg
import pytest
from sqlalchemy import inspect, select, text

from jobferry.errors import Conflict, ErrorCode, StoreError
from jobferry.model.document.facts import IndexTerm, IndexTermKind
from jobferry.model.kinds import ObjectKind
from jobferry.model.records import Workspace
from jobferry.store import Store, migrate, schema, tasklog
from jobferry.store.engine import Database
from jobferry.store.kept_copy import keep_copy
from jobferry.store.migrate import History
from jobferry.store.store import HISTORY
from postgres import PostgresServer

JOB = ObjectKind.JOB
SECOND = "9999"
MARK = IndexTerm(IndexTermKind.TAG, "x")
_SECOND = f"""
import sqlalchemy as sa
from alembic import op

revision = {SECOND!r}
down_revision = {HISTORY.head!r}


def upgrade():
    op.add_column("objects", sa.Column("size", sa.BigInteger, nullable=False, server_default="0"))
    op.execute("UPDATE objects SET size = (SELECT size FROM contents WHERE contents.digest = objects.digest)")
    op.create_index("objects_by_size", "objects", ["workspace_id", "size"])
    op.execute("DELETE FROM postings")
"""
_SIZES = text("SELECT name, size FROM objects ORDER BY name")


@pytest.fixture
def second(tmp_path: Path) -> History:
    """The platform's migrations and one more, which derives a column and empties a table."""
    folder = tmp_path / "revisions"
    first = migrate._MIGRATIONS / HISTORY.folder
    shutil.copytree(first, folder, ignore=shutil.ignore_patterns("__pycache__"))
    (folder / f"r{SECOND}_sizes.py").write_text(_SECOND)
    return msgspec.structs.replace(HISTORY, folder=str(folder), head=SECOND)


@pytest.fixture
def older(opened: Callable[..., Store], make, address: str) -> Iterator[Database]:
    """A database at the first revision, with two jobs in it."""
    store = opened()
    store.prepare()
    tagged = make.text('{"a": 1}')
    tagged = msgspec.structs.replace(tagged, facts=msgspec.structs.replace(tagged.facts, tags=("x",)))
    with store.write() as uow:
        uow.workspaces.add(Workspace(id="w1", name="first"))
        uow.contents.put([make.text("{}"), tagged], at=1)
        uow.objects.add([make.object(1, "a"), make.object(2, "b", digest=tagged.digest)])
        uow.commit()
    older = Database(address, lock_key=1)
    yield older
    older.close()


def marked(store: Store) -> list[str]:
    with store.read() as snapshot:
        return [job.name for job in snapshot.objects.with_index_terms("w1", JOB, [MARK])]


def test_a_newer_program_carries_over_what_is_there(older: Database, second: History) -> None:
    migrate.upgrade(older, second)
    with older.reading() as connection:
        assert migrate.revision(connection, second) == SECOND
        assert connection.execute(_SIZES).all() == [("a", 2), ("b", 8)]


def test_users_of_a_provider_count_as_confirmed_at_the_upgrade(
    address: str, opened: Callable[..., Store]
) -> None:
    opened()
    before = time.time_ns() // 1_000_000
    database = Database(address, lock_key=1)
    try:
        migrate.upgrade(database, msgspec.structs.replace(HISTORY, head="0033"))
        with database.writing() as connection:
            for name in ("anne", "ming"):
                values = f"('{name}', '{name}', '', false, false, 1)"
                columns = "id, name, password, operations, disabled, created_at"
                connection.execute(text(f"INSERT INTO users ({columns}) VALUES {values}"))
            connection.execute(text("INSERT INTO identities VALUES ('https://issuer', 's', 'ming')"))
            connection.commit()
        migrate.upgrade(database, HISTORY)
        with database.reading() as connection:
            users = select(schema.users.c.name, schema.users.c.confirmed_at, schema.users.c.signed_in_at)
            found = {row.name: row for row in connection.execute(users)}
        assert (found["anne"].confirmed_at, found["anne"].signed_in_at) == (0, 0)
        assert before <= found["ming"].confirmed_at <= time.time_ns() // 1_000_000
    finally:
        database.close()


def test_an_upgrade_that_was_cut_off_leaves_what_was_there(
    older: Database, second: History, opened: Callable[..., Store]
) -> None:
    with older.writing() as connection:
        migrate.run(connection, second, migrate.scripts_of(second))
        assert connection.execute(_SIZES).all() == [("a", 2), ("b", 8)]
    with older.reading() as connection:
        assert migrate.revision(connection, HISTORY) == HISTORY.head
    store = opened()
    store.prepare()
    assert marked(store) == ["b"]
    migrate.upgrade(older, second)
    assert marked(store) == []


def test_an_older_program_refuses_what_a_newer_one_has_carried_over(
    older: Database, second: History, opened: Callable[..., Store]
) -> None:
    migrate.upgrade(older, second)
    with pytest.raises(Conflict) as caught:
        opened().prepare()
    assert caught.value.code is ErrorCode.DATA_FOLDER_NEWER


@pytest.mark.parametrize(
    ("history", "revision"),
    [(HISTORY, "0001"), (HISTORY, "0016"), (tasklog.HISTORY, "0001"), (tasklog.HISTORY, "0002")],
)
def test_what_was_made_before_the_first_release_is_refused(address: str, history: History, revision: str):
    database = Database(address, lock_key=1)
    migrate.upgrade(database, history)
    with database.writing() as connection:
        connection.exec_driver_sql(f"UPDATE {history.version_table} SET version_num = '{revision}'")
        connection.commit()
    with pytest.raises(Conflict) as caught:
        migrate.upgrade(database, history)
    assert caught.value.code is ErrorCode.DATA_FOLDER_OLDER
    assert f"before the first release (its tables are at {revision})" in caught.value.message
    assert "new data folder" in (caught.value.hint or "")
    with database.reading() as connection:
        assert migrate.revision(connection, history) == revision
    database.close()


def test_of_two_that_start_at_once_one_carries_over_and_the_other_finds_it_done(
    older: Database, second: History, address: str
) -> None:
    other = Database(address, lock_key=1)
    with older.writing() as connection:
        late = threading.Thread(target=migrate.upgrade, args=(other, second))
        late.start()
        late.join(0.5)  # it has seen the old tables, and waits for its turn
        assert late.is_alive()
        migrate.run(connection, second, migrate.scripts_of(second))
        connection.commit()
    late.join()
    with other.reading() as connection:
        assert migrate.revision(connection, second) == SECOND
        assert connection.execute(_SIZES).all() == [("a", 2), ("b", 8)]
    other.close()


def test_what_migrations_change_in_sqlite_is_copied_first_and_leads_back(
    tmp_path: Path, second: History, caplog: pytest.LogCaptureFixture
) -> None:
    file = tmp_path / "platform.db"
    store = Store(str(file))
    store.prepare()
    with store.write() as uow:
        uow.workspaces.add(Workspace(id="w1", name="first"))
        uow.commit()
    store.close()
    assert [*tmp_path.glob("*before*")] == []
    caplog.set_level("INFO", "jobferry.store")
    newer = Database(str(file), lock_key=1)
    migrate.upgrade(newer, second)
    newer.close()
    (kept,) = tmp_path.glob("platform.db.before-*")
    assert kept.name == f"platform.db.before-{HISTORY.head}"
    assert kept.stat().st_mode & 0o077 == 0
    assert str(kept) in caplog.text
    with pytest.raises(Conflict):
        Store(str(file)).prepare()
    kept.replace(file)
    back = Store(str(file))
    back.prepare()
    with back.read() as snapshot:
        assert snapshot.workspaces.by_id("w1") is not None
    back.close()


def test_the_newest_copies_stay_and_no_half_of_one(tmp_path: Path) -> None:
    file = tmp_path / "platform.db"
    file.write_bytes(b"")
    (tmp_path / ".platform.db.before-0000.99999999").write_bytes(b"half")
    for number in range(5):
        copy = keep_copy(file, f"000{number}")
        os.utime(copy, (number, number))
    names = sorted(path.name for path in tmp_path.iterdir() if "before" in path.name)
    assert names == [f"platform.db.before-000{number}" for number in (2, 3, 4)]


def test_a_database_that_cannot_be_read_is_not_copied(tmp_path: Path) -> None:
    file = tmp_path / "platform.db"
    file.write_bytes(b"no database" * 1000)
    with pytest.raises(StoreError, match="cannot be copied before its upgrade: ") as caught:
        keep_copy(file, "0001")
    assert "is not a database" in caught.value.message
    assert [path.name for path in tmp_path.iterdir()] == ["platform.db"]


def test_what_cannot_be_copied_is_not_migrated(tmp_path: Path, second: History) -> None:
    file = tmp_path / "platform.db"
    older = Database(str(file), lock_key=1)
    migrate.upgrade(older, HISTORY)
    (tmp_path / f"platform.db.before-{HISTORY.head}").mkdir()
    with pytest.raises(StoreError, match="cannot be copied before its upgrade"):
        migrate.upgrade(older, second)
    with older.reading() as connection:
        assert migrate.revision(connection, second) == HISTORY.head
    older.close()


def test_tables_of_another_program_and_other_encodings_are_refused(tmp_path: Path) -> None:
    foreign, other = tmp_path / "foreign.db", tmp_path / "utf16.db"
    with closing(sqlite3.connect(foreign)) as made:
        made.execute("CREATE TABLE customers (name)")
    with closing(sqlite3.connect(other)) as made:
        made.execute("PRAGMA encoding = 'UTF-16'")
        made.execute("CREATE TABLE x (y)")
        made.execute("DROP TABLE x")
    with pytest.raises(Conflict, match="tables of another program, such as customers") as refused:
        Store(str(foreign)).prepare()
    assert refused.value.code is ErrorCode.DATABASE_NOT_EMPTY
    with pytest.raises(StoreError, match="keeps text as UTF-16"):
        Store(str(other)).prepare()


def test_postgres_databases_that_cannot_be_ours_are_refused(postgres: PostgresServer) -> None:
    latin, foreign, taken = postgres.database(encoding="LATIN1"), postgres.database(), postgres.database()
    with psycopg.connect(foreign, autocommit=True) as made:
        made.execute("CREATE TABLE customers (name text)")
    store = Store(foreign)
    store.prepare()
    store.close()
    with psycopg.connect(taken, autocommit=True) as made:
        made.execute("CREATE TABLE objects (name text)")
    with pytest.raises(Conflict, match="tables of another program, such as objects"):
        Store(taken).prepare()
    only_reads = Database(foreign, lock_key=1)
    with (
        pytest.raises(StoreError, match="cannot be written: it only answers reads"),
        only_reads.writing() as connection,
    ):
        connection.exec_driver_sql("SET TRANSACTION READ ONLY")
        connection.exec_driver_sql("DELETE FROM customers")
    only_reads.close()
    with pytest.raises(StoreError, match="keeps text as LATIN1"):
        Store(latin).prepare()


def test_a_failed_migration_names_its_revision_and_leaves_the_database_as_it_was(
    older: Database, second: History, tmp_path: Path
) -> None:
    faults = {
        'raise RuntimeError("out of luck")': "out of luck",
        'op.execute("INSERT INTO nowhere VALUES (1)")': "nowhere",
    }
    file = tmp_path / "revisions" / f"r{SECOND}_sizes.py"
    whole = file.read_text()
    for fault, told in faults.items():
        file.write_text(whole + f"    {fault}\n")
        with pytest.raises(StoreError) as caught:
            migrate.upgrade(older, second)
        assert f"failed at revision {SECOND}" in caught.value.message
        assert told in caught.value.message
        assert f"as it was, at revision {HISTORY.head}" in caught.value.message
        with older.reading() as connection:
            assert migrate.revision(connection, HISTORY) == HISTORY.head
            assert "size" not in {column["name"] for column in inspect(connection).get_columns("objects")}
    file.write_text(whole)
    migrate.upgrade(older, second)
