"""Undo: what stands in the way, which steps take an import back, and how they are applied."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Set
from typing import NamedTuple

from jobferry.model.document.references import Reference
from jobferry.model.document.times import written
from jobferry.model.kinds import ObjectKind
from jobferry.model.people import HIDDEN, Grant
from jobferry.model.quotas import quotas_of
from jobferry.model.records import ObjectKey, StoredObject
from jobferry.model.settings import WorkspaceSettings, read_settings
from jobferry.model.tags import Tags, beyond_limit, is_tag, locked_among
from jobferry.model.transfer.finding import Finding, quota_reached, tags_too_many
from jobferry.model.transfer.import_context import needed
from jobferry.model.transfer.plan import Block, Keep, Plan, Remove, Restore, Retag, Step
from jobferry.model.transfer.prior import state_hash
from jobferry.model.transfer.receipt import Receipt, ReceiptItem
from jobferry.model.transfer.target_state import fingerprint, is_stopped


class Present(NamedTuple):
    """The import's objects by id, who has the names they would get back, and what those jobs refer to
    that need something that is new and would go.

    ``tags`` are the workspace's, ``worn`` those that jobs have in the texts that would go or come back, by
    digest; ``counts`` how much the workspace holds of what is limited.
    """

    by_id: dict[int, StoredObject]
    by_name: dict[ObjectKey, StoredObject]
    users: dict[ObjectKey, tuple[Reference, ...]]
    tags: Tags
    worn: Mapping[str, Set[str]]
    counts: Mapping[str, int]


def locked_tags(item: ReceiptItem, present: Present) -> Iterator[Finding]:
    """The job would get or lose a tag that is locked by now."""
    prior, stored = item.prior, present.by_id.get(item.object_id)
    if prior is None:
        return
    had = present.worn.get(stored.digest, set()) if stored is not None else set()
    for tag in locked_among(had ^ present.worn.get(prior.digest, set()), present.tags):
        yield Finding.on(item.key, "tag-locked-since", tag=tag)


def too_many_tags(items: Iterable[ReceiptItem], present: Present) -> Iterator[tuple[ReceiptItem, Finding]]:
    """Tags that were deleted since would come back, and the workspace has its hundred."""
    worn = ((item, present.worn.get(item.prior.digest, ()) if item.prior else ()) for item in items)
    brought = ((item, filter(is_tag, sorted(tags))) for item, tags in worn)
    for item, tag in beyond_limit(present.tags, brought):
        yield item, tags_too_many(item.key, tag)


def no_room(
    items: Iterable[ReceiptItem], present: Present, settings: WorkspaceSettings
) -> Iterator[tuple[ReceiptItem, Finding]]:
    """What was removed would be made again, and others have filled the workspace; what goes leaves room."""
    limits = settings.fact_rules.limits
    held = Counter(present.counts)
    listed = list(items)
    for item in listed:
        stored = present.by_id.get(item.object_id)
        if stored is not None and item.prior is None:
            held.subtract(quota.things for quota in quotas_of(item.kind, stored.subtype))
    for item in listed:
        if item.prior is None or item.object_id in present.by_id:
            continue
        for quota in quotas_of(item.kind, item.prior.subtype):
            held[quota.things] += 1
            number, limit = held[quota.things], quota.limit(limits)
            if number > limit:
                yield item, quota_reached(item.key, number, limit, quota.things, quota.setting)


class Reversal(NamedTuple):
    """The plan that takes an import back, and what stands in its way. ``subjects`` is what it is about."""

    plan: Plan
    findings: tuple[Finding, ...]
    subjects: dict[ObjectKey, StoredObject | None]


def reversal(
    receipt: Receipt, items: Iterable[ReceiptItem], present: Present, grant: Grant, *, rest: bool
) -> Reversal:
    """Every object that the import wrote gets its prior state back, or vanishes if it was new.

    What was touched since stays; with ``rest`` the others are taken back all the same, else nothing is.
    """
    wrote = [item for item in items if item.object_id]
    found = {item.object_id: list(_hindrances(item, receipt, present, grant)) for item in wrote}
    _leave_what_finds_no_place(wrote, found, present, grant)
    _keep_what_others_need(wrote, found, present)
    steps = tuple(_step(item, found[item.object_id], receipt, present) for item in wrote)
    subjects = dict(_subjects(wrote, present, grant))
    findings = tuple(hindrance for hindrances in found.values() for hindrance in hindrances)
    plan = Plan(
        package_digest=receipt.package_digest,
        fingerprint=fingerprint(subjects),
        steps=_names_freed_first(steps),
        refused=bool(findings) and not rest,
    )
    return Reversal(plan, findings, subjects)


def is_new(item: ReceiptItem) -> bool:
    """Whether the import made the object: there was none before, and there is one now."""
    return item.prior is None and bool(item.left_mark)


def _names_freed_first(steps: tuple[Step, ...]) -> tuple[Step, ...]:
    """In the reverse of the order in which they landed: who depends goes before what it depends on."""
    return tuple(reversed(steps))


def _subjects(
    wrote: Iterable[ReceiptItem], present: Present, grant: Grant
) -> Iterator[tuple[ObjectKey, StoredObject | None]]:
    for item in wrote:
        stored = present.by_id.get(item.object_id)
        if stored is not None and not grant.reaches(stored):
            continue
        if stored is not None:
            yield stored.key, stored
        else:
            yield (item.kind, item.name), present.by_name.get((item.kind, item.name))
        if item.prior is not None and (stored is None or stored.name != item.prior.name):
            key = (item.kind, item.prior.name)
            yield key, present.by_name.get(key)


def _hindrances(item: ReceiptItem, receipt: Receipt, present: Present, grant: Grant) -> Iterator[Finding]:
    stored = present.by_id.get(item.object_id)
    if stored is not None and not grant.reaches(stored):
        yield from _misplaced(item, stored, present, grant)
        return
    was_removed = not item.left_mark
    if stored is None:
        if not was_removed and not is_new(item):
            yield Finding.on(item.key, "deleted-since")
    elif was_removed or state_hash(stored) != item.left_mark:
        yield Finding.on(item.key, "touched-since", by=stored.updated_by, at=written(stored.updated_at))
    elif stored.locked_by not in _known_holders(item, receipt):
        yield Finding.on(item.key, "locked-since", by=stored.locked_by, at=written(stored.locked_at))
    only_tag = item.prior is not None and item.prior.tag
    if stored is not None and not is_stopped(stored) and not only_tag:
        yield Finding.on(item.key, "target-not-stopped", state=stored.state)
    yield from locked_tags(item, present)
    yield from _misplaced(item, stored, present, grant)


def _misplaced(
    item: ReceiptItem, stored: StoredObject | None, present: Present, grant: Grant
) -> Iterator[Finding]:
    places = {one.directory for one in (stored, item.prior) if one is not None}
    if stored is not None and not grant.reaches(stored):
        places = {""}
    for directory in sorted(places) if item.kind in (ObjectKind.JOB, ObjectKind.SCRIPT) else ():
        if not grant.covers(directory):
            place, who = directory or HIDDEN, ", ".join(grant.administrators) or "operations"
            yield Finding.on(
                item.key, "directory-not-allowed", directory=place, user=grant.caller.name, who=who
            )
    if item.prior is None or (stored is None and item.left_mark):
        return
    if stored is not None and stored.name == item.prior.name:
        return
    name_holder = present.by_name.get((item.kind, item.prior.name))
    if name_holder is not None and name_holder.id not in present.by_id:
        yield Finding.on(item.key, "name-taken-since", name=item.prior.name)


def _known_holders(item: ReceiptItem, receipt: Receipt) -> set[str]:
    """Who may hold the lock without anybody having touched the object: a lock that was let go is no work."""
    return {"", receipt.imported_by, item.left_holder, item.prior.locked_by if item.prior else ""}


def _leave_what_finds_no_place(
    wrote: list[ReceiptItem], found: dict[int, list[Finding]], present: Present, grant: Grant
) -> None:
    """What nothing else keeps from coming back counts towards the limits, in the order in which it comes."""
    coming = [item for item in reversed(wrote) if not found[item.object_id]]
    settings = read_settings(grant.workspace.settings)
    crowded = [*no_room(coming, present, settings), *too_many_tags(coming, present)]
    for item, finding in crowded:
        found[item.object_id].append(finding)


def _keep_what_others_need(
    wrote: list[ReceiptItem], found: dict[int, list[Finding]], present: Present
) -> None:
    """New objects that something refers to which stays."""
    changing = [item for item in wrote if item.object_id in present.by_id and not found[item.object_id]]
    by_name = {(item.kind, present.by_id[item.object_id].name): item for item in changing}
    going = [key for key, item in by_name.items() if is_new(item)]
    staying = [key for key in present.users if key not in by_name]
    for key, user in needed(going, staying, present.users):
        item = by_name[key]
        found[item.object_id].append(Finding.on(item.key, "needed-here", user_kind=user[0], user=user[1]))


def _step(item: ReceiptItem, hindrances: list[Finding], receipt: Receipt, present: Present) -> Step:
    stored = present.by_id.get(item.object_id)
    kind, name = item.kind, stored.name if stored is not None else item.name
    if hindrances:
        return Block(kind=kind, name=name, findings=tuple(hindrances))
    if item.prior is not None and item.prior.tag:
        tag, digest = item.prior.tag, item.prior.digest
        return Retag(kind=kind, name=item.name, object_id=item.object_id, tag=tag, digest=digest)
    if item.prior is not None:
        return Restore(
            kind=kind,
            name=item.prior.name,
            former_name=name,
            prior=item.prior,
            undone=item.version,
            is_gone=stored is None,
            source_platform=receipt.source_platform,
        )
    if stored is None:
        return Keep(kind=kind, name=name)
    return Remove(kind=kind, name=name, object_id=item.object_id, source_platform=receipt.source_platform)
