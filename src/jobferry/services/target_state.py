"""The target as it stands: one read of what a package is about, and of what its source has deleted."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Set
from itertools import count
from typing import TYPE_CHECKING

import msgspec

from jobferry.model.connections import lacks_secrets
from jobferry.model.document.facts import FactRules, IndexTerm, IndexTermKind
from jobferry.model.document.references import Reference
from jobferry.model.kinds import INVENTORY_KINDS, PLACED_KINDS, NeedKind, ObjectKind
from jobferry.model.names import printable
from jobferry.model.package import Deletion, Entry
from jobferry.model.people import HIDDEN, Caller, Grant
from jobferry.model.quotas import QUOTAS
from jobferry.model.records import ImportOrigin, InventoryItem, ObjectKey, StoredObject, Workspace
from jobferry.model.review import Mode
from jobferry.model.rights import Action
from jobferry.model.settings import WorkspaceSettings, read_settings
from jobferry.model.tags import Tag
from jobferry.model.transfer.contents import PackageContents, PackageEntry
from jobferry.model.transfer.import_context import Need, is_live_enough, match, objects_used
from jobferry.model.transfer.policy import Duplicates, ImportOptions, Match, Policy
from jobferry.model.transfer.rewrite import (
    COPY_NAME,
    Choosing,
    copy_name,
    mapped_all,
    mapped_cdm,
    needs_target_text,
)
from jobferry.model.transfer.target_state import TargetState
from jobferry.model.uses import terms_of_thing
from jobferry.services.dependencies import refuses
from jobferry.services.granting import grant_in
from jobferry.services.saving import stored_facts

if TYPE_CHECKING:
    from jobferry.store import Objects, Snapshot


class UpToDate:
    """What was found so far. ``asked`` names the keys that were looked for, found or not."""

    def __init__(self, objects: Objects, grant: Grant, policy: Policy) -> None:
        self._objects = objects
        self._grant = grant
        self._policy = policy
        self.objects: dict[ObjectKey, StoredObject] = {}
        self.by_uid: dict[ObjectKey, StoredObject] = {}
        self.asked: set[ObjectKey] = set()

    def among(self, entries: Iterable[Entry]) -> set[str]:
        """The paths of those entries whose very text is here, under the same name and as live as wanted."""
        listed = list(entries)
        self._ask(listed)
        return {entry.path for entry in listed if self._is_up_to_date(entry)}

    def _ask(self, entries: list[Entry]) -> None:
        place, redact = self._grant.workspace.id, self._grant.redact
        found = self._objects.by_uids(place, [entry.uid for entry in entries if entry.uid])
        self.by_uid |= {key: redact(stored, HIDDEN) for key, stored in found.items()}
        self.objects |= {stored.key: redact(stored) for stored in found.values()}
        for kind in {entry.kind for entry in entries}:
            names = [entry.name for entry in entries if entry.kind is kind]
            rest = [name for name in names if (kind, name) not in self.objects]
            there = self._objects.by_names(place, kind, rest) if rest else {}
            self.objects |= {(kind, name): redact(stored) for name, stored in there.items()}
            self.asked.update((kind, name) for name in names)

    def _is_up_to_date(self, entry: Entry) -> bool:
        stored = self.objects.get((entry.kind, entry.name))
        if stored is None or stored.digest != entry.sha256:
            return False
        is_same = not entry.uid or stored.uid == entry.uid
        return is_same and is_live_enough(stored, entry.sha256, self._policy)


def with_departures(
    state: TargetState, snapshot: Snapshot, contents: PackageContents, options: ImportOptions
) -> TargetState:
    """The same view, with what the package tells to be gone at its source, and what depends on that here."""
    if contents.manifest is None or not contents.manifest.deletions:
        return state
    gone = {(deletion.kind, deletion.uid) for deletion in contents.manifest.deletions}
    left = _left(snapshot, state.workspace_id, contents, gone)
    departing = _departing(snapshot, state.grant, contents, left)
    keys = [here.key for _, here in departing] if options.deletes else []
    users = users_here(snapshot, state.workspace_id, state.settings.fact_rules, keys)
    return msgspec.structs.replace(
        state,
        landed=state.landed | {origin.object_id: origin.result_digest for origin in left},
        deleted=_deleted(contents, departing),
        departing=departing,
        jobs={job.name: job for job, _ in users},
        references={job.key: references for job, references in users},
        waiting=state.waiting | waiting_among(snapshot, state.settings, {here.id for _, here in departing}),
    )


def users_here(
    snapshot: Snapshot, workspace_id: str, fact_rules: FactRules, keys: Collection[ObjectKey]
) -> list[tuple[StoredObject, tuple[Reference, ...]]]:
    """The jobs whose drafts refer to any of these objects, in order of name, with all that they refer to."""
    terms = [
        term
        for kind, name in keys
        for term in terms_of_thing(NeedKind(kind.value), name, [""], fact_rules.variables)
    ]
    jobs = snapshot.objects.with_index_terms(workspace_id, ObjectKind.JOB, terms) if terms else []
    facts = stored_facts(snapshot.contents, ObjectKind.JOB, {job.digest for job in jobs}, fact_rules)
    return [(job, facts[job.digest].references) for job in jobs]


def _left(
    snapshot: Snapshot, workspace_id: str, contents: PackageContents, gone: Set[tuple[ObjectKind, str]]
) -> list[ImportOrigin]:
    """What came here from that very workspace of what it has deleted."""
    found = snapshot.places.landings(workspace_id, contents.source_platform, {uid for _, uid in gone})
    place = printable(contents.source_workspace)
    return [
        origin
        for origin in found
        if (origin.kind, origin.source_uid) in gone and origin.source_workspace == place
    ]


def _departing(
    snapshot: Snapshot, grant: Grant, contents: PackageContents, left: list[ImportOrigin]
) -> tuple[tuple[Deletion, StoredObject], ...]:
    """What the package says is gone at its source, and what it is here, if it came from there. What a
    directory policy hides has the name that the package gives it."""
    if not left or contents.manifest is None:
        return ()
    landed = {(origin.kind, origin.source_uid): origin.object_id for origin in left}
    there = snapshot.objects.by_ids(landed.values())
    found = (
        (deletion, there.get(landed.get((deletion.kind, deletion.uid), 0)))
        for deletion in contents.manifest.deletions
    )
    return tuple((gone, grant.redact(here, gone.name)) for gone, here in found if here is not None)


def _deleted(
    contents: PackageContents, departing: tuple[tuple[Deletion, StoredObject], ...]
) -> tuple[tuple[Deletion, str], ...]:
    gone = contents.manifest.deletions if contents.manifest else ()
    names = {(deletion.kind, deletion.uid): here.name for deletion, here in departing}
    return tuple((deletion, names.get((deletion.kind, deletion.uid), "")) for deletion in gone)


def waiting_among(
    snapshot: Snapshot, settings: WorkspaceSettings, object_ids: Iterable[int]
) -> dict[int, str]:
    """Of what may be targets, those in a pending review or release; nothing is asked where there are none."""
    if settings.mode is Mode.SIMPLE and not settings.review.is_on:
        return {}
    found = snapshot.reviews.waiting(object_ids)
    return {object_id: item.review_id for object_id, item in found.items() if item.review_id}


_AT_ONCE = 8
"""How many names of each are asked about in one read."""


def copies(
    snapshot: Snapshot, state: TargetState, contents: PackageContents, options: ImportOptions
) -> dict[ObjectKey, str]:
    """By kind and name in the package, a name that nobody has here or in the package."""
    choosing = Choosing(options, state.settings.policy)
    waiting = []
    for entry in contents.entries:
        policy = choosing.of(entry).policy
        is_copied = policy.duplicates is Duplicates.COPY and entry.info.kind is not ObjectKind.CDM
        if is_copied and match(entry, entry.info.name, state, policy)[0] is not None:
            waiting.append(entry.key)
    taken = {entry.key for entry in contents.entries}
    found: dict[ObjectKey, str] = {}
    pattern = options.copy_name or COPY_NAME
    for first in count(1, _AT_ONCE):
        if not waiting:
            break
        names = {
            (kind, name): [copy_name(pattern, name, first + more, kind) for more in range(_AT_ONCE)]
            for kind, name in waiting
        }
        taken |= _there(snapshot, state.workspace_id, names)
        for key, proposed in names.items():
            free = next((one for one in proposed if (key[0], one) not in taken), None)
            if free is not None:
                found[key] = free
                taken.add((key[0], free))
        waiting = [key for key in waiting if key not in found]
    return found


def _there(snapshot: Snapshot, workspace_id: str, names: dict[ObjectKey, list[str]]) -> set[ObjectKey]:
    found: set[ObjectKey] = set()
    for kind in {kind for kind, _ in names}:
        asked = {one for (other, _), proposed in names.items() if other is kind for one in proposed}
        found |= {(kind, name) for name in snapshot.objects.by_names(workspace_id, kind, asked)}
    return found


_LEFT_ALONE = (Duplicates.SKIP, Duplicates.COPY)


def users_of_renamed(
    snapshot: Snapshot, state: TargetState, contents: PackageContents, options: ImportOptions
) -> dict[ObjectKey, tuple[StoredObject, ...]]:
    """By kind and present name of what gets another one, the jobs whose drafts name it."""
    renamed = _renamed(state, contents, options)
    users = users_here(snapshot, state.workspace_id, state.settings.fact_rules, renamed)
    return users_among(users, renamed)


def users_among(
    jobs: Iterable[tuple[StoredObject, tuple[Reference, ...]]], renamed: set[ObjectKey]
) -> dict[ObjectKey, tuple[StoredObject, ...]]:
    """Those of the jobs that refer to these objects, by object."""
    found: dict[ObjectKey, tuple[StoredObject, ...]] = {}
    for job, references in jobs:
        for key in {*objects_used(references)} & renamed - {job.key}:
            found[key] = (*found.get(key, ()), job)
    return found


def _renamed(state: TargetState, contents: PackageContents, options: ImportOptions) -> set[ObjectKey]:
    choosing = Choosing(options, state.settings.policy)
    found: set[ObjectKey] = set()
    for entry in contents.entries:
        if entry.is_up_to_date:
            continue
        info = entry.info
        known = state.by_uid.get((info.kind, info.uid)) or state.bound.get((info.kind, info.uid))
        if known is None or known.name == info.name or info.kind is ObjectKind.CDM:
            continue
        policy = choosing.of(entry).policy
        target, name_holder = match(entry, info.name, state, policy)
        if target is known and name_holder is None and policy.duplicates not in _LEFT_ALONE:
            found.add(known.key)
    return found


_OBJECT_KINDS = {kind.value: kind for kind in ObjectKind}


def look(
    snapshot: Snapshot,
    grant: Grant,
    contents: PackageContents,
    options: ImportOptions,
    up_to_date: UpToDate,
) -> TargetState:
    """The view of the target that one package, so mapped, needs, besides what ``up_to_date`` has seen."""
    workspace = grant.workspace
    settings = read_settings(workspace.settings)
    choosing = Choosing(options, settings.policy)
    needs = _needs(contents, choosing)
    names = _names(contents, needs, choosing)
    objects = up_to_date.objects | _objects(snapshot, grant, names, up_to_date.asked)
    by_uid = up_to_date.by_uid
    landings = _landings(snapshot, workspace.id, contents, by_uid)
    bound = _bound(snapshot, grant, landings, by_uid)
    inventoried = snapshot.inventory.items(workspace.id)
    variables = snapshot.variables.all(workspace.id)
    sources = (objects,) if settings.policy.match is Match.NAME else (by_uid, bound, objects)
    elsewhere = seen_elsewhere(snapshot, grant.caller, needs)
    tags = snapshot.tags.of_workspace(workspace.id)
    arriving = {entry.info.kind for entry in contents.entries if not entry.is_up_to_date}
    state = TargetState(
        grant=grant,
        workspace_id=workspace.id,
        settings=settings,
        objects=objects,
        by_uid=by_uid,
        bound=bound,
        landed={landing.object_id: landing.result_digest for landing in landings},
        landed_entries={landing.object_id: landing.entry_digest for landing in landings},
        landed_places={landing.object_id: landing.source_directory for landing in landings},
        connections={one.name: one.type for one in snapshot.connections.all(workspace.id)},
        variables=frozenset(variable.name for variable in variables),
        valueless=frozenset(variable.name for variable in variables if not variable.value),
        inventory=_inventory(inventoried),
        local_ids={(item.kind, item.name): item.local_id for item in inventoried if item.local_id},
        elsewhere={name: jobs for name, (_, jobs) in elsewhere.items()},
        incomplete=_incomplete(snapshot, workspace.id, needs),
        closed=frozenset(name for name, (other, _) in elsewhere.items() if refuses(other, workspace)),
        counts=counts(snapshot.objects, workspace.id, arriving),
        directories=_directories(snapshot, workspace.id),
        texts=_texts(snapshot, contents.entries, sources),
        tags=tags,
        locked_tags=_locked_tags(snapshot, workspace.id, tags),
        failed=_failed(snapshot, workspace.id, settings.policy.failed_tag, tags),
        waiting=waiting_among(snapshot, settings, {here.id for kept in sources for here in kept.values()}),
    )
    return with_departures(state, snapshot, contents, options)


def _directories(snapshot: Snapshot, workspace_id: str) -> dict[ObjectKind, frozenset[str]]:
    places = snapshot.places
    return {kind: frozenset(places.directories(workspace_id, kind)) for kind in PLACED_KINDS}


def _needs(contents: PackageContents, choosing: Choosing) -> set[Need]:
    return {
        (reference.kind, reference.name, reference.workspace)
        for entry in contents.entries
        for reference in mapped_all(entry.facts.references, choosing.of(entry).options)
    }


def _names(
    contents: PackageContents, needs: Iterable[Need], choosing: Choosing
) -> dict[ObjectKind, set[str]]:
    names: dict[ObjectKind, set[str]] = {kind: set() for kind in ObjectKind}
    for entry in contents.entries:
        kind, name = entry.key
        if kind is ObjectKind.CDM:
            name = mapped_cdm(name, choosing.of(entry).options.mapping)
        names[kind].add(name)
    for need_kind, name, workspace in needs:
        if need_kind in _OBJECT_KINDS and not workspace:
            names[_OBJECT_KINDS[need_kind]].add(name)
    return names


def _objects(
    snapshot: Snapshot,
    grant: Grant,
    names: dict[ObjectKind, set[str]],
    asked: set[ObjectKey],
) -> dict[ObjectKey, StoredObject]:
    found: dict[ObjectKey, StoredObject] = {}
    for kind, wanted in names.items():
        rest = [name for name in wanted if (kind, name) not in asked]
        if rest:
            there = snapshot.objects.by_names(grant.workspace.id, kind, rest)
            found |= {(kind, name): grant.redact(stored) for name, stored in there.items()}
    return found


def _landings(
    snapshot: Snapshot,
    workspace_id: str,
    contents: PackageContents,
    by_uid: dict[ObjectKey, StoredObject],
) -> list[ImportOrigin]:
    """Where earlier imports from this platform put the package's objects, of those that do not stand."""
    uids = {
        (entry.info.kind, entry.info.uid)
        for entry in contents.entries
        if entry.info.uid and not (entry.is_up_to_date and (entry.info.kind, entry.info.uid) in by_uid)
    }
    if not uids:
        return []
    found = snapshot.places.landings(workspace_id, contents.source_platform, {uid for _, uid in uids})
    return [landing for landing in found if (landing.kind, landing.source_uid) in uids]


