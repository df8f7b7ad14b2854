"""A platform in this process, driven by its use cases as the doors drive it."""

from __future__ import annotations

import sys
from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from checking import checked
from jobferry.bootstrap.home import Home
from jobferry.bootstrap.platform import RunningPlatform
from jobferry.bootstrap.settings import PlatformSettings
from jobferry.bootstrap.wiring import open_platform
from jobferry.model.task import Task, TaskStatus
from jobferry.model.transfer.export import ExportRequest
from jobferry.model.transfer.policy import Duplicates, ImportOptions, MissingReference
from jobferry.services.importing.differences import ChangeFilter
from jobferry.services.packages import inspect
from jobferry.services.workspaces import DEFAULT_WORKSPACE
from people import administrator, entered

_ROOM = {"max_jobs": "1000000", "max_scripts": "1000000", "time_zone": "GMT+8"}
_OPTIONS = ImportOptions(duplicates=Duplicates.OVERWRITE)
HOLDING = ImportOptions(duplicates=Duplicates.OVERWRITE, missing=MissingReference.HOLD)
"""What is missing here holds its objects, so that they land all the same."""
_PIECE = 1 << 20


@contextmanager
def opened(folder: Path, database: str = "") -> Iterator[RunningPlatform]:
    """The platform of a folder; ``database`` is PostgreSQL's address, or empty for SQLite."""
    home = Home(folder)
    if not home.lock():
        sys.exit(f"{folder} is taken")
    running = open_platform(home, PlatformSettings(database=database), durable=False)
    try:
        yield running
    finally:
        running.close()


def make_room(running: RunningPlatform, workspace: str = DEFAULT_WORKSPACE) -> None:
    """Makes room in a workspace for as many objects as anybody may bring."""
    running.workspaces.set(entered(running, workspace), _ROOM)


def furnish(running: RunningPlatform, workspace: str = DEFAULT_WORKSPACE) -> None:
    """Makes room in a workspace, which is made if need be, and what the fleet's jobs refer to."""
    caller = administrator(running)
    if workspace not in {one.name for one in running.workspaces.all(caller)}:
        running.workspaces.create(workspace, caller)
    make_room(running, workspace)
    grant = entered(running, workspace)
    connection = b'{"name": "dwh", "type": "DWS", "config": {"clusterName": "dwh"}}'
    running.connections.create(grant, connection)


def export(
    running: RunningPlatform, names: Sequence[str] | None = None, workspace: str = DEFAULT_WORKSPACE
) -> int:
    """Exports and lets every chunk go; gives the size."""
    return sum(len(chunk) for chunk in _chunks(running, names, workspace))


def export_to(file: Path, running: RunningPlatform, names: Sequence[str] | None = None) -> Path:
    """Exports into a file."""
    with file.open("wb") as held:
        held.writelines(_chunks(running, names, DEFAULT_WORKSPACE))
    return file


def preview(running: RunningPlatform, package: Path, options: ImportOptions = _OPTIONS) -> None:
    """All findings and the plan; nothing is written."""
    grant, limits = entered(running), running.stored.limits()
    received = running.imports.receive(grant.caller, package.name, _pieces(package), limits)
    running.imports.preview(grant, received, options)
    running.imports.discard(received)


def check_and_compare(running: RunningPlatform, package: Path) -> None:
    """A checked import with all its differences, let go of again."""
    grant, limits = entered(running), running.stored.limits()
    received = running.imports.receive(grant.caller, package.name, _pieces(package), limits)
    shown = checked(running, grant, received, _OPTIONS)
    with running.checked.differences(grant, shown.id, ChangeFilter(), 0) as (_, differing):
        deque(differing, maxlen=0)
    running.checked.discard(grant, shown.id)


def check_and_apply(running: RunningPlatform, package: Path, options: ImportOptions = _OPTIONS) -> str:
    """A checked import that is applied as it was shown; gives its receipt."""
    grant, limits = entered(running), running.stored.limits()
    received = running.imports.receive(grant.caller, package.name, _pieces(package), limits)
    shown = checked(running, grant, received, options)
    task_id = running.checked.apply(grant, shown.id, shown.plan_digest)
    _landed(running, task_id)
    return task_id


def undo(running: RunningPlatform, receipt_id: str) -> None:
    """Takes an import back."""
    caller = entered(running).caller
    _succeeded(running, running.undoing.begin(caller, receipt_id, rest=False).id)


def import_(running: RunningPlatform, package: Path, workspace: str = DEFAULT_WORKSPACE) -> None:
    """Imports, from the first byte handed in to the task's end."""
    grant, limits = entered(running, workspace), running.stored.limits()
    received = running.imports.receive(grant.caller, package.name, _pieces(package), limits)
    _succeeded(running, running.imports.begin(grant, received, _OPTIONS).id)


def _landed(running: RunningPlatform, task_id: str) -> None:
    """An import has come to its end, whatever of it stayed out; no error has ended it."""
    ended = _ended(running, task_id)
    if ended.status is not TaskStatus.SUCCESSFUL and ended.code:
        sys.exit(f"the work on {ended.name} failed: {ended.message}")


def _succeeded(running: RunningPlatform, task_id: str) -> None:
    ended = _ended(running, task_id)
    if ended.status is not TaskStatus.SUCCESSFUL:
        sys.exit(f"the work on {ended.name} failed: {ended.message}")


def _ended(running: RunningPlatform, task_id: str) -> Task:
    while not running.wait(task_id, 60):
        pass
    return running.reports.task(administrator(running), task_id)


def look_into(package: Path) -> None:
    """Inspects a package file."""
    with package.open("rb") as file:
        inspect(file)


def _chunks(running: RunningPlatform, names: Sequence[str] | None, workspace: str) -> Iterator[bytes]:
    wanted = ExportRequest(jobs=tuple(names or ()), everything=names is None)
    return running.exports.package(entered(running, workspace), wanted).chunks


def _pieces(package: Path) -> Iterator[bytes]:
    with package.open("rb") as file:
        yield from iter(lambda: file.read(_PIECE), b"")
