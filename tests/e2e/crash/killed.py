"""One kill of a served import, and everything that has to hold afterwards."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from crashing.lives import Point, Served, Zygote, serve, served
from crashing.state import address_of, books_of, is_sound, state_of, strays
from crashing.trail import faults
from crashing.zygote import point_of

from .conftest import Trip

OPEN, COMMITTED = "import-transaction-open", "import-committed"


def kill_and_look(zygote: Zygote, trip: Trip, folder: Path, point: Point, age: Callable[[Path], None]) -> str:
    """Kills an import at a point, starts the platform again and proves that nothing is between old and new.

    Says on which side of the transaction it was: ``before``, ``inside`` or ``after``.
    """
    side = _kill(zygote, trip, folder, point)
    address, tasks = address_of(folder), address_of(folder, "tasks.db")
    left = state_of(address)
    expected = trip.new if side == "after" else trip.old
    assert left == expected, left.told_from(expected)
    books = books_of(address, tasks)
    begun = books.tasks
    assert faults(folder, books) == []
    age(folder / "packages")
    with served(zygote, folder) as again:
        later = again.send(trip.next_package)
        assert {again.ended(task)["status"] for task in begun} == {"SUCCESSFUL"}
        found, expected = state_of(address), trip.new if len(begun) == 2 else trip.old
        assert found == expected, found.told_from(expected)
        books = books_of(address, tasks)
        assert books.receipts.keys() == begun.keys()
        overwritten = trip.half + 10
        assert sorted(books.receipts.values()) == [overwritten, overwritten + trip.half][: len(begun)]
        assert (books.slots, books.loose, faults(folder, books)) == ([], 0, [])
        assert again.ended(again.begin(later))["status"] == "SUCCESSFUL"
        assert again.export()
        again.life.kill()
    assert strays(folder) == {"address.json"}
    assert is_sound(folder)
    return side


def _kill(zygote: Zygote, trip: Trip, folder: Path, point: Point) -> str:
    running = serve(zygote, folder, point._replace(armed=False))
    assert isinstance(running, Served)
    running.arm()
    assert running.dies_in(lambda platform: platform.land(trip.package)) == point.name
    told = [point_of(one) for one in running.life.events]
    assert told.count(point.name) >= point.times
    if COMMITTED in told:
        return "after"
    return "inside" if OPEN in told else "before"
