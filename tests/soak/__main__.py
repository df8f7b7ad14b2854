"""``make soak``: kill -9 a thousand times at random moments; nothing may be half, nothing lost.

``SOAK_KILLS`` sets how often (default 1,000), ``SOAK_SEED`` repeats a run, ``SOAK_STREAMS`` how many run at a
time (default 2). The folder of what is broken is kept and named.
"""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from soak.rounds import stream


def main() -> int:
    kills = int(os.environ.get("SOAK_KILLS", "1000"))
    seed = int(os.environ.get("SOAK_SEED") or time.time_ns() % 1_000_000)
    streams = int(os.environ.get("SOAK_STREAMS", "2"))
    scratch = Path(tempfile.mkdtemp(prefix="jobferry-soak-"))
    os.environ["XDG_STATE_HOME"] = str(scratch / "state")
    print(f"soak: {kills} kills in {streams} streams, SOAK_SEED={seed}", flush=True)
    shares = [kills // streams + (n < kills % streams) for n in range(streams)]
    begun, counted = time.monotonic(), Counter[str]()
    with ThreadPoolExecutor(streams) as pool:
        orders = [(scratch / f"stream-{n}", seed + n, share) for n, share in enumerate(shares)]
        for one in pool.map(stream, orders):
            counted.update(one)
    return _told(counted, kills, scratch, time.monotonic() - begun)


def _told(counted: Counter[str], kills: int, scratch: Path, seconds: float) -> int:
    totals = {name: counted.pop(name, 0) for name in ("kills", "inside", "half", "lost", "unclean")}
    print(f"{seconds:.0f} s; killed: {', '.join(f'{deed} {n}' for deed, n in sorted(counted.items()))}")
    if totals["unclean"]:
        print(f"unclean = {totals['unclean']}")
    print(
        f"soak: {totals['kills']} kills, {totals['inside']} inside the transaction,"
        f" half states = {totals['half']}, lost = {totals['lost']}"
    )
    if totals["kills"] == kills and not any(totals[name] for name in ("half", "lost", "unclean")):
        shutil.rmtree(scratch)
        return 0
    print(f"what was found lies in {scratch}")
    return 1


if __name__ == "__main__":
    sys.exit(main())
