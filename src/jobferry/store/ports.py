"""What the rooms above may ask of the database. Only ``bootstrap`` knows what stands behind it.

Two ways in: :meth:`Store.read` is one consistent look, :meth:`Store.write` one transaction that is
forgotten unless :meth:`UnitOfWork.commit` was called. Methods that take or give many rows do so in bulk:
nothing here is meant to be called once per object of a large package.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from typing import Protocol

import msgspec

from jobferry.model.document.facts import Facts
from jobferry.model.kinds import NeedKind, ObjectKind, SchedulingState
from jobferry.model.records import (
    AccessKey,
    Connection,
    InventoryItem,
    Landing,
    Platform,
    Slot,
    StoredObject,
    User,
    Variable,
    Version,
    Workspace,
)
from jobferry.model.task import Task
from jobferry.model.transfer.receipt import Receipt, ReceiptItem


class ObjectFilter(msgspec.Struct, frozen=True, kw_only=True):
    """Which objects a page shows. ``name_part`` is a piece of the name, case ignored (ASCII letters)."""

    workspace_id: str
    kind: ObjectKind
    name_part: str = ""
    subtype: str = ""


class Text(msgspec.Struct, frozen=True):
    """A stored text with what was read from it. ``edition`` tells which reading the facts are of."""

    digest: str
    text: bytes
    facts: Facts
    edition: str


class Objects(Protocol):
    """Jobs, scripts, resources and CDM definitions."""

    def by_names(self, workspace_id: str, kind: ObjectKind, names: Iterable[str]) -> dict[str, StoredObject]:
        """Those of the named objects that exist, by name; any number of names."""
        ...

    def by_uids(self, workspace_id: str, uids: Iterable[str]) -> dict[tuple[ObjectKind, str], StoredObject]:
        """Those objects that have one of the uids, by kind and uid; any number of uids."""
        ...

    def by_ids(self, ids: Iterable[int]) -> dict[int, StoredObject]: ...

    def page(self, wanted: ObjectFilter, *, offset: int, limit: int) -> tuple[int, list[StoredObject]]:
        """How many there are in all, and one page of them in order of name."""
        ...

    def every(self, workspace_id: str, kind: ObjectKind) -> Iterator[StoredObject]:
        """All objects of a kind in order of name, fetched in pages."""
        ...

    def count(self, workspace_id: str, kind: ObjectKind, subtype: str = "") -> int: ...

    def job_names(self, workspace_id: str, names: Iterable[str]) -> set[str]:
        """Which of the names are jobs of that workspace."""
        ...

    def versions(self, object_id: int) -> list[Version]:
        """All versions, newest first."""
        ...

    def version(self, object_id: int, number: int) -> Version | None: ...


class ObjectChanges(Objects, Protocol):
    """Objects, changeable. All of these act on many rows at once."""

    def reserve_ids(self, count: int) -> int:
        """Sets aside ``count`` ids that nobody else will get and gives the first of them."""
        ...

    def add(self, objects: Sequence[StoredObject]) -> None:
        """Adds new objects under reserved ids.

        Raises:
            Conflict: a name or uid is taken (``name-taken``).
        """
        ...

    def replace(self, objects: Sequence[StoredObject]) -> None:
        """Writes every column of objects that exist, found by id.

        Raises:
            Conflict: a new name is taken (``name-taken``).
        """
        ...

    def set_state(self, object_id: int, state: SchedulingState, *, by: str, at: int) -> None: ...

    def remove(self, ids: Iterable[int]) -> None:
        """Deletes objects with their versions and landings."""
        ...

    def add_versions(self, versions: Sequence[Version]) -> None: ...

    def add_directories(self, workspace_id: str, kind: ObjectKind, directories: Iterable[str]) -> None:
        """Makes directories that are not there yet; callers give every level (``/a``, ``/a/b``)."""
        ...

    def save_landings(self, landings: Sequence[Landing]) -> None:
        """Inserts or replaces, one per object and source platform."""
        ...


class Places(Protocol):
    """Directories and landings, readable."""

    def directories(self, workspace_id: str, kind: ObjectKind) -> set[str]: ...

    def landings(
        self, workspace_id: str, source_platform: str, source_uids: Iterable[str]
    ) -> Iterator[Landing]:
        """What came into one workspace from objects of one source platform that have these uids.

        Of two with the same uid, the one of the newer object comes later.
        """
        ...


class Contents(Protocol):
    """Texts by digest. A text is stored once and never changes."""

    def known(self, digests: Iterable[str]) -> set[str]: ...

    def texts(self, digests: Sequence[str]) -> Iterator[tuple[str, bytes]]:
        """The texts that exist by digest, fetched in pages, in no particular order; each digest once."""
        ...

    def facts(self, digests: Iterable[str], edition: str) -> dict[str, Facts]:
        """Stored facts of the given edition; other editions do not count."""
        ...

    def sizes(self, digests: Iterable[str]) -> dict[str, int]:
        """Sizes in bytes."""
        ...


class ContentChanges(Contents, Protocol):
    """Texts, changeable."""

    def put(self, texts: Sequence[Text], *, at: int) -> None:
        """Stores texts that are not there yet; those that are get facts of a newer edition."""
        ...

    def sweep(self, *, before: int) -> int:
        """Deletes texts stored before that time that no object, version, or landing refers to."""
        ...


class Workspaces(Protocol):
    """Workspaces."""

    def by_id(self, workspace_id: str) -> Workspace | None: ...

    def by_name(self, name: str) -> Workspace | None: ...

    def all(self) -> list[Workspace]:
        """In order of name."""
        ...


class WorkspaceChanges(Workspaces, Protocol):
    """Workspaces, changeable."""

    def add(self, workspace: Workspace) -> None:
        """Raises: Conflict: the name is taken."""
        ...

    def replace(self, workspace: Workspace) -> None: ...


class Surroundings(Protocol):
    """What a workspace has besides its objects: connections, inventory, environment variables."""

    def connections(self, workspace_id: str) -> list[Connection]:
        """In order of name."""
        ...

    def connection(self, workspace_id: str, name: str) -> Connection | None: ...

    def inventory(self, workspace_id: str, kind: NeedKind | None = None) -> list[InventoryItem]:
        """In order of kind and name."""
        ...

    def variables(self, workspace_id: str) -> list[Variable]:
        """In order of name."""
        ...


class SurroundingChanges(Surroundings, Protocol):
    """Surroundings, changeable."""

    def add_connection(self, connection: Connection) -> None:
        """Raises: Conflict: the name is taken."""
        ...

    def replace_connection(self, connection: Connection) -> None: ...

    def remove_connection(self, workspace_id: str, name: str) -> bool:
        """Whether there was one."""
        ...

    def save_inventory(self, items: Sequence[InventoryItem]) -> None:
        """Inserts, or replaces the local id of what is there."""
        ...

    def remove_inventory(self, workspace_id: str, kind: NeedKind, name: str) -> bool: ...

    def save_variable(self, variable: Variable) -> None:
        """Inserts or replaces."""
        ...

    def remove_variable(self, workspace_id: str, name: str) -> bool: ...


class Receipts(Protocol):
    """Receipts of imports."""

    def by_id(self, receipt_id: str) -> Receipt | None: ...

    def page(self, workspace_id: str, *, offset: int, limit: int) -> tuple[int, list[Receipt]]:
        """Newest first."""
        ...

    def items(self, receipt_id: str, *, offset: int = 0, limit: int | None = None) -> list[ReceiptItem]:
        """In the order of the plan."""
        ...


class ReceiptChanges(Receipts, Protocol):
    """Receipts, changeable."""

    def add(self, receipt: Receipt, items: Sequence[ReceiptItem]) -> None: ...


class Slots(Protocol):
    """One import at a time per workspace."""

    def of(self, workspace_id: str) -> Slot | None: ...

    def all(self) -> list[Slot]: ...


class SlotChanges(Slots, Protocol):
    """Slots, changeable."""

    def take(self, slot: Slot) -> None:
        """Takes a free slot by a unique row.

        Raises:
            Conflict: ``import-running``; the message names holder and since when.
        """
        ...

    def is_held(self, workspace_id: str, task_id: str, fence: int) -> bool:
        """Whether the task still holds the slot under its fence; locks the row until commit."""
        ...

    def free(self, task_id: str) -> None: ...


class People(Protocol):
    """Who can sign in, and with what."""

    def user_by_token(self, token_hash: str) -> User | None: ...

    def access_key(self, access_key: str) -> tuple[AccessKey, User] | None: ...

    def users(self) -> list[User]: ...


class PeopleChanges(People, Protocol):
    """People, changeable."""

    def add_user(self, user: User) -> None: ...

    def add_token(self, user_id: str, token_hash: str, *, at: int) -> None: ...

    def add_access_key(self, key: AccessKey, *, at: int) -> None: ...


class Snapshot(Protocol):
    """One consistent look at everything."""

    @property
    def objects(self) -> Objects: ...
    @property
    def places(self) -> Places: ...
    @property
    def contents(self) -> Contents: ...
    @property
    def workspaces(self) -> Workspaces: ...
    @property
    def surroundings(self) -> Surroundings: ...
    @property
    def receipts(self) -> Receipts: ...
    @property
    def slots(self) -> Slots: ...
    @property
    def people(self) -> People: ...
    def platform(self) -> Platform | None: ...


class UnitOfWork(Protocol):
    """One transaction. Leaving without :meth:`commit` undoes everything."""

    @property
    def objects(self) -> ObjectChanges: ...
    @property
    def places(self) -> Places: ...
    @property
    def contents(self) -> ContentChanges: ...
    @property
    def workspaces(self) -> WorkspaceChanges: ...
    @property
    def surroundings(self) -> SurroundingChanges: ...
    @property
    def receipts(self) -> ReceiptChanges: ...
    @property
    def slots(self) -> SlotChanges: ...
    @property
    def people(self) -> PeopleChanges: ...
    def platform(self) -> Platform | None: ...
    def found_platform(self, platform: Platform) -> None:
        """Names this installation, once."""
        ...

    def commit(self) -> None: ...


class Store(Protocol):
    """The platform's database.

    Raises, from every method: StoreError with ``store-busy`` (another writer held it too long),
    ``disk-full``, or ``store-failed``; Conflict with ``data-folder-newer`` (made by a newer program).
    """

    def read(self) -> AbstractContextManager[Snapshot]: ...

    def write(self) -> AbstractContextManager[UnitOfWork]: ...

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


class TaskLog(Protocol):
    """Tasks and their progress, kept apart from the objects so that progress never waits for an import."""

    def add(self, task: Task) -> None: ...

    def by_id(self, task_id: str) -> Task | None: ...

    def unfinished(self) -> list[Task]:
        """Tasks still marked RUNNING, oldest first."""
        ...

    def progress(
        self, task_id: str, *, done: int, total: int, subjects: Sequence[str] | None = None, at: int
    ) -> None:
        """Notes progress; ``subjects`` names the subtasks once they are known."""
        ...

    def finish(self, task_id: str, *, succeeded: bool, message: str, code: str = "", at: int) -> None: ...

    def prepare(self) -> None: ...

    def close(self) -> None: ...
