"""A package with gaps: nothing of what its objects refer to is here, as in everybody's first import."""

from __future__ import annotations

import json
from collections.abc import Sequence
from contextlib import ExitStack

from bench import driving, foreign
from bench.goals import goal_of
from bench.inside import HEADS, floors_of, row
from bench.measure import RUNS, timed
from bench.report import Table
from bench.scene import Scene

TITLE = "A package with gaps"


def measure(scene: Scene) -> list[Table]:
    """Checked with nothing that can land; then held, one object blocked, checked and imported."""
    about = (
        "18 connections, and clusters, queues and hosts, are missing; a tenth of the jobs have custom "
        "fields. Another generator made it than the one above, and its floors are its own."
    )
    table = Table(TITLE, HEADS, about)
    documents = list(foreign.documents(scene.count))
    floors = floors_of(scene, table, documents)
    reading = [floors["zip read"], floors["decode"]]
    package = scene.zipped("gaps", documents)
    blocked = scene.zipped("blocked", _one_blocked(documents))
    with ExitStack() as stack:
        targets = [stack.enter_context(driving.opened(scene.roomy())) for _ in range(RUNS)]
        timing = timed(driving.preview, [(targets[0], package)] * RUNS)
        table.add(row("check, everything blocked", timing, reading, goal_of("gaps/check", scene.count)))
        timing = timed(driving.preview, [(targets[0], blocked, driving.HOLDING)] * RUNS)
        table.add(row("check, held, one blocked", timing, reading, goal_of("gaps/check", scene.count)))
        timing = timed(driving.check_and_apply, [(target, blocked, driving.HOLDING) for target in targets])
        goal = goal_of("gaps/import", scene.count)
        table.add(row("check and import, held, one blocked", timing, [*reading, floors["insert"]], goal))
    return [table]


def _one_blocked(documents: Sequence[tuple[str, bytes]]) -> list[tuple[str, bytes]]:
    """The same with a job whose name is illegal."""
    *others, (path, text) = documents
    return [*others, (path, json.dumps(json.loads(text) | {"name": "no name/of a job"}).encode())]
