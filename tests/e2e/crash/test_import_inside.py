"""kill -9 while the one transaction that lands a package is open: the old state, and then the new one."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from crashing.lives import Point, Zygote

from .conftest import Trip, kills
from .killed import kill_and_look

POINTS = [
    Point("import-transaction-open"),
    Point("import-target-unmoved"),
    *(Point("import-step", times) for times in (1, 2, 7, 19, 37)),
    *(Point(f"rows-written/{table}") for table in ("directories", "objects", "versions", "landings")),
    Point("rows-written/objects", 2),
    Point("rows-written/receipt_items"),
    Point("rows-written/audit", 3),
    Point("rows-written/audit_ends", 3),
    Point("import-receipt-written"),
    Point("import-committing"),
]


@pytest.mark.parametrize("point", kills(POINTS))
def test_killed_inside_the_old_state_is_left_and_the_import_is_carried_on(
    zygote: Zygote, trip: Trip, folder: Path, age: Callable[[Path], None], point: Point
) -> None:
    assert kill_and_look(zygote, trip, folder, point, age) == "inside"
