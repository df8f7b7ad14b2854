"""Archives: the same export with the standard library's zlib, and how much larger ISA-L's is."""

from __future__ import annotations

from bench import child, driving
from bench.goals import goal_of
from bench.measure import RUNS, Timing, seconds, timed
from bench.report import NONE, Row, Table
from bench.scene import Scene

TITLE = "Archives"


def measure(scene: Scene) -> list[Table]:
    """Both compressors over the same objects, so that nothing but the compressor differs."""
    about = "The same export with ISA-L, and in a process where it cannot be imported."
    table = Table(TITLE, ("figure", "runs", "processor s"), about)
    source, sizes = scene.source(scene.count), []
    with driving.opened(source) as running:
        fast = timed(lambda: sizes.append(driving.export(running)))
    told = child.answer("export-by-zlib", source, RUNS)
    slow = Timing(tuple(told["walls"]), tuple(told["cpus"]))
    for name, timing, goal in (
        ("export all, ISA-L", fast, None),
        ("export all, zlib 6", slow, goal_of("archive/export-zlib", scene.count)),
    ):
        figures = (f"{seconds(timing.seconds)} s", timing.swing, seconds(timing.cpu))
        table.add(Row(name, figures, timing.seconds, goal))
    for name, size in (("size, ISA-L", sizes[0]), ("size, zlib 6", told["size"])):
        table.add(Row(name, (f"{size / 1e6:.2f} MB", NONE, NONE)))
    ratio = sizes[0] / told["size"]
    table.add(
        Row(
            "ISA-L against zlib 6",
            (f"{ratio:.3f} x", NONE, NONE),
            ratio,
            goal_of("archive/size", scene.count),
        )
    )
    return [table]
