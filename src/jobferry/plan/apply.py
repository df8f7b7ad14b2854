"""Walks a plan's steps over a unit of work. Nothing is decided here; nothing is committed here."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from typing import Any, TypeAlias, assert_never

import msgspec

from jobferry.model.kinds import ObjectKind
from jobferry.model.names import ancestors
from jobferry.model.records import Landing, ObjectKey, StoredObject, Version
from jobferry.model.transfer.plan import (
    AskReview,
    Bind,
    Block,
    Create,
    Hold,
    Keep,
    Lock,
    ObjectOutcome,
    Overwrite,
    Plan,
    Skip,
    Step,
    Submit,
)
from jobferry.model.transfer.receipt import Prior, ReceiptItem
from jobferry.plan.asking import ask
from jobferry.plan.stamp import Stamp
from jobferry.store.ports import UnitOfWork

Walk: TypeAlias = Callable[[Sequence[Step]], Iterator[Step]]


class _Rows(msgspec.Struct):
    """What the steps amount to, gathered so that the store is asked in bulk."""

    objects: dict[ObjectKey, StoredObject]
    created: list[ObjectKey]
    overwritten: list[ObjectKey]
    versions: list[Version]
    landings: list[Landing]
    priors: dict[ObjectKey, Prior]


def apply(plan: Plan, uow: UnitOfWork, stamp: Stamp, walk: Walk = iter) -> list[ReceiptItem]:
    """Makes every step real inside the unit of work and gives one receipt item per object, in plan order.

    ``walk`` goes through the steps one by one, and may tell somebody how far it is.

    Raises:
        Conflict: an object or name that the plan counts on has changed (the caller compares fingerprints
            first, so this is a race that lost).
    """
    rows = _Rows({}, [], [], [], [], {})
    creates = sum(isinstance(step, Create) for step in plan.steps)
    next_id = uow.objects.reserve_ids(creates) if creates else 0
    there = uow.objects.by_ids([step.object_id for step in plan.steps if isinstance(step, Overwrite)])
    for step in walk(plan.steps):
        match step:
            case Create():
                _create(step, next_id, rows, stamp)
                next_id += 1
            case Overwrite():
                _overwrite(step, there[step.object_id], rows, stamp)
            case Hold():
                _change(rows, step, held=step.missing)
            case Lock():
                _change(rows, step, locked_by=stamp.by, locked_at=stamp.at)
            case Submit():
                _submit(step, rows, stamp)
            case Bind():
                _bind(step, rows, stamp)
            case AskReview() | Keep() | Skip() | Block():
                pass
            case _:
                assert_never(step)
    _write(rows, uow, stamp)
    ask(plan, rows.objects, uow, stamp)
    return list(receipt_items(plan, rows.priors))


def receipt_items(plan: Plan, priors: dict[ObjectKey, Prior] | None = None) -> Iterator[ReceiptItem]:
    """Each object's outcome, read from the plan's own steps."""
    for leading, following in plan.objects():
        key = (leading.kind, leading.name)
        version = next((step.number for step in following if isinstance(step, Submit)), 0)
        missing = next((step.missing for step in following if isinstance(step, Hold)), ())
        yield ReceiptItem(
            kind=leading.kind,
            name=leading.name,
            outcome=ObjectOutcome.HELD if missing else _outcome(leading),
            digest=leading.digest if isinstance(leading, Create | Overwrite) else "",
            version=version,
            reasons=leading.findings if isinstance(leading, Block) else (),
            missing=missing,
            prior=(priors or {}).get(key),
        )


def counts(items: list[ReceiptItem]) -> dict[ObjectOutcome, int]:
    """How many objects had each outcome; outcomes that nobody had are left out."""
    counted = Counter(item.outcome for item in items)
    return {outcome: counted[outcome] for outcome in ObjectOutcome if counted[outcome]}


def _outcome(leading: Step) -> ObjectOutcome:
    match leading:
        case Create():
            return ObjectOutcome.CREATED
        case Overwrite():
            return ObjectOutcome.OVERWRITTEN
        case Keep():
            return ObjectOutcome.UNCHANGED
        case Skip():
            return ObjectOutcome.SKIPPED
        case _:
            return ObjectOutcome.FAILED


def _create(step: Create, object_id: int, rows: _Rows, stamp: Stamp) -> None:
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


def _overwrite(step: Overwrite, stored: StoredObject, rows: _Rows, stamp: Stamp) -> None:
    key = (step.kind, step.name)
    rows.priors[key] = Prior(
        object_id=stored.id,
        name=stored.name,
        directory=stored.directory,
        subtype=stored.subtype,
        digest=stored.digest,
        live_version=stored.live_version,
        held=stored.held,
        locked_by=stored.locked_by,
        locked_at=stored.locked_at,
    )
    rows.objects[key] = msgspec.structs.replace(
        stored,
        name=step.name,
        subtype=step.subtype,
        digest=step.digest,
        held=(),
        updated_by=stamp.by,
        updated_at=stamp.at,
    )
    rows.overwritten.append(key)


def _change(rows: _Rows, step: Hold | Lock, **columns: Any) -> None:
    key = (step.kind, step.name)
    rows.objects[key] = msgspec.structs.replace(rows.objects[key], **columns)


def _submit(step: Submit, rows: _Rows, stamp: Stamp) -> None:
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


def _bind(step: Bind, rows: _Rows, stamp: Stamp) -> None:
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
            landed_at=stamp.at,
        )
    )


def _write(rows: _Rows, uow: UnitOfWork, stamp: Stamp) -> None:
    for kind in ObjectKind:
        places = {rows.objects[key].directory for key in rows.created if key[0] is kind}
        levels = {level for place in places for level in ancestors(place)}
        if levels:
            uow.objects.add_directories(stamp.workspace_id, kind, sorted(levels))
    if rows.overwritten:
        uow.objects.replace([rows.objects[key] for key in rows.overwritten])
    if rows.created:
        uow.objects.add([rows.objects[key] for key in rows.created])
    if rows.versions:
        uow.objects.add_versions(rows.versions)
    if rows.landings:
        uow.objects.save_landings(rows.landings)
