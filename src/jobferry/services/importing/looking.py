"""Looks at the target: one read of just the names and uids that a package is about."""

from __future__ import annotations

from collections.abc import Iterable

from jobferry.model.kinds import INVENTORY_KINDS, JobType, NeedKind, ObjectKind
from jobferry.model.records import ObjectKey, StoredObject, Workspace
from jobferry.model.settings import read_settings
from jobferry.model.transfer.arrival import Need
from jobferry.model.transfer.cargo import Cargo, CargoItem
from jobferry.model.transfer.fitting import mapped_all, mapped_cdm, needs_target_text
from jobferry.model.transfer.policy import ImportOptions
from jobferry.model.transfer.target import TargetView
from jobferry.services.importing.standing import Standing
from jobferry.store.ports import Objects, Snapshot

_OBJECT_KINDS = {kind.value: kind for kind in ObjectKind}


def look(
    snapshot: Snapshot, workspace: Workspace, cargo: Cargo, options: ImportOptions, standing: Standing
) -> TargetView:
    """The view of the target that one package, so mapped, needs, besides what ``standing`` has seen."""
    needs = _needs(cargo, options)
    objects = standing.objects | _objects(
        snapshot, workspace.id, _names(cargo, needs, options), standing.asked
    )
    by_uid = standing.by_uid
    bound = _bound(snapshot, workspace.id, cargo, by_uid)
    surroundings = snapshot.surroundings
    return TargetView(
        workspace_id=workspace.id,
        settings=read_settings(workspace.settings),
        objects=objects,
        by_uid=by_uid,
        bound=bound,
        connections=frozenset(one.name for one in surroundings.connections(workspace.id)),
        variables=frozenset(one.name for one in surroundings.variables(workspace.id)),
        inventory=_inventory(snapshot, workspace.id),
        elsewhere=_elsewhere(snapshot, needs),
        counts=counts(
            snapshot.objects, workspace.id, {item.entry.kind for item in cargo.items if not item.stands}
        ),
        directories={
            kind: frozenset(snapshot.places.directories(workspace.id, kind))
            for kind in (ObjectKind.JOB, ObjectKind.SCRIPT)
        },
        texts=_texts(snapshot, cargo.items, (objects, by_uid, bound)),
    )


def _needs(cargo: Cargo, options: ImportOptions) -> set[Need]:
    return {
        (one.kind, one.name, one.workspace)
        for item in cargo.items
        for one in mapped_all(item.facts.references, options)
    }


def _names(cargo: Cargo, needs: Iterable[Need], options: ImportOptions) -> dict[ObjectKind, set[str]]:
    names: dict[ObjectKind, set[str]] = {kind: set() for kind in ObjectKind}
    for item in cargo.items:
        kind, name = item.key
        names[kind].add(mapped_cdm(name, options.mapping) if kind is ObjectKind.CDM else name)
    for need_kind, name, workspace in needs:
        if need_kind in _OBJECT_KINDS and not workspace:
            names[_OBJECT_KINDS[need_kind]].add(name)
    return names


def _objects(
    snapshot: Snapshot, workspace_id: str, names: dict[ObjectKind, set[str]], asked: set[ObjectKey]
) -> dict[ObjectKey, StoredObject]:
    found: dict[ObjectKey, StoredObject] = {}
    for kind, wanted in names.items():
        rest = [name for name in wanted if (kind, name) not in asked]
        if rest:
            there = snapshot.objects.by_names(workspace_id, kind, rest)
            found |= {(kind, name): stored for name, stored in there.items()}
    return found


def _bound(
    snapshot: Snapshot, workspace_id: str, cargo: Cargo, by_uid: dict[ObjectKey, StoredObject]
) -> dict[ObjectKey, StoredObject]:
    """Objects of another uid that earlier imports from this platform have bound to the package's uids."""
    strangers = {(item.entry.kind, item.entry.uid) for item in cargo.items if item.entry.uid} - by_uid.keys()
    if not strangers:
        return {}
    uids = {uid for _, uid in strangers}
    landed = {
        (landing.kind, landing.source_uid): landing.object_id
        for landing in snapshot.places.landings(workspace_id, cargo.source_platform, uids)
        if (landing.kind, landing.source_uid) in strangers
    }
    stored = snapshot.objects.by_ids(landed.values())
    return {key: stored[object_id] for key, object_id in landed.items() if object_id in stored}


def _inventory(snapshot: Snapshot, workspace_id: str) -> dict[NeedKind, frozenset[str]]:
    names: dict[NeedKind, set[str]] = {}
    for item in snapshot.surroundings.inventory(workspace_id):
        names.setdefault(item.kind, set()).add(item.name)
    return {kind: frozenset(names[kind]) for kind in INVENTORY_KINDS if kind in names}


def _elsewhere(snapshot: Snapshot, needs: Iterable[Need]) -> dict[str, frozenset[str]]:
    wanted: dict[str, set[str]] = {}
    for kind, name, workspace_name in needs:
        if kind is NeedKind.JOB and workspace_name:
            wanted.setdefault(workspace_name, set()).add(name)
        elif kind is NeedKind.WORKSPACE:
            wanted.setdefault(name, set())
    found: dict[str, frozenset[str]] = {}
    for name, jobs in wanted.items():
        workspace = snapshot.workspaces.by_name(name)
        if workspace is not None:
            found[name] = frozenset(snapshot.objects.job_names(workspace.id, jobs))
    return found


def counts(objects: Objects, workspace_id: str, arriving: set[ObjectKind]) -> dict[str, int]:
    """How much a workspace holds of what may become more."""
    held: dict[str, int] = {}
    if ObjectKind.JOB in arriving:
        held["jobs"] = objects.count(workspace_id, ObjectKind.JOB)
        held["real-time jobs"] = objects.count(workspace_id, ObjectKind.JOB, JobType.REAL_TIME)
    if ObjectKind.SCRIPT in arriving:
        held["scripts"] = objects.count(workspace_id, ObjectKind.SCRIPT)
    return held


def _texts(
    snapshot: Snapshot, items: Iterable[CargoItem], targets: tuple[dict[ObjectKey, StoredObject], ...]
) -> dict[str, bytes]:
    """The drafts of those targets whose values may have to be kept."""
    objects, by_uid, bound = targets
    digests: set[str] = set()
    for item in items:
        if not item.stands and needs_target_text(item):
            uid_key = (item.entry.kind, item.entry.uid)
            target = by_uid.get(uid_key) or bound.get(uid_key) or objects.get(item.key)
            if target is not None:
                digests.add(target.digest)
    return dict(snapshot.contents.texts(sorted(digests)))
