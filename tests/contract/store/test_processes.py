"""Processes that share a database: one writes at a time, several run the platform, and death frees both."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator

import pytest

from jobferry.errors import Conflict, ErrorCode, StoreError
from jobferry.model.kinds import ObjectKind
from jobferry.store import Store
from jobferry.store.engine import Database
from jobferry.store.store import LOCK_KEY

WRITER = """
import sys
from jobferry.store import Store
from jobferry.store.engine import Database
from jobferry.store.store import LOCK_KEY
from jobferry.model.records import Workspace
store = Store(sys.argv[1])
if sys.argv[2] == "claim":
    store.claim()
    print("held", flush=True)
    sys.stdin.read()
with store.write() as uow:
    uow.workspaces.add(Workspace(id="w9", name="ninth"))
    print("held", flush=True)
    sys.stdin.read()
    uow.commit()
"""

Start = Callable[[str], subprocess.Popen[str]]


@pytest.fixture
def other(address: str) -> Iterator[Start]:
    """Another process that holds the database in a way, until it is told or killed."""
    begun: list[subprocess.Popen[str]] = []

    def start(how: str) -> subprocess.Popen[str]:
        process = subprocess.Popen(
            [sys.executable, "-c", WRITER, address, how],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        begun.append(process)
        assert process.stdout is not None
        assert process.stdout.readline() == "held\n"
        return process

    yield start
    for process in begun:
        process.kill()
        process.communicate()


def test_a_writer_elsewhere_makes_the_store_busy_and_readers_go_on(
    store: Store, opened: Callable[..., Store], other: Start
) -> None:
    process = other("write")
    with pytest.raises(StoreError) as caught, opened(patience=0.2).write():
        pass
    assert caught.value.code is ErrorCode.STORE_BUSY
    assert "try again" in caught.value.hint
    with store.read() as snapshot:
        assert [one.name for one in snapshot.workspaces.all()] == ["first", "second"]
    process.communicate("")
    with store.write() as uow:
        assert uow.workspaces.by_name("ninth") is not None


def test_a_writer_that_is_killed_leaves_nothing_and_lets_others_write(store: Store, other: Start) -> None:
    process = other("write")
    process.kill()
    process.wait()
    with store.write() as uow:
        assert uow.workspaces.by_name("ninth") is None
        assert uow.objects.count("w1", ObjectKind.JOB) == 0
        uow.commit()


def test_servers_share_a_database_and_who_wants_it_alone_waits_for_all(
    store: Store, other: Start, address: str, database: str
) -> None:
    process = other("claim")
    store.claim()
    store.claim()
    alone = Database(address, lock_key=LOCK_KEY)
    if database == "sqlite":
        alone.claim()  # a file's folder has a lock of its own
        return
    with pytest.raises(Conflict) as caught:
        alone.claim()
    assert caught.value.code is ErrorCode.DATA_FOLDER_BUSY
    assert "another process" in caught.value.message
    store.close()
    process.kill()
    process.wait()
    while True:
        try:
            alone.claim()
            break
        except Conflict:  # the server notices a moment later
            continue
    with pytest.raises(Conflict):
        store.claim()
    alone.close()


def test_a_claim_that_a_server_has_let_go_of_is_taken_again_or_missed(
    store: Store, address: str, database: str
) -> None:
    store.claim()
    if database == "sqlite":
        return
    _end_claim(store)
    with store.write() as uow:
        assert uow.workspaces.by_name("first") is not None
    _end_claim(store)
    alone = Database(address, lock_key=LOCK_KEY)
    alone.claim()
    for _ in range(2):
        with pytest.raises(Conflict) as caught, store.write():
            pass
        assert caught.value.code is ErrorCode.DATA_FOLDER_BUSY
    with store.read() as snapshot:
        assert snapshot.workspaces.by_name("first") is not None
    alone.close()


def _end_claim(store: Store) -> None:
    """As a restart of the server would."""
    claim = store._database._claim
    assert claim is not None
    number = claim.exec_driver_sql("SELECT pg_backend_pid()").scalar_one()
    with store.write() as uow:
        ended = "SELECT pg_terminate_backend(%s, 10000)"
        assert uow._connection.exec_driver_sql(ended, (number,)).scalar_one()
