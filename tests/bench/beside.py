"""Saves in one workspace while an import into another one runs, on PostgreSQL.

One client saves a job of the workspace *default* again and again, with 20 ms in between, before and during an
import of all jobs into a new workspace: first by the server that imports, then by another one. All share the
cores of this machine, so that a save also waits for the processor; the longest wait tells whether it waits
for the import's transactions.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count as counting

from bench import driving, fleet
from bench.measure import percentile
from bench.postgres import postgres_server
from bench.reading import Reads, import_into, until
from bench.report import Row, Table
from bench.scene import Scene
from bench.served import Client, Served, served

TITLE = "Saves beside an import"
_ABOUT = (__doc__ or "").partition("\n\n")[2].strip()
_QUIET_SAVES = 100
_OLD = b'"maxExecutionTime":60'
_PLACES = ("imported", "imported_again")


def measure(scene: Scene) -> list[Table]:
    """Two servers of one database; a tenth of the jobs is there."""
    table = Table(TITLE, ("saves", "p50 ms", "p99 ms", "max ms"), _ABOUT)
    with postgres_server() as postgres:
        address = postgres.address()
        folder, package = scene.place("beside"), scene.package(scene.count).read_bytes()
        with driving.opened(folder, address) as running:
            driving.furnish(running)
            driving.import_(running, scene.package(scene.small))
            for place in _PLACES:
                driving.furnish(running, place)
        second = scene.copy(folder)
        with served(folder, address) as importing, served(second, address) as other:
            for place, saver, name in zip(_PLACES, (importing, other), ("same", "other"), strict=True):
                with _saving(saver) as saves:
                    _until_enough(saves)
                table.add(_row(f"{name} server, before", saves.taken))
                with _saving(saver) as saves:
                    seconds = import_into(importing, place, package)
                table.add(_row(f"{name} server, during {seconds:.1f} s of import", saves.taken))
    return [table]


def _until_enough(saves: Reads) -> None:
    until(lambda: len(saves.taken) >= _QUIET_SAVES)


@contextmanager
def _saving(platform: Served) -> Iterator[Reads]:
    name, fresh = fleet.job_name(0), counting(61)
    here = ("api", "workspaces", "default")
    client = platform.client()
    draft = client.get(*here, "documents", "job", name)
    client.close()

    def save(client: Client, _number: int) -> bytes:
        text = draft.replace(_OLD, b'"maxExecutionTime":%d' % next(fresh), 1)
        return client.put(*here, "objects", "job", name, body=text, take_lock="true")

    saves = Reads("save", platform, save)
    saves.start()
    try:
        yield saves
    finally:
        saves.stop()


def _row(name: str, taken: list[float]) -> Row:
    figures = (
        str(len(taken)),
        *(f"{percentile(taken, part):.1f}" for part in (0.5, 0.99)),
        f"{max(taken):.1f}",
    )
    return Row(name, figures, max(taken), None)
