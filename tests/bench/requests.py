"""Requests a second: what one served process answers, on each database, to clients that ask without a pause.

*List* is a page of 100 jobs, *show* a document, *save* a new draft that is submitted, *export* a package of
one job. Processor milliseconds are the platform's own, for each request; the clients want the same cores.
"""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable
from contextlib import ExitStack
from itertools import count as counting
from pathlib import Path

from bench import driving, fleet
from bench.goals import goal_of
from bench.leaving import spent_by
from bench.measure import percentile
from bench.memory import STATUS
from bench.postgres import postgres_server
from bench.report import Row, Table
from bench.scene import Scene
from bench.served import Client, Served, served

TITLE = "Requests a second"
_ABOUT = (__doc__ or "").partition("\n\n")[2].strip()
_CLIENTS = (1, 16, 64)
_SECONDS = 2.0
MOST = 2_000
"""Requests of one row, where the platform answers so many in less time."""
_PAGE = 100
_HERE = ("api", "workspaces", "default")
_OLD = b'"maxExecutionTime":60'

Ask = Callable[[Client, int], object]


def measure(scene: Scene) -> list[Table]:
    """Both databases with all jobs; every kind of request by token, and those that only read by signature."""
    if not STATUS.exists():
        print(f"\n{TITLE}: this system has no /proc, so nothing is measured")
        return []
    table = Table(TITLE, ("clients", "a second", "p50 ms", "p99 ms", "processor ms"), _ABOUT)
    with ExitStack() as stack:
        platform = stack.enter_context(served(scene.target(scene.count)))
        _measure(table, scene, platform, "SQLite")
    with ExitStack() as stack:
        address = stack.enter_context(postgres_server()).address()
        folder = brought(scene, address)
        platform = stack.enter_context(served(folder, address))
        _measure(table, scene, platform, "PostgreSQL")
    return [table]


def _measure(table: Table, scene: Scene, platform: Served, database: str) -> None:
    asks = asks_of(scene, platform)
    for clients in _CLIENTS:
        for name, ask in asks.items():
            for means in ("token", "signature"):
                made = [platform.client(signing=means == "signature") for _ in range(clients)]
                found = Load([platform], made, min(MOST, scene.count * 10)).run(ask)
                cell = f"{name}, {database}, {means}, {clients}"
                goal = goal_of(f"requests/{name}", scene.count) if clients == 1 and means == "token" else None
                table.add(Row(cell, (str(clients), *found.figures), found.cpu, goal))


def asks_of(scene: Scene, platform: Served) -> dict[str, Ask]:
    """What is asked, by the number of the request."""
    names = [fleet.job_name(number) for number in range(scene.count)]
    drafts = _drafts(platform, names[: _CLIENTS[-1]])
    fresh = counting(61)

    def save(client: Client, number: int) -> object:
        name = names[number % len(drafts)]
        text = drafts[name].replace(_OLD, b'"maxExecutionTime":%d' % next(fresh), 1)
        return client.put(*_HERE, "objects", "job", name, body=text, take_lock="true")

    def export(client: Client, number: int) -> object:
        chosen = json.dumps({"names": [names[number % len(names)]]}).encode()
        return client.send("POST", *_HERE, "exports", body=chosen)

    return {
        "list": lambda client, number: client.get(
            *_HERE, "objects", "job", offset=number * _PAGE % scene.count, limit=_PAGE
        ),
        "show": lambda client, number: client.get(*_HERE, "documents", "job", names[number % len(names)]),
        "save": save,
        "export": export,
    }


def _drafts(platform: Served, names: list[str]) -> dict[str, bytes]:
    client = platform.client()
    texts = {name: client.get(*_HERE, "documents", "job", name) for name in names}
    client.close()
    return texts


def brought(scene: Scene, address: str) -> Path:
    """A data folder whose tables are in PostgreSQL, with all jobs."""
    folder = scene.place("requests")
    with driving.opened(folder, address) as running:
        driving.furnish(running)
        driving.import_(running, scene.package(scene.count))
    return folder


class _Found:
    """What a load came to: answers a second, and how long they took."""

    def __init__(self, taken: list[float], wall: float, worked_s: float) -> None:
        self.cpu = worked_s / len(taken) * 1000
        self.figures = (
            f"{len(taken) / wall:.0f}",
            f"{percentile(taken, 0.5):.1f}",
            f"{percentile(taken, 0.99):.1f}",
            f"{self.cpu:.2f}",
        )


class Load:
    """Clients that ask one after the other, each the next number, for some seconds or until all was asked."""

    def __init__(self, servers: list[Served], clients: list[Client], most: int) -> None:
        self._processes = [server.process for server in servers]
        self._clients = clients
        self._most = most
        self._numbers = counting()
        self._taken: list[float] = []

    def run(self, ask: Ask) -> _Found:
        """Asks, after one request that is not counted."""
        ask(self._clients[0], 0)
        threads = [threading.Thread(target=self._ask, args=(ask, client)) for client in self._clients]
        cpu, begun = self._spent(), time.perf_counter()
        self._until = begun + _SECONDS
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        wall = time.perf_counter() - begun
        for client in self._clients:
            client.close()
        return _Found(self._taken, wall, self._spent() - cpu)

    def _spent(self) -> float:
        return sum(spent_by(process) for process in self._processes)

    def _ask(self, ask: Ask, client: Client) -> None:
        while (begun := time.perf_counter()) < self._until and (number := next(self._numbers)) < self._most:
            ask(client, number)
            self._taken.append((time.perf_counter() - begun) * 1000)
