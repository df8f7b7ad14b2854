"""Looks at what a package tells to be gone at its source: what of that is here, and who needs it."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from jobferry.model.document.references import Reference
from jobferry.model.kinds import ObjectKind
from jobferry.model.names import printable
from jobferry.model.package import Deletion
from jobferry.model.records import Landing, ObjectKey, StoredObject
from jobferry.model.review import Mode
from jobferry.model.settings import WorkspaceSettings
from jobferry.model.transfer.cargo import Cargo
from jobferry.model.transfer.policy import ImportOptions
from jobferry.model.transfer.target import TargetView
from jobferry.services.stored_facts import stored_facts
from jobferry.store.ports import Snapshot, UnitOfWork


def with_departures(
    view: TargetView, snapshot: Snapshot | UnitOfWork, cargo: Cargo, options: ImportOptions
) -> TargetView:
    """The same view, with what the package tells to be gone at its source, and what depends on that here."""
    if cargo.manifest is None or not cargo.manifest.deletions:
        return view
    left = _left(snapshot, view.workspace_id, cargo)
    departing = _departing(snapshot, cargo, left)
    jobs = jobs_here(snapshot, view.workspace_id) if departing and options.apply_deletions else {}
    return msgspec.structs.replace(
        view,
        landed=view.landed | {one.object_id: one.result_digest for one in left},
        deleted=_deleted(cargo, departing),
        departing=departing,
        jobs=jobs,
        references=_references(snapshot, view.settings, jobs),
        waiting=view.waiting | waiting_among(snapshot, view.settings, {here.id for _, here in departing}),
    )


def jobs_here(snapshot: Snapshot | UnitOfWork, workspace_id: str) -> dict[str, StoredObject]:
    """All jobs of a workspace by name."""
    return {job.name: job for job in snapshot.objects.every(workspace_id, ObjectKind.JOB)}


def _references(
    snapshot: Snapshot | UnitOfWork, settings: WorkspaceSettings, jobs: dict[str, StoredObject]
) -> dict[ObjectKey, tuple[Reference, ...]]:
    """What these jobs refer to."""
    digests = {job.digest for job in jobs.values()}
    facts = stored_facts(snapshot.contents, ObjectKind.JOB, digests, settings.reading) if jobs else {}
    return {job.key: facts[job.digest].references for job in jobs.values()}


def _left(snapshot: Snapshot | UnitOfWork, workspace_id: str, cargo: Cargo) -> list[Landing]:
    """What came here from that very workspace of what it has deleted; what landed before that was told counts
    as from there."""
    gone = cargo.manifest.deletions if cargo.manifest else ()
    if not gone or not cargo.source_platform:
        return []
    keys = {(one.kind, one.uid) for one in gone}
    found = snapshot.places.landings(workspace_id, cargo.source_platform, {uid for _, uid in keys})
    places = ("", printable(cargo.source_workspace))
    return [one for one in found if (one.kind, one.source_uid) in keys and one.source_workspace in places]


def _departing(
    snapshot: Snapshot | UnitOfWork, cargo: Cargo, left: list[Landing]
) -> tuple[tuple[Deletion, StoredObject], ...]:
    """What the package says is gone at its source, and what it is here, if it came from there."""
    if not left or cargo.manifest is None:
        return ()
    landed = {(one.kind, one.source_uid): one.object_id for one in left}
    there = snapshot.objects.by_ids(landed.values())
    found = ((one, there.get(landed.get((one.kind, one.uid), 0))) for one in cargo.manifest.deletions)
    return tuple((gone, here) for gone, here in found if here is not None)


def _deleted(
    cargo: Cargo, departing: tuple[tuple[Deletion, StoredObject], ...]
) -> tuple[tuple[Deletion, str], ...]:
    gone = cargo.manifest.deletions if cargo.manifest else ()
    names = {(one.kind, one.uid): here.name for one, here in departing}
    return tuple((one, names.get((one.kind, one.uid), "")) for one in gone)


def waiting_among(
    snapshot: Snapshot | UnitOfWork, settings: WorkspaceSettings, object_ids: Iterable[int]
) -> dict[int, str]:
    """Of what may be targets, those in a pending review or release; nothing is asked where there are none."""
    if settings.mode is Mode.SIMPLE and not settings.review.is_on:
        return {}
    found = snapshot.reviews.waiting(object_ids)
    return {object_id: item.review_id for object_id, item in found.items() if item.review_id}
