"""Lets go of objects that were held for what is there now, in the transaction that makes it appear."""

from __future__ import annotations

from collections.abc import Collection

from jobferry.model.grant import Grant
from jobferry.model.records import ObjectKey
from jobferry.model.transfer.planned.waiting import Waited
from jobferry.services.ground import Ground
from jobferry.store.ports import UnitOfWork


def release(ground: Ground, uow: UnitOfWork, grant: Grant, things: Collection[Waited]) -> None:
    """Takes things off those that waited for them here. Who waits for nothing more is released, and the audit
    says so."""
    free = [one for one in uow.objects.release(grant.workspace.id, things) if not one.held]
    if free:
        ground.record(
            uow,
            *(ground.event(grant, "object-release", kind=one.kind, subject=one.name) for one in free),
        )


def appeared(keys: Collection[ObjectKey]) -> set[Waited]:
    """Objects as others wait for them."""
    return {(kind.value, name, "") for kind, name in keys}
