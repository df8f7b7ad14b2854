"""kill -9 of a command without a server: the next command reports what it finds, and works."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from crashing.lives import Point, Zygote, command, served
from crashing.state import address_of, books_of, is_sound, state_of, strays

from .conftest import Trip


@pytest.fixture
def order(trip: Trip, folder: Path, tmp_path: Path) -> list[str]:
    file = tmp_path / "package.zip"
    file.write_bytes(trip.package)
    return ["import", str(file), "--duplicates", "overwrite", "--data", str(folder)]


@pytest.mark.parametrize(
    "point", [Point("import-planned"), Point("import-step", 7)], ids=lambda one: one.name
)
def test_the_next_command_reports_an_import_that_was_not_landed(
    zygote: Zygote, trip: Trip, folder: Path, order: list[str], point: Point
) -> None:
    assert command(zygote, order, point).died_at() == point.name
    assert state_of(address_of(folder)) == trip.old
    assert command(zygote, ["job", "list", "--data", folder]).end() == 0
    books = books_of(address_of(folder), address_of(folder, "tasks.db"))
    assert sorted(books.tasks.values()) == ["FAILED", "SUCCESSFUL"]
    assert (books.slots, len(books.receipts), strays(folder, waiting=True)) == ([], 1, set())
    interrupted = next(task for task, status in books.tasks.items() if status == "FAILED")
    assert command(zygote, order).end() == 0
    assert state_of(address_of(folder)) == trip.new
    assert strays(folder, waiting=True) == set()
    with served(zygote, folder) as platform:
        said = platform.ended(interrupted)
    assert said["message"] == "interrupted before it was applied; nothing was changed"
    assert is_sound(folder)


def test_the_next_command_reports_an_import_that_had_landed(
    zygote: Zygote, trip: Trip, folder: Path, order: list[str]
) -> None:
    assert command(zygote, order, Point("import-committed")).died_at() == "import-committed"
    assert command(zygote, ["job", "list", "--data", folder]).end() == 0
    books = books_of(address_of(folder), address_of(folder, "tasks.db"))
    assert set(books.tasks.values()) == {"SUCCESSFUL"}
    assert books.receipts.keys() == books.tasks.keys()
    assert (books.slots, strays(folder), state_of(address_of(folder))) == ([], set(), trip.new)
    again = command(zygote, order)
    assert again.end() == 0
    assert state_of(address_of(folder)) == trip.new


def test_an_import_that_a_command_left_is_carried_on_by_a_server_that_starts_first(
    zygote: Zygote, trip: Trip, folder: Path, order: list[str]
) -> None:
    assert command(zygote, order, Point("import-step", 7)).died_at() == "import-step"
    tasks = books_of(address_of(folder), address_of(folder, "tasks.db")).tasks
    (left,) = [task for task, status in tasks.items() if status == "RUNNING"]
    with served(zygote, folder) as platform:
        assert platform.ended(left)["status"] == "SUCCESSFUL"
    assert state_of(address_of(folder)) == trip.new
    assert strays(folder, waiting=True) == set()


def test_killed_again_while_it_reports_the_import_is_reported_all_the_same(
    zygote: Zygote, trip: Trip, folder: Path, order: list[str]
) -> None:
    assert command(zygote, order, Point("import-step", 7)).died_at() == "import-step"
    point = Point("slot-freed")
    assert command(zygote, ["job", "list", "--data", folder], point).died_at() == point.name
    tasks = books_of(address_of(folder), address_of(folder, "tasks.db")).tasks
    (left,) = [task for task, status in tasks.items() if status == "RUNNING"]
    with served(zygote, folder) as platform:
        told = platform.ended(left)
    assert told["status"] == "FAILED"
    assert "interrupted before it was applied; nothing was changed" in told["message"]
    assert state_of(address_of(folder)) == trip.old


def test_the_program_itself_is_killed_while_its_log_says_that_the_transaction_is_open(
    trip: Trip, folder: Path, order: list[str], tmp_path: Path
) -> None:
    own = {"HOME": str(tmp_path), "XDG_STATE_HOME": str(tmp_path / "state"), "JOBFERRY_LOG_LEVEL": "debug"}
    log = tmp_path / "state" / "jobferry" / "errors.log"
    program = subprocess.Popen(
        [sys.executable, "-m", "jobferry", *order], env=os.environ | own, stdout=subprocess.DEVNULL
    )
    while not (log.exists() and "import-transaction-open" in log.read_text()):
        assert program.poll() is None
    program.send_signal(signal.SIGKILL)
    program.wait()
    left = state_of(address_of(folder))
    assert left in (trip.old, trip.new), left.told_from(trip.old)
    done = subprocess.run(
        [sys.executable, "-m", "jobferry", *order],
        env=os.environ | own,
        stdout=subprocess.DEVNULL,
        check=False,
    )
    assert done.returncode == 0
    assert state_of(address_of(folder)) == trip.new
    assert strays(folder, waiting=True) == set()
