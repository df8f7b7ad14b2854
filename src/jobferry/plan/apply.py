"""Walks a plan's steps over a unit of work. Nothing is decided here; nothing is committed here."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from typing import Any, TypeAlias, assert_never

import msgspec

from jobferry.model.records import Landing, StoredObject, Version
from jobferry.model.transfer.plan import (
    AskReview,
    Bind,
    Block,
    Create,
    Delete,
    Hold,
    Keep,
    Lock,
    ObjectOutcome,
    Overwrite,
    PlaceFile,
    Plan,
    Remove,
    Restore,
    Retag,
    Skip,
    Step,
    Submit,
    Tag,
)
from jobferry.model.transfer.prior import mark_of, prior_of
from jobferry.model.transfer.receipt import ReceiptItem
from jobferry.plan import undo
from jobferry.plan.asking import ask
from jobferry.plan.rows import Rows, Stamp, write
from jobferry.store.ports import UnitOfWork

__all__ = ["Stamp", "apply", "counts", "receipt_items"]

_GOING = (Remove, Delete)
_OUTCOMES: dict[type[Step], ObjectOutcome] = {
    Create: ObjectOutcome.CREATED,
    Overwrite: ObjectOutcome.OVERWRITTEN,
    Keep: ObjectOutcome.UNCHANGED,
    Skip: ObjectOutcome.SKIPPED,
    Restore: ObjectOutcome.RESTORED,
    Retag: ObjectOutcome.RESTORED,
    Remove: ObjectOutcome.REMOVED,
    Delete: ObjectOutcome.DELETED,
}

Walk: TypeAlias = Callable[[Sequence[Step]], Iterator[Step]]


def apply(plan: Plan, uow: UnitOfWork, stamp: Stamp, walk: Walk = iter) -> list[ReceiptItem]:
    """Makes every step real inside the unit of work and gives one receipt item per object, in plan order.

    ``walk`` goes through the steps one by one, and may tell somebody how far it is.

    Raises:
        Conflict: an object or name that the plan counts on has changed (the caller compares fingerprints
            first, so this is a race that lost).
    """
    rows = Rows()
    creates = sum(isinstance(step, Create) for step in plan.steps)
    next_id = uow.objects.reserve_ids(creates) if creates else 0
    there = uow.objects.by_ids(_ids(plan))
    landed = _landed(plan, uow, there)
    pasts = undo.pasts(uow, [step.object_id for step in plan.steps if isinstance(step, _GOING)])
    for step in walk(plan.steps):
        match step:
            case Keep() | Skip() | Block() | AskReview() | PlaceFile():
                pass
            case Create():
                _create(step, next_id, rows, stamp)
                next_id += 1
            case Overwrite():
                _overwrite(step, there[step.object_id], landed, rows, stamp)
            case Hold():
                _change(rows, step, held=step.missing)
            case Lock():
                _change(rows, step, locked_by=stamp.by, locked_at=stamp.at)
            case Submit():
                _submit(step, rows, stamp)
            case Bind():
                _bind(step, rows, stamp)
            case Restore():
                undo.restore(step, there.get(step.prior.object_id), landed, rows, stamp)
            case Tag() | Retag():
                undo.retag(step, there[step.object_id], rows, stamp)
            case Remove() | Delete():
                undo.remove(there[step.object_id], landed, pasts, rows)
            case _:
                assert_never(step)
    write(rows, uow, stamp)
    ask(plan, rows.objects, uow, stamp)
    return list(receipt_items(plan, rows))


def _ids(plan: Plan) -> Iterator[int]:
    """The objects that are there and will be changed or go."""
    for step in plan.steps:
        match step:
            case Overwrite() | Remove() | Delete() | Tag() | Retag():
                yield step.object_id
            case Restore():
                yield step.prior.object_id
            case _:
                pass


def _landed(plan: Plan, uow: UnitOfWork, there: dict[int, StoredObject]) -> dict[int, Landing]:
    """What had come into these objects from the platform that the plan is about."""
    sources = {
        step.source_platform
        for step in plan.steps
        if isinstance(step, (Bind, Restore, *_GOING)) and step.source_platform
    }
    return {
        landing.object_id: landing
        for source in sources
        for landing in uow.places.landings_on(list(there), source)
    }


def receipt_items(plan: Plan, rows: Rows | None = None) -> Iterator[ReceiptItem]:
    """Each object's outcome, read from the plan's own steps; with the ``rows`` that were written."""
    for leading, following in plan.objects():
        key = (leading.kind, leading.name)
        prior = rows.priors.get(key) if rows else None
        written = rows.objects.get(key) if rows else None
        if isinstance(leading, _GOING):
            prior, written = rows.gone.get(leading.object_id) if rows else None, None
        missing = next((step.missing for step in following if isinstance(step, Hold)), ())
        yield ReceiptItem(
            kind=leading.kind,
            name=leading.name,
            outcome=ObjectOutcome.HELD if missing else _OUTCOMES.get(type(leading), ObjectOutcome.FAILED),
            digest=_digest(leading),
            version=next((step.number for step in following if isinstance(step, Submit)), 0),
            reasons=leading.findings if isinstance(leading, (Block, Skip)) else (),
            missing=missing,
            prior=prior,
            object_id=written.id if written else prior.object_id if prior else 0,
            left_mark=mark_of(written) if written else "",
            left_holder=written.locked_by if written else "",
        )


def _digest(leading: Step) -> str:
    match leading:
        case Create() | Overwrite() | Delete() | Retag():
            return leading.digest
        case Restore():
            return leading.prior.digest
        case _:
            return ""


def counts(items: list[ReceiptItem]) -> dict[ObjectOutcome, int]:
    """How many objects had each outcome; outcomes that nobody had are left out."""
    counted = Counter(item.outcome for item in items)
    return {outcome: counted[outcome] for outcome in ObjectOutcome if counted[outcome]}


def _create(step: Create, object_id: int, rows: Rows, stamp: Stamp) -> None:
    key = (step.kind, step.name)
    rows.objects[key] = StoredObject(
        id=object_id,
        workspace_id=stamp.workspace_id,
        kind=step.kind,
        name=step.name,
        uid=step.uid or stamp.new_uid(),
        directory=step.directory,
        subtype=step.subtype,
        digest=step.digest,
        created_by=stamp.by,
        created_at=stamp.at,
        updated_by=stamp.by,
        updated_at=stamp.at,
    )
    rows.created.append(key)


def _overwrite(
    step: Overwrite, stored: StoredObject, landed: dict[int, Landing], rows: Rows, stamp: Stamp
) -> None:
    key = (step.kind, step.name)
    rows.priors[key] = prior_of(stored, landed.get(stored.id))
    rows.objects[key] = msgspec.structs.replace(
        stored,
        name=step.name,
        directory=step.directory,
        subtype=step.subtype,
        digest=step.digest,
        held=(),
        updated_by=stamp.by,
        updated_at=stamp.at,
    )
    rows.overwritten.append(key)


def _change(rows: Rows, step: Hold | Lock, **columns: Any) -> None:
    key = (step.kind, step.name)
    rows.objects[key] = msgspec.structs.replace(rows.objects[key], **columns)


def _submit(step: Submit, rows: Rows, stamp: Stamp) -> None:
    key = (step.kind, step.name)
    stored = rows.objects[key]
    stored = msgspec.structs.replace(stored, last_version=step.number)
    if step.live:
        stored = msgspec.structs.replace(stored, live_version=step.number, live_digest=step.digest)
    rows.objects[key] = stored
    rows.versions.append(
        Version(
            object_id=stored.id,
            number=step.number,
            digest=step.digest,
            submitted_by=stamp.by,
            submitted_at=stamp.at,
            import_id=stamp.import_id,
        )
    )


def _bind(step: Bind, rows: Rows, stamp: Stamp) -> None:
    rows.landings.append(
        Landing(
            workspace_id=stamp.workspace_id,
            object_id=rows.objects[(step.kind, step.name)].id,
            kind=step.kind,
            source_platform=step.source_platform,
            source_uid=step.source_uid,
            entry_digest=step.entry_digest,
            edits_digest=step.edits_digest,
            result_digest=step.result_digest,
            source_workspace=step.source_workspace,
            source_directory=step.source_directory,
            landed_at=stamp.at,
        )
    )
