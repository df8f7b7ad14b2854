"""Walks a plan's steps over a unit of work. Nothing is decided here; nothing is committed here."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias, assert_never

import msgspec

from jobferry.model.kinds import ObjectKind
from jobferry.model.names import ancestors
from jobferry.model.records import MOST_VERSIONS, ImportOrigin, ObjectKey, StoredObject, Version
from jobferry.model.review import Ask, Review, ReviewItem, ReviewKind
from jobferry.model.transfer.finding_group import FoundGroups
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
    reasons_of,
)
from jobferry.model.transfer.prior import Prior, made_again, prior_of, restored, state_hash
from jobferry.model.transfer.receipt import ReceiptItem

if TYPE_CHECKING:
    from jobferry.store import UnitOfWork


class Stamp(msgspec.Struct, frozen=True, kw_only=True):
    """Which import this is, by whom and when (ms); ``new_uid`` names objects that bring no uid.

    ``approvers`` are asked where what it submits needs a review, which is called after the package.
    ``keep_versions`` is how many versions of each object the workspace keeps.
    """

    import_id: str
    workspace_id: str
    by: str
    at: int
    new_uid: Callable[[], str]
    keep_versions: int = MOST_VERSIONS
    package_name: str = ""
    approvers: tuple[str, ...] = ()
    tagged: Mapping[int, str] = {}
    """By object id, the drafts with the failed tag."""


class Rows(msgspec.Struct):
    """Objects by the names they get; those that were there before have a prior state.

    Which of them are new or changed, and what goes with them.
    """

    objects: dict[ObjectKey, StoredObject] = {}
    created: list[ObjectKey] = []
    overwritten: list[ObjectKey] = []
    versions: list[Version] = []
    landings: list[ImportOrigin] = []
    priors: dict[ObjectKey, Prior] = {}
    gone: dict[int, Prior] = {}
    """Objects that go, by id: something else may get their names."""
    removed: list[int] = []
    retagged: list[tuple[int, str, str]] = []
    """Drafts that differ by a tag: object, digest before and after."""
    unbound: list[tuple[int, str]] = []
    """Landings that go: objects and the platforms that they came from."""
    marked: list[tuple[int, int, str]] = []
    """Versions and which receipt took them back, if one did: object, number, receipt."""


def write(rows: Rows, uow: UnitOfWork, stamp: Stamp) -> None:
    """Writes everything in bulk. What goes, goes first, so that names are free again."""
    if rows.removed:
        uow.objects.remove(rows.removed, by=stamp.by, at=stamp.at)
    for kind in ObjectKind:
        here = [key for key in (*rows.created, *rows.overwritten) if key[0] is kind]
        levels = {level for key in here for level in ancestors(rows.objects[key].directory)}
        if levels:
            uow.objects.add_directories(stamp.workspace_id, kind, sorted(levels))
    if rows.overwritten:
        uow.objects.replace([rows.objects[key] for key in rows.overwritten])
    if rows.created:
        uow.objects.add([rows.objects[key] for key in rows.created])
    if rows.versions:
        uow.objects.add_versions(rows.versions, keep=stamp.keep_versions)
    if rows.marked:
        uow.objects.mark_undone(rows.marked)
    if rows.retagged:
        uow.objects.follow_drafts(rows.retagged)
    if rows.landings:
        uow.objects.save_landings(rows.landings)
    if rows.unbound:
        uow.objects.remove_landings(rows.unbound)


def ask(plan: Plan, objects: Mapping[ObjectKey, StoredObject], uow: UnitOfWork, stamp: Stamp) -> None:
    """Adds the review that the plan's steps ask for, and the items that wait for a release."""
    reviewed = [step for step in plan.steps if isinstance(step, AskReview)]
    if reviewed:
        review = Review(
            id=stamp.new_uid(),
            workspace_id=stamp.workspace_id,
            kind=ReviewKind.REVIEW,
            name=stamp.package_name,
            size=len(reviewed),
            asked_by=stamp.by,
            asked_at=stamp.at,
            approvers=stamp.approvers,
            import_id=stamp.import_id,
        )
        uow.reviews.add(review, _items(reviewed, objects, stamp))
    waiting = [step for step in plan.steps if isinstance(step, Submit) and not step.live]
    if waiting:
        uow.reviews.add_pending_items(_items(waiting, objects, stamp))


def _items(
    steps: Sequence[AskReview | Submit], objects: Mapping[ObjectKey, StoredObject], stamp: Stamp
) -> list[ReviewItem]:
    return [
        ReviewItem(
            workspace_id=stamp.workspace_id,
            object_id=objects[(step.kind, step.name)].id,
            kind=step.kind,
            name=step.name,
            ask=Ask.SUBMIT,
            version=step.number,
            digest=step.digest,
            asked_by=stamp.by,
            asked_at=stamp.at,
            import_id=stamp.import_id,
        )
        for step in steps
    ]


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


