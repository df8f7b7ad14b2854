"""Work that needs a process of its own: ``python -m bench.child WORK …`` prints one JSON value.

The bench calls it through :func:`answer`.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Sequence
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec
from pathlib import Path
from types import ModuleType
from typing import Any

ROOT = Path(__file__).parents[2]


class _Absent(MetaPathFinder):
    """Makes a package look as if it were not installed."""

    def __init__(self, name: str) -> None:
        self._name = name

    def find_spec(self, fullname: str, *_: Sequence[str] | ModuleType | None) -> ModuleSpec | None:
        if fullname.partition(".")[0] == self._name:
            raise ModuleNotFoundError(f"{fullname} is hidden by the bench", name=fullname)
        return None


def answer(work: str, *arguments: object) -> Any:
    """What a child says that does this work; it must succeed."""
    command = [sys.executable, "-m", "bench.child", work, *map(str, arguments)]
    ended = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, check=True)
    return json.loads(ended.stdout)


def hide_isal() -> None:
    """From here on this process has the standard library's zlib only."""
    if "jobferry" in sys.modules:
        raise AssertionError("isal must be hidden before the program is imported")
    sys.meta_path.insert(0, _Absent("isal"))


def _export_by_zlib(folder: str, runs: str) -> dict[str, Any]:
    hide_isal()
    from bench import driving
    from bench.measure import timed

    sizes = []
    with driving.opened(Path(folder)) as running:
        timing = timed(lambda: sizes.append(driving.export(running)), [()] * int(runs))
    return {"walls": timing.walls, "cpus": timing.cpus, "size": sizes[0]}


def _command_by_zlib(*arguments: str) -> None:
    hide_isal()
    from jobferry.cli.app import run

    sys.exit(run(arguments))


def _memory_of_export(folder: str) -> dict[str, int]:
    from bench import memory

    return memory.of_export(Path(folder))


def _memory_of_check(folder: str, package: str, tiny: str) -> dict[str, int]:
    from bench import memory

    return memory.of_check(Path(folder), Path(package), Path(tiny))


def _memory_of_import(folder: str, package: str, tiny: str) -> dict[str, int]:
    from bench import memory

    return memory.of_import(Path(folder), Path(package), Path(tiny))


WORKS: dict[str, Callable[..., Any]] = {
    "export-by-zlib": _export_by_zlib,
    "command-by-zlib": _command_by_zlib,
    "memory-of-export": _memory_of_export,
    "memory-of-check": _memory_of_check,
    "memory-of-import": _memory_of_import,
}

if __name__ == "__main__":
    print(json.dumps(WORKS[sys.argv[1]](*sys.argv[2:])))
