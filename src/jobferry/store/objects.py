"""Jobs, scripts, resources and CDM definitions, with their versions, directories and landings."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from sys import intern
from typing import Any, NamedTuple

import msgspec
from sqlalchemy import ColumnElement, Connection, String, bindparam, cast, delete, literal, select, update

from jobferry.errors import Conflict, ErrorCode, StoreError
from jobferry.model.change_log import Aspect, aspect_of
from jobferry.model.document.facts import Mark
from jobferry.model.kinds import ObjectKind, SchedulingState
from jobferry.model.names import printable
from jobferry.model.records import MOST_VERSIONS, ImportOrigin, ObjectFilter, StoredObject, Version
from jobferry.model.transfer.plan_view import Waited, waited
from jobferry.store import bulk, changes, faults, places
from jobferry.store.bulk import Values
from jobferry.store.changes import Happened
from jobferry.store.index_terms import note_holds, waiting, waiting_for_kinds, waits_for
from jobferry.store.names import (
    Named,
    NameRows,
    Renames,
    change_counts,
    count_of,
    differences,
    is_marked,
    page_of_names,
)
from jobferry.store.schema import counters, directories, landings, objects, versions

_KINDS = {kind.value: kind for kind in ObjectKind}
_STATES = {state.value: state for state in SchedulingState}
_SCAN_PAGE = 1000
_DIGEST = ["digest"]
_STANDING = [
    *("uid", "name", "directory", "digest"),
    *("live_version", "last_version", "state", "locked_by"),
]
"""In the order of ``standing_of``."""
_REST = [
    *("directory", "live_version", "live_digest", "last_version", "state", "held"),
    *("created_by", "created_at", "updated_by", "updated_at", "locked_by", "locked_at"),
]

_HERE = objects.c.workspace_id == bindparam("workspace")
_OF_KIND = _HERE & (objects.c.kind == bindparam("kind"))
_OF_ANY_KIND = _HERE & objects.c.kind.in_([kind.value for kind in ObjectKind])
"""All kinds named, so that the index by uid can be used."""
_BY_NAME = bulk.Lookup(select(objects).where(_OF_KIND), objects.c.name)
_BY_UID = bulk.Lookup(select(objects).where(_OF_ANY_KIND), objects.c.uid)
_BY_ID = bulk.Lookup(select(objects), objects.c.id)
_STANDINGS = bulk.Lookup(select(*(objects.c[name] for name in _STANDING)).where(_OF_KIND), objects.c.name)

_held = msgspec.json.Decoder(tuple[str, ...])
_IDENTITY = ["workspace_id", "kind", "name", "uid", "subtype"]
_ASPECT = ["workspace_id", "kind", "uid", "name", "directory", "digest", "live_digest"]
"""In the order of :class:`~jobferry.model.change_log.Aspect`."""


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
        return {one.name: one for one in map(_object, found)}

    def by_uids(self, workspace_id: str, uids: Iterable[str]) -> dict[tuple[ObjectKind, str], StoredObject]:
        """Those objects that have one of the uids, by kind and uid; any number of uids."""
        found = _BY_UID.rows(self._connection, bulk.texts(uids), workspace=workspace_id)
        return {(one.kind, one.uid): one for one in map(_object, found)}

    def standings(
        self, workspace_id: str, kind: ObjectKind, names: Iterable[str]
    ) -> dict[str, tuple[object, ...]]:
        """What a plan counts on of those of the named objects that exist, by name (``standing_of``)."""
        where = {"workspace": workspace_id, "kind": kind.value}
        found = _STANDINGS.rows(self._connection, bulk.texts(names), **where)
        place = _STANDING.index("name")
        return {row[place]: tuple(row) for row in found}

    def by_ids(self, ids: Iterable[int]) -> dict[int, StoredObject]:
        """Those of the objects that exist, by id."""
        found = _BY_ID.rows(self._connection, dict.fromkeys(ids))
        return {one.id: one for one in map(_object, found)}

    def page(self, wanted: ObjectFilter, *, offset: int, limit: int) -> tuple[int, list[StoredObject]]:
        """How many there are in all, and one page of them in order of name."""
        total, names = page_of_names(self._connection, wanted, offset, limit, self._rows)
        found = self.by_names(wanted.workspace_id, wanted.kind, names)
        return total, [found[name] for name in names]

    def marked(self, workspace_id: str, kind: ObjectKind, marks: Iterable[Mark]) -> list[StoredObject]:
        """All objects whose drafts have any of the marks, in order of name."""
        here = is_marked(self._connection, workspace_id, kind, marks)
        return [
            _object(row) for row in self._connection.execute(select(objects).where(here).order_by("name"))
        ]

    def waits(self, workspace_id: str, workspace: str, names: Iterable[str]) -> dict[str, set[str]]:
        """Of all jobs whose drafts wait for the named ones, or for others that do: which each waits for.

        ``workspace`` is the name of their own workspace, which a document may say too.
        """
        return waits_for(self._connection, workspace_id, workspace, names)

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

    def count(self, workspace_id: str, kind: ObjectKind, subtype: str = "") -> int:
        """How many objects of a kind, and of a subtype if one is named."""
        return count_of(self._connection, workspace_id, kind, subtype).number

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
        raised = update(counters).where(counters.c.name == "objects")
        raised = raised.values(value=counters.c.value + count)
        last = self._connection.scalar(raised.returning(counters.c.value))
        if last is None:
            raise StoreError(ErrorCode.STORE_FAILED, "the database has no counter of object ids")
        return int(last) - count + 1

    def add(self, objects_: Sequence[StoredObject]) -> None:
        """Adds new objects under reserved ids.

        Raises:
            Conflict: a name or uid is taken (``name-taken``); none of them was added.
        """
        with bulk.telling(self._connection, lambda: self._clash(objects_)):
            bulk.add(self._connection, objects, map(_values, objects_))
            bulk.tell_planner(self._connection, objects, len(objects_))
            self._recount([], [_named(one) for one in objects_])
            note_holds(self._connection, [one for one in objects_ if one.held], fresh=True)
        come = (Happened(None, aspect_of(one), one.updated_by, one.updated_at) for one in objects_)
        changes.note(self._connection, {one.workspace_id for one in objects_}, come)

    def replace(self, objects_: Sequence[StoredObject], *, by: str = "", at: int = 0) -> None:
        """Writes every column of objects that exist, found by id. Objects may swap their names.

        The change log says who and when, or else who updated them and when.

        Raises:
            Conflict: a new name or uid is taken (``name-taken``); none of them was changed.
        """
        with bulk.telling(self._connection, lambda: self._clash(objects_)):
            known = self._known(objects_)
            moving, redrafted, left = _differing(objects_, known)
            self._set_names_aside(moving)
            bulk.amend(self._connection, objects, _IDENTITY, [(*_identity_of(o), o.id) for o in moving])
            bulk.amend(self._connection, objects, _DIGEST, [(o.digest, o.id) for o in redrafted])
            bulk.amend(self._connection, objects, _REST, [(*_rest(o), o.id) for o in objects_])
            self._recount(left, [_named(one) for one in moving])
            note_holds(self._connection, objects_, fresh=False)
        happened = (
            Happened(known[one.id].aspect, aspect_of(one), by or one.updated_by, at or one.updated_at)
            for one in objects_
            if one.id in known
        )
        changes.note(self._connection, {one.workspace_id for one in objects_}, happened)

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
                one, held=tuple(entry for entry in one.held if not is_there(waited(entry)))
            )
            for one in self.by_ids(ids).values()
        ]
        rows = [(msgspec.json.encode(one.held).decode(), one.id) for one in released]
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
            went = (Happened(_aspect_from(tuple(row)[:-1]), None, by, at) for row in gone)
            changes.note(self._connection, {row.workspace_id for row in gone}, went)

    def add_versions(self, versions_: Sequence[Version], *, keep: int = MOST_VERSIONS) -> None:
        """Adds submitted states. Of each of these objects only the last ``keep`` stay, and the live one.

        Raises:
            Conflict: an object has a version of that number.
        """
        bulk.add(self._connection, versions, map(_version, versions_))
        self._drop_versions([one.object_id for one in versions_ if one.number > keep], keep)

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

    def follow_drafts(self, moves: Sequence[tuple[int, str, str]]) -> None:
        """Lets what came into objects, and is their draft by the first digest, be that by the second."""
        places.follow_drafts(self._connection, moves)

    def save_landings(self, landings_: Sequence[ImportOrigin]) -> None:
        """Inserts or replaces, one per object and source platform."""
        changed = (
            *("source_uid", "entry_digest", "edits_digest", "result_digest", "landed_at"),
            *("source_workspace", "source_directory"),
        )
        bulk.save(self._connection, landings, [_landing(one) for one in landings_], changed=changed)

    def _known(self, wanted: Sequence[StoredObject]) -> dict[int, _Former]:
        """How those of the objects that exist stand before they are written."""
        known: dict[int, _Former] = {}
        columns = [objects.c[name] for name in ("id", *_ASPECT, "subtype")]
        for page in bulk.pages([one.id for one in wanted]):
            here = bulk.among(self._connection, objects.c.id, page)
            for row in self._connection.execute(select(*columns).where(here)):
                id_, *aspect, subtype = tuple[Any, ...](row)
                known[id_] = _Former(_aspect_from(aspect), subtype)
        return known

    def _recount(self, gone: Sequence[Named], come: Sequence[Named]) -> None:
        places = differences(gone=(place for place, _ in gone), come=(place for place, _ in come))
        change_counts(self._connection, places)
        self._renames.note(gone, come)

    def _set_names_aside(self, moving: Sequence[StoredObject]) -> None:
        """Gives objects that will get another name or uid a passing one, so that names can be swapped."""
        passing = literal("\x01") + cast(objects.c.id, String)
        for page in bulk.pages([one.id for one in moving]):
            here = bulk.among(self._connection, objects.c.id, page)
            self._connection.execute(update(objects).where(here).values(name=passing, uid=passing))

    def _clash(self, wanted: Sequence[StoredObject]) -> Conflict:
        """The conflict that names the first object whose name or uid another one has."""
        names: set[tuple[str, ObjectKind, str]] = set()
        uids: set[tuple[str, ObjectKind, str]] = set()
        ids = {one.id for one in wanted}
        for workspace_id in {one.workspace_id for one in wanted}:
            mine = [one for one in wanted if one.workspace_id == workspace_id]
            others = list(self.by_uids(workspace_id, (one.uid for one in mine)).values())
            for kind in ObjectKind:
                others += self.by_names(workspace_id, kind, (o.name for o in mine if o.kind is kind)).values()
            names |= {(workspace_id, one.kind, one.name) for one in others if one.id not in ids}
            uids |= {(workspace_id, one.kind, one.uid) for one in others if one.id not in ids}
        for one in wanted:
            name, uid = (one.workspace_id, one.kind, one.name), (one.workspace_id, one.kind, one.uid)
            if name in names or uid in uids:
                return faults.taken(one.kind.value, one.name)
            names.add(name)
            uids.add(uid)
        return faults.taken("object", "")


def _rest(one: StoredObject) -> Values:
    """Values for the columns in ``_REST``."""
    return (
        *(one.directory, one.live_version, one.live_digest, one.last_version, one.state.value),
        msgspec.json.encode(one.held).decode() if one.held else "[]",
        *(one.created_by, one.created_at, one.updated_by, one.updated_at, one.locked_by, one.locked_at),
    )


def _values(one: StoredObject) -> Values:
    """Values for all columns of the table."""
    *identity, subtype = _identity_of(one)
    directory, *rest = _rest(one)
    return (one.id, *identity, directory, subtype, one.digest, *rest)


def _version(one: Version) -> Values:
    submitted = (one.note, one.submitted_by, one.submitted_at, one.import_id)
    return (one.object_id, one.number, one.digest, *submitted, one.undone)


def _landing(one: ImportOrigin) -> Values:
    return (
        *(one.object_id, one.source_platform, one.workspace_id, one.kind.value, one.source_uid),
        *(one.entry_digest, one.edits_digest, one.result_digest, one.landed_at),
        *(printable(one.source_workspace), one.source_directory),
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
    present = [(one, known[one.id]) for one in wanted if one.id in known]
    moving = [(one, was) for one, was in present if was.identity != _identity_of(one)]
    redrafted = [one for one, was in present if was.aspect.digest != one.digest]
    return [one for one, _ in moving], redrafted, [was.named for _, was in moving]


def _aspect_from(values: Sequence[Any]) -> Aspect:
    """What a row's columns in ``_ASPECT`` say."""
    workspace_id, kind, *rest = values
    return Aspect(workspace_id, _KINDS[kind], *rest)


def _named(one: StoredObject) -> Named:
    """An object's name, and where it is counted."""
    return (one.workspace_id, one.kind.value, one.subtype), one.name


def _identity_of(one: StoredObject) -> Values:
    """Values for the columns in ``_IDENTITY``: those that seldom change, and have indexes."""
    return one.workspace_id, one.kind.value, one.name, one.uid, one.subtype
