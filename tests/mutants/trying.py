"""One mutant against its tests, in a copy of the source, so that a killed run leaves nothing behind here."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

from .drawing import Mutant
from .reach import reaching

ROOT = Path(__file__).parents[2]
_LEFT_BEHIND = shutil.ignore_patterns(".venv", ".git", "build", "dist", "data", ".hypothesis", ".*_cache")
_FAILED, _BROKEN, _EXPIRED = 1, 2, 124
"""pytest's codes of a test that fails and a module that cannot be imported; the run's deadline has passed."""


class Copy:
    """A copy of this project in which modules are changed and put back."""

    def __init__(self, folder: Path, seconds: int) -> None:
        """``seconds`` is the deadline of a run of tests."""
        shutil.copytree(ROOT, folder, ignore=_LEFT_BEHIND)
        self._folder, self._seconds = folder, seconds
        self._last = folder / "build" / "v" / "cache" / "lastfailed"

    def found_by(self, mutant: Mutant) -> list[str] | None:
        """The tests that fail with this fault; none if the run was ended; None if all pass."""
        file = self._folder / "src" / "jobferry" / mutant.module
        whole = file.read_bytes()
        file.write_text(mutant.text, "utf-8")
        try:
            for tests in reaching(mutant.module):
                if self.run(tests) != 0:
                    return sorted(json.loads(self._last.read_text("utf-8"))) if self._last.exists() else []
        finally:
            file.write_bytes(whole)
        return None

    def run(self, tests: list[str]) -> int:
        """Runs tests up to the first that fails.

        Raises:
            RuntimeError: pytest could not run them.
        """
        shutil.rmtree(self._folder / "build", ignore_errors=True)
        options = ["-x", "-o", "cache_dir=build", "-o", f"run_deadline={self._seconds}", "-m", "not large"]
        done = subprocess.run(
            [sys.executable, "-B", "-m", "pytest", *options, *tests],
            cwd=self._folder,
            env=os.environ | {"PYTHONPATH": str(self._folder / "src"), "PYTHONDONTWRITEBYTECODE": "1"},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            check=False,
        )
        if done.returncode > 0 and done.returncode not in (_FAILED, _BROKEN, _EXPIRED):
            raise RuntimeError(f"pytest ended with {done.returncode}: {done.stdout[-2_000:]}")
        return done.returncode
