"""Directories: one level of the tree with counts, and create, rename, move, delete.

Whoever moves a directory changes the drafts of all objects below it: all of them, or none. Live versions stay
as they are.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple

import msgspec

from jobferry.errors import Conflict, ErrorCode, Fault, InvalidRequest
from jobferry.model.directories import DirectoryCount, Level, above, depth, fault_of, level_of, lies_in, moved
from jobferry.model.document.edits import Put, edited
from jobferry.model.document.facts import FactRules, facts_of
from jobferry.model.document.text import digest_of, parse_known
from jobferry.model.kinds import PLACED_KINDS, ObjectKind
from jobferry.model.names import ROOT, ancestors, normal_directory
from jobferry.model.people import Grant
from jobferry.model.records import StoredObject, Text, Workspace
from jobferry.model.rights import Action, creating, deleting, editing, viewing
from jobferry.model.settings import read_settings
from jobferry.sentences import sentence
from jobferry.services.listing import refuse_placeless, refuse_unknown_directory
from jobferry.services.object_access import Editing, held
from jobferry.services.runtime import Attempt, Change, Runtime
from jobferry.services.saving import add_places

if TYPE_CHECKING:
    from jobferry.store import Contents, UnitOfWork

_PAGE = 500
_MOST_FAULTS = 100
_SHOWN = 140


class Moved(NamedTuple):
    """A directory at its new place, and how many objects lie in it and below."""

    path: str
    objects: int


class Directories:
    """The trees of a workspace, one a kind."""

    def __init__(self, runtime: Runtime) -> None:
        self._runtime = runtime

    def level(self, grant: Grant, kind: ObjectKind, parent: str) -> Level:
        """The directories directly in one, with counts of what the caller may work with.

        Raises:
            Forbidden: the caller may not look at objects of this kind.
            InvalidRequest: CDM definitions lie in no directories.
            NotFound: there is no such directory.
        """
        self._runtime.allow(grant, viewing(kind), kind=kind)
        refuse_placeless(kind)
        parent = normal_directory(parent)
        with self._runtime.store.read() as snapshot:
            refuse_unknown_directory(snapshot, grant, kind, parent)
            paths = snapshot.places.directories(grant.workspace.id, kind)
            numbers = snapshot.places.object_counts(grant.workspace.id, kind)
        covers = grant.covers if kind in PLACED_KINDS else _everywhere
        return level_of(parent, paths, numbers, covers)

    def create(self, grant: Grant, kind: ObjectKind, path: str) -> DirectoryCount:
        """Makes a directory, and those above it that are not there.

        Raises:
            Forbidden: the caller may not create objects of this kind, or not there.
            InvalidRequest: it cannot be called that, or lies too deep.
            Conflict: it exists, or the workspace has no room for it.
        """
        path = normal_directory(path)
        right = creating(kind)
        with self._runtime.attempt(grant, "directory-create", right, kind=kind, subject=path) as attempt:
            _refuse_root(kind, path)
            self._check_name(grant, path)
            self._allow(grant, right, kind, path)
            with attempt.change(only=grant.workspace.id) as change:
                if path in change.uow.places.directories(grant.workspace.id, kind):
                    raise _exists(kind, path)
                add_places(change.uow, grant.workspace.id, kind, path)
        return DirectoryCount(path, 0, 0, 0)

    def rename(self, grant: Grant, kind: ObjectKind, path: str, name: str, *, take_locks: bool) -> Moved:
        """Gives a directory another name; for the rest as :meth:`move`."""
        path = normal_directory(path)
        move = _Move(kind, path, normal_directory(f"{above(path)}/{name}"))
        right = editing(kind)
        with self._runtime.attempt(grant, "directory-move", right, kind=kind, subject=path) as attempt:
            if "/" in name or not name:
                raise _no_name(name)
            return self._relocate(attempt, grant, move, take_locks=take_locks)

    def move(self, grant: Grant, kind: ObjectKind, path: str, parent: str, *, take_locks: bool) -> Moved:
        """Puts a directory with all that lies in it into another one.

        The drafts of all objects below get their new place and nothing else changes in them; what is live
        does not. Locks that nobody holds are taken if that is wanted. All of it happens or nothing.

        Raises:
            Forbidden: the caller may not change objects of this kind, or not here or there.
            NotFound: there is no such directory, or no such parent.
            InvalidRequest: it would lie in itself, be too deep, or cannot be called that.
            Conflict: there is one of that name, a directory policy names it, or the locks of some objects
                are not the caller's (``locked``, ``not-locked``); all of these are told.
        """
        path, parent = normal_directory(path), normal_directory(parent)
        move = _Move(kind, path, normal_directory(f"{parent}/{path.rpartition('/')[2]}"))
        right = editing(kind)
        with self._runtime.attempt(grant, "directory-move", right, kind=kind, subject=path) as attempt:
            return self._relocate(attempt, grant, move, take_locks=take_locks)

    def delete(self, grant: Grant, kind: ObjectKind, path: str) -> None:
        """Deletes a directory in which nothing lies.

        Raises:
            Forbidden: the caller may not delete objects of this kind, or not there.
            NotFound: there is no such directory.
            Conflict: objects or directories lie in it (``directory-in-use``).
        """
        path = normal_directory(path)
        right = deleting(kind)
        with self._runtime.attempt(grant, "directory-delete", right, kind=kind, subject=path) as attempt:
            _refuse_root(kind, path)
            self._allow(grant, right, kind, path)
            with attempt.change(only=grant.workspace.id) as change:
                refuse_unknown_directory(change.uow, grant, kind, path)
                paths = change.uow.places.directories(grant.workspace.id, kind)
                numbers = change.uow.places.object_counts(grant.workspace.id, kind)
                here = level_of(path, paths, numbers, _everywhere).parent
                if here.objects_below or here.directories:
                    raise _in_use(here)
                change.uow.objects.remove_directories(grant.workspace.id, kind, [path])

    def _relocate(self, attempt: Attempt, grant: Grant, move: _Move, *, take_locks: bool) -> Moved:
        kind = move.kind
        _refuse_root(kind, move.path)
        self._check_name(grant, move.to)
        for place in (move.path, move.to):
            self._allow(grant, editing(kind), kind, place)
        with self._runtime.store.read() as snapshot:
            below = snapshot.objects.in_directory(grant.workspace.id, kind, move.path)
        staged = self._stage(grant.workspace, kind, (move.draft(stored) for stored in below))
        with attempt.change(only=grant.workspace.id) as change:
            _check_move(change.uow, grant, move)
            number = self._write(change, move, staged, take_locks=take_locks)
        return Moved(move.to, number)

    def _stage(self, workspace: Workspace, kind: ObjectKind, drafts: Iterable[_Draft]) -> dict[_Draft, str]:
        """Stores the texts, each page in a transaction of its own; by what each was, its digest then.

        Nobody sees them before an object refers to them.
        """
        fact_rules = read_settings(workspace.settings).fact_rules
        staged: dict[_Draft, str] = {}
        rest = iter(dict.fromkeys(drafts))
        while page := list(islice(rest, _PAGE)):
            with self._runtime.store.read() as snapshot:
                texts = _placed(snapshot.contents, kind, fact_rules, page)
            with self._runtime.store.write(only=workspace.id) as uow:
                uow.contents.put(list(texts.values()), at=self._runtime.now())
                uow.commit()
            staged |= {draft: text.digest for draft, text in texts.items()}
        return staged

    def _write(self, change: Change, move: _Move, staged: dict[_Draft, str], *, take_locks: bool) -> int:
        """Moves directories and objects; a draft that was saved since the staging is read now."""
        uow, grant, now = change.uow, change.grant, self._runtime.now()
        below = uow.objects.in_directory(grant.workspace.id, move.kind, move.path)
        locked = _all_held(below, grant, move, Editing(take_lock=take_locks), now)
        fact_rules = read_settings(grant.workspace.settings).fact_rules
        late = [draft for draft in map(move.draft, below) if draft not in staged]
        texts = _placed(uow.contents, move.kind, fact_rules, late)
        uow.contents.put(list(texts.values()), at=now)
        digests = staged | {draft: text.digest for draft, text in texts.items()}
        after = [
            msgspec.structs.replace(
                stored,
                directory=move.draft(stored).directory,
                digest=digests[move.draft(stored)],
                updated_by=grant.caller.name,
                updated_at=now,
            )
            for stored in locked
        ]
        uow.objects.replace(after)
        pairs = list(zip(below, after, strict=True))
        uow.objects.follow_drafts([(before.id, before.digest, stored.digest) for before, stored in pairs])
        _move_places(uow, grant, move)
        change.audit(detail=f"to {move.to}, {len(after)} {move.kind}s")
        for before, stored in pairs:
            if stored.locked_by != before.locked_by:
                change.audit("lock-take", subject=stored.name)
        return len(after)

    def _allow(self, grant: Grant, right: Action, kind: ObjectKind, path: str) -> None:
        if kind in PLACED_KINDS:
            self._runtime.allow(grant, right, kind=kind, subject=path, directory=path)

    def _check_name(self, grant: Grant, path: str) -> None:
        limits = read_settings(grant.workspace.settings).fact_rules.limits
        if fault := fault_of(path, limits):
            raise InvalidRequest(
                ErrorCode.INVALID_NAME,
                sentence("the directory {path} {fault}", path=path[:_SHOWN], fault=fault),
                subject=path[:_SHOWN],
                hint="choose another name or place",
            )


class _Draft(NamedTuple):
    """A draft by its digest, and the directory that it is to say."""

    digest: str
    directory: str


class _Move(NamedTuple):
    """A directory of one kind that goes elsewhere, or gets another name."""

    kind: ObjectKind
    path: str
    to: str

    def draft(self, stored: StoredObject) -> _Draft:
        """What becomes of an object in it or below."""
        return _Draft(stored.digest, moved(stored.directory, self.path, self.to))


def _placed(
    contents: Contents, kind: ObjectKind, fact_rules: FactRules, drafts: Sequence[_Draft]
) -> dict[_Draft, Text]:
    """The drafts with their new places, every other byte as it was."""
    before = dict(contents.texts(list({draft.digest for draft in drafts})))
    placed: dict[_Draft, Text] = {}
    for draft in drafts:
        text = edited(before[draft.digest], [Put(("directory",), draft.directory)])
        facts = facts_of(kind, parse_known(text), fact_rules, text=text)
        placed[draft] = Text(digest_of(text), text, facts, fact_rules.facts_version(kind))
    return placed


def _check_move(uow: UnitOfWork, grant: Grant, move: _Move) -> None:
    kind, path, to = move
    refuse_unknown_directory(uow, grant, kind, path)
    if lies_in(to, path) and to != path:
        raise InvalidRequest(
            ErrorCode.INVALID_VALUE,
            sentence("the directory {path} cannot be moved into itself", path=path),
            subject=path,
            hint="move it into a directory outside it",
        )
    refuse_unknown_directory(uow, grant, kind, above(to))
    paths = uow.places.directories(grant.workspace.id, kind)
    if to in paths:
        raise _exists(kind, to)
    limit = read_settings(grant.workspace.settings).fact_rules.limits.directory_depth
    deepest = max((one for one in paths if lies_in(one, path)), key=depth, default=path)
    levels = depth(moved(deepest, path, to))
    if levels > limit:
        raise InvalidRequest(
            ErrorCode.INVALID_VALUE,
            sentence(
                "{deepest} would be {levels} levels deep; at most {limit} are allowed",
                deepest=moved(deepest, path, to),
                levels=levels,
                limit=limit,
            ),
            subject=path,
            hint="move it to a place nearer to the root",
        )
    if kind in PLACED_KINDS:
        _refuse_named_by_policy(uow, grant, path)


def _refuse_named_by_policy(uow: UnitOfWork, grant: Grant, path: str) -> None:
    """A policy would go on to speak of the former place, and leave the new one to others."""
    for policy in uow.members.policies(grant.workspace.id):
        named = next((one for one in policy.directories if lies_in(normal_directory(one), path)), None)
        if named is not None:
            raise Conflict(
                ErrorCode.DIRECTORY_IN_USE,
                sentence("the directory policy {name} names {named}", name=policy.name, named=named),
                subject=path,
                hint="have an owner or administrator change the policy first",
            )


def _all_held(
    below: Sequence[StoredObject], grant: Grant, move: _Move, how: Editing, now: int
) -> list[StoredObject]:
    """The objects, all locked by the caller.

    Raises:
        Conflict: not all of them can be; each that cannot is told.
    """
    found: list[StoredObject] = []
    refused: list[tuple[StoredObject, Conflict]] = []
    for stored in below:
        try:
            found.append(held(stored, grant, how, now))
        except Conflict as conflict:
            refused.append((stored, conflict))
    if refused:
        faults = [
            Fault(conflict.code.value, stored.name, conflict.message, conflict.hint)
            for stored, conflict in refused[:_MOST_FAULTS]
        ]
        raise Conflict(
            refused[0][1].code,
            sentence(
                "the directory {path} cannot be moved: {count} of its {below} objects are locked by "
                "others, or by nobody",
                path=move.path,
                count=len(refused),
                below=len(below),
            ),
            subject=move.path,
            hint="take the locks of all of them first, or have the call take those that nobody holds",
            faults=faults,
        )
    return found


def _move_places(uow: UnitOfWork, grant: Grant, move: _Move) -> None:
    workspace_id, kind = grant.workspace.id, move.kind
    paths = [one for one in uow.places.directories(workspace_id, kind) if lies_in(one, move.path)]
    uow.objects.remove_directories(workspace_id, kind, paths)
    goes = {place for one in (move.path, *paths) for place in ancestors(moved(one, move.path, move.to))}
    uow.objects.add_directories(workspace_id, kind, sorted(goes))


def _refuse_root(kind: ObjectKind, path: str) -> None:
    refuse_placeless(kind)
    if path == ROOT:
        raise InvalidRequest(
            ErrorCode.INVALID_VALUE,
            "/ is the root directory: it cannot be created, moved, renamed or deleted",
            subject=ROOT,
            hint="name a directory below it",
        )


def _no_name(name: str) -> InvalidRequest:
    return InvalidRequest(
        ErrorCode.INVALID_NAME,
        sentence("the directory name {name} is not valid", name=repr(name[:_SHOWN])),
        subject=name[:_SHOWN],
        hint="give its last part alone; to put it elsewhere, move it",
    )


def _exists(kind: ObjectKind, path: str) -> Conflict:
    return Conflict(
        ErrorCode.NAME_TAKEN,
        sentence("the directory {path} exists already (kind {kind})", path=path, kind=kind),
        subject=path,
        hint="choose another name or place",
    )


def _in_use(here: DirectoryCount) -> Conflict:
    return Conflict(
        ErrorCode.DIRECTORY_IN_USE,
        sentence(
            "the directory {path} holds {count:object} and {directories:directory/directories}, "
            "and cannot be deleted",
            path=here.path,
            count=here.objects_below,
            directories=here.directories,
        ),
        subject=here.path,
        hint="move or delete its contents first",
    )


def _everywhere(_directory: str) -> bool:
    """For whoever is kept from no directory."""
    return True
