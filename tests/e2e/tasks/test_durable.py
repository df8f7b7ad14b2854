"""Durable background work outlives its process: killed at any point, it is taken up again."""

import json
import os
import signal
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from crashing.lives import Fork, Order
from processes import shared_zygote

WORKER = Path(__file__).with_name("worker.py")
SAFETY_NET_S = 300
pytestmark = pytest.mark.sqlite  # tests/e2e/servers has tasks of platforms on PostgreSQL


class Life:
    """One process, from its start to its end; forked from what is loaded already."""

    def __init__(self, folder: Path, *, hold: bool, sweep_every_s: float) -> None:
        words = (folder, "hold" if hold else "finish", str(sweep_every_s))
        order = Order(words, Path.cwd(), os.environ, script=WORKER)
        stdin, told = os.pipe()
        heard, stdout = os.pipe()
        self._process: Fork = shared_zygote().fork(order, [stdin, stdout, 2])
        os.close(stdin)
        os.close(stdout)
        self._stdin = os.fdopen(told, "w", encoding="utf-8")
        self._stdout = os.fdopen(heard, encoding="utf-8")
        self.heard: list[str] = []
        self._net = threading.Timer(SAFETY_NET_S, self._process.send_signal, [signal.SIGKILL])
        self._net.start()

    def expect(self, start: str) -> str:
        """The next line that starts so; what is said meanwhile is kept."""
        for line in self._stdout:
            self.heard.append(line.strip())
            if line.startswith(start):
                return line.strip()
        raise AssertionError(f"the process ended without saying {start!r}: {self.heard}")

    def tell(self, command: str) -> None:
        self._stdin.write(command + "\n")
        self._stdin.flush()
        self.expect("ok")

    def end(self, sign: signal.Signals | None = None) -> int:
        """Ends it by a signal, or lets it come to its own end."""
        if sign is not None:
            self._process.send_signal(sign)
        with self._stdin, self._stdout:
            self._stdin.close()
            self._stdout.read()
        self._net.cancel()
        return self._process.wait()

    @property
    def has_ended(self) -> bool:
        return self._process.poll() is not None


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A data folder whose name means something else in a URL."""
    made = tmp_path / "作业 a%41#?b"
    made.mkdir()
    return made


@pytest.fixture
def live(folder: Path) -> Iterator[Callable[..., Life]]:
    """Starts processes on one folder; whatever still lives in the end is killed."""
    lives: list[Life] = []

    def start(*, hold: bool = False, started: bool = True, sweep_every_s: float = 30.0) -> Life:
        lives.append(Life(folder, hold=hold, sweep_every_s=sweep_every_s))
        if started:
            lives[-1].expect("started")
        return lives[-1]

    yield start
    for life in lives:
        if not life.has_ended:
            life.end(signal.SIGKILL)


def query(folder: Path, sql: str) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(folder / "tasks.db", timeout=60)) as connection, connection:
        return connection.execute(sql).fetchall()


def rows(folder: Path) -> list[tuple[object, ...]]:
    """Each task with its message as it is in English; what it is made of follows in the row."""
    found = query(folder, "select id, status, message from tasks order by id")
    return [(task, status, str(message).partition("\x1e")[0]) for task, status, message in found]


Live = Callable[..., Life]
DONE = [("t1", "SUCCESSFUL", "done")]


def test_a_task_from_its_start_to_its_end(live: Live, folder: Path) -> None:
    life = live()
    life.tell("launch t1")
    life.tell("wait t1")
    assert "waited True" in life.heard
    life.tell("stop 60")
    assert life.end() == 0
    assert rows(folder) == DONE
    assert not [line for line in life.heard if line.startswith("network")]
    assert {path.name for path in folder.parent.iterdir()} == {folder.name}
    assert query(folder, "select serialization from workflow_status") == [("portable_json",)]
    ((given,),) = query(folder, "select inputs from workflow_input")
    assert json.loads(str(given))["positionalArgs"] == ["t1"]


def test_nothing_is_left_of_a_task_that_is_forgotten(live: Live, folder: Path) -> None:
    life = live()
    for task in ("t", "u"):
        life.tell(f"launch {task}")
        life.tell(f"wait {task}")
    while query(folder, "select distinct status from workflow_status") != [("SUCCESS",)]:
        pass
    life.tell("forget t")
    life.tell("forget nobody")
    assert query(folder, "select workflow_uuid from workflow_status") == [("u",)]
    life.tell("stop 60")
    assert life.end() == 0


def test_killed_in_the_middle_it_is_carried_out_again(live: Live, folder: Path) -> None:
    first = live(hold=True)
    first.tell("launch t1")
    if "begun t1" not in first.heard:
        first.expect("begun t1")
    assert first.end(signal.SIGKILL) == -signal.SIGKILL
    assert rows(folder) == [("t1", "RUNNING", "")]
    second = live()
    second.tell("wait t1")
    assert "begun t1" in second.heard
    assert "waited True" in second.heard
    assert rows(folder) == DONE


def test_a_task_whose_end_could_not_be_noted_is_taken_up_again(live: Live, folder: Path) -> None:
    """DBOS may think that it still runs; the process that left it knows better."""
    life = live()
    life.tell("deaf 5")
    life.tell("launch t1")
    life.tell("left t1")
    query(folder, "update workflow_status set status = 'PENDING'")
    assert rows(folder) == [("t1", "RUNNING", "")]
    life.tell("sweep")
    life.tell("wait t1")
    assert rows(folder) == DONE


def test_killed_between_row_and_work_it_is_started(live: Live, folder: Path) -> None:
    first = live()
    first.tell("add t1")
    first.end(signal.SIGKILL)
    assert query(folder, "select count(*) from workflow_status") == [(0,)]
    second = live(started=False)
    second.tell("wait t1")
    assert rows(folder) == DONE


def test_work_that_ended_without_saying_so_is_done_again(live: Live, folder: Path) -> None:
    first = live()
    first.tell("launch t1")
    first.tell("wait t1")
    first.tell("stop 60")
    first.end()
    query(folder, "update tasks set status = 'RUNNING', message = ''")
    second = live(started=False)
    second.tell("wait t1")
    assert "begun t1" in second.heard
    assert rows(folder) == DONE


def test_what_ends_every_process_is_given_up(live: Live, folder: Path) -> None:
    first = live(hold=True)
    first.tell("launch t1")
    first.end(signal.SIGKILL)
    query(folder, "update workflow_status set status = 'MAX_RECOVERY_ATTEMPTS_EXCEEDED'")
    live()
    ((_, status, message),) = rows(folder)
    assert status == "FAILED"
    assert str(message).startswith("given up")


def test_a_task_that_was_reported_meanwhile_is_left_alone(live: Live, folder: Path) -> None:
    """A command without a server reports what it finds unfinished; its word holds."""
    first = live(hold=True)
    first.tell("launch t1")
    first.end(signal.SIGKILL)
    query(folder, "update tasks set status = 'FAILED', message = 'interrupted'")
    second = live()
    while query(folder, "select status from workflow_status") != [("SUCCESS",)]:
        second.tell("nothing")  # until DBOS has taken it up, found it ended, and let it go
    second.tell("stop 60")
    second.end()
    assert "begun t1" not in second.heard
    assert rows(folder) == [("t1", "FAILED", "interrupted")]


def test_stopping_leaves_what_does_not_end_to_the_next_start(live: Live, folder: Path) -> None:
    first = live(hold=True)
    first.tell("launch t1")
    if "begun t1" not in first.heard:
        first.expect("begun t1")
    first.tell("stop 0")
    first.end(signal.SIGKILL)
    assert rows(folder) == [("t1", "RUNNING", "")]
    second = live()
    second.tell("wait t1")
    assert rows(folder) == DONE


def test_stopping_ends_a_task_where_it_notes_progress_and_the_next_start_resumes_it(
    live: Live, folder: Path
) -> None:
    first = live(hold=True)
    first.tell("launch noting")
    if "begun noting" not in first.heard:
        first.expect("begun noting")
    first.tell("stop 0.1")
    assert first.end() == 0  # a thread that still worked would keep it from ending
    assert rows(folder) == [("noting", "RUNNING", "")]
    second = live()
    second.tell("wait noting")
    assert rows(folder) == [("noting", "SUCCESSFUL", "done")]


def test_a_task_that_was_resumed_five_times_without_an_end_fails(live: Live, folder: Path) -> None:
    for start in range(6):
        life = live(hold=True)
        if not start:
            life.tell("launch t1")
        if "begun t1" not in life.heard:
            life.expect("begun t1")
        life.end(signal.SIGKILL)
    last = live()
    last.tell("wait t1")
    assert "begun t1" not in last.heard
    ((_, status, message),) = rows(folder)
    assert (status, message) == ("FAILED", "given up: 6 processes ended while carrying it out")


def test_one_process_runs_one_platform(live: Live) -> None:
    life = live()
    life.tell("second other.db")
    assert any(line.startswith("refused data-folder-busy this process already") for line in life.heard)
    life.tell("launch t1")
    life.tell("wait t1")
    assert "waited True" in life.heard


def test_a_database_that_cannot_be_used_is_named_and_lets_go(live: Live) -> None:
    life = live()
    life.tell("stop 0")
    life.tell("second nowhere/tasks.db")
    life.tell("second nowhere/tasks.db")
    refused = [line for line in life.heard if line.startswith("refused")]
    assert (
        refused == ["refused store-failed the task database cannot be used: unable to open database file"] * 2
    )


def test_work_that_the_database_does_not_take_is_refused_and_sweeps_go_on(live: Live, folder: Path) -> None:
    life = live(sweep_every_s=0.1)
    life.tell("launch t0")
    life.tell("wait t0")
    query(folder, "alter table workflow_status rename to taken_away")
    life.tell("launch t1")
    life.tell("forget t0")
    refused = [line.split()[1] for line in life.heard if line.startswith("refused")]
    assert refused == ["store-failed"] * 2
    life.tell("add t2")
    time.sleep(0.5)  # sweeps fail meanwhile
    query(folder, "alter table taken_away rename to workflow_status")
    life.tell("wait t2")
    life.tell("stop 60")
    life.tell("stop 60")
    assert life.end() == 0
    assert [row[:2] for row in rows(folder)] == [("t0", "SUCCESSFUL"), ("t1", "FAILED"), ("t2", "SUCCESSFUL")]


def test_a_task_log_that_is_not_whole_is_told_at_the_start(live: Live, folder: Path) -> None:
    life = live()
    life.tell("stop 60")
    query(folder, "alter table tasks rename to taken_away")
    life.tell("second tasks.db")
    assert any(line.startswith("refused store-failed the database") for line in life.heard)
