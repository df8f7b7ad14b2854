"""``make soak``: kill -9 a thousand times at random moments; nothing may be half, nothing lost.

``SOAK_KILLS`` sets how often (default 1,000), ``SOAK_SEED`` repeats a run, ``SOAK_STREAMS`` how many run at a
time (default 2). Then three servers on one database and one object service for ``SOAK_MINUTES`` (default
10), of which one is killed or frozen every few seconds. The folder of what is broken is kept and named.
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

import s3
from postgres import postgres_server
from sites import BUCKET, Site, stored_in
from soak import servers
from soak.rounds import stream

_EDITORS, _EXPORTERS = 42, 3
"""With an importer for each of five workspaces these are 50 clients."""
_PAUSE_S = 4.0


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
    is_whole = _told(counted, kills, time.monotonic() - begun) if kills else True
    minutes = float(os.environ.get("SOAK_MINUTES", "10"))
    is_kept = _servers(scratch, minutes * 60, seed) if minutes else True
    if is_whole and is_kept:
        shutil.rmtree(scratch)
        return 0
    print(f"what was found lies in {scratch}")
    return 1


def _servers(scratch: Path, seconds: float, seed: int) -> bool:
    folder = scratch / "servers"
    folder.mkdir()
    begun = time.monotonic()
    with postgres_server() as postgres, s3.serving(BUCKET) as service:
        site = Site(folder, postgres.database(), **stored_in(service))
        watch = servers.soak(
            site, seconds, editors=_EDITORS, exporters=_EXPORTERS, seed=seed, pause_s=_PAUSE_S
        )
    print(servers.told(watch, time.monotonic() - begun))
    print(*watch.broken, sep="\n")
    return not watch.broken


def _told(counted: Counter[str], kills: int, seconds: float) -> bool:
    totals = {name: counted.pop(name, 0) for name in ("kills", "inside", "half", "lost", "unclean")}
    print(f"{seconds:.0f} s; killed: {', '.join(f'{deed} {n}' for deed, n in sorted(counted.items()))}")
    if totals["unclean"]:
        print(f"unclean = {totals['unclean']}")
    print(
        f"soak: {totals['kills']} kills, {totals['inside']} inside the transaction,"
        f" half states = {totals['half']}, lost = {totals['lost']}"
    )
    return totals["kills"] == kills and not any(totals[name] for name in ("half", "lost", "unclean"))


if __name__ == "__main__":
    sys.exit(main())
