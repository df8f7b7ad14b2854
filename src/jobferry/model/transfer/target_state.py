"""The part of the target workspace that one package is about, as one read saw it."""

from __future__ import annotations

import hashlib

import msgspec

from jobferry.model.document.references import Reference
from jobferry.model.document.times import same_clock
from jobferry.model.kinds import NeedKind, ObjectKind, SchedulingState
from jobferry.model.package import Deletion
from jobferry.model.people import Grant
from jobferry.model.records import ObjectKey, StoredObject
from jobferry.model.settings import WorkspaceSettings
from jobferry.model.tags import Tag


class TargetState(msgspec.Struct, frozen=True, kw_only=True):
    """Names and uids that matter, and nothing else.

    ``objects`` holds those of the package's objects and of their references that exist here; ``by_uid`` those
    whose uid the package names. ``inventory`` has an entry only for kinds that were filled in.
    ``elsewhere`` maps the other workspaces that are referred to onto those of the named jobs they have.
    ``texts`` holds the drafts that the package's objects may have to keep values from.
    """

    grant: Grant
    """Who looks: what they may not do here keeps objects out."""
    workspace_id: str
    settings: WorkspaceSettings
    objects: dict[ObjectKey, StoredObject]
    by_uid: dict[ObjectKey, StoredObject]
    connections: dict[str, str]
    """The types of the connections that are here, by name."""
    variables: frozenset[str]
    inventory: dict[NeedKind, frozenset[str]]
    elsewhere: dict[str, frozenset[str]]
    counts: dict[str, int]
    directories: dict[ObjectKind, frozenset[str]]
    bound: dict[ObjectKey, StoredObject]
    """Objects that an earlier import from the same platform bound to a source uid."""
    incomplete: frozenset[str] = frozenset()
    """Those of the connections that the package refers to whose secrets nobody has given yet."""
    valueless: frozenset[str] = frozenset()
    """Those of the variables that were never given a value."""
    closed: frozenset[str] = frozenset()
    """Those of the other workspaces whose jobs must not be waited for from here."""
    landed: dict[int, str] = {}
    """By object id, the digest that the last import from the package's platform wrote there."""
    landed_entries: dict[int, str] = {}
    """The same of the package's entry, before anything was edited on it."""
    landed_places: dict[int, str] = {}
    """Where these objects lay at their source then."""
    deleted: tuple[tuple[Deletion, str], ...] = ()
    """What the source no longer has, with the name that it has here; empty where it is not here either."""
    departing: tuple[tuple[Deletion, StoredObject], ...] = ()
    """What of that is here and came from there."""
    jobs: dict[str, StoredObject] = {}
    """By name, the jobs here that refer to something that is to go."""
    references: dict[ObjectKey, tuple[Reference, ...]] = {}
    """What those jobs refer to."""
    texts: dict[str, bytes] = {}
    local_ids: dict[tuple[NeedKind, str], str] = {}
    """Of inventoried things whose id here is known, by kind and name."""
    tags: dict[str, Tag] = {}
    """The workspace's tags."""
    locked_tags: dict[int, tuple[str, ...]] = {}
    """By object id, the locked tags that the jobs' drafts have."""
    failed: frozenset[int] = frozenset()
    """The jobs whose drafts have the failed tag already."""
    waiting: dict[int, str] = {}
    """By object id, the pending review or release that it is in."""
    copies: dict[ObjectKey, str] = {}
    """By kind and name in the package, the free names of what comes in as a copy."""
    users: dict[ObjectKey, tuple[StoredObject, ...]] = {}
    """By kind and present name of what the package would give another one, the jobs whose drafts name it."""
    now: int = 0
    """When somebody looked, in ms; 0 where the time does not matter."""

    def knows(self, kind: NeedKind) -> bool:
        """Whether this kind was ever filled into the inventory, or is accepted as a whole."""
        return kind in self.inventory or kind in self.settings.accepted

    def has(self, kind: NeedKind, name: str) -> bool:
        """Whether a thing of an external kind, a connection or a variable is here."""
        if kind is NeedKind.CONNECTION:
            return name in self.connections
        if kind is NeedKind.VARIABLE:
            return name in self.variables
        return kind in self.settings.accepted or name in self.inventory.get(kind, frozenset())

    def is_local_zone(self, zone: str) -> bool:
        return not zone or same_clock(zone, self.settings.time_zone)


def is_stopped(stored: StoredObject) -> bool:
    """Paused is not stopped."""
    return stored.kind is not ObjectKind.JOB or stored.state is SchedulingState.STOPPED


def state_of(stored: StoredObject | None) -> tuple[object, ...]:
    """What of an object a plan counts on; absence is a state too."""
    if stored is None:
        return ()
    place = (stored.uid, stored.name, stored.directory)
    return (*place, stored.digest, stored.live_version, stored.last_version, stored.state, stored.locked_by)


def fingerprint(subjects: dict[ObjectKey, StoredObject | None]) -> str:
    """A hash of the state of the objects a plan is about."""
    whole = hashlib.sha256()
    for key in sorted(subjects):
        whole.update(msgspec.json.encode([key, state_of(subjects[key])]) + b"\n")
    return whole.hexdigest()
