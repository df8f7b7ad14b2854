"""Growth: how the same work's time grows with the number of jobs. 1 is in proportion to it."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from itertools import pairwise

from bench import driving
from bench.goals import goal_of
from bench.measure import RUNS, seconds, timed
from bench.report import Row, Table
from bench.scene import Scene

TITLE = "Growth"
WORKS = ("export all", "check", "import into an empty workspace", "import again, unchanged")


def measure(scene: Scene) -> list[Table]:
    """Each use case at each size; the exponent is that between two neighbouring sizes."""
    sizes = sorted({scene.small, scene.count, scene.large})
    timings = {count: _at(scene, count, RUNS if count <= scene.count else 1) for count in sizes}
    pairs = list(pairwise(sizes))
    heads = [f"{count:,} jobs, s" for count in sizes] + [f"exponent to {large:,}" for _, large in pairs]
    about = "Seconds at each size; an exponent of 1 is growth in proportion to the number of jobs."
    table = Table(TITLE, tuple(heads), about)
    for name in WORKS:
        found = [timings[count][name] for count in sizes]
        table.add(_row(scene, name, sizes, found))
    return [table]


def _row(scene: Scene, name: str, sizes: Sequence[int], found: Sequence[float]) -> Row:
    exponents = [
        math.log(found[at + 1] / found[at]) / math.log(sizes[at + 1] / sizes[at])
        for at in range(len(sizes) - 1)
    ]
    figures = [seconds(value) for value in found] + [f"{value:.2f}" for value in exponents]
    return Row(name, tuple(figures), max(exponents, default=None), goal_of("growth/exponent", scene.count))


def _at(scene: Scene, count: int, runs: int) -> dict[str, float]:
    with driving.opened(scene.source(count)) as source:
        found = [timed(driving.export, [(source,)] * runs)]
    package = scene.package(count)
    folders = [scene.founded() for _ in range(runs)]
    timings: dict[str, list[float]] = {name: [] for name in WORKS[1:]}
    for folder in folders:
        with driving.opened(folder) as target:
            works: list[Callable[..., None]] = [driving.preview, driving.import_, driving.import_]
            for name, work in zip(WORKS[1:], works, strict=True):
                timings[name].append(timed(work, [(target, package)]).seconds)
    return {WORKS[0]: found[0].seconds} | {
        name: sorted(walls)[len(walls) // 2] for name, walls in timings.items()
    }
