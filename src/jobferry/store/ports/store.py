"""The database as a whole: a consistent look, and a transaction."""

from __future__ import annotations

from contextlib import AbstractContextManager
from typing import Protocol

from jobferry.model.records import Platform
from jobferry.store.ports.changes import ChangeChanges, Changes
from jobferry.store.ports.contents import ContentChanges, Contents
from jobferry.store.ports.downloads import DownloadChanges, Downloads
from jobferry.store.ports.objects import ObjectChanges, Objects, Places
from jobferry.store.ports.outgoing import OutgoingObjects
from jobferry.store.ports.people import (
    Audit,
    AuditChanges,
    MemberChanges,
    Members,
    NoticeChanges,
    Notices,
    People,
    PeopleChanges,
)
from jobferry.store.ports.reviews import ReviewChanges, Reviews
from jobferry.store.ports.tags import TagChanges, Tags
from jobferry.store.ports.workspaces import (
    ImportRecordChanges,
    ImportRecords,
    ReceiptChanges,
    Receipts,
    RouteChanges,
    Routes,
    SlotChanges,
    Slots,
    SurroundingChanges,
    Surroundings,
    WorkspaceChanges,
    Workspaces,
)


class Snapshot(Protocol):
    """One consistent look at everything."""

    @property
    def objects(self) -> Objects: ...
    @property
    def places(self) -> Places: ...
    @property
    def changes(self) -> Changes: ...
    @property
    def contents(self) -> Contents: ...
    @property
    def outgoing(self) -> OutgoingObjects: ...
    @property
    def workspaces(self) -> Workspaces: ...
    @property
    def surroundings(self) -> Surroundings: ...
    @property
    def receipts(self) -> Receipts: ...
    @property
    def imports(self) -> ImportRecords: ...
    @property
    def reviews(self) -> Reviews: ...
    @property
    def routes(self) -> Routes: ...
    @property
    def slots(self) -> Slots: ...
    @property
    def people(self) -> People: ...
    @property
    def members(self) -> Members: ...
    @property
    def audit(self) -> Audit: ...
    @property
    def notices(self) -> Notices: ...
    @property
    def downloads(self) -> Downloads: ...
    @property
    def tags(self) -> Tags: ...
    def platform(self) -> Platform | None:
        """None before the first start has finished."""
        ...

    def platform_settings(self) -> dict[str, str]:
        """What operations has set, by key; only what differs from the defaults."""
        ...


class UnitOfWork(Protocol):
    """One transaction. Leaving without :meth:`commit` undoes everything."""

    @property
    def objects(self) -> ObjectChanges: ...
    @property
    def places(self) -> Places: ...
    @property
    def changes(self) -> ChangeChanges: ...
    @property
    def contents(self) -> ContentChanges: ...
    @property
    def outgoing(self) -> OutgoingObjects: ...
    @property
    def workspaces(self) -> WorkspaceChanges: ...
    @property
    def surroundings(self) -> SurroundingChanges: ...
    @property
    def receipts(self) -> ReceiptChanges: ...
    @property
    def imports(self) -> ImportRecordChanges: ...
    @property
    def reviews(self) -> ReviewChanges: ...
    @property
    def routes(self) -> RouteChanges: ...
    @property
    def slots(self) -> SlotChanges: ...
    @property
    def people(self) -> PeopleChanges: ...
    @property
    def members(self) -> MemberChanges: ...
    @property
    def audit(self) -> AuditChanges: ...
    @property
    def notices(self) -> NoticeChanges: ...
    @property
    def downloads(self) -> DownloadChanges: ...
    @property
    def tags(self) -> TagChanges: ...
    def platform(self) -> Platform | None: ...
    def platform_settings(self) -> dict[str, str]: ...
    def save_platform_settings(self, settings: dict[str, str]) -> None:
        """Puts these settings in the place of all that were there."""
        ...

    def found_platform(self, platform: Platform) -> None:
        """Names this installation, once."""
        ...

    def commit(self) -> None: ...


class Store(Protocol):
    """The platform's database.

    Raises, from every method: StoreError with ``store-busy`` (another writer held it too long),
    ``disk-full``, or ``store-failed``; Conflict with ``data-folder-newer`` (made by a newer program).
    """

    def read(self, *, lean: bool = False) -> AbstractContextManager[Snapshot]:
        """One consistent look. ``lean`` is for going through a whole workspace once: what is read is not
        needed again, so little of it is kept in memory."""
        ...

    def write(self, *, lasting: bool = True) -> AbstractContextManager[UnitOfWork]:
        """One transaction, forgotten unless it is committed.

        With ``lasting=False`` its commit does not wait for the disk. Until a lasting one has followed it, it
        can be lost if the whole machine fails; never half of it, and never after what follows it.
        """
        ...

    def prepare(self) -> None:
        """Brings the tables up to date; run once at a platform's start."""
        ...

    def claim(self) -> None:
        """Takes the database for this process; it is free again when the process ends, however that comes.

        Raises:
            Conflict: another process runs a platform on it (``data-folder-busy``).
        """
        ...

    def close(self) -> None: ...
