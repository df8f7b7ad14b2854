"""Who names what an import would rename: looked for only where it renames anything, which is rare."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice

from jobferry.model.document.references import Reference
from jobferry.model.kinds import ObjectKind
from jobferry.model.records import ObjectKey, StoredObject
from jobferry.model.transfer.arrival import match, objects_used
from jobferry.model.transfer.cargo import Cargo
from jobferry.model.transfer.choosing import Choosing
from jobferry.model.transfer.policy import Duplicates, ImportOptions
from jobferry.model.transfer.target import TargetView
from jobferry.services.stored_facts import stored_facts
from jobferry.store.ports import Snapshot

_PAGE = 1_000
_LEFT_ALONE = (Duplicates.SKIP, Duplicates.COPY)


def users_of_renamed(
    snapshot: Snapshot, view: TargetView, cargo: Cargo, options: ImportOptions
) -> dict[ObjectKey, tuple[StoredObject, ...]]:
    """By kind and present name of what gets another one, the jobs whose drafts name it."""
    renamed = _renamed(view, cargo, options)
    return users_among(_jobs(snapshot, view), renamed) if renamed else {}


def users_among(
    jobs: Iterable[tuple[StoredObject, tuple[Reference, ...]]], renamed: set[ObjectKey]
) -> dict[ObjectKey, tuple[StoredObject, ...]]:
    """Those of the jobs that refer to these objects, by object."""
    found: dict[ObjectKey, tuple[StoredObject, ...]] = {}
    for job, references in jobs:
        for key in {*objects_used(references)} & renamed - {job.key}:
            found[key] = (*found.get(key, ()), job)
    return found


def _renamed(view: TargetView, cargo: Cargo, options: ImportOptions) -> set[ObjectKey]:
    choosing = Choosing(options, view.settings.policy)
    found: set[ObjectKey] = set()
    for item in cargo.items:
        if item.stands:
            continue
        entry = item.entry
        known = view.by_uid.get((entry.kind, entry.uid)) or view.bound.get((entry.kind, entry.uid))
        if known is None or known.name == entry.name or entry.kind is ObjectKind.CDM:
            continue
        policy = choosing.of(item).policy
        target, rival = match(item, entry.name, view, policy)
        if target is known and rival is None and policy.duplicates not in _LEFT_ALONE:
            found.add(known.key)
    return found


def _jobs(snapshot: Snapshot, view: TargetView) -> Iterator[tuple[StoredObject, tuple[Reference, ...]]]:
    reading = view.settings.reading
    jobs = iter(snapshot.objects.every(view.workspace_id, ObjectKind.JOB))
    while page := list(islice(jobs, _PAGE)):
        digests = {job.digest for job in page}
        facts = stored_facts(snapshot.contents, ObjectKind.JOB, digests, reading)
        yield from ((job, facts[job.digest].references) for job in page)
