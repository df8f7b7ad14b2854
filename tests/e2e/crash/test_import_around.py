"""kill -9 before and after the transaction of an import."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from crashing.lives import Point, Zygote

from .conftest import Trip, kills
from .killed import kill_and_look

BEFORE = [
    Point("package-part-written"),
    Point("package-name-written"),
    Point("package-received"),
    Point("rows-written/audit"),
    Point("rows-written/audit_ends", 2),
    Point("import-slot-taken"),
    Point("import-task-written"),
    Point("task-begun"),
    Point("import-planned"),
    Point("rows-written/contents"),
    Point("texts-staged"),
    Point("texts-staged", 2),
]
AFTER = [Point("import-committed"), Point("import-package-discarded"), Point("task-ended")]


@pytest.mark.parametrize("point", kills(BEFORE))
def test_killed_before_nothing_is_changed_and_what_was_accepted_is_carried_out(
    zygote: Zygote, trip: Trip, folder: Path, age: Callable[[Path], None], point: Point
) -> None:
    assert kill_and_look(zygote, trip, folder, point, age) == "before"


@pytest.mark.parametrize("point", kills(AFTER))
def test_killed_after_the_new_state_stays_and_is_not_landed_again(
    zygote: Zygote, trip: Trip, folder: Path, age: Callable[[Path], None], point: Point
) -> None:
    assert kill_and_look(zygote, trip, folder, point, age) == "after"
