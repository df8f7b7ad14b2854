"""Whole local commands as processes, from nothing to their end, and what of it is the start."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from bench import fleet
from bench.child import ROOT
from bench.goals import goal_of
from bench.measure import RUNS, Timing, seconds
from bench.report import Row, Table
from bench.scene import Scene
from bench.served import PROGRAM, environment

TITLE = "Whole local commands"
_BLOCKED = 3
_OFTEN = 5
_BY_ZLIB = [sys.executable, "-m", "bench.child", "command-by-zlib"]

Arguments = tuple[str | Path, ...]


def measure(scene: Scene) -> list[Table]:
    """Each command as somebody types it, with ``--data``; then the start alone."""
    about = (
        "`jobferry … --data DIR` as a process; the two last rows are the start that every command pays for."
    )
    table = Table(TITLE, ("seconds", "runs", "processor s"), about)
    here = Path(scene.place("home"))
    here.mkdir()
    source, package = scene.source(scene.count), scene.package(scene.count)
    targets = [scene.founded() for _ in range(RUNS)]
    out = scene.place("out.zip")
    export: Arguments = ("export", "--all", "-o", out, "--data", source)
    again: Arguments = ("import", package, "--data", targets[-1])
    tiny = scene.zipped("tiny", fleet.documents(1))
    rows: list[tuple[str, str, Sequence[Arguments], Sequence[str]]] = [
        ("export --all", "export", [export] * RUNS, PROGRAM),
        ("export --all, zlib 6", "export-zlib", [export] * RUNS, _BY_ZLIB),
        ("inspect", "inspect", [("inspect", package)] * RUNS, PROGRAM),
        ("check", "check", [("check", package, "--data", targets[0])] * RUNS, PROGRAM),
        ("import", "import", [("import", package, "--data", one) for one in targets], PROGRAM),
        ("import again, unchanged", "unchanged", [again] * RUNS, PROGRAM),
        ("start without a platform: inspect one job", "start", [("inspect", tiny)] * _OFTEN, PROGRAM),
        ("start without a platform: version", "start", [("version",)] * _OFTEN, PROGRAM),
        (
            "start with a platform: job list",
            "start-platform",
            [("job", "list", "--data", scene.founded())] * _OFTEN,
            PROGRAM,
        ),
    ]
    for name, key, calls, program in rows:
        timing = _timed(calls, program, here)
        goal = goal_of(f"commands/{key}", scene.count)
        figures = (seconds(timing.seconds), timing.swing, seconds(timing.cpu))
        table.add(Row(name, figures, timing.seconds, goal))
    return [table]


def _timed(calls: Sequence[Arguments], program: Sequence[str], home: Path) -> Timing:
    walls, cpus = [], []
    for arguments in calls:
        wall, cpu = time.perf_counter(), _children()
        _run([*program, *map(str, arguments)], home)
        walls.append(time.perf_counter() - wall)
        cpus.append(_children() - cpu)
    return Timing(tuple(walls), tuple(cpus))


def _children() -> float:
    """Processor seconds of all processes that have ended."""
    times = os.times()
    return times.children_user + times.children_system


def _run(command: Sequence[str], home: Path) -> None:
    """The whole report goes to nobody, as to a file: a terminal would be told less."""
    ended = subprocess.run(
        command,
        cwd=ROOT,
        env=environment(home) | {"PYTHONPATH": str(ROOT / "tests")},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        check=False,
    )
    if ended.returncode not in (0, _BLOCKED):
        sys.exit(f"{' '.join(command)}: {ended.stderr.decode(errors='replace')}")
