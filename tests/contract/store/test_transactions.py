"""What a read sees, what a write leaves, and how writers wait for each other."""

from __future__ import annotations

import threading
import time

import pytest

from jobferry.errors import Conflict, ErrorCode, StoreError
from jobferry.model.kinds import ObjectKind
from jobferry.model.records import Workspace
from jobferry.store.engine import Database, patient

JOB = ObjectKind.JOB


def test_leaving_without_commit_undoes_everything(store, make):
    with store.write() as uow:
        first = uow.objects.reserve_ids(1)
        uow.objects.add([make.object(first, "a")])
        uow.workspaces.add(Workspace(id="w3", name="third"))
    with store.read() as snapshot:
        assert snapshot.objects.count("w1", JOB) == 0
        assert snapshot.workspaces.by_id("w3") is None


def test_a_transaction_reads_a_workspace_as_it_has_changed_it(store):
    with store.write() as uow:
        assert uow.workspaces.by_id("w3") is None
        uow.workspaces.add(Workspace(id="w3", name="third"))
        assert uow.workspaces.by_id("w3") == Workspace(id="w3", name="third")
        uow.workspaces.replace(Workspace(id="w3", name="other"))
        assert uow.workspaces.by_id("w3") == Workspace(id="w3", name="other")


def test_an_error_undoes_everything_and_the_store_goes_on(store, make):
    with pytest.raises(ZeroDivisionError), store.write() as uow:
        uow.objects.add([make.object(1, "a")])
        raise ZeroDivisionError
    make.stored(store, [make.object(1, "a")])
    with store.read() as snapshot:
        assert snapshot.objects.count("w1", JOB) == 1


def test_a_snapshot_does_not_see_what_is_committed_after_its_first_look(store, opened, make):
    with store.read() as snapshot:
        assert snapshot.objects.count("w1", JOB) == 0
        make.stored(opened(), [make.object(1, "a")])
        assert snapshot.objects.count("w1", JOB) == 0
        assert snapshot.objects.by_names("w1", JOB, ["a"]) == {}
    with store.read() as snapshot:
        assert snapshot.objects.count("w1", JOB) == 1


def test_reading_goes_on_while_somebody_writes(store, make):
    with store.write() as uow:
        uow.objects.add([make.object(1, "a")])
        with store.read() as snapshot:
            assert snapshot.objects.count("w1", JOB) == 0
        uow.commit()


def test_a_unit_of_work_sees_its_own_changes(store, make):
    with store.write() as uow:
        uow.objects.add([make.object(1, "a")])
        assert set(uow.objects.by_names("w1", JOB, ["a"])) == {"a"}


def test_a_second_writer_elsewhere_is_told_that_the_store_is_busy(store, opened):
    impatient = opened(patience=0.1)
    with (
        store.write(),
        pytest.raises(StoreError) as caught,
        impatient.write(),
    ):
        pass
    assert caught.value.code is ErrorCode.STORE_BUSY
    assert "try again" in caught.value.hint


def test_a_second_writer_in_the_same_process_is_told_that_the_store_is_busy(store, opened):
    shared = opened(patience=0.1)
    caught: list[StoreError] = []

    def write() -> None:
        try:
            with shared.write():
                pass
        except StoreError as error:
            caught.append(error)

    with shared.write():
        thread = threading.Thread(target=write)
        thread.start()
        thread.join()
    assert [error.code for error in caught] == [ErrorCode.STORE_BUSY]


def test_a_writer_in_the_background_outwaits_one_that_hangs(store, opened):
    shared = opened(patience=0.1)
    ended: list[str] = []

    def write() -> None:
        with patient(), shared.write():
            ended.append("background")

    with shared.write():
        thread = threading.Thread(target=write)
        thread.start()
        thread.join(0.5)
        ended.append("first")
    thread.join()
    assert ended == ["first", "background"]


