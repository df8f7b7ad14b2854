"""Lets go of objects that were held for what is there now, in the transaction that makes it appear."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import TYPE_CHECKING

from jobferry.model.people import Grant
from jobferry.model.records import ObjectKey, StoredObject
from jobferry.model.transfer.plan_view import Waited
from jobferry.services.runtime import Runtime

if TYPE_CHECKING:
    from jobferry.store import UnitOfWork


def release(runtime: Runtime, uow: UnitOfWork, grant: Grant, things: Collection[Waited]) -> None:
    """Takes things off those that waited for them here. Who waits for nothing more is released, and the audit
    says so."""
    _tell(runtime, uow, grant, uow.objects.release(grant.workspace.id, things))


def release_kinds(runtime: Runtime, uow: UnitOfWork, grant: Grant, kinds: Collection[str]) -> None:
    """The same with everything of these kinds."""
    if kinds:
        _tell(runtime, uow, grant, uow.objects.release_kinds(grant.workspace.id, kinds))


def _tell(runtime: Runtime, uow: UnitOfWork, grant: Grant, released: Iterable[StoredObject]) -> None:
    free = [stored for stored in released if not stored.held]
    if free:
        runtime.record(
            uow,
            *(
                runtime.event(grant, "object-release", kind=stored.kind, subject=stored.name)
                for stored in free
            ),
        )


def appeared(keys: Collection[ObjectKey]) -> set[Waited]:
    """Objects as others wait for them."""
    return {(kind.value, name, "") for kind, name in keys}
