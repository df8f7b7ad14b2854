"""Reads while an import commits: how long lists and documents take to come, before it and during it.

Two clients, one asks for pages of 100 jobs, one for one job after the other; each waits 20 ms before it
asks again, so that it is the import they compete with and not each other.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count as counting

from bench import fleet
from bench.goals import goal_of
from bench.measure import percentile
from bench.report import Row, Table
from bench.scene import Scene
from bench.served import Client, Served, served

TITLE = "Reads while an import runs"
_ABOUT = (__doc__ or "").partition("\n\n")[2].strip()
_PAGE = 100
_QUIET_READS = 400
_LONGEST_WAIT_S = 20
_PAUSE_S = 0.02


class Reads:
    """Milliseconds of each read of one kind, one after the other on one connection."""

    def __init__(self, name: str, platform: Served, ask: Callable[[Client, int], bytes]) -> None:
        self.name = name
        self.taken: list[float] = []
        self._client = platform.client()
        self._ask = ask
        self._numbers = counting()
        self._thread = threading.Thread(target=self._run)
        self._over = threading.Event()

    def one(self) -> None:
        """Asks once."""
        number = next(self._numbers)
        begun = time.perf_counter()
        self._ask(self._client, number)
        self.taken.append((time.perf_counter() - begun) * 1000)

    def start(self) -> None:
        """Asks again and again in a thread of its own."""
        self._thread.start()

    def stop(self) -> None:
        """Waits for the read that is on its way."""
        self._over.set()
        self._thread.join()
        self._client.close()

    def _run(self) -> None:
        while not self._over.wait(_PAUSE_S):
            self.one()


def measure(scene: Scene) -> list[Table]:
    """Reads of a workspace with a tenth of the jobs, while an import brings all of them into it."""
    table = Table(TITLE, ("reads", "p50 ms", "p99 ms", "max ms"), _ABOUT)
    folder, package = scene.target(scene.small), scene.package(scene.count).read_bytes()
    with served(folder) as platform:
        with _reading(scene, platform) as all_reads:
            until(lambda: all(len(one.taken) >= _QUIET_READS for one in all_reads))
        for one in all_reads:
            table.add(_row(scene, f"{one.name}, before", one.taken, judged=False))
        with _reading(scene, platform) as all_reads:
            seconds = import_into(platform, "default", package)
        for one in all_reads:
            table.add(_row(scene, f"{one.name}, during {seconds:.1f} s of import", one.taken, judged=True))
    return [table]


@contextmanager
def _reading(scene: Scene, platform: Served) -> Iterator[list[Reads]]:
    def list_page(client: Client, number: int) -> bytes:
        offset = number * _PAGE % scene.small
        return client.get("api", "workspaces", "default", "objects", "job", offset=offset, limit=_PAGE)

    def show(client: Client, number: int) -> bytes:
        name = fleet.job_name(number * 7 % scene.small)
        return client.get("api", "workspaces", "default", "documents", "job", name)

    all_reads = [Reads("list 100 jobs", platform, list_page), Reads("show a job", platform, show)]
    for one in all_reads:
        one.start()
    try:
        yield all_reads
    finally:
        for one in all_reads:
            one.stop()


def import_into(platform: Served, workspace: str, package: bytes) -> float:
    """Hands a package in and imports it; how many seconds it took."""
    client = platform.client()
    begun = time.perf_counter()
    received = client.post("api", "packages", body=package, name="bench.zip")
    asked = {"package": {"id": received["id"]}, "options": {"duplicates": "overwrite"}, "apply": True}
    task = client.post("api", "workspaces", workspace, "imports", body=asked)["task_id"]
    while b'"RUNNING"' in (told := client.get("api", "tasks", task, wait=_LONGEST_WAIT_S)):
        pass
    if b'"SUCCESSFUL"' not in told:
        raise AssertionError(told.decode())
    client.close()
    return time.perf_counter() - begun


def until(reached: Callable[[], bool]) -> None:
    """Waits for something."""
    while not reached():
        time.sleep(0.05)


def _row(scene: Scene, name: str, taken: list[float], *, judged: bool) -> Row:
    p99 = percentile(taken, 0.99)
    figures = (str(len(taken)), f"{percentile(taken, 0.5):.1f}", f"{p99:.1f}", f"{max(taken):.1f}")
    return Row(name, figures, p99, goal_of("reading/p99", scene.count) if judged else None)
