"""A running platform as API and command line see it: its use cases, and nothing below them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from jobferry.access.sealing import Sealer
from jobferry.bootstrap.home import Home
from jobferry.bootstrap.measures import Measure
from jobferry.bootstrap.settings import PlatformSettings
from jobferry.errors import JobferryError
from jobferry.files.ports import ObjectStorage, PackageStorage
from jobferry.model.records import Platform
from jobferry.services.asset_backups.restoring import Restoring
from jobferry.services.asset_backups.taking import Taking
from jobferry.services.background import BackgroundTasks
from jobferry.services.buckets import Buckets
from jobferry.services.comparing import Comparing
from jobferry.services.connections import Connections
from jobferry.services.directories import Directories
from jobferry.services.editing.changes import ChangeLog
from jobferry.services.editing.locks import Locks
from jobferry.services.editing.tag_files import TagFiles
from jobferry.services.editing.tags import TagLibrary
from jobferry.services.editing.versions import VersionLibrary
from jobferry.services.exporting.background import Batches, Producing
from jobferry.services.exporting.downloads import DownloadCenter, Records
from jobferry.services.exporting.exports import Exports
from jobferry.services.exporting.packing import Filing
from jobferry.services.importing.checked import CheckedImports
from jobferry.services.importing.handed_in import HandedIn
from jobferry.services.importing.preview import NextRuns
from jobferry.services.importing.receive import Imports
from jobferry.services.importing.routes import Routes
from jobferry.services.importing.undo import Undoing
from jobferry.services.inventory import Inventory
from jobferry.services.neighbourhood import Neighbourhoods
from jobferry.services.next_runs import RunTimes
from jobferry.services.objects import ObjectLibrary
from jobferry.services.operating.platform_settings import StoredSettings
from jobferry.services.outlines import Outlines
from jobferry.services.people.audit import Audits
from jobferry.services.people.credentials import Credentials
from jobferry.services.people.members import DownloadPolicies, Members, Policies
from jobferry.services.people.notices import Notices
from jobferry.services.people.provider_sign_in import ProviderSignIn
from jobferry.services.people.sign_in import SigningIn
from jobferry.services.people.users import Users
from jobferry.services.references import References
from jobferry.services.reports import Reports
from jobferry.services.reviewing.releases import Releases
from jobferry.services.reviewing.reviews import Resubmitting, Reviews
from jobferry.services.runtime import Runtime
from jobferry.services.scheduling import Scheduling
from jobferry.services.surroundings.exporting import SurroundingExports
from jobferry.services.surroundings.importing import SurroundingImports
from jobferry.services.variables import Variables
from jobferry.services.workspaces import Workspaces

if TYPE_CHECKING:
    from jobferry.store import TaskLog


class Wait(Protocol):
    """Waits for a task, at most so many seconds."""

    def __call__(self, task_id: str, timeout_s: float, seen: int | None = None) -> bool: ...


@dataclass(frozen=True)
class Parts:
    """What use cases are made of, for whoever makes one more with another clock, store, log or storage."""

    runtime: Runtime
    log: TaskLog
    received: PackageStorage
    """Packages that were handed in."""
    kept: PackageStorage
    """Packages that wait in the download center."""
    storage: Callable[..., ObjectStorage]
    """As users reach it; with the id of a workspace, as its asset backups do."""
    """Where imports read; raises where operations have switched that off."""
    filing: Filing
    records: Records
    seals: Callable[[], Sealer]


@dataclass(frozen=True)
class ObjectCases:
    """What can be done with objects, and asked about them; and their backups."""

    objects: ObjectLibrary
    references: References
    neighbourhoods: Neighbourhoods
    run_times: RunTimes
    directories: Directories
    outlines: Outlines
    changes: ChangeLog
    locks: Locks
    tags: TagLibrary
    tag_files: TagFiles
    versions: VersionLibrary
    scheduling: Scheduling
    asset_backups: Taking
    restoring: Restoring


@dataclass(frozen=True)
class RunningPlatform(ObjectCases):
    """Everything that API and command line may use, and its parts, which they may not.

    ``wait`` waits for a task's end, or for another revision than one that was seen.
    """

    identity: Platform
    home: Home
    settings: PlatformSettings
    stored: StoredSettings
    signing: SigningIn
    provider: ProviderSignIn
    users: Users
    credentials: Credentials
    members: Members
    policies: Policies
    download_policies: DownloadPolicies
    audits: Audits
    notices: Notices
    workspaces: Workspaces
    connections: Connections
    inventory: Inventory
    variables: Variables
    surrounding_exports: SurroundingExports
    surrounding_imports: SurroundingImports
    exports: Exports
    producing: Producing
    downloads: DownloadCenter
    batches: Batches
    imports: Imports
    handed_in: HandedIn
    buckets: Buckets
    comparing: Comparing
    next_runs: NextRuns
    routes: Routes
    checked: CheckedImports
    undoing: Undoing
    tasks: BackgroundTasks
    reports: Reports
    reviews: Reviews
    releases: Releases
    resubmitting: Resubmitting
    parts: Parts
    folder_token: str
    """Signs in the owner of the data folder, as long as this process lives."""
    wait: Wait
    one_look: Callable[[], AbstractContextManager[None]]
    """All that a thread reads in there it reads in one snapshot, up to its first write."""
    ready: Callable[[], Mapping[str, JobferryError]]
    """What is wrong with object stores that the platform can do without, by their names. Raises what keeps it
    from working, if anything does."""
    refuse_given_up: Callable[[], None]
    """Raises StoreError if the other servers on the database have taken over from this one."""
    measures: Callable[[], Iterator[Measure]]
    """What can be measured now."""
    database: Callable[[], str]
    """Name and version of the database that the platform keeps everything in."""
    close: Callable[[], None]
