"""A running platform as the doors see it: its use cases, and nothing below them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from jobferry.bootstrap.home import Home
from jobferry.bootstrap.settings import PlatformSettings
from jobferry.model.records import Platform
from jobferry.services.exporting.exports import Exports
from jobferry.services.importing.imports import Imports
from jobferry.services.objects import ObjectLibrary
from jobferry.services.operating.stored_settings import StoredSettings
from jobferry.services.people import People
from jobferry.services.reports import Reports
from jobferry.services.scheduling import Scheduling
from jobferry.services.surroundings import Surroundings
from jobferry.services.workspaces import Workspaces


@dataclass(frozen=True)
class RunningPlatform:
    """Everything a door may use. ``wait`` waits for a task's end, at most so many seconds."""

    identity: Platform
    home: Home
    settings: PlatformSettings
    stored: StoredSettings
    people: People
    workspaces: Workspaces
    objects: ObjectLibrary
    scheduling: Scheduling
    surroundings: Surroundings
    exports: Exports
    imports: Imports
    reports: Reports
    wait: Callable[[str, float], bool]
    ready: Callable[[], None]
    """Raises what keeps the platform from working, if anything does."""
    close: Callable[[], None]