def _bound(
    snapshot: Snapshot, grant: Grant, landings: Iterable[ImportOrigin], by_uid: dict[ObjectKey, StoredObject]
) -> dict[ObjectKey, StoredObject]:
    """Objects of another uid that earlier imports from this platform have bound to the package's uids."""
    landed = {
        key: landing.object_id
        for landing in landings
        if (key := (landing.kind, landing.source_uid)) not in by_uid
    }
    stored = snapshot.objects.by_ids(landed.values()) if landed else {}
    return {
        key: grant.redact(stored[object_id], HIDDEN)
        for key, object_id in landed.items()
        if object_id in stored
    }


def _locked_tags(snapshot: Snapshot, workspace_id: str, tags: dict[str, Tag]) -> dict[int, tuple[str, ...]]:
    """By the id of every job that has any of them: few tags are locked, most often none."""
    found: dict[int, tuple[str, ...]] = {}
    for tag in (tag for tag in tags.values() if tag.locked):
        for job in snapshot.objects.with_index_terms(
            workspace_id, ObjectKind.JOB, [IndexTerm(IndexTermKind.TAG, tag.name)]
        ):
            found[job.id] = (*found.get(job.id, ()), tag.name)
    return found


def _failed(snapshot: Snapshot, workspace_id: str, tag: str, tags: dict[str, Tag]) -> frozenset[int]:
    if tag not in tags:
        return frozenset()
    marked = snapshot.objects.with_index_terms(
        workspace_id, ObjectKind.JOB, [IndexTerm(IndexTermKind.TAG, tag)]
    )
    return frozenset(job.id for job in marked)


