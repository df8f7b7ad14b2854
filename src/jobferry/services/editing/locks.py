"""Locks of jobs and scripts: take, release, list; and who is told that a lock is theirs no longer."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, NamedTuple

import msgspec

from jobferry.errors import Conflict, ErrorCode, InvalidRequest
from jobferry.model.kinds import LOCKED_KINDS, ObjectKind
from jobferry.model.people import About, AboutKind, Grant, Notice, NoticeCode
from jobferry.model.records import ObjectFilter, ObjectKey, StoredObject
from jobferry.model.rights import Action, viewing
from jobferry.model.settings import read_settings
from jobferry.model.transfer.plan import Lock, Plan
from jobferry.model.transfer.receipt import Receipt
from jobferry.sentences import few, sentence
from jobferry.services.object_access import alike, locked, missing, named
from jobferry.services.runtime import Change, Runtime

if TYPE_CHECKING:
    from jobferry.store import UnitOfWork

_NAMED = 5
"""How many objects a notice names."""


class Former(dict[str, list[str]]):
    """By the user who held locks, the names of the objects; nobody and the caller do not count."""

    def __init__(self, held: Iterable[tuple[str, str]], caller: str) -> None:
        super().__init__()
        for holder, name in held:
            if holder not in ("", caller):
                self.setdefault(holder, []).append(name)


def tell_former(
    uow: UnitOfWork,
    runtime: Runtime,
    grant: Grant,
    code: NoticeCode,
    former: Former,
    receipt: Receipt | None = None,
) -> None:
    """Tells every former holder, in the transaction that takes the locks; who has gone is not told.

    It is about the workspace's locks, or about the import that took them.
    """
    about, package = About(workspace_id=grant.workspace.id, kind=AboutKind.LOCKS), {}
    if receipt is not None:
        package = {"package": receipt.package_name}
        about = msgspec.structs.replace(
            about, kind=AboutKind.RECEIPT, id=receipt.id, name=receipt.package_name
        )
    for holder, names in former.items():
        user = uow.people.user_named(holder)
        if user is None:
            continue
        told = {"by": grant.caller.name, "workspace": grant.workspace.name, "things": few(names, _NAMED)}
        uow.notices.add(
            Notice(
                id=runtime.new_id(),
                user_id=user.id,
                code=code,
                at=runtime.now(),
                about=about,
                args=told | package,
            )
        )


def tell_of_import(uow: UnitOfWork, runtime: Runtime, grant: Grant, plan: Plan, receipt: Receipt) -> None:
    """Tells those whose locks an import took over."""
    held = ((step.former_holder, step.name) for step in plan.steps if isinstance(step, Lock))
    former = Former(held, grant.caller.name)
    tell_former(uow, runtime, grant, NoticeCode.LOCKS_OVERWRITTEN, former, receipt)


class Released(NamedTuple):
    """What came of a release of many: the objects that are unlocked now, and why the others are not."""

    unlocked: list[StoredObject]
    refused: list[tuple[ObjectKey, Conflict]]


class Locks:
    """Who may change what, of those who may change things."""

    def __init__(self, runtime: Runtime) -> None:
        self._runtime = runtime

    def take(self, grant: Grant, kind: ObjectKind, name: str) -> StoredObject:
        """Makes the caller the holder of an object's lock; who held it before is told.

        Raises:
            Forbidden: the caller may not lock.
            NotFound: there is no such object.
            Conflict: somebody else holds it, and the policy is hard (``locked``).
            InvalidRequest: objects of this kind have no locks.
        """
        with self._runtime.change(
            grant, "lock-take", Action.LOCK_OPERATE, kind=kind, subject=name, only=grant.workspace.id
        ) as change:
            _refuse_lockless(kind)
            before = named(change.uow.objects, grant, kind, name)
            if before.locked_by == grant.caller.name:
                change.no_row()
                return before
            _refuse_foreign(change.grant, before)
            after = msgspec.structs.replace(
                before, locked_by=grant.caller.name, locked_at=self._runtime.now()
            )
            change.uow.objects.set_locks([before.id], by=after.locked_by, at=after.locked_at)
            _tell(change, grant, [before])
            former = Former([(before.locked_by, name)], grant.caller.name)
            tell_former(change.uow, self._runtime, grant, NoticeCode.LOCKS_TAKEN, former)
        return after

    def release(self, grant: Grant, kind: ObjectKind, name: str) -> StoredObject:
        """Lets an object's lock go, whoever holds it; one that nobody holds stays so.

        Raises:
            Forbidden: the caller may not lock.
            NotFound: there is no such object.
            Conflict: somebody else holds it, and the policy is hard (``locked``).
            InvalidRequest: objects of this kind have no locks.
        """
        with self._runtime.change(
            grant, "lock-release", Action.LOCK_OPERATE, kind=kind, subject=name, only=grant.workspace.id
        ) as change:
            _refuse_lockless(kind)
            stored = named(change.uow.objects, grant, kind, name)
            _refuse_foreign(change.grant, stored)
            self._let_go(change, grant, [stored])
        return _unlocked(stored)

    def release_all(self, grant: Grant, keys: Iterable[ObjectKey]) -> Released:
        """The same for many at once: what may not be released is left, and said.

        Raises:
            Forbidden: the caller may not lock.
            NotFound: one of the objects does not exist; then none is released.
        """
        wanted = list(dict.fromkeys(keys))
        self._runtime.allow(grant, Action.LOCK_OPERATE, kind="workspace", subject=f"{len(wanted)} objects")
        released = Released([], [])
        with self._runtime.change(
            grant, "lock-release", subject=f"{len(wanted)} objects", only=grant.workspace.id
        ) as change:
            grant = change.grant
            found = _all_named(change.uow, grant, wanted)
            for stored in found:
                try:
                    _refuse_foreign(grant, stored)
                except Conflict as refused:
                    released.refused.append((stored.key, refused))
                else:
                    released.unlocked.append(_unlocked(stored))
            kept = {key for key, _ in released.refused}
            self._let_go(change, grant, [stored for stored in found if stored.key not in kept])
        return released

    def page(
        self, grant: Grant, kind: ObjectKind, *, holder: str, offset: int, limit: int
    ) -> tuple[int, list[StoredObject]]:
        """How many objects of a kind a user holds the locks of, or anybody, and some of them by name.

        Raises:
            Forbidden: the caller may not look at these.
        """
        self._runtime.allow(grant, viewing(kind), kind=kind)
        _refuse_lockless(kind)
        wanted = ObjectFilter(
            workspace_id=grant.workspace.id,
            kind=kind,
            directories=grant.directories_of(kind),
            locked_by=holder,
        )
        with self._runtime.store.read() as snapshot:
            return snapshot.objects.page(wanted, offset=offset, limit=limit)

    def _let_go(self, change: Change, grant: Grant, objects: list[StoredObject]) -> None:
        locked_ones = [stored for stored in objects if stored.locked_by]
        change.uow.objects.set_locks([stored.id for stored in locked_ones], by="", at=0)
        _tell(change, grant, locked_ones)
        former = Former(((stored.locked_by, stored.name) for stored in locked_ones), grant.caller.name)
        tell_former(change.uow, self._runtime, grant, NoticeCode.LOCKS_RELEASED, former)


def _tell(change: Change, grant: Grant, objects: list[StoredObject]) -> None:
    """One row an object; these are as they were before, and whose lock it was is told."""
    change.no_row()
    for stored in objects:
        foreign = stored.locked_by not in ("", grant.caller.name)
        detail = sentence("held by {locked_by}", locked_by=stored.locked_by) if foreign else ""
        change.audit(kind=stored.kind, subject=stored.name, detail=detail)


def _refuse_lockless(kind: ObjectKind) -> None:
    if kind not in LOCKED_KINDS:
        raise InvalidRequest(
            ErrorCode.INVALID_VALUE,
            sentence("objects of the kind {kind} have no locks", kind=kind),
            subject=kind,
            hint=sentence("locks are for: {kinds}", kinds=sorted(LOCKED_KINDS)),
        )


def _refuse_foreign(grant: Grant, stored: StoredObject) -> None:
    policy = read_settings(grant.workspace.settings).policy.lock_policy
    if grant.commands_lock(stored, policy):
        return
    heads = ", ".join(grant.administrators)
    raise locked(
        stored,
        sentence(
            "the lock policy is hard: ask {locked_by} to release it, or one of {heads}",
            locked_by=stored.locked_by,
            heads=heads,
        ),
    )


def _unlocked(stored: StoredObject) -> StoredObject:
    return msgspec.structs.replace(stored, locked_by="", locked_at=0)


def _all_named(uow: UnitOfWork, grant: Grant, keys: list[ObjectKey]) -> list[StoredObject]:
    found: dict[ObjectKey, StoredObject] = {}
    for kind in {kind for kind, _ in keys}:
        _refuse_lockless(kind)
        names = [name for wanted, name in keys if wanted is kind]
        there = uow.objects.by_names(grant.workspace.id, kind, names)
        found |= {(kind, name): stored for name, stored in there.items() if grant.reaches(stored)}
    gone = next((key for key in keys if key not in found), None)
    if gone is not None:
        raise missing(*gone, alike(uow.objects, grant, *gone))
    return [found[key] for key in keys]
