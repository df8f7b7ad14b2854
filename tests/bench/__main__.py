"""``make bench``: one table of seconds and ratios, written to ``docs/reference/performance.md``.

``BENCH_JOBS`` sets how many jobs (default 10,000); other counts are printed and not written.
"""

from __future__ import annotations

import os
import platform
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from tests.bench import fleet, floor, report

from jobferry.bootstrap.home import Home
from jobferry.bootstrap.platform import RunningPlatform
from jobferry.bootstrap.settings import PlatformSettings
from jobferry.bootstrap.wiring import open_platform
from jobferry.model.package import ExportState
from jobferry.model.people import Caller
from jobferry.model.task import TaskStatus
from jobferry.model.transfer.policy import Duplicates, ImportOptions
from jobferry.services.packages import inspect

Result = TypeVar("Result")
CALLER = Caller(user_id="bench", name="bench")


class Table:
    """Rows of a name, seconds, and the floor they stand against."""

    def __init__(self) -> None:
        self.rows: list[tuple[str, float, float | None]] = []

    def measure(self, name: str, work: Callable[[], Result], against: str | None = None) -> Result:
        begun = time.perf_counter()
        result = work()
        seconds = time.perf_counter() - begun
        base = next((row[1] for row in self.rows if row[0] == against), None)
        self.rows.append((name, seconds, seconds / base if base else None))
        print(self._line(self.rows[-1]), flush=True)
        return result

    @staticmethod
    def _line(row: tuple[str, float, float | None]) -> str:
        name, seconds, ratio = row
        return f"{name:<44} {seconds:8.2f} s" + (f"   {ratio:6.2f} x floor" if ratio else "")


def main() -> None:
    count = int(os.environ.get("BENCH_JOBS", "10000"))
    print(f"{count} jobs, {count // 2} scripts; Python {platform.python_version()}, {os.cpu_count()} cores")
    table = Table()
    with tempfile.TemporaryDirectory() as scratch:
        _run(table, Path(scratch), count)
    report.write(table.rows, count)


def _run(table: Table, scratch: Path, count: int) -> None:
    documents = _documents(count)
    packed = _measure_floor(table, scratch, documents)
    source = _open(scratch / "source")
    target = _open(scratch / "target")
    try:
        _import(table, "fill the source (checked import)", source, packed, "floor: insert, one transaction")
        package = table.measure("export all", lambda: _export(source), "floor: zip write, zlib 6")
        table.measure("inspect", lambda: _inspect(scratch, package), "floor: zip read")
        table.measure("check with findings and plan", lambda: _preview(target, package), "floor: decode")
        _import(table, "import into an empty workspace", target, package, "floor: insert, one transaction")
        _import(table, "import again, unchanged", target, package, "floor: zip read")
        changed = floor.write_zip(_documents(count, changed_every=10))
        _import(table, "import with a tenth changed", target, changed, "floor: zip read")
    finally:
        source.close()
        target.close()


def _documents(count: int, changed_every: int = 0) -> list[tuple[str, bytes]]:
    listed = [(f"jobs/{name}.job", text) for name, text in fleet.jobs(count, changed_every=changed_every)]
    return listed + [(f"scripts/{name}.script", text) for name, text in fleet.scripts(count // 2)]


def _measure_floor(table: Table, scratch: Path, documents: list[tuple[str, bytes]]) -> bytes:
    packed = table.measure("floor: zip write, zlib 6", lambda: floor.write_zip(documents))
    texts = table.measure("floor: zip read", lambda: floor.read_zip(packed))
    table.measure("floor: decode", lambda: floor.decode(texts))
    digests = table.measure("floor: SHA-256", lambda: floor.digest(texts))
    table.measure("floor: insert, one transaction", lambda: floor.insert(scratch, documents, digests))
    return packed


def _open(folder: Path) -> RunningPlatform:
    home = Home(folder)
    if not home.lock():
        sys.exit(f"{folder} is taken")
    running = open_platform(home, PlatformSettings(), durable=False)
    workspace = running.workspaces.find(None)
    room = {"max_jobs": "1000000", "max_scripts": "1000000", "time_zone": "GMT+8"}
    running.workspaces.set(workspace.id, room)
    running.surroundings.create_connection(
        workspace, b'{"name": "dwh", "type": "DWS", "config": {"clusterName": "dwh"}}', CALLER
    )
    return running


def _export(running: RunningPlatform) -> bytes:
    workspace = running.workspaces.find(None)
    stream = running.exports.package(workspace, None, depend=True, state=ExportState.DRAFT)
    return b"".join(stream.chunks)


def _inspect(scratch: Path, package: bytes) -> None:
    path = scratch / "package.zip"
    path.write_bytes(package)
    with path.open("rb") as file:
        inspect(file, PlatformSettings().limits)


def _preview(running: RunningPlatform, package: bytes) -> None:
    workspace, limits = running.workspaces.find(None), running.settings.limits
    received = running.imports.receive("bench.zip", iter([package]), limits)
    running.imports.preview(workspace, received, ImportOptions(), limits)
    running.imports.discard(received)


def _import(table: Table, name: str, running: RunningPlatform, package: bytes, against: str) -> None:
    workspace, limits = running.workspaces.find(None), running.settings.limits

    def work() -> str:
        received = running.imports.receive("bench.zip", iter([package]), limits)
        options = ImportOptions(duplicates=Duplicates.OVERWRITE)
        task = running.imports.begin(workspace, received, options, CALLER, limits)
        while not running.wait(task.id, 60):
            pass
        return task.id

    ended = running.reports.task(table.measure(name, work, against))
    if ended.status is not TaskStatus.SUCCESSFUL:
        sys.exit(f"{name}: {ended.message}")


main()