def test_what_a_writer_waited_for_within_the_process_is_taken_off_its_patience(store, opened):
    """The second writer comes late: when its turn within the process comes, most of its patience is gone."""
    shared = opened(patience=3)
    took: list[float] = []

    def write(*, after: float) -> None:
        time.sleep(after)
        began = time.monotonic()
        with pytest.raises(StoreError), shared.write():
            pass
        took.append(time.monotonic() - began)

    with store.write():
        threads = [threading.Thread(target=write, kwargs={"after": after}) for after in (0, 1.5)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert max(took) < 4


def test_a_writer_waits_with_all_its_patience_after_one_that_had_little_left(store, opened):
    shared = opened(patience=1)
    with store.write():
        for _ in range(2):
            began = time.monotonic()
            with pytest.raises(StoreError), shared.write():
                pass
            assert time.monotonic() - began > 0.9
    with shared.write() as uow:
        uow.commit()


def test_writers_take_turns(store, make):
    def write(number: int) -> None:
        with store.write() as uow:
            first = uow.objects.reserve_ids(1)
            uow.objects.add([make.object(first, f"job-{number}")])
            uow.commit()

    threads = [threading.Thread(target=write, args=(number,)) for number in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with store.read() as snapshot:
        assert sorted(one.id for one in snapshot.objects.every("w1", JOB)) == list(range(1, 13))


def test_reserved_ids_are_given_once(store):
    firsts = []
    for size in (1, 10, 1):
        with store.write() as uow:
            firsts.append(uow.objects.reserve_ids(size))
            uow.commit()
    assert firsts == [1, 2, 12]


def test_a_caught_conflict_leaves_the_unit_of_work_usable(store, make):
    make.stored(store, [make.object(1, "a")])
    with store.write() as uow:
        with pytest.raises(Conflict):
            uow.objects.add([make.object(2, "b"), make.object(3, "a")])
        uow.objects.add([make.object(4, "c")])
        uow.commit()
    with store.read() as snapshot:
        assert [one.name for one in snapshot.objects.every("w1", JOB)] == ["a", "c"]


def test_a_large_write_leaves_no_large_log_behind(store, make, address, database, tmp_path):
    if database != "sqlite":
        pytest.skip("only SQLite has a log beside its file")
    with store.write() as uow:
        uow.contents.put([make.text(f'"{number}{"x" * 1_000_000}"') for number in range(40)], at=1)
        uow.commit()
    later = 0
    while (tmp_path / "platform.db-wal").stat().st_size >= 32 * 1024 * 1024:
        later += 1
        with store.write() as uow:
            uow.contents.put([make.text(f'"later {later}"')], at=1)
            uow.commit()
    assert (tmp_path / "platform.db").stat().st_size > 40_000_000


def test_only_what_has_to_last_waits_for_the_disk(store, database, make):
    asked = "PRAGMA synchronous" if database == "sqlite" else "SHOW synchronous_commit"
    waits, waits_not = (2, 1) if database == "sqlite" else ("on", "off")
    if database != "sqlite":  # the tests' own server waits for nothing
        with store.write() as uow:
            uow._connection.exec_driver_sql("SET synchronous_commit = on")
            uow.commit()
    for lasting, expected in ((True, waits), (False, waits_not), (True, waits), (False, waits_not)):
        with store.write(lasting=lasting) as uow:
            assert uow._connection.exec_driver_sql(asked).scalar_one() == expected
    with pytest.raises(ZeroDivisionError), store.write(lasting=False):
        raise ZeroDivisionError
    with store.write() as uow:
        assert uow._connection.exec_driver_sql(asked).scalar_one() == waits
    with store.write(lasting=False) as uow:
        uow.workspaces.add(Workspace(id="w3", name="third"))
        uow.commit()
    with store.read() as snapshot:
        assert snapshot.workspaces.by_id("w3") is not None


def test_a_lean_snapshot_reads_the_same(store, make):
    make.stored(store, [make.object(1, "a")])
    with store.read(lean=True) as snapshot:
        assert snapshot.objects.count("w1", JOB) == 1


def test_a_log_that_somebody_took_away_is_nobodys_fault(tmp_path):
    database = Database(str(tmp_path / "x.db"), lock_key=1)
    with database.writing() as connection:
        connection.exec_driver_sql("CREATE TABLE t (x)")
        connection.commit()
        (tmp_path / "x.db-wal").unlink()
    with database.reading() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM t").scalar() == 0
    database.close()
