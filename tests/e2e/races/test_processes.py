"""Imports that meet each other: over HTTP, as commands, and with a process that stands still for a while."""

from __future__ import annotations

import os
import signal
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, wait
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

from builders import job, node
from processes import Program, Served, packed

pytestmark = pytest.mark.sqlite


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Program, Served]]:
    folder = tmp_path_factory.mktemp("races")
    program = Program(folder / "here", home=folder / "home")
    with program.served() as platform:
        yield program, platform


def package(tag: str, count: int = 20) -> bytes:
    return packed(job(f"{tag}_{number}", node(f"n_{tag}")) for number in range(count))


@contextmanager
def locked(file: Path) -> Iterator[Callable[[], None]]:
    """Another process would do the same: it writes and does not come to an end until it is told."""
    with closing(sqlite3.connect(file, isolation_level=None, check_same_thread=False)) as connection:
        connection.execute("PRAGMA busy_timeout = 60000")
        connection.execute("BEGIN IMMEDIATE")

        def release() -> None:
            if connection.in_transaction:
                connection.execute("ROLLBACK")

        try:
            yield release
        finally:
            release()


def rows(file: Path, sql: str) -> list[Any]:
    with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True, timeout=60)) as connection:
        return connection.execute(sql).fetchall()


def until(holds: Callable[[], Any]) -> None:
    while not holds():
        time.sleep(0.005)


def test_of_two_imports_over_http_one_goes_on_and_one_is_told_who(served: tuple[Program, Served]) -> None:
    program, platform = served
    platform.workspace("two")
    ids = [platform.hand_in(package(f"two{number}")).json()["id"] for number in range(2)]
    together = threading.Barrier(2)

    def begin(package_id: str) -> httpx.Response:
        together.wait()
        return platform.begin(package_id, "two")

    with ThreadPoolExecutor(2) as pool, locked(program.data / "tasks.db") as release:
        both = [pool.submit(begin, package_id) for package_id in ids]
        done, _ = wait(both, return_when=FIRST_COMPLETED)
        refused = next(iter(done)).result()
        release()
        accepted = next(one.result() for one in both if one not in done)
    assert refused.status_code == 409
    error = refused.json()["error"]
    assert error["code"] == "import-running"
    assert "administrator started it at 20" in error["message"]
    assert accepted.status_code == 202
    assert platform.ended(accepted.json()["task_id"])["status"] == "SUCCESSFUL"
    assert len(platform.names("two")) == 20
    assert platform.land(package("later"), "two")["message"] == "20 created"
    assert len(platform.receipts("two")) == 2


def test_of_two_commands_one_imports_and_one_ends_with_5(
    served: tuple[Program, Served], tmp_path: Path
) -> None:
    program, platform = served
    platform.workspace("commands")
    codes: list[int] = []
    while codes != [0, 5]:  # until they meet
        platform.workspace(place := f"commands{time.monotonic_ns()}")
        files = [tmp_path / "a.zip", tmp_path / "b.zip"]
        for file in files:
            file.write_bytes(package(file.stem, 500))
        both = [program.start("import", file, "--workspace", place) for file in files]
        ended = [(*one.communicate(), one.wait()) for one in both]
        codes = sorted(code for *_, code in ended)
        assert codes in ([0, 0], [0, 5])
    told = next(err for _, err, code in ended if code == 5)
    assert "into this workspace is running: administrator started it at 20" in told
    assert len(platform.names(place)) == 500


def test_ten_imports_into_ten_workspaces_all_land_whole(served: tuple[Program, Served]) -> None:
    _, platform = served
    places = [f"place{number}" for number in range(10)]
    for place in places:
        platform.workspace(place)
    together = threading.Barrier(10)

    def land(place: str) -> dict[str, Any]:
        together.wait()
        return platform.land(package(place, 100), place)

    with ThreadPoolExecutor(10) as pool:
        tasks = list(pool.map(land, places))
    assert {task["message"] for task in tasks} == {"100 created"}
    for place, task in zip(places, tasks, strict=True):
        assert sorted(platform.names(place)) == sorted(f"{place}_{number}" for number in range(100))
        assert [one["id"] for one in platform.receipts(place)] == [task["id"]]


def test_a_client_that_gives_up_and_tries_again_lands_once(served: tuple[Program, Served]) -> None:
    """The platform stands still while the calls come in, and finds them all when it goes on."""
    program, platform = served
    platform.workspace("again")
    package_id = platform.hand_in(package("again")).json()["id"]
    body = {"package": {"id": package_id}, "options": {"duplicates": "overwrite"}, "apply": True}
    platform.process.send_signal(signal.SIGSTOP)
    try:
        for _ in range(3):
            with pytest.raises(httpx.ReadTimeout):
                httpx.post(
                    f"{platform.url}/api/workspaces/again/imports",
                    headers=platform.http.headers,
                    json=body,
                    timeout=0.3,
                    trust_env=False,
                )
    finally:
        platform.process.send_signal(signal.SIGCONT)
    last = platform.begin(package_id, "again", duplicates="overwrite")
    assert last.status_code in (202, 404, 409)
    until(lambda: platform.receipts("again"))
    tasks = program.data / "tasks.db"
    until(lambda: not rows(tasks, "select id from tasks where status = 'RUNNING'"))
    assert [one["counts"] for one in platform.receipts("again")] == [{"created": 20}]
    versions = rows(program.data / "platform.db", "select count(*) from versions where import_id != ''")
    assert len(platform.names("again")) == 20
    assert versions[0][0] == rows(program.data / "platform.db", "select count(*) from objects")[0][0]
    again = platform.land(package("again"), "again", duplicates="overwrite")
    assert again["message"] == "20 unchanged"


def test_a_folder_whose_process_stands_still_in_an_import_is_not_taken_over(tmp_path: Path) -> None:
    program = Program(tmp_path / "here", home=tmp_path / "home")
    program.found()
    file = tmp_path / "large.zip"
    file.write_bytes(package("large", 3_000))
    first = program.start("import", file, "--json")
    database = program.data / "platform.db"
    until(lambda: rows(database, "select task_id from import_slots") or first.poll() is not None)
    os.kill(first.pid, signal.SIGSTOP)
    try:
        assert first.poll() is None
        assert rows(database, "select id from receipts") == []
        hasty = Program(program.data, home=tmp_path / "home", environment={"JOBFERRY_PATIENCE": "0.5"})
        second = hasty("import", file)
        assert (second.code, "another process runs a platform" in second.err) == (5, True)
    finally:
        os.kill(first.pid, signal.SIGCONT)
    out, err = first.communicate()
    assert (first.returncode, '"created": 3000' in out) == (0, True), err
    assert len(rows(database, "select id from receipts")) == 1
    assert "3000 unchanged" in program("import", file).out