def _incomplete(snapshot: Snapshot, workspace_id: str, needs: Iterable[Need]) -> frozenset[str]:
    used = {name for kind, name, _ in needs if kind is NeedKind.CONNECTION}
    there = snapshot.connections.all(workspace_id) if used else []
    return frozenset(
        connection.name for connection in there if connection.name in used and lacks_secrets(connection)
    )


def _inventory(items: Iterable[InventoryItem]) -> dict[NeedKind, frozenset[str]]:
    names: dict[NeedKind, set[str]] = {}
    for item in items:
        names.setdefault(item.kind, set()).add(item.name)
    return {kind: frozenset(names[kind]) for kind in INVENTORY_KINDS if kind in names}


def seen_elsewhere(
    snapshot: Snapshot, caller: Caller, needs: Iterable[Need]
) -> dict[str, tuple[Workspace, frozenset[str]]]:
    """The named workspaces and jobs, as far as the caller can see them there: others do not exist."""
    wanted: dict[str, set[str]] = {}
    for kind, name, workspace_name in needs:
        if kind is NeedKind.JOB and workspace_name:
            wanted.setdefault(workspace_name, set()).add(name)
        elif kind is NeedKind.WORKSPACE:
            wanted.setdefault(name, set())
    found: dict[str, tuple[Workspace, frozenset[str]]] = {}
    for name, jobs in wanted.items():
        workspace = snapshot.workspaces.by_name(name)
        there = grant_in(snapshot, workspace, caller) if workspace is not None else None
        if workspace is not None and there is not None and there.may(Action.JOB_VIEW):
            found[name] = (workspace, _seen_jobs(snapshot, there, jobs))
    return found