def apply(
    plan: Plan, uow: UnitOfWork, stamp: Stamp, found: FoundGroups, walk: Walk = iter
) -> list[ReceiptItem]:
    """Makes every step real inside the unit of work and gives one receipt item per object, in plan order.

    ``found`` numbers the findings that steps name. ``walk`` goes through the steps one by one, and may tell
    somebody how far it is.

    Raises:
        Conflict: an object or name that the plan counts on has changed (the caller compares fingerprints
            first, so this is a race that lost).
    """
    rows = Rows()
    creates = sum(isinstance(step, Create) for step in plan.steps)
    next_id = uow.objects.reserve_ids(creates) if creates else 0
    there = uow.objects.by_ids(_ids(plan))
    landed = _landed(plan, uow, there)
    pasts = _pasts(uow, [step.object_id for step in plan.steps if isinstance(step, _GOING)])
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
                _restore(step, there.get(step.prior.object_id), landed, rows, stamp)
            case Tag() | Retag():
                _retag(step, there[step.object_id], rows, stamp)
            case Remove() | Delete():
                _remove(there[step.object_id], landed, pasts, rows)
            case _:
                assert_never(step)
    write(rows, uow, stamp)
    ask(plan, rows.objects, uow, stamp)
    return list(receipt_items(plan, found, rows))


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


def _landed(plan: Plan, uow: UnitOfWork, there: dict[int, StoredObject]) -> dict[int, ImportOrigin]:
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


def receipt_items(plan: Plan, found: FoundGroups, rows: Rows | None = None) -> Iterator[ReceiptItem]:
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
            outcome=ObjectOutcome.HELD if missing else _OUTCOMES.get(type(leading), ObjectOutcome.BLOCKED),
            digest=_digest(leading),
            version=next((step.number for step in following if isinstance(step, Submit)), 0),
            reasons=found.reasons(reasons_of(leading, following)),
            missing=missing,
            prior=prior,
            object_id=written.id if written else prior.object_id if prior else 0,
            left_mark=state_hash(written) if written else "",
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
    step: Overwrite, stored: StoredObject, landed: dict[int, ImportOrigin], rows: Rows, stamp: Stamp
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
        ImportOrigin(
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


def _restore(
    step: Restore, stored: StoredObject | None, landed: dict[int, ImportOrigin], rows: Rows, stamp: Stamp
) -> None:
    """Puts the prior state back; an object that is gone is made again under its old id and uid."""
    key, prior = (step.kind, step.name), step.prior
    if stored is None:
        again = made_again(prior, step.kind, stamp.workspace_id)
        rows.created.append(key)
        rows.versions += prior.versions
        rows.landings += prior.landings
    else:
        rows.priors[key] = prior_of(stored, landed.get(stored.id))
        again = restored(prior, stored)
        rows.overwritten.append(key)
        if step.undone:
            rows.marked.append((stored.id, step.undone, stamp.import_id))
        if prior.live_version:
            rows.marked.append((stored.id, prior.live_version, ""))
    rows.objects[key] = msgspec.structs.replace(again, updated_by=stamp.by, updated_at=stamp.at)
    if prior.landing is not None:
        rows.landings.append(prior.landing)
    elif stored is not None and stored.id in landed:
        rows.unbound.append((stored.id, step.source_platform))


def _retag(step: Tag | Retag, stored: StoredObject, rows: Rows, stamp: Stamp) -> None:
    """Gives the object a draft that differs by a tag.

    What has come into it moves along: nobody has edited the object by that.
    """
    digest = step.digest if isinstance(step, Retag) else stamp.tagged[step.object_id]
    key = (step.kind, step.name)
    rows.priors[key] = msgspec.structs.replace(prior_of(stored, None), tag=step.tag)
    rows.objects[key] = msgspec.structs.replace(
        stored, digest=digest, updated_by=stamp.by, updated_at=stamp.at
    )
    rows.overwritten.append(key)
    rows.retagged.append((stored.id, stored.digest, digest))


class Past(NamedTuple):
    """What goes with an object that goes: its versions, and what came into it from anywhere."""

    versions: tuple[Version, ...]
    landings: tuple[ImportOrigin, ...]


def _pasts(uow: UnitOfWork, object_ids: Sequence[int]) -> dict[int, Past]:
    """What would be lost with these objects."""
    versions: dict[int, list[Version]] = {object_id: [] for object_id in object_ids}
    landings: dict[int, list[ImportOrigin]] = {object_id: [] for object_id in object_ids}
    if object_ids:
        for version in uow.objects.versions_of(object_ids):
            versions[version.object_id].append(version)
        for landing in uow.places.landings_of(object_ids):
            landings[landing.object_id].append(landing)
    return {
        object_id: Past(tuple(versions[object_id]), tuple(landings[object_id])) for object_id in object_ids
    }


def _remove(stored: StoredObject, landed: dict[int, ImportOrigin], past: dict[int, Past], rows: Rows) -> None:
    """Takes an object away; its prior state is enough to make it again."""
    landing, lost = landed.get(stored.id), past[stored.id]
    rows.gone[stored.id] = msgspec.structs.replace(
        prior_of(stored, landing),
        versions=lost.versions,
        landings=tuple(origin for origin in lost.landings if origin != landing),
    )
    rows.removed.append(stored.id)
