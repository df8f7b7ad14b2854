"""Jobs, scripts, resources and CDM definitions, their directories and what they came from."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import Protocol

import msgspec

from jobferry.model.document.facts import Mark
from jobferry.model.kinds import ObjectKind, SchedulingState
from jobferry.model.records import MOST_VERSIONS, ImportOrigin, StoredObject, Version
from jobferry.model.transfer.plan_view import Waited


class ObjectFilter(msgspec.Struct, frozen=True, kw_only=True):
    """Which objects a page shows. ``name_part`` is a piece of the name, case ignored (ASCII letters).

    ``directories`` leaves only what lies in or below one of them; None stands for anywhere.
    With ``marks``, those whose drafts have any of them. ``locked_by`` leaves only those whose lock that user
    holds, or anybody where it is empty; None stands for all, locked or not.
    """

    workspace_id: str
    kind: ObjectKind
    name_part: str = ""
    subtype: str = ""
    directories: tuple[str, ...] | None = None
    marks: tuple[Mark, ...] = ()
    locked_by: str | None = None


class Objects(Protocol):
    """Jobs, scripts, resources and CDM definitions."""

    def by_names(self, workspace_id: str, kind: ObjectKind, names: Iterable[str]) -> dict[str, StoredObject]:
        """Those of the named objects that exist, by name; any number of names."""
        ...

    def by_uids(self, workspace_id: str, uids: Iterable[str]) -> dict[tuple[ObjectKind, str], StoredObject]:
        """Those objects that have one of the uids, by kind and uid; any number of uids."""
        ...

    def standings(
        self, workspace_id: str, kind: ObjectKind, names: Iterable[str]
    ) -> dict[str, tuple[object, ...]]:
        """What a plan counts on of those of the named objects that exist, by name (``standing_of``)."""
        ...

    def by_ids(self, ids: Iterable[int]) -> dict[int, StoredObject]: ...

    def page(self, wanted: ObjectFilter, *, offset: int, limit: int) -> tuple[int, list[StoredObject]]:
        """How many there are in all, and one page of them in order of name."""
        ...

    def marked(self, workspace_id: str, kind: ObjectKind, marks: Iterable[Mark]) -> list[StoredObject]:
        """All objects whose drafts have any of the marks, in order of name."""
        ...

    def waits(self, workspace_id: str, workspace: str, names: Iterable[str]) -> dict[str, set[str]]:
        """Of all jobs whose drafts wait for the named ones, or for others that do: which each waits for.

        ``workspace`` is the name of their own workspace, which a document may say too.
        """
        ...

    def every(self, workspace_id: str, kind: ObjectKind) -> Iterator[StoredObject]:
        """All objects of a kind in order of name, fetched in pages."""
        ...

    def count(self, workspace_id: str, kind: ObjectKind, subtype: str = "") -> int: ...

    def names_among(self, workspace_id: str, kind: ObjectKind, names: Iterable[str]) -> set[str]:
        """Which of the names objects of a kind have in that workspace."""
        ...

    def versions(self, object_id: int) -> list[Version]:
        """All versions, newest first."""
        ...

    def versions_of(self, object_ids: Sequence[int]) -> Iterator[Version]:
        """All versions of any number of objects, oldest first."""
        ...

    def version(self, object_id: int, number: int) -> Version | None: ...


class ObjectChanges(Objects, Protocol):
    """Objects, changeable. All of these act on many rows at once.

    Where a workspace's change management is on, its change log notes what is added, replaced and removed.
    """

    def reserve_ids(self, count: int) -> int:
        """Sets aside ``count`` ids that nobody else will get and gives the first of them."""
        ...

    def add(self, objects: Sequence[StoredObject]) -> None:
        """Adds new objects under reserved ids.

        Raises:
            Conflict: a name or uid is taken (``name-taken``).
        """
        ...

    def replace(self, objects: Sequence[StoredObject], *, by: str = "", at: int = 0) -> None:
        """Writes every column of objects that exist, found by id.

        The change log says who and when, or else who updated them and when.

        Raises:
            Conflict: a new name is taken (``name-taken``).
        """
        ...

    def release(self, workspace_id: str, things: Collection[Waited]) -> list[StoredObject]:
        """Takes things that are there now off those that waited for them; gives them as they are then."""
        ...

    def release_kinds(self, workspace_id: str, kinds: Collection[str]) -> list[StoredObject]:
        """The same with everything of these kinds."""
        ...

    def set_state(self, object_id: int, state: SchedulingState, *, by: str, at: int) -> None: ...

    def set_locks(self, ids: Iterable[int], *, by: str, at: int) -> None:
        """Notes who holds the locks of objects from now on; nobody, where ``by`` is empty."""
        ...

    def remove(self, ids: Iterable[int], *, by: str, at: int) -> None:
        """Deletes objects with their versions and landings; who did and when is for the change log."""
        ...

    def add_versions(self, versions: Sequence[Version], *, keep: int = MOST_VERSIONS) -> None:
        """Adds submitted states. Of each of these objects only the last ``keep`` stay, and the live one."""
        ...

    def mark_undone(self, marks: Sequence[tuple[int, int, str]]) -> None:
        """Notes which receipt has taken versions back, or with an empty one that they count again."""
        ...

    def remove_landings(self, landings: Sequence[tuple[int, str]]) -> None:
        """Forgets what came into objects from a platform."""
        ...

    def add_directories(self, workspace_id: str, kind: ObjectKind, directories: Iterable[str]) -> None:
        """Makes directories that are not there yet; callers give every level (``/a``, ``/a/b``)."""
        ...

    def follow_drafts(self, moves: Sequence[tuple[int, str, str]]) -> None:
        """Lets what came into objects, and is their draft by the first digest, be that by the second."""
        ...

    def save_landings(self, landings: Sequence[ImportOrigin]) -> None:
        """Inserts or replaces, one per object and source platform."""
        ...


class Places(Protocol):
    """Directories and landings, readable."""

    def standing_from(
        self, workspace_id: str, source_platform: str, source_workspace: str
    ) -> Iterator[tuple[str, ImportOrigin]]:
        """What is in one workspace that came from one workspace of a platform, each with its name here."""
        ...

    def landings_on(self, object_ids: Sequence[int], source_platform: str) -> Iterator[ImportOrigin]:
        """What came into these objects from one platform."""
        ...

    def landings_of(self, object_ids: Sequence[int]) -> Iterator[ImportOrigin]:
        """What came into these objects from anywhere."""
        ...

    def directories(self, workspace_id: str, kind: ObjectKind) -> set[str]: ...

    def landings(
        self, workspace_id: str, source_platform: str, source_uids: Iterable[str]
    ) -> Iterator[ImportOrigin]:
        """What came into one workspace from objects of one source platform that have these uids.

        Of two with the same uid, the one of the newer object comes later.
        """
        ...
