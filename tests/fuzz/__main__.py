"""``make fuzz``: every target under atheris for its share of the time, then one line that sums it up.

``FUZZ_SECONDS`` in total (default 600), ``FUZZ_RSS_MIB`` for each target's memory (default 1536), and
``FUZZ_SEED``: with the same seed the fuzzer makes the same decisions. Inputs that broke something are in
``build/fuzz``, each with its traceback beside it.
"""

from __future__ import annotations

import importlib.util
import os
import platform
import re
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from .seeds import SEEDS

FOUND = Path("build") / "fuzz"
LONGEST_INPUT = 64 * 1024
LONGEST_RUN = 25
_DONE = re.compile(r"Done (\d+) (?:runs )?in")
_COUNTED = re.compile(r"^#(\d+)\t", re.MULTILINE)


def main() -> int:
    if importlib.util.find_spec("atheris") is None:
        print(
            f"atheris is not installed: it has no wheel for Python {platform.python_version()} on "
            f"{platform.system()} {platform.machine()}, or none could be fetched; "
            "set up with a Python that it has one for: make clean setup PYTHON=python3.11",
            file=sys.stderr,
        )
        return 2
    total = int(os.environ.get("FUZZ_SECONDS", "600"))
    shutil.rmtree(FOUND, ignore_errors=True)
    begun = time.monotonic()
    runs = 0
    for number, name in enumerate(SEEDS):
        left = total - (time.monotonic() - begun)
        runs += _fuzz(name, max(1, round(left / (len(SEEDS) - number))))
    found = sorted(path for path in FOUND.rglob("*") if path.is_file() and path.suffix != ".txt")
    for path in found:
        print(path)
    print(f"fuzz: {runs:,} runs, {time.monotonic() - begun:.0f} seconds, {len(found)} findings")
    return 1 if found else 0


def _fuzz(name: str, seconds: int) -> int:
    """Fuzzes one target in a process of its own; gives the number of runs."""
    with tempfile.TemporaryDirectory() as corpus:
        for number, seed in enumerate(SEEDS[name]()):
            Path(corpus, f"seed-{number:02}").write_bytes(seed)
        folder = FOUND / name
        folder.mkdir(parents=True, exist_ok=True)
        flags = [
            f"-max_total_time={seconds}",
            f"-max_len={LONGEST_INPUT}",
            f"-timeout={LONGEST_RUN}",
            f"-rss_limit_mb={os.environ.get('FUZZ_RSS_MIB', '1536')}",
            f"-artifact_prefix={folder}/",
            *([f"-seed={os.environ['FUZZ_SEED']}"] if os.environ.get("FUZZ_SEED") else []),
        ]
        print(f"{name}: {seconds} seconds", flush=True)
        command = [sys.executable, "-m", f"{__package__}.worker", name, str(FOUND), *flags, corpus]
        done = subprocess.run(command, check=False, stderr=subprocess.PIPE, text=True, errors="replace")
    if done.returncode:
        (folder / f"process-ended-with-{done.returncode}").write_text(done.stderr[-20_000:], "utf-8")
    counts = _DONE.findall(done.stderr) or _COUNTED.findall(done.stderr)
    return int(counts[-1]) if counts else 0


if __name__ == "__main__":
    sys.exit(main())
