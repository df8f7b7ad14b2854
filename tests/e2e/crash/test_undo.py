"""kill -9 of an undo: what the import left, or what was before it, nothing in between."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from crashing.lives import Point, Served, Zygote, serve, served
from crashing.state import State, address_of, books_of, is_sound, state_of, strays
from crashing.trail import faults
from crashing.zygote import point_of

from .conftest import Trip, Trips, half_of, kills

OPEN, COMMITTED = "import-transaction-open", "import-committed"
POINTS = [
    Point("undo-slot-taken"),
    Point("task-begun"),
    Point("undo-planned"),
    Point(OPEN),
    Point("import-target-unmoved"),
    *(Point("import-step", times) for times in (1, 20)),
    *(Point(f"rows-written/{table}") for table in ("objects", "versions", "receipt_items")),
    Point("import-receipt-written"),
    Point("import-committing"),
    Point(COMMITTED),
    Point("task-ended"),
]


class Landed(NamedTuple):
    """A folder into which the package was imported, and its state before and after an undo."""

    base: Path
    receipt: str
    imported: State
    undone: State


def begin(platform: Served, receipt: str) -> dict[str, Any]:
    answer = platform.http.post(f"/api/receipts/{receipt}/undo", json={})
    assert answer.status_code == 202, answer.text
    return platform.ended(answer.json()["task_id"])


@pytest.fixture(scope="module")
def undoings(
    zygote: Zygote, trips: Trips, tmp_path_factory: pytest.TempPathFactory
) -> Callable[[int], Landed]:
    return cache(lambda half: _landed(zygote, trips(half), tmp_path_factory.mktemp("undo") / "base"))


@pytest.fixture
def landed(request: pytest.FixtureRequest, undoings: Callable[[int], Landed]) -> Landed:
    return undoings(half_of(request))


def _landed(zygote: Zygote, trip: Trip, base: Path) -> Landed:
    shutil.copytree(trip.base, base)
    with served(zygote, base) as platform:
        receipt = str(platform.land(trip.package)["id"])
    after = Path(shutil.copytree(base, base.parent / "after"))
    with served(zygote, after) as platform:
        assert begin(platform, receipt)["message"] == f"{trip.half + 10} restored, {trip.half} removed"
    undone = state_of(address_of(after))
    assert without_numbers(undone) == without_numbers(trip.old)
    assert (undone.landings, undone.members) == (trip.old.landings, trip.old.members)
    assert undone.versions > trip.old.versions
    return Landed(base, receipt, state_of(address_of(base)), undone)


def without_numbers(state: State) -> set[tuple[Any, ...]]:
    """Objects but for their last number, which stays taken."""
    return {(*row[:8], *row[9:]) for row in state.objects}


@pytest.mark.parametrize("point", kills(POINTS))
def test_killed_anywhere_it_is_undone_or_not_and_then_undone(
    zygote: Zygote, landed: Landed, tmp_path: Path, point: Point
) -> None:
    folder = Path(shutil.copytree(landed.base, tmp_path / "here"))
    running = serve(zygote, folder, point._replace(armed=False))
    assert isinstance(running, Served)
    running.arm()
    assert running.dies_in(lambda platform: begin(platform, landed.receipt)) == point.name
    told = [point_of(one) for one in running.life.events]
    expected = landed.undone if COMMITTED in told else landed.imported
    left = state_of(address_of(folder))
    assert left == expected, left.told_from(expected)
    address, tasks = address_of(folder), address_of(folder, "tasks.db")
    begun = books_of(address, tasks).tasks
    with served(zygote, folder) as again:
        assert {again.ended(task)["status"] for task in begun} == {"SUCCESSFUL"}
        was_accepted = len(begun) == 3
        if not was_accepted:
            assert begin(again, landed.receipt)["status"] == "SUCCESSFUL"
        found = state_of(address)
        assert found == landed.undone, found.told_from(landed.undone)
        again.life.kill()
    books = books_of(address, tasks)
    assert (books.slots, books.loose, faults(folder, books)) == ([], 0, [])
    assert strays(folder) == {"address.json"}
    assert is_sound(folder)
