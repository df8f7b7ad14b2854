"""kill -9 of a platform whose tables lie in PostgreSQL: one server, one kill after another."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest

from crashing.lives import Point, Served, Zygote, serve, served
from crashing.outlook import landed
from crashing.parcels import parcel, things
from crashing.state import books_of, state_of, strays
from crashing.trail import faults
from postgres import PostgresServer, postgres_server

JOBS = 300
BEFORE = [Point("import-slot-taken"), Point("import-task-written")]
INSIDE = [
    Point("import-step", 3),
    Point("rows-written/objects"),
    Point("rows-written/audit", 3),
    Point("import-committing"),
]
AFTER = Point("import-committed")


@pytest.fixture(scope="module")
def postgres() -> Iterator[PostgresServer]:
    with postgres_server() as server:
        yield server


@pytest.mark.large
def test_killed_the_server_keeps_the_old_state_and_the_import_is_carried_on(
    zygote: Zygote, postgres: PostgresServer, tmp_path: Path, age: Callable[[Path], None]
) -> None:
    address, folder = postgres.database(), tmp_path / "here"
    environment = {"JOBFERRY_DATABASE": address}
    with served(zygote, folder, environment) as platform:
        first = things({f"作业_{n}": 0 for n in range(JOBS)})
        assert platform.land(parcel(first))["status"] == "SUCCESSFUL"
        workspace_id = platform.http.get("/api/workspaces/default").json()["id"]
    for edition, point in enumerate([*BEFORE, *INSIDE, AFTER], 1):
        texts, old = things({f"作业_{n}": edition for n in range(JOBS)}), state_of(address)
        new = landed(old, texts, workspace_id)
        running = serve(zygote, folder, point._replace(armed=False), environment)
        assert isinstance(running, Served)
        running.arm()
        assert running.dies_in(partial(Served.land, package=parcel(texts))) == point.name
        assert state_of(address) == (new if point == AFTER else old)
        assert faults(folder, books_of(address, address), address) == []
        age(folder / "packages")
        with served(zygote, folder, environment) as again:
            tasks = books_of(address, address).tasks
            assert {again.ended(task)["status"] for task in tasks} == {"SUCCESSFUL"}
            if point.name == "import-slot-taken":  # nobody was told of a task, and there is none
                assert state_of(address) == old
                again.land(parcel(texts))
        found, books = state_of(address), books_of(address, address)
        assert found == new, found.told_from(new)
        assert books.receipts.keys() == books.tasks.keys()
        assert len(books.tasks) == edition + 1
        assert (books.slots, books.loose, faults(folder, books, address)) == ([], 0, [])
        assert strays(folder) == set()