def _seen_jobs(snapshot: Snapshot, there: Grant, names: set[str]) -> frozenset[str]:
    if there.directories is None:
        return frozenset(snapshot.objects.names_among(there.workspace.id, ObjectKind.JOB, names))
    known = snapshot.objects.by_names(there.workspace.id, ObjectKind.JOB, names)
    return frozenset(job.name for job in known.values() if there.reaches(job))


def counts(objects: Objects, workspace_id: str, arriving: set[ObjectKind]) -> dict[str, int]:
    """How much a workspace holds of what may become more."""
    counted = [quota for quota in QUOTAS if quota.kind in arriving]
    return {quota.things: objects.count(workspace_id, quota.kind, quota.subtype) for quota in counted}


def _texts(
    snapshot: Snapshot,
    entries: Iterable[PackageEntry],
    targets: tuple[dict[ObjectKey, StoredObject], ...],
) -> dict[str, bytes]:
    """The drafts of those targets whose values may have to be kept; ``targets`` in the order of matching."""
    *by_uid, objects = targets
    digests: set[str] = set()
    for entry in entries:
        if not entry.is_up_to_date and needs_target_text(entry):
            uid_key = (entry.info.kind, entry.info.uid)
            found = (one.get(uid_key) for one in by_uid)
            target = next(filter(None, found), None) or objects.get(entry.key)
            if target is not None and target.digest:
                digests.add(target.digest)
    return dict(snapshot.contents.texts(sorted(digests)))
