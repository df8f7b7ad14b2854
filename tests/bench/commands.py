"""Whole local commands as processes, from nothing to their end, and what of it is the start."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from types import MappingProxyType

from bench import fleet
from bench.child import ROOT
from bench.goals import Goal, goal_of
from bench.measure import RUNS, Timing, seconds
from bench.memory import resident
from bench.report import Row, Table
from bench.scene import Scene
from bench.served import PROGRAM, environment

TITLE = "Whole local commands"
_NOT_ALL = (0, 3, 9)
"""Exit codes of what was done, or done as far as the package allows."""
_OFTEN = 5
_SAMPLE_SECONDS = 0.005
_BY_ZLIB = [sys.executable, "-m", "bench.child", "command-by-zlib"]

Arguments = tuple[str | Path, ...]


def measure(scene: Scene) -> list[Table]:
    """Each command as somebody types it, with ``--data``; then the start alone."""
    about = (
        "`jobferry … --data DIR` as a process; the two last rows are the start that every command pays for."
    )
    table = Table(TITLE, ("seconds", "runs", "processor s", "peak MB"), about)
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
        ("start without a platform: version", "start", [("--version",)] * _OFTEN, PROGRAM),
        (
            "start with a platform: job list",
            "start-platform",
            [("job", "list", "--data", scene.founded())] * _OFTEN,
            PROGRAM,
        ),
    ]
    for name, key, calls, program in rows:
        timing, peak = _timed(calls, program, here)
        figures = (seconds(timing.seconds), timing.swing, seconds(timing.cpu), f"{peak / 1e6:.0f}")
        table.add(Row(name, figures, *_held_against(scene, key, timing)))
    return [table]


def _held_against(scene: Scene, key: str, timing: Timing) -> tuple[float | None, Goal | None]:
    """A start by its processor time; work by what it adds to the same inside, where that was measured."""
    goal = goal_of(f"commands/{key}", scene.count)
    if key.startswith("start"):
        return timing.cpu, goal
    inside = scene.inside.get(key)
    return (None, None) if inside is None else (timing.seconds - inside, goal)


def _timed(calls: Sequence[Arguments], program: Sequence[str], home: Path) -> tuple[Timing, int]:
    """Times, and the most bytes that one of the processes held."""
    walls, cpus, peaks = [], [], []
    for arguments in calls:
        wall = time.perf_counter()
        cpu, peak = run_command([*program, *map(str, arguments)], home)
        walls.append(time.perf_counter() - wall)
        cpus.append(cpu)
        peaks.append(peak)
    return Timing(tuple(walls), tuple(cpus)), max(peaks)


def run_command(
    command: Sequence[str], home: Path, variables: Mapping[str, str] = MappingProxyType({})
) -> tuple[float, int]:
    """Processor seconds, and the most bytes that it held. The whole report goes to nobody, as to a file: a
    terminal would be told less. The ``variables`` are put into its environment."""
    with tempfile.TemporaryFile() as errors:
        process = subprocess.Popen(
            command,
            cwd=ROOT,
            env=environment(home) | {"PYTHONPATH": str(ROOT / "tests")} | dict(variables),
            stdout=subprocess.DEVNULL,
            stderr=errors,
        )
        peak, ended = 0, 0
        while not ended:
            with suppress(OSError, AssertionError):  # it may end at any moment
                peak = max(peak, resident("VmHWM", process.pid))
            time.sleep(_SAMPLE_SECONDS)
            ended, status, used = os.wait4(process.pid, os.WNOHANG)
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode not in _NOT_ALL:
            errors.seek(0)
            sys.exit(f"{' '.join(command)}: {errors.read().decode(errors='replace')}")
    return used.ru_utime + used.ru_stime, peak
