"""Requests a second of several servers on one PostgreSQL database.

All of them, the database and 64 clients are on this machine and share its cores: what more machines bring
cannot be seen here, but what servers cost each other can. Processor milliseconds are those of all servers.
"""

from __future__ import annotations

from contextlib import ExitStack

from bench.memory import STATUS
from bench.postgres import postgres_server
from bench.report import Row, Table
from bench.requests import MOST, Load, asks_of, brought
from bench.scene import Scene
from bench.served import served

TITLE = "Requests a second, several servers"
_ABOUT = (__doc__ or "").partition("\n\n")[2].strip()
_SERVERS = (1, 2, 3)
_CLIENTS = 64


def measure(scene: Scene) -> list[Table]:
    """The same requests as of one, by token; each server has a copy of the data folder, and so of the key."""
    if not STATUS.exists():
        print(f"\n{TITLE}: this system has no /proc, so nothing is measured")
        return []
    table = Table(TITLE, ("servers", "a second", "p50 ms", "p99 ms", "processor ms"), _ABOUT)
    with postgres_server() as postgres:
        address = postgres.address()
        folder = brought(scene, address)
        folders = [folder, *(scene.copy(folder) for _ in _SERVERS[1:])]
        for count in _SERVERS:
            with ExitStack() as stack:
                servers = [stack.enter_context(served(one, address)) for one in folders[:count]]
                for name, ask in asks_of(scene, servers[0]).items():
                    clients = [servers[number % count].client() for number in range(_CLIENTS)]
                    found = Load(servers, clients, min(MOST, scene.count * 10)).run(ask)
                    table.add(Row(f"{name}, {count}", (str(count), *found.figures), found.cpu, None))
    return [table]
