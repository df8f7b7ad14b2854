"""The bench still runs, tells what it measured, and writes its own block of the page and nothing else."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from bench.goals import Goal
from bench.measure import percentile
from bench.report import BEGIN, END, Row, Table, machine, write

ROOT = Path(__file__).parents[2]


@pytest.fixture
def page(tmp_path: Path) -> Path:
    file = tmp_path / "performance.md"
    file.write_text(f"# Performance\n\nBefore.\n\n{BEGIN}\n{END}\n\nAfter.\n", encoding="utf-8")
    return file


PATHS = {"PYTHONPATH": str(ROOT / "tests")}


def table(title: str, value: float) -> Table:
    made = Table(title, ("seconds",))
    made.add(Row("export", (f"{value}",), value, Goal(2, "s")))
    return made


@pytest.mark.large
def test_a_small_bench_runs() -> None:
    ended = subprocess.run(
        [sys.executable, "-m", "bench"],
        cwd=ROOT,
        env=os.environ
        | PATHS
        | {
            "BENCH_JOBS": "20",
            "BENCH_ONLY": "inside,gaps,memory,clients,leaving,reading,requests,several,beside",
            "BENCH_BIG": "",
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == 0, ended.stderr
    assert "import with a tenth changed" in ended.stdout
    assert "import of 20 jobs" in ended.stdout
    assert "A package leaving over HTTP" in ended.stdout
    assert "save, PostgreSQL, signature, 64" in ended.stdout
    assert "other server, before" in ended.stdout


def test_a_theme_that_does_not_exist_is_named() -> None:
    environment = os.environ | PATHS | {"BENCH_ONLY": "weather"}
    command = [sys.executable, "-m", "bench"]
    ended = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert ended.returncode == 1
    assert "no theme weather" in ended.stderr


def test_only_the_block_of_the_page_is_written(page: Path) -> None:
    write([table("One", 1.5)], ["One"], page)
    text = page.read_text(encoding="utf-8")
    assert text.startswith("# Performance\n\nBefore.\n\n" + BEGIN)
    assert text.endswith(END + "\n\nAfter.\n")
    assert "| export | 1.5 | ≤ 2 s: met |" in text


def test_a_run_of_some_themes_leaves_the_others(page: Path) -> None:
    order = ["One", "Two"]
    write([table("Two", 1), table("One", 1)], order, page)
    write([table("Two", 3)], order, page)
    text = page.read_text(encoding="utf-8")
    assert text.index("### One") < text.index("### Two")
    assert "| export | 1 | ≤ 2 s: met |" in text
    assert "| export | 3 | ≤ 2 s: **not met** |" in text


def test_figures_of_another_machine_go(page: Path) -> None:
    write([table("One", 1)], ["One", "Two"], page)
    page.write_text(page.read_text(encoding="utf-8").replace(machine(), "1 core, Abacus."), encoding="utf-8")
    write([table("Two", 1)], ["One", "Two"], page)
    assert "### One" not in page.read_text(encoding="utf-8")


def test_a_percentile_is_a_value_that_was_measured() -> None:
    values = [float(number) for number in range(1, 101)]
    assert percentile(values, 0.99) == 99
    assert percentile(values, 0.5) == 50
    assert percentile([7.0], 0.99) == 7
