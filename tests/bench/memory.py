"""Memory: how much more than idle a process holds at most while it exports or imports.

The kernel's own high-water mark is read, reset after the platform is open and has done the same work
once on ten jobs; so nothing is missed between two samples. While other processes read for it, what they
hold is added, sampled: what they share with this one counts for each of them.
"""

from __future__ import annotations

import gc
import re
import threading
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from bench import child, driving, fleet
from bench.goals import goal_of
from bench.report import Row, Table
from bench.scene import Scene

TITLE = "Memory"
STATUS = Path("/proc/self/status")
_RESET_PEAK = "5"
_WARM = "warm"
_SAMPLE_SECONDS = 0.005


def measure(scene: Scene) -> list[Table]:
    """Export, check and import at the run's size; in a big run also at ten times that."""
    if not STATUS.exists():
        print(f"\n{TITLE}: this system has no /proc, so nothing is measured")
        return []
    about = (
        "Resident MB in a process of its own and those that it starts; idle is after the same work was done "
        "once on ten jobs."
    )
    table = Table(TITLE, ("idle MB", "peak above idle"), about)
    tiny = scene.zipped("tiny", fleet.documents(10))
    for count in dict.fromkeys((scene.count, scene.large)):
        told = child.answer("memory-of-export", scene.source(count))
        _add(table, scene, f"export of {count:,} jobs, streamed", told, "memory/export")
        package, key = scene.package(count), "" if count <= scene.count else "-big"
        told = child.answer("memory-of-check", scene.founded(), package, tiny)
        _add(table, scene, f"check of {count:,} jobs", told, f"memory/check{key}")
        told = child.answer("memory-of-import", scene.founded(), package, tiny)
        _add(table, scene, f"import of {count:,} jobs", told, f"memory/import{key}")
    return [table]


def of_export(folder: Path) -> dict[str, int]:
    """Idle and peak in bytes, in this process."""
    names = [fleet.job_name(number) for number in range(10)]
    with driving.opened(folder) as running:
        driving.export(running, names)
        return _watched(lambda: driving.export(running))


def of_import(folder: Path, package: Path, tiny: Path) -> dict[str, int]:
    """Idle and peak in bytes, in this process; the ten jobs land in a workspace of their own."""
    with driving.opened(folder) as running:
        driving.furnish(running, _WARM)
        driving.import_(running, tiny, _WARM)
        return _watched(lambda: driving.import_(running, package))


def of_check(folder: Path, package: Path, tiny: Path) -> dict[str, int]:
    """The same of a check alone."""
    with driving.opened(folder) as running:
        driving.preview(running, tiny)
        return _watched(lambda: driving.preview(running, package))


def _watched(work: Callable[[], object]) -> dict[str, int]:
    gc.collect()
    cleared()
    idle = resident("VmRSS")
    with _Sampling() as together:
        work()
    return {"idle": idle, "peak": max(resident("VmHWM"), together.most)}


class _Sampling:
    """The most that this process and those that it started hold together."""

    def __init__(self) -> None:
        self.most = 0
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._sample)

    def __enter__(self) -> _Sampling:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()

    def _sample(self) -> None:
        while not self._over.wait(_SAMPLE_SECONDS):
            if started := _started():
                self.most = max(self.most, resident("VmRSS") + sum(map(_held, started)))


def _started() -> list[str]:
    found: list[str] = []
    for task in Path("/proc/self/task").iterdir():
        with suppress(OSError):
            found += (task / "children").read_text().split()
    return found


def _held(process: str) -> int:
    """What a process holds that may have ended."""
    with suppress(OSError, AssertionError):
        return resident("VmRSS", process)
    return 0


def cleared(process: int | str = "self") -> None:
    """Forgets the most that a process has held so far."""
    Path(f"/proc/{process}/clear_refs").write_text(_RESET_PEAK)


def resident(name: str, process: int | str = "self") -> int:
    """Bytes that a process holds now (``VmRSS``), or held at most (``VmHWM``)."""
    status = Path(f"/proc/{process}/status").read_text()
    found = re.search(rf"^{name}:\s+(\d+) kB", status, re.MULTILINE)
    if found is None:
        raise AssertionError(f"the kernel does not tell {name}")
    return int(found[1]) * 1024


def _add(table: Table, scene: Scene, name: str, told: dict[str, int], key: str) -> None:
    idle, above = told["idle"] / 1e6, (told["peak"] - told["idle"]) / 1e6
    table.add(Row(name, (f"{idle:.0f}", f"{above:.0f} MB"), above, goal_of(key, scene.count)))
