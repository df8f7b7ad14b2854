"""Memory on both sides of HTTP: a served platform, and the command that asks it.

A side's idle is what it holds at most while it answers, or asks for, a list of jobs.
"""

from __future__ import annotations

from pathlib import Path

from bench import foreign
from bench.commands import run_command
from bench.goals import goal_of
from bench.memory import STATUS, cleared, resident
from bench.report import Row, Table
from bench.scene import Scene
from bench.served import PROGRAM, Served, served

TITLE = "Memory of client and server"
_LIST = ("job", "list")


def measure(scene: Scene) -> list[Table]:
    """The usual package and the one with gaps, whose report is long, checked and imported."""
    if not STATUS.exists():
        print(f"\n{TITLE}: this system has no /proc, so nothing is measured")
        return []
    about = (
        "`jobferry … --json` against a served platform. Each side's MB are the most that its process held "
        "above what a list of jobs takes; processes that read documents are not counted."
    )
    table = Table(TITLE, ("server idle", "server MB", "client idle", "client MB"), about)
    gaps = scene.zipped("gaps", foreign.documents(scene.count))
    for name, folder, package, options in (
        ("", scene.founded(), scene.package(scene.count), ()),
        (", with gaps", scene.roomy(), gaps, ("--missing", "hold")),
    ):
        with served(folder) as platform:
            for work in ("check", "import"):
                _add(table, scene, platform, f"{work}{name}", (work, str(package), *options, "--json"))
    return [table]


def _add(table: Table, scene: Scene, platform: Served, name: str, words: tuple[str, ...]) -> None:
    home = scene.place("home")
    home.mkdir()
    idle = _held(platform, home, _LIST)
    most = _held(platform, home, words)
    server, client = (above - before for above, before in zip(most, idle, strict=True))
    key = f"memory/server-{words[0]}"
    figures = (f"{idle[0]:.0f}", f"{server:.0f}", f"{idle[1]:.0f}", f"{client:.0f}")
    table.add(Row(f"{name}: server", figures, server, goal_of(key, scene.count)))
    table.add(Row(f"{name}: client", figures, client, goal_of("memory/client", scene.count)))


def _held(platform: Served, home: Path, words: tuple[str, ...]) -> tuple[float, float]:
    """The most MB that the platform and the command held meanwhile."""
    cleared(platform.process)
    _, client = run_command([*PROGRAM, *words], home, platform.variables)
    return resident("VmHWM", platform.process) / 1e6, client / 1e6
