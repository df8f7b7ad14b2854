"""Puts the files of resources where the plan says, before the one transaction that makes the resources real.

A place is named by its file's content, so putting it again after a crash gives the same object. What an
import that was killed or given up has put stays there whole, and nothing names it.
"""

from __future__ import annotations

from collections.abc import Callable

from jobferry.events import Events
from jobferry.files.paths import parse_object_path
from jobferry.files.ports import ObjectStorage
from jobferry.model.transfer.plan import PlaceFile, Plan
from jobferry.package.reader import OpenPackage

_events = Events("imports")


def place_files(plan: Plan, package: OpenPackage, storage: Callable[[], ObjectStorage]) -> None:
    """Streams every file of the plan from the package into object storage, each whole or not at all.

    Raises:
        PackageRefused: a file is not what its name says.
        InvalidRequest, NotFound, Conflict, FilesError: object storage does not take it.
    """
    placed: set[str] = set()
    for step in plan.steps:
        if isinstance(step, PlaceFile) and step.place not in placed:
            size = storage().store(parse_object_path(step.place), package.file(step.sha256))
            placed.add(step.place)
            _events.debug("import-file-placed", resource=step.name, bytes=size)
