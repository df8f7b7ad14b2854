"""What stands in the way of objects that come back with an undo: locked tags, too many tags, no room."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from jobferry.model.editing.tags import MOST_TAGS, fresh_among, is_tag, locked_among
from jobferry.model.kinds import JobType, ObjectKind
from jobferry.model.settings import WorkspaceSettings
from jobferry.model.transfer.finding import Finding, Severity
from jobferry.model.transfer.receipt import ReceiptItem
from jobferry.plan.present import Present


def locked_tags(item: ReceiptItem, present: Present) -> Iterator[Finding]:
    """The job would get or lose a tag that is locked by now."""
    prior, stored = item.prior, present.by_id.get(item.object_id)
    if prior is None:
        return
    had = present.worn.get(stored.digest, set()) if stored is not None else set()
    for tag in locked_among(had ^ present.worn.get(prior.digest, set()), present.tags):
        yield _block(item, "tag-locked-since", tag=tag)


def too_many_tags(items: Iterable[ReceiptItem], present: Present) -> Iterator[tuple[ReceiptItem, Finding]]:
    """Tags that were deleted since would come back, and the workspace has its hundred."""
    there = dict(present.tags)
    total = len(there)
    made: set[str] = set()
    for item in items:
        brought = present.worn.get(item.prior.digest, set()) if item.prior else set()
        fresh = [tag for tag in fresh_among(sorted(brought), there) if is_tag(tag) and tag not in made]
        if fresh and total + len(made) + len(fresh) > MOST_TAGS:
            yield item, _block(item, "tags-too-many", tag=fresh[-1], limit=str(MOST_TAGS))
        else:
            made.update(fresh)


def no_room(
    items: Iterable[ReceiptItem], present: Present, settings: WorkspaceSettings
) -> Iterator[tuple[ReceiptItem, Finding]]:
    """What was removed would be made again, and others have filled the workspace; what goes leaves room."""
    limits = settings.reading.limits
    allowed = {
        "jobs": (limits.jobs, "max_jobs"),
        "real-time jobs": (limits.real_time_jobs, "max_real_time_jobs"),
        "scripts": (limits.scripts, "max_scripts"),
    }
    held = dict(present.counts)
    listed = list(items)
    for item in listed:
        stored = present.by_id.get(item.object_id)
        for things in _counted_as(item.kind, stored.subtype) if stored is not None and not item.prior else ():
            held[things] = held.get(things, 0) - 1
    for item in listed:
        if item.prior is None or item.object_id in present.by_id:
            continue
        for things in _counted_as(item.kind, item.prior.subtype):
            limit, setting = allowed[things]
            held[things] = number = held.get(things, 0) + 1
            if number > limit:
                told = {"number": str(number), "limit": str(limit), "things": things, "setting": setting}
                yield item, _block(item, "quota-reached", **told)


def _counted_as(kind: ObjectKind, subtype: str) -> tuple[str, ...]:
    if kind is ObjectKind.SCRIPT:
        return ("scripts",)
    if kind is not ObjectKind.JOB:
        return ()
    return ("jobs", "real-time jobs") if subtype == JobType.REAL_TIME else ("jobs",)


def _block(item: ReceiptItem, code: str, **args: str) -> Finding:
    return Finding(code=code, severity=Severity.BLOCK, kind=item.kind, name=item.name, args=args)
