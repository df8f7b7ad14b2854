"""Builds the plan that takes an import back: pure, the same for the same inputs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from jobferry.model.grant import Grant
from jobferry.model.kinds import ObjectKind
from jobferry.model.moments import written
from jobferry.model.records import ObjectKey, StoredObject
from jobferry.model.settings import read_settings
from jobferry.model.transfer.arrival import objects_used
from jobferry.model.transfer.finding import Finding, Severity
from jobferry.model.transfer.plan import Block, Keep, Plan, Remove, Restore, Retag, Step
from jobferry.model.transfer.prior import mark_of
from jobferry.model.transfer.receipt import Receipt, ReceiptItem
from jobferry.model.transfer.target import fingerprint, is_stopped
from jobferry.plan.present import Present
from jobferry.plan.returning import locked_tags, no_room, too_many_tags


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
    subjects = dict(_subjects(wrote, present))
    findings = tuple(one for hindrances in found.values() for one in hindrances)
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
    wrote: Iterable[ReceiptItem], present: Present
) -> Iterator[tuple[ObjectKey, StoredObject | None]]:
    for item in wrote:
        stored = present.by_id.get(item.object_id)
        if stored is not None:
            yield stored.key, stored
        else:
            yield (item.kind, item.name), present.by_name.get((item.kind, item.name))
        if item.prior is not None and (stored is None or stored.name != item.prior.name):
            key = (item.kind, item.prior.name)
            yield key, present.by_name.get(key)


def _hindrances(item: ReceiptItem, receipt: Receipt, present: Present, grant: Grant) -> Iterator[Finding]:
    stored = present.by_id.get(item.object_id)
    was_removed = not item.left_mark
    if stored is None:
        if not was_removed and not is_new(item):
            yield _block(item, "deleted-since")
    elif was_removed or mark_of(stored) != item.left_mark:
        yield _block(item, "touched-since", by=stored.updated_by, at=written(stored.updated_at))
    elif stored.locked_by not in _known_holders(item, receipt):
        yield _block(item, "locked-since", by=stored.locked_by, at=written(stored.locked_at))
    only_tag = item.prior is not None and item.prior.tag
    if stored is not None and not is_stopped(stored) and not only_tag:
        yield _block(item, "target-not-stopped", state=stored.state)
    yield from locked_tags(item, present)
    yield from _misplaced(item, stored, present, grant)


def _misplaced(
    item: ReceiptItem, stored: StoredObject | None, present: Present, grant: Grant
) -> Iterator[Finding]:
    places = {one.directory for one in (stored, item.prior) if one is not None}
    for directory in sorted(places) if item.kind in (ObjectKind.JOB, ObjectKind.SCRIPT) else ():
        if not grant.covers(directory):
            who = ", ".join(grant.administrators) or "operations"
            yield _block(item, "directory-not-allowed", directory=directory, user=grant.caller.name, who=who)
    if item.prior is None or (stored is None and item.left_mark):
        return
    if stored is not None and stored.name == item.prior.name:
        return
    rival = present.by_name.get((item.kind, item.prior.name))
    if rival is not None and rival.id not in present.by_id:
        yield _block(item, "name-taken-since", name=item.prior.name)


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
    """New objects that something refers to which stays: until nothing more follows."""
    changing = [item for item in wrote if item.object_id in present.by_id and not found[item.object_id]]
    by_name = {(item.kind, present.by_id[item.object_id].name): item for item in changing}
    going = {key: item for key, item in by_name.items() if is_new(item)}
    waiting = [key for key in present.users if key not in by_name]
    while waiting:
        user = waiting.pop()
        for key in objects_used(present.users[user]):
            item = going.pop(key, None)
            if item is not None:
                found[item.object_id].append(_block(item, "needed-here", user_kind=user[0], user=user[1]))
                waiting += [key] if key in present.users else []


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


def _block(item: ReceiptItem, code: str, **args: str) -> Finding:
    return Finding(code=code, severity=Severity.BLOCK, kind=item.kind, name=item.name, args=args)
