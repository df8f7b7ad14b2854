"""``make mutants``: random faults in the modules that carry the promises; which does no test find?

``MUTANTS`` sets how many (default 200), ``SEED`` repeats a draw, ``MODULES`` takes only paths that contain
it (or one of several, with commas), ``JOBS`` how many run at a time (default 2), ``MUTANT_SECONDS`` the
deadline of each run of tests (default 400). What is not found is in ``build/mutants/survivors.txt``. Ends
with 1 if there is any, and with 2 if a test that found one also fails without it. One whose tests were ended,
as at the deadline, is undecided.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from queue import SimpleQueue

from .drawing import Mutant, draw
from .harmless import HARMLESS
from .reach import modules_of
from .trying import ROOT, Copy

SURVIVORS = ROOT / "build" / "mutants" / "survivors.txt"


def main() -> int:
    count, jobs = int(os.environ.get("MUTANTS", "200")), int(os.environ.get("JOBS", "2"))
    seed = int(os.environ.get("SEED") or time.time_ns() % 1_000_000)
    source = ROOT / "src" / "jobferry"
    modules = modules_of(source, os.environ.get("MODULES", ""))
    print(f"mutants: {count} of {len(modules)} modules, SEED={seed}", flush=True)
    mutants, begun = draw(source, modules, count, seed), time.monotonic()
    with tempfile.TemporaryDirectory(prefix="jobferry-mutants-") as scratch:
        limit = int(os.environ.get("MUTANT_SECONDS", "400"))
        copies = [Copy(Path(scratch, f"copy-{n}"), limit) for n in range(jobs)]
        found = _tried(mutants, copies)
        finders = sorted({test for tests in found for test in tests or ()})
        sound = not finders or copies[0].run(finders) == 0
    survivors = [mutant for mutant, tests in zip(mutants, found, strict=True) if tests is None]
    harmless = {(known.module, known.diff) for known in HARMLESS}
    missed = [mutant for mutant in survivors if (mutant.module, mutant.diff) not in harmless]
    SURVIVORS.parent.mkdir(parents=True, exist_ok=True)
    SURVIVORS.write_text("".join(f"{_place(mutant)}\n{mutant.diff}\n\n" for mutant in missed), "utf-8")
    print(SURVIVORS.read_text("utf-8"), end="")
    if not sound:
        print("mutants: a test that found a fault fails without it as well; run make test", file=sys.stderr)
        return 2
    seconds = time.monotonic() - begun
    ended = found.count([])
    print(
        f"mutants: {len(mutants)} drawn, {len(mutants) - len(survivors) - ended} killed,"
        f" {ended} undecided, {len(survivors) - len(missed)} harmless, {len(missed)} survived;"
        f" {seconds:.0f} s, SEED={seed}"
    )
    return 1 if missed else 0


def _tried(mutants: list[Mutant], copies: list[Copy]) -> list[list[str] | None]:
    """Tries each mutant in the copy that is free; tells of each as soon as it is known."""
    known = {(one.module, one.diff) for one in HARMLESS}
    free: SimpleQueue[Copy] = SimpleQueue()
    for copy in copies:
        free.put(copy)

    def tried(mutant: Mutant) -> list[str] | None:
        if (mutant.module, mutant.diff) in known:
            return None
        copy = free.get()
        try:
            tests = copy.found_by(mutant)
        finally:
            free.put(copy)
        ended = f"SURVIVED\n{mutant.diff}" if tests is None else " ".join(tests) or "UNDECIDED"
        print(f"{_place(mutant)} {ended}", flush=True)
        return tests

    with ThreadPoolExecutor(len(copies)) as pool:
        return list(pool.map(tried, mutants))


def _place(mutant: Mutant) -> str:
    return f"src/jobferry/{mutant.module}:{mutant.line}"


if __name__ == "__main__":
    sys.exit(main())
