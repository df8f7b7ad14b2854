"""The tables of ``make mutants`` name what there is: without mutmut, which only ``make mutants`` installs."""

from __future__ import annotations

from pathlib import Path

from .harmless import HARMLESS
from .reach import REACH, modules_of, reaching

ROOT = Path(__file__).parents[2]
SOURCE = ROOT / "src" / "jobferry"


def test_every_row_names_modules_and_tests_that_there_are() -> None:
    modules = modules_of(SOURCE)
    assert [start for start in REACH if not any(module.startswith(start) for module in modules)] == []
    named = {path for start in REACH for tests in reaching(start) for path in tests}
    assert sorted(path for path in named if not (ROOT / path).exists()) == []


def test_several_parts_of_paths_choose_modules_together() -> None:
    alone = [modules_of(SOURCE, part) for part in ("model/rights", "store/uses")]
    assert all(alone)
    assert modules_of(SOURCE, "model/rights, store/uses") == alone[0] + alone[1]
    assert modules_of(SOURCE, "") == modules_of(SOURCE)


def test_what_no_test_can_find_is_still_in_its_module() -> None:
    for known in HARMLESS:
        text = (SOURCE / known.module).read_text("utf-8").splitlines()
        removed = [line[1:] for line in known.diff.splitlines() if line.startswith("-")]
        assert removed, known
        assert [line for line in removed if line not in text] == [], known
        assert known.reason, known
