"""Processes that share a database: one writes at a time, one runs the platform, and death frees both."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from jobferry.errors import Conflict, ErrorCode, StoreError
from jobferry.model.kinds import ObjectKind
from jobferry.store import Store
from processes import Program

WRITER = """
import sys
from jobferry.store import Store
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


def test_one_process_at_a_time_claims_a_server(store: Store, other: Start, database: str) -> None:
    if database == "sqlite":
        store.claim()
        other("claim")  # a file's folder has a lock of its own
        return
    process = other("claim")
    with pytest.raises(Conflict) as caught:
        store.claim()
    assert caught.value.code is ErrorCode.DATA_FOLDER_BUSY
    assert "another process" in caught.value.message
    process.kill()
    process.wait()
    while True:
        try:
            store.claim()
            break
        except Conflict:  # the server notices a moment later
            continue
    store.claim()


def test_a_claim_that_a_server_has_let_go_of_is_taken_again_or_missed(
    store: Store, other: Start, database: str
) -> None:
    store.claim()
    if database == "sqlite":
        return
    _end_claim(store)
    with store.write() as uow:
        assert uow.workspaces.by_name("first") is not None
    with pytest.raises(AssertionError):
        other("claim")
    _end_claim(store)
    process = other("claim")
    for _ in range(2):
        with pytest.raises(Conflict) as caught, store.write():
            pass
        assert caught.value.code is ErrorCode.DATA_FOLDER_BUSY
    with store.read() as snapshot:
        assert snapshot.workspaces.by_name("first") is not None
    process.kill()
    process.wait()


def _end_claim(store: Store) -> None:
    """As a restart of the server would."""
    claim = store._database._claim
    assert claim is not None
    number = claim.exec_driver_sql("SELECT pg_backend_pid()").scalar_one()
    with store.write() as uow:
        ended = "SELECT pg_terminate_backend(%s, 10000)"
        assert uow._connection.exec_driver_sql(ended, (number,)).scalar_one()


def test_a_second_platform_on_one_server_is_refused_until_the_first_is_gone(
    request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    address: str = request.getfixturevalue("postgres").address()
    environment = {"JOBFERRY_DATABASE": address}
    first, second = (
        Program(tmp_path / name, home=tmp_path / "home", environment=environment) for name in ("a", "b")
    )
    with first.served() as platform:
        platform.workspace("sales")
        for command in (("init",), ("serve", "--port", "0")):
            refused = second(*command)
            assert (refused.code, "another process runs a platform" in refused.err) == (5, True)
        platform.process.kill()
        platform.process.wait()
    while (ended := first("workspace", "list")).code == 5:
        pass
    assert "sales" in ended.out
