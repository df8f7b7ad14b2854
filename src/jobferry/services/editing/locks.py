"""Locks of jobs and scripts: take, release, list.

Running, starting, exporting and looking ask for no lock. Whose lock may be taken or released by whom is the
workspace's lock policy.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

import msgspec

from jobferry.errors import Conflict, ErrorCode, InvalidRequest
from jobferry.model.grant import Grant
from jobferry.model.kinds import LOCKED_KINDS, ObjectKind
from jobferry.model.notice import NoticeCode
from jobferry.model.records import ObjectKey, StoredObject
from jobferry.model.rights import Action, viewing
from jobferry.model.settings import read_settings
from jobferry.services.editing.holding import locked
from jobferry.services.editing.named import missing, named
from jobferry.services.editing.telling import Former, tell_former
from jobferry.services.failures import told_if_failed
from jobferry.services.ground import Ground
from jobferry.store.ports import ObjectFilter, UnitOfWork


class Released(NamedTuple):
    """What came of a release of many: the objects that are unlocked now, and why the others are not."""

    unlocked: list[StoredObject]
    refused: list[tuple[ObjectKey, Conflict]]


class Locks:
    """Who may change what, of those who may change things."""

    def __init__(self, ground: Ground) -> None:
        self._ground = ground

    def take(self, grant: Grant, kind: ObjectKind, name: str) -> StoredObject:
        """Makes the caller the holder of an object's lock; who held it before is told.

        Raises:
            Forbidden: the caller may not lock.
            NotFound: there is no such object.
            Conflict: somebody else holds it, and the policy is hard (``locked``).
            InvalidRequest: objects of this kind have no locks.
        """
        self._allow(grant, kind, name)
        with (
            told_if_failed(self._ground, grant, "lock-take", kind=kind, subject=name),
            self._ground.store.write() as uow,
        ):
            before = named(uow.objects, grant, kind, name)
            if before.locked_by == grant.caller.name:
                return before
            _refuse_foreign(grant, before)
            after = msgspec.structs.replace(before, locked_by=grant.caller.name, locked_at=self._ground.now())
            uow.objects.set_locks([before.id], by=after.locked_by, at=after.locked_at)
            self._record(uow, grant, "lock-take", [before])
            former = Former([(before.locked_by, name)], grant.caller.name)
            tell_former(uow, self._ground, grant, NoticeCode.LOCKS_TAKEN, former)
            uow.commit()
        return after

    def release(self, grant: Grant, kind: ObjectKind, name: str) -> StoredObject:
        """Lets an object's lock go, whoever holds it; one that nobody holds stays so.

        Raises:
            Forbidden: the caller may not lock.
            NotFound: there is no such object.
            Conflict: somebody else holds it, and the policy is hard (``locked``).
            InvalidRequest: objects of this kind have no locks.
        """
        self._allow(grant, kind, name)
        with (
            told_if_failed(self._ground, grant, "lock-release", kind=kind, subject=name),
            self._ground.store.write() as uow,
        ):
            stored = named(uow.objects, grant, kind, name)
            _refuse_foreign(grant, stored)
            self._let_go(uow, grant, [stored])
            uow.commit()
        return _unlocked(stored)

    def release_all(self, grant: Grant, keys: Iterable[ObjectKey]) -> Released:
        """The same for many at once: what may not be released is left, and said.

        Raises:
            Forbidden: the caller may not lock.
            NotFound: one of the objects does not exist; then none is released.
        """
        wanted = list(dict.fromkeys(keys))
        self._ground.allow(grant, Action.LOCK_OPERATE, kind="workspace", subject=f"{len(wanted)} objects")
        released = Released([], [])
        with (
            told_if_failed(self._ground, grant, "lock-release", subject=f"{len(wanted)} objects"),
            self._ground.store.write() as uow,
        ):
            found = _all_named(uow, grant, wanted)
            for stored in found:
                try:
                    _refuse_foreign(grant, stored)
                except Conflict as refused:
                    released.refused.append((stored.key, refused))
                else:
                    released.unlocked.append(_unlocked(stored))
            kept = {key for key, _ in released.refused}
            self._let_go(uow, grant, [stored for stored in found if stored.key not in kept])
            uow.commit()
        return released

    def page(
        self, grant: Grant, kind: ObjectKind, *, holder: str, offset: int, limit: int
    ) -> tuple[int, list[StoredObject]]:
        """How many objects of a kind a user holds the locks of, or anybody, and some of them by name.

        Raises:
            Forbidden: the caller may not look at these.
        """
        self._ground.allow(grant, viewing(kind), kind=kind)
        _refuse_lockless(kind)
        wanted = ObjectFilter(
            workspace_id=grant.workspace.id,
            kind=kind,
            directories=grant.directories_of(kind),
            locked_by=holder,
        )
        with self._ground.store.read() as snapshot:
            return snapshot.objects.page(wanted, offset=offset, limit=limit)

    def _allow(self, grant: Grant, kind: ObjectKind, name: str) -> None:
        self._ground.allow(grant, Action.LOCK_OPERATE, kind=kind, subject=name)
        _refuse_lockless(kind)

    def _let_go(self, uow: UnitOfWork, grant: Grant, objects: list[StoredObject]) -> None:
        locked_ones = [stored for stored in objects if stored.locked_by]
        uow.objects.set_locks([stored.id for stored in locked_ones], by="", at=0)
        self._record(uow, grant, "lock-release", locked_ones)
        former = Former(((one.locked_by, one.name) for one in locked_ones), grant.caller.name)
        tell_former(uow, self._ground, grant, NoticeCode.LOCKS_RELEASED, former)

    def _record(self, uow: UnitOfWork, grant: Grant, action: str, objects: list[StoredObject]) -> None:
        """``objects`` are as they were before; whose lock it was is told."""
        self._ground.record(
            uow,
            *(
                self._ground.event(
                    grant,
                    action,
                    kind=one.kind,
                    subject=one.name,
                    detail=f"held by {one.locked_by}" if one.locked_by not in ("", grant.caller.name) else "",
                )
                for one in objects
            ),
        )


def _refuse_lockless(kind: ObjectKind) -> None:
    if kind not in LOCKED_KINDS:
        raise InvalidRequest(
            ErrorCode.INVALID_VALUE,
            f"objects of the kind {kind} have no locks",
            subject=kind,
            hint="locks are for: " + ", ".join(sorted(LOCKED_KINDS)),
        )


def _refuse_foreign(grant: Grant, stored: StoredObject) -> None:
    policy = read_settings(grant.workspace.settings).policy.lock_policy
    if grant.commands_lock(stored, policy):
        return
    heads = ", ".join(grant.administrators)
    raise locked(stored, f"the lock policy is hard: ask {stored.locked_by} to release it, or one of {heads}")


def _unlocked(stored: StoredObject) -> StoredObject:
    return msgspec.structs.replace(stored, locked_by="", locked_at=0)


def _all_named(uow: UnitOfWork, grant: Grant, keys: list[ObjectKey]) -> list[StoredObject]:
    found: dict[ObjectKey, StoredObject] = {}
    for kind in {kind for kind, _ in keys}:
        _refuse_lockless(kind)
        names = [name for wanted, name in keys if wanted is kind]
        there = uow.objects.by_names(grant.workspace.id, kind, names)
        found |= {(kind, name): one for name, one in there.items() if grant.reaches(one)}
    gone = next((key for key in keys if key not in found), None)
    if gone is not None:
        raise missing(*gone)
    return [found[key] for key in keys]
