"""What people are told when the database does not do its work."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

import msgspec
import pytest

from jobferry.errors import ErrorCode, InvalidRequest, StoreError
from jobferry.model.kinds import ObjectKind
from jobferry.store import Store, TaskLog
from jobferry.store.engine import Database


def failure(address: str) -> StoreError:
    store = Store(address)
    try:
        with pytest.raises(StoreError) as caught:
            store.prepare()
    finally:
        store.close()
    return caught.value


@pytest.mark.parametrize(
    "address", ["mysql://host/db", "sqlite://", "sqlite:///:memory:", "postgresql://host", "://", "a://b:c/d"]
)
def test_an_address_that_we_do_not_speak_to_is_refused(address):
    for opening in (Store, TaskLog):
        with pytest.raises(InvalidRequest) as caught:
            opening(address)
        assert caught.value.hint


def test_opening_connects_to_nothing(tmp_path):
    Store(str(tmp_path / "none" / "x.db")).close()
    Store("postgresql://nobody:secret@localhost:1/none").close()
    assert list(tmp_path.iterdir()) == []


def test_a_missing_folder_is_told(tmp_path):
    error = failure(str(tmp_path / "none" / "x.db"))
    assert error.code is ErrorCode.STORE_FAILED
    assert str(tmp_path / "none" / "x.db") in error.message
    assert error.hint


def test_a_file_that_is_no_database_is_told_and_kept(tmp_path):
    file = tmp_path / "x.db"
    file.write_bytes(b"something else altogether " * 100)
    error = failure(f"sqlite:///{file}")
    assert (error.code, error.subject) == (ErrorCode.STORE_FAILED, str(file))
    assert "is not a database" in error.message
    assert file.read_bytes().startswith(b"something else")


def test_a_damaged_file_is_told(tmp_path):
    file = tmp_path / "x.db"
    store = Store(str(file))
    store.prepare()
    store.close()
    whole = file.read_bytes()
    file.write_bytes(whole[:4096] + b"\xff" * (len(whole) - 4096))
    assert failure(str(file)).code is ErrorCode.STORE_FAILED


def test_a_full_disk_is_told(tmp_path):
    database = Database(str(tmp_path / "x.db"), lock_key=1)
    with pytest.raises(StoreError) as caught, database.writing() as connection:
        connection.exec_driver_sql("CREATE TABLE t (x)")
        connection.exec_driver_sql("PRAGMA max_page_count = 4")
        connection.exec_driver_sql("INSERT INTO t VALUES (zeroblob(100000))")
    database.close()
    assert caught.value.code is ErrorCode.DISK_FULL
    assert "room" in caught.value.hint


def test_a_server_that_is_not_there_is_told_without_the_password():
    error = failure("postgresql://nobody:secret@localhost:1/none")
    assert error.code is ErrorCode.STORE_FAILED
    assert "localhost/none" in error.message
    assert "secret" not in f"{error.message} {error.hint} {error.subject}"


def test_a_statement_that_the_program_got_wrong_is_told_by_the_databases_own_words(tmp_path):
    database = Database(str(tmp_path / "x.db"), lock_key=1)
    with pytest.raises(StoreError) as caught, database.reading() as connection:
        connection.exec_driver_sql("SELECT ?", ())
    assert (caught.value.code, caught.value.subject) == (ErrorCode.STORE_FAILED, database.name)
    with pytest.raises(OverflowError), database.reading() as connection:
        connection.exec_driver_sql("SELECT ?", (1 << 70,))
    database.close()


def test_a_table_that_is_not_there_is_told_with_where_to_get_it(address):
    database = Database(address, lock_key=1)
    with pytest.raises(StoreError) as caught, database.reading() as connection:
        connection.exec_driver_sql("SELECT * FROM nowhere")
    assert (caught.value.code, "nowhere" in caught.value.message) == (ErrorCode.STORE_FAILED, True)
    assert "backup" in caught.value.hint
    database.close()


def test_a_server_whose_disk_is_full_is_told_as_such(postgres):
    database = Database(postgres.address(), lock_key=1)
    with pytest.raises(StoreError) as caught, database.reading() as connection:
        connection.exec_driver_sql("DO $$ BEGIN RAISE EXCEPTION 'no room' USING ERRCODE = '53100'; END $$")
    assert caught.value.code is ErrorCode.DISK_FULL
    database.close()


def test_more_readers_than_there_are_connections_are_told_to_come_again(tmp_path):
    database = Database(str(tmp_path / "x.db"), lock_key=1, patience=0.05)
    with pytest.raises(StoreError) as caught, ExitStack() as readers:
        for _ in range(100):
            readers.enter_context(database.reading())
    assert caught.value.code is ErrorCode.STORE_BUSY
    with database.reading() as connection:
        assert connection.exec_driver_sql("SELECT 1").scalar() == 1
    database.close()


@contextmanager
def without_counter(address: str, name: str) -> Iterator[None]:
    """Other tests use the same schema."""
    database = Database(address, lock_key=1)

    def run(statement: str) -> None:
        with database.writing() as connection:
            connection.exec_driver_sql(statement)
            connection.commit()

    run(f"DELETE FROM counters WHERE name = '{name}'")
    try:
        yield
    finally:
        run(f"INSERT INTO counters VALUES ('{name}', 0)")
        database.close()


@pytest.mark.parametrize("counted", ["objects", "changes"])
def test_a_counter_that_was_lost_is_told_and_nothing_is_written(store, make, address, counted):
    with store.write() as uow:
        workspace = uow.workspaces.by_id("w1")
        uow.workspaces.replace(msgspec.structs.replace(workspace, settings={"change_management": "true"}))
        uow.commit()
    with pytest.raises(StoreError) as caught, without_counter(address, counted), store.write() as uow:
        uow.objects.add([make.object(uow.objects.reserve_ids(1), "a")])
        uow.commit()
    assert caught.value.code is ErrorCode.STORE_FAILED
    with store.read() as snapshot:
        assert snapshot.objects.count("w1", ObjectKind.JOB) == 0
