"""Jobs, scripts, resources and CDM definitions, with their versions, directories and landings."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from sys import intern
from typing import Any, NamedTuple

import msgspec
from sqlalchemy import ColumnElement, Connection, String, bindparam, cast, delete, literal, select, update

from jobferry.errors import Conflict
from jobferry.model.change_log import Aspect, aspect_of
from jobferry.model.document.facts import IndexTerm
from jobferry.model.kinds import ObjectKind, SchedulingState
from jobferry.model.names import printable
from jobferry.model.records import MOST_VERSIONS, ImportOrigin, ObjectFilter, StoredObject, Version
from jobferry.model.transfer.plan_view import Waited, waited
from jobferry.store import bulk, changes, faults, places
from jobferry.store.bulk import Values
from jobferry.store.changes import ObjectWrite
from jobferry.store.index_terms import note_holds, waiting, waiting_for_kinds, waits_for
from jobferry.store.names import (
    Named,
    NameRows,
    Renames,
    change_counts,
    count_of,
    differences,
    has_index_term,
    lies_in,
    page_of_names,
    subtypes_of,
    tag_counts,
)
from jobferry.store.schema import directories, landings, objects, versions

_KINDS = {kind.value: kind for kind in ObjectKind}
_STATES = {state.value: state for state in SchedulingState}
_SCAN_PAGE = 1000
_DIGEST = ["digest"]
_STATE = [
    *("uid", "name", "directory", "digest"),
    *("live_version", "last_version", "state", "locked_by"),
]
"""In the order of ``state_of``."""
_REST = [
    *("directory", "live_version", "live_digest", "last_version", "state", "held"),
    *("created_by", "created_at", "updated_by", "updated_at", "locked_by", "locked_at"),
]

_IDENTITY = ["workspace_id", "kind", "name", "uid", "subtype"]
_ASPECT = ["workspace_id", "kind", "uid", "name", "directory", "digest", "live_digest"]
"""In the order of :class:`~jobferry.model.change_log.Aspect`."""
_FORMER = ["id", *_ASPECT, "subtype"]

_HERE = objects.c.workspace_id == bindparam("workspace")
_OF_KIND = _HERE & (objects.c.kind == bindparam("kind"))
_OF_ANY_KIND = _HERE & objects.c.kind.in_([kind.value for kind in ObjectKind])
"""All kinds named, so that the index by uid can be used."""
_BY_NAME = bulk.Lookup(select(objects).where(_OF_KIND), objects.c.name)
_BY_UID = bulk.Lookup(select(objects).where(_OF_ANY_KIND), objects.c.uid)
_BY_ID = bulk.Lookup(select(objects), objects.c.id)
_FORMERS = bulk.Lookup(select(*(objects.c[name] for name in _FORMER)), objects.c.id)
_STATES_BY_NAME = bulk.Lookup(select(*(objects.c[name] for name in _STATE)).where(_OF_KIND), objects.c.name)

_held = msgspec.json.Decoder(tuple[str, ...])


class Objects:
    """Jobs, scripts, resources and CDM definitions, with their versions."""

    def __init__(self, connection: Connection, rows: NameRows | None = None) -> None:
        """``rows`` make names quick to find, for those who change nothing."""
        self._connection = connection
        self._rows = rows

    def by_names(self, workspace_id: str, kind: ObjectKind, names: Iterable[str]) -> dict[str, StoredObject]:
        """Those of the named objects that exist, by name; any number of names."""
        where = {"workspace": workspace_id, "kind": kind.value}
        found = _BY_NAME.rows(self._connection, bulk.texts(names), **where)
        return {stored.name: stored for stored in map(_object, found)}

    def by_uids(self, workspace_id: str, uids: Iterable[str]) -> dict[tuple[ObjectKind, str], StoredObject]:
        """Those objects that have one of the uids, by kind and uid; any number of uids."""
        found = _BY_UID.rows(self._connection, bulk.texts(uids), workspace=workspace_id)
        return {(stored.kind, stored.uid): stored for stored in map(_object, found)}

    def states(
        self, workspace_id: str, kind: ObjectKind, names: Iterable[str]
    ) -> dict[str, tuple[object, ...]]:
        """What a plan counts on of those of the named objects that exist, by name (``state_of``)."""
        where = {"workspace": workspace_id, "kind": kind.value}
        found = _STATES_BY_NAME.rows(self._connection, bulk.texts(names), **where)
        place = _STATE.index("name")
        return {row[place]: tuple(row) for row in found}

    def by_ids(self, ids: Iterable[int]) -> dict[int, StoredObject]:
        """Those of the objects that exist, by id."""
        found = _BY_ID.rows(self._connection, dict.fromkeys(ids))
        return {stored.id: stored for stored in map(_object, found)}

    def page(self, wanted: ObjectFilter, *, offset: int, limit: int) -> tuple[int, list[StoredObject]]:
        """How many there are in all, and one page of them in order of name."""
        total, names = page_of_names(self._connection, wanted, offset, limit, self._rows)
        found = self.by_names(wanted.workspace_id, wanted.kind, names)
        return total, [found[name] for name in names]

    def with_index_terms(
        self, workspace_id: str, kind: ObjectKind, index_terms: Iterable[IndexTerm]
    ) -> list[StoredObject]:
        """All objects whose drafts have any of the terms, in order of name."""
        here = has_index_term(self._connection, workspace_id, kind, index_terms)
        return [
            _object(row) for row in self._connection.execute(select(objects).where(here).order_by("name"))
        ]

    def tag_counts(self, workspace_id: str, directories: Iterable[str] | None) -> dict[str, int]:
        """How many jobs have each tag in their drafts, of those in or below some directories, if any."""
        return tag_counts(self._connection, workspace_id, directories)

    def waits(
        self, workspace_id: str, workspace: str, names: Iterable[str], most: int | None = None
    ) -> dict[str, set[str]] | None:
        """Of all jobs whose drafts wait for the named ones, or for others that do: which each waits for.

        ``workspace`` is the name of their own workspace, which a document may say too. None if there is more
        than ``most`` times that a job waits for another.
        """
        return waits_for(self._connection, workspace_id, workspace, names, most)

    def every(self, workspace_id: str, kind: ObjectKind) -> Iterator[StoredObject]:
        """All objects of a kind in order of name, fetched in pages that start after the last name."""
        here = (objects.c.workspace_id == workspace_id) & (objects.c.kind == kind.value)
        after: ColumnElement[bool] = literal(True)
        while True:
            query = select(objects).where(here, after).order_by(objects.c.name).limit(_SCAN_PAGE)
            rows = self._connection.execute(query).all()
            yield from map(_object, rows)
            if len(rows) < _SCAN_PAGE:
                return
            after = objects.c.name > rows[-1].name

    def in_directory(self, workspace_id: str, kind: ObjectKind, directory: str) -> list[StoredObject]:
        """All objects of a kind in a directory and below, in order of name."""
        here = (objects.c.workspace_id == workspace_id) & (objects.c.kind == kind.value)
        query = select(objects).where(here, lies_in(directory)).order_by(objects.c.name)
        return [_object(row) for row in bulk.rows(self._connection, query)]

    def count(self, workspace_id: str, kind: ObjectKind, subtype: str = "") -> int:
        """How many objects of a kind, and of a subtype if one is named."""
        return count_of(self._connection, workspace_id, kind, subtype).number

    def subtypes(self, workspace_id: str, kind: ObjectKind) -> set[str]:
        """The subtypes that objects of a kind have."""
        return subtypes_of(self._connection, workspace_id, kind)

    def names_among(self, workspace_id: str, kind: ObjectKind, names: Iterable[str]) -> set[str]:
        """Which of the names objects of a kind have in that workspace."""
        here = (objects.c.workspace_id == workspace_id) & (objects.c.kind == kind.value)
        found: set[str] = set()
        for page in bulk.pages(bulk.texts(names)):
            wanted = bulk.among(self._connection, objects.c.name, page)
            found.update(self._connection.scalars(select(objects.c.name).where(here, wanted)))
        return found

    def versions(self, object_id: int) -> list[Version]:
        """All versions, newest first."""
        query = select(versions).where(versions.c.object_id == object_id).order_by(versions.c.number.desc())
        return [Version(**row._asdict()) for row in self._connection.execute(query)]

    def versions_of(self, object_ids: Sequence[int]) -> Iterator[Version]:
        """All versions of any number of objects, oldest first."""
        for page in bulk.pages(object_ids):
            whose = bulk.among(self._connection, versions.c.object_id, page)
            query = select(versions).where(whose).order_by(versions.c.object_id, versions.c.number)
            for row in self._connection.execute(query).all():
                yield Version(**row._asdict())

    def version(self, object_id: int, number: int) -> Version | None:
        """One version, if there is one of that number."""
        query = select(versions).where(versions.c.object_id == object_id, versions.c.number == number)
        row = self._connection.execute(query).one_or_none()
        return Version(**row._asdict()) if row else None


class ObjectWriter(Objects):
    """Objects, to be changed; all of these act on many rows at once.

    Where a workspace's change management is on, its change log notes what is added, replaced and removed.
    """

    def __init__(self, connection: Connection, renames: Renames) -> None:
        """``renames`` are told what becomes of names."""
        super().__init__(connection)
        self._renames = renames

    def reserve_ids(self, count: int) -> int:
        """Sets aside ``count`` ids that nobody else will get and gives the first of them."""
        return bulk.reserve(self._connection, "objects", count)

    def add(self, objects_: Sequence[StoredObject]) -> None:
        """Adds new objects under reserved ids.

        Raises:
            Conflict: a name or uid is taken (``name-taken``); none of them was added.
        """
        with self._conflicting(objects_):
            bulk.add(self._connection, objects, map(_values, objects_))
            bulk.tell_planner(self._connection, objects, len(objects_))
            self._recount([], [_named(stored) for stored in objects_])
            note_holds(self._connection, [stored for stored in objects_ if stored.held], fresh=True)
        come = (
            ObjectWrite(None, aspect_of(stored), stored.updated_by, stored.updated_at) for stored in objects_
        )
        changes.note(self._connection, {stored.workspace_id for stored in objects_}, come)

    def replace(self, objects_: Sequence[StoredObject], *, by: str = "", at: int = 0) -> None:
        """Writes every column of objects that exist, found by id. Objects may swap their names.

        The change log says who and when, or else who updated them and when.

        Raises:
            Conflict: a new name or uid is taken (``name-taken``); none of them was changed.
        """
        known = self._known(objects_)
        moving, redrafted, left = _differing(objects_, known)
        with self._conflicting(objects_) if moving else nullcontext():
            self._set_names_aside(moving)
            bulk.amend(self._connection, objects, _IDENTITY, [(*_identity_of(o), o.id) for o in moving])
            bulk.amend(self._connection, objects, _DIGEST, [(o.digest, o.id) for o in redrafted])
            bulk.amend(self._connection, objects, _REST, [(*_rest(o), o.id) for o in objects_])
            self._recount(left, [_named(stored) for stored in moving])
            note_holds(self._connection, objects_, fresh=False)
        happened = (
            ObjectWrite(
                known[stored.id].aspect, aspect_of(stored), by or stored.updated_by, at or stored.updated_at
            )
            for stored in objects_
            if stored.id in known
        )
        changes.note(self._connection, {stored.workspace_id for stored in objects_}, happened)

    def release(self, workspace_id: str, things: Collection[Waited]) -> list[StoredObject]:
        """Takes things that are there now off those that waited for them; gives them as they are then."""
        ids = waiting(self._connection, workspace_id, things)
        return self._let_go(ids, lambda thing: thing in things)

    def release_kinds(self, workspace_id: str, kinds: Collection[str]) -> list[StoredObject]:
        """The same with everything of these kinds."""
        ids = waiting_for_kinds(self._connection, workspace_id, kinds)
        return self._let_go(ids, lambda thing: thing[0] in kinds)

    def _let_go(self, ids: Sequence[int], is_there: Callable[[Waited], bool]) -> list[StoredObject]:
        released = [
            msgspec.structs.replace(
                stored, held=tuple(entry for entry in stored.held if not is_there(waited(entry)))
            )
            for stored in self.by_ids(ids).values()
        ]
        rows = [(msgspec.json.encode(stored.held).decode(), stored.id) for stored in released]
        bulk.amend(self._connection, objects, ["held"], rows)
        note_holds(self._connection, released, fresh=False)
        return released

    def set_state(self, object_id: int, state: SchedulingState, *, by: str, at: int) -> None:
        """Notes what the scheduler does with a job from now on, and who wanted that."""
        changed = update(objects).where(objects.c.id == object_id)
        self._connection.execute(changed.values(state=state.value, updated_by=by, updated_at=at))

    def set_locks(self, ids: Iterable[int], *, by: str, at: int) -> None:
        """Notes who holds the locks of objects from now on; nobody, where ``by`` is empty."""
        for page in bulk.pages(dict.fromkeys(ids)):
            here = bulk.among(self._connection, objects.c.id, page)
            self._connection.execute(update(objects).where(here).values(locked_by=by, locked_at=at))

    def remove(self, ids: Iterable[int], *, by: str, at: int) -> None:
        """Deletes objects with their versions and landings; who did and when is for the change log."""
        columns = (*(objects.c[name] for name in _ASPECT), objects.c.subtype)
        for page in bulk.pages(dict.fromkeys(ids)):
            removed = delete(objects).where(bulk.among(self._connection, objects.c.id, page))
            gone = self._connection.execute(removed.returning(*columns)).all()
            self._recount([((row.workspace_id, row.kind, row.subtype), row.name) for row in gone], [])
            went = (ObjectWrite(_aspect_from(tuple(row)[:-1]), None, by, at) for row in gone)
            changes.note(self._connection, {row.workspace_id for row in gone}, went)

    def add_versions(self, versions_: Sequence[Version], *, keep: int = MOST_VERSIONS) -> None:
        """Adds submitted states. Of each of these objects only the last ``keep`` stay, and the live one.

        Raises:
            Conflict: an object has a version of that number.
        """
        bulk.add(self._connection, versions, map(_version, versions_))
        self._drop_versions([version.object_id for version in versions_ if version.number > keep], keep)

    def _drop_versions(self, ids: Sequence[int], keep: int) -> None:
        """Few objects have that many versions."""
        for page in bulk.pages(ids):
            whose = bulk.among(self._connection, versions.c.object_id, page)
            kept = select(objects.c.last_version - keep).where(objects.c.id == versions.c.object_id)
            live = select(objects.c.live_version).where(objects.c.id == versions.c.object_id)
            old = versions.c.number <= kept.scalar_subquery()
            gone = delete(versions).where(whose, old, versions.c.number != live.scalar_subquery())
            self._connection.execute(gone)

    def mark_undone(self, marks: Sequence[tuple[int, int, str]]) -> None:
        """Notes which receipt has taken versions back, or with an empty one that they count again."""
        rows = [(receipt, object_id, number) for object_id, number, receipt in marks]
        bulk.amend(self._connection, versions, ["undone"], rows)

    def remove_landings(self, landings_: Sequence[tuple[int, str]]) -> None:
        """Forgets what came into objects from a platform."""
        places.forget_landings(self._connection, landings_)

    def add_directories(self, workspace_id: str, kind: ObjectKind, paths: Iterable[str]) -> None:
        """Makes directories that are not there yet; callers give every level (``/a``, ``/a/b``)."""
        bulk.save(self._connection, directories, [(workspace_id, kind.value, path) for path in paths])

    def remove_directories(self, workspace_id: str, kind: ObjectKind, paths: Iterable[str]) -> None:
        """Takes directories away; that nothing lies in them is for callers to see to."""
        places.remove_directories(self._connection, workspace_id, kind, paths)

    def follow_drafts(self, moves: Sequence[tuple[int, str, str]]) -> None:
        """Lets what came into objects, and is their draft by the first digest, be that by the second."""
        places.follow_drafts(self._connection, moves)

    def save_landings(self, landings_: Sequence[ImportOrigin]) -> None:
        """Inserts or replaces, one per object and source platform."""
        changed = (
            *("source_uid", "entry_digest", "edits_digest", "result_digest", "landed_at"),
            *("source_workspace", "source_directory"),
        )
        bulk.save(self._connection, landings, [_landing(landing) for landing in landings_], changed=changed)

    def _known(self, wanted: Sequence[StoredObject]) -> dict[int, _Former]:
        """How those of the objects that exist stand before they are written."""
        known: dict[int, _Former] = {}
        for id_, *aspect, subtype in _FORMERS.rows(self._connection, [stored.id for stored in wanted]):
            known[id_] = _Former(_aspect_from(aspect), subtype)
        return known

    def _conflicting(self, wanted: Sequence[StoredObject]) -> AbstractContextManager[None]:
        """Undoes the block, and tells whose name or uid is taken, where one is."""
        return bulk.conflicts_as(self._connection, lambda: self._clash(wanted))

    def _recount(self, gone: Sequence[Named], come: Sequence[Named]) -> None:
        places = differences(gone=(place for place, _ in gone), come=(place for place, _ in come))
        change_counts(self._connection, places)
        self._renames.note(gone, come)

    def _set_names_aside(self, moving: Sequence[StoredObject]) -> None:
        """Gives objects that will get another name or uid a passing one, so that names can be swapped."""
        if not moving:
            return
        passing = literal("\x01") + cast(objects.c.id, String)
        for page in bulk.pages([stored.id for stored in moving]):
            here = bulk.among(self._connection, objects.c.id, page)
            self._connection.execute(update(objects).where(here).values(name=passing, uid=passing))

    def _clash(self, wanted: Sequence[StoredObject]) -> Conflict:
        """The conflict that names the first object whose name or uid another one has."""
        names: set[tuple[str, ObjectKind, str]] = set()
        uids: set[tuple[str, ObjectKind, str]] = set()
        ids = {stored.id for stored in wanted}
        for workspace_id in {stored.workspace_id for stored in wanted}:
            mine = [stored for stored in wanted if stored.workspace_id == workspace_id]
            others = list(self.by_uids(workspace_id, (stored.uid for stored in mine)).values())
            for kind in ObjectKind:
                others += self.by_names(workspace_id, kind, (o.name for o in mine if o.kind is kind)).values()
            names |= {(workspace_id, other.kind, other.name) for other in others if other.id not in ids}
            uids |= {(workspace_id, other.kind, other.uid) for other in others if other.id not in ids}
        for stored in wanted:
            name, uid = (
                (stored.workspace_id, stored.kind, stored.name),
                (stored.workspace_id, stored.kind, stored.uid),
            )
            if name in names or uid in uids:
                return faults.taken(stored.kind.value, stored.name)
            names.add(name)
            uids.add(uid)
        return faults.taken("object", "")


def _rest(stored: StoredObject) -> Values:
    """Values for the columns in ``_REST``."""
    return (
        *(stored.directory, stored.live_version, stored.live_digest, stored.last_version, stored.state.value),
        msgspec.json.encode(stored.held).decode() if stored.held else "[]",
        *(
            stored.created_by,
            stored.created_at,
            stored.updated_by,
            stored.updated_at,
            stored.locked_by,
            stored.locked_at,
        ),
    )


def _values(stored: StoredObject) -> Values:
    """Values for all columns of the table."""
    *identity, subtype = _identity_of(stored)
    directory, *rest = _rest(stored)
    return (stored.id, *identity, directory, subtype, stored.digest, *rest)


def _version(version: Version) -> Values:
    submitted = (version.note, version.submitted_by, version.submitted_at, version.import_id)
    return (version.object_id, version.number, version.digest, *submitted, version.undone)


def _landing(origin: ImportOrigin) -> Values:
    return (
        *(
            origin.object_id,
            origin.source_platform,
            origin.workspace_id,
            origin.kind.value,
            origin.source_uid,
        ),
        *(origin.entry_digest, origin.edits_digest, origin.result_digest, origin.landed_at),
        *(printable(origin.source_workspace), origin.source_directory),
    )


def _object(row: Sequence[Any]) -> StoredObject:
    """An object that shares with others what many have alike: whole workspaces are held at once."""
    id_, workspace_id, kind, name, uid, directory, subtype, digest, *rest = tuple(row)
    live_version, live_digest, last_version, state, held, *stamps = rest
    created_by, created_at, updated_by, updated_at, locked_by, locked_at = stamps
    return StoredObject(
        id=id_,
        workspace_id=intern(workspace_id),
        kind=_KINDS[kind],
        name=name,
        uid=uid,
        directory=intern(directory),
        subtype=intern(subtype),
        digest=digest,
        live_version=live_version,
        live_digest=digest if live_digest == digest else live_digest,
        last_version=last_version,
        state=_STATES[state],
        held=_held.decode(held) if held != "[]" else (),
        created_by=intern(created_by),
        created_at=created_at,
        updated_by=intern(updated_by),
        updated_at=updated_at,
        locked_by=intern(locked_by),
        locked_at=locked_at,
    )


class _Former(NamedTuple):
    """How an object stands before it is written."""

    aspect: Aspect
    subtype: str

    @property
    def identity(self) -> Values:
        """Values for the columns in ``_IDENTITY``."""
        was = self.aspect
        return was.workspace_id, was.kind.value, was.name, was.uid, self.subtype

    @property
    def named(self) -> Named:
        was = self.aspect
        return (was.workspace_id, was.kind.value, self.subtype), was.name


def _differing(
    wanted: Sequence[StoredObject], known: Mapping[int, _Former]
) -> tuple[list[StoredObject], list[StoredObject], list[Named]]:
    """Which objects get another identity, and which another draft: only their indexes need work.
    And how the first are still named and counted.
    """
    present = [(stored, known[stored.id]) for stored in wanted if stored.id in known]
    moving = [(stored, was) for stored, was in present if was.identity != _identity_of(stored)]
    redrafted = [stored for stored, was in present if was.aspect.digest != stored.digest]
    return [stored for stored, _ in moving], redrafted, [was.named for _, was in moving]


def _aspect_from(values: Sequence[Any]) -> Aspect:
    """What a row's columns in ``_ASPECT`` say."""
    workspace_id, kind, *rest = values
    return Aspect(workspace_id, _KINDS[kind], *rest)


def _named(stored: StoredObject) -> Named:
    """An object's name, and where it is counted."""
    return (stored.workspace_id, stored.kind.value, stored.subtype), stored.name


def _identity_of(stored: StoredObject) -> Values:
    """Values for the columns in ``_IDENTITY``: those that seldom change, and have indexes."""
    return stored.workspace_id, stored.kind.value, stored.name, stored.uid, stored.subtype
