"""Inside a running platform on SQLite: each use case beside its floor."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from typing import Any

from bench import driving, fleet, floor
from bench.goals import Goal, goal_of
from bench.measure import RUNS, Timing, seconds, timed
from bench.report import NONE, Row, Table
from bench.scene import Scene
from jobferry.bootstrap.platform import RunningPlatform

TITLE = "In a running platform"
HEADS = ("seconds", "runs", "processor s", "times its floor")


def measure(scene: Scene) -> list[Table]:
    """Floor and use cases, in the order in which a package travels."""
    table = Table(TITLE, HEADS, "SQLite, in the process of the bench. Seconds are the median of the runs.")
    floors = floors_of(scene, table, list(fleet.documents(scene.count)))
    with driving.opened(scene.source(scene.count)) as source:
        timing = timed(driving.export, [(source,)] * RUNS)
        scene.inside["export"] = timing.seconds
        table.add(row("export all", timing, [floors["zip write"]], goal_of("inside/export", scene.count)))
    package = scene.package(scene.count)
    table.add(row("inspect", timed(driving.look_into, [(package,)] * RUNS), [floors["zip read"]]))
    _arriving(scene, table, floors)
    return [table]


def row(name: str, timing: Timing, floors: Sequence[Timing] = (), goal: Goal | None = None) -> Row:
    """A row of this table's columns; what is done after another has the sum of their floors."""
    ratio = timing.seconds / sum(one.seconds for one in floors) if floors else None
    told = NONE if ratio is None else f"{ratio:.1f}"
    return Row(name, (seconds(timing.seconds), timing.swing, seconds(timing.cpu), told), ratio, goal)


def floors_of(scene: Scene, table: Table, documents: list[tuple[str, bytes]]) -> dict[str, Timing]:
    """The least durable work on the same bytes, a row each."""
    texts = [text for _, text in documents]
    digests = floor.digest(texts)
    packed = scene.zipped("floor", documents)
    works: dict[str, tuple[Callable[..., Any], Sequence[Any]]] = {
        "zip write": (floor.write_zip, [(documents, scene.place("floor.zip")) for _ in range(RUNS)]),
        "zip read": (floor.read_zip, [(packed,)] * RUNS),
        "decode": (floor.decode, [(texts,)] * RUNS),
        "SHA-256": (floor.digest, [(texts,)] * RUNS),
        "insert": (floor.insert, [(scene.place("floor.db"), documents, digests) for _ in range(RUNS)]),
    }
    said = {"zip write": "zip write, zlib 6", "insert": "insert, one transaction"}
    floors = {}
    for name, (work, prepared) in works.items():
        floors[name] = timed(work, prepared)
        table.add(row(f"floor: {said.get(name, name)}", floors[name]))
    return floors


def _arriving(scene: Scene, table: Table, floors: dict[str, Timing]) -> None:
    """Checked and imported into empty platforms; what is already there is imported into the last of them."""
    package = scene.package(scene.count)
    with ExitStack() as stack:
        targets = [stack.enter_context(driving.opened(scene.founded())) for _ in range(RUNS)]
        reading = [floors["zip read"], floors["decode"]]
        writing, comparing = [*reading, floors["insert"]], [floors["zip read"], floors["SHA-256"]]
        works = (
            ("check", "check with findings and plan", driving.preview, [targets[0]] * RUNS, reading),
            ("import", "import into an empty workspace", driving.import_, targets, writing),
            ("unchanged", "import again, unchanged", driving.import_, [targets[-1]] * RUNS, comparing),
        )
        for key, said, work, platforms, least in works:
            timing = timed(work, [(platform, package) for platform in platforms])
            scene.inside[key] = timing.seconds
            table.add(row(said, timing, least, goal_of(f"inside/{key}", scene.count)))
        timing = timed(driving.import_, [(targets[-1], changed) for changed in _changed(scene)])
        table.add(row("import with a tenth changed", timing, comparing))
        _trusted(scene, table, floors, targets)


def _trusted(
    scene: Scene, table: Table, floors: dict[str, Timing], targets: Sequence[RunningPlatform]
) -> None:
    """Every job changed: checked with all differences, checked and applied, taken back."""
    documents = fleet.documents(scene.count, changed_every=1, mark="trusted")
    package = scene.zipped("trusted", documents)
    timing = timed(driving.check_and_compare, [(targets[0], package)] * RUNS)
    table.add(
        row("check with all differences, every job changed", timing, [floors["zip read"], floors["decode"]])
    )
    receipts: list[str] = []
    timing = timed(
        lambda target: receipts.append(driving.check_and_apply(target, package)), [(one,) for one in targets]
    )
    table.add(row("check, then apply what was shown, every job changed", timing, [floors["insert"]]))
    timing = timed(driving.undo, list(zip(targets, receipts, strict=True)))
    table.add(row("undo, every job changed", timing, [floors["insert"]]))


def _changed(scene: Scene) -> Iterator[Any]:
    """Packages in which each tenth job differs, from the one before as well."""
    for number in range(RUNS):
        documents = fleet.documents(scene.count, changed_every=10, mark=f"changed {number}")
        yield scene.zipped("changed", documents)
