"""One target under atheris, as a process of its own: ``python -m fuzz.worker TARGET FOLDER FLAGS…``.

What the target raises is written to the folder once per kind of error and place, and the fuzzer goes on.
"""

from __future__ import annotations

import hashlib
import random
import sys
import traceback
from collections.abc import Callable
from pathlib import Path

import atheris

with atheris.instrument_imports(
    include=[
        "jobferry.package",
        "jobferry.model",
        "jobferry.check",
        "jobferry.plan",
        "jobferry.services.importing",
    ]
):
    from .targets import TARGETS

from .seeds import SEEDS, mutated


class Recorder:
    """Runs a target; the first input for each error and place is kept."""

    def __init__(self, target: Callable[[bytes], None], folder: Path) -> None:
        self._target = target
        self._folder = folder
        self._seen: set[tuple[str, ...]] = set()

    def run(self, data: bytes) -> None:
        try:
            self._target(data)
        except Exception as error:
            last = traceback.extract_tb(error.__traceback__)[-1]
            place = (type(error).__name__, Path(last.filename).name, str(last.lineno))
            if place not in self._seen:
                self._seen.add(place)
                self._keep(data, "-".join(place), error)

    def _keep(self, data: bytes, name: str, error: Exception) -> None:
        self._folder.mkdir(parents=True, exist_ok=True)
        path = self._folder / f"{name}-{hashlib.sha256(data).hexdigest()[:8]}"
        path.write_bytes(data)
        path.with_name(path.name + ".txt").write_text("".join(traceback.format_exception(error)), "utf-8")


def main() -> None:
    name, folder, *flags = sys.argv[1:]
    seeds = list(SEEDS[name]())

    def change(data: bytes, max_size: int, seed: int) -> bytes:
        """Half of the changes are libFuzzer's own, half those that know what matters in zips and JSON."""
        rnd = random.Random(seed)  # noqa: S311
        if rnd.random() < 0.5:
            return bytes(atheris.Mutate(data, max_size))
        return mutated(data, seeds, rnd)[:max_size]

    recorder = Recorder(TARGETS[name], Path(folder) / name)
    atheris.Setup([sys.argv[0], *flags], recorder.run, custom_mutator=change)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
