"""What people are told when the database does not do its work."""

from __future__ import annotations

import pytest

from jobferry.errors import ErrorCode, InvalidRequest, StoreError
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
