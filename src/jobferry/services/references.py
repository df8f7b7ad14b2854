"""Who uses what, and what an object refers to, from the index and from facts; no document is read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from jobferry.model.document.facts import Facts, IndexTerm
from jobferry.model.document.references import Reference, VariableSyntax
from jobferry.model.kinds import OBJECT_OF, NeedKind, ObjectKind
from jobferry.model.people import Grant
from jobferry.model.records import StoredObject, Workspace
from jobferry.model.rights import Action, viewing
from jobferry.model.settings import read_settings
from jobferry.model.transfer.preview import Presence
from jobferry.model.transfer.target_state import TargetState
from jobferry.model.uses import (
    ReferenceHere,
    TextState,
    Use,
    UseFilter,
    UserRow,
    UseScope,
    terms_of_thing,
)
from jobferry.services.granting import grant_in
from jobferry.services.object_access import named, no_version
from jobferry.services.runtime import Runtime
from jobferry.services.saving import stored_facts
from jobferry.services.waiting import as_imported, presence_of

if TYPE_CHECKING:
    from jobferry.store import Snapshot


class References:
    """References between the objects of a workspace, and to what they need besides, both ways."""

    def __init__(self, runtime: Runtime) -> None:
        self._runtime = runtime

    def users(
        self,
        grant: Grant,
        thing: tuple[NeedKind, str],
        *,
        offset: int,
        limit: int,
        kind: ObjectKind | None = None,
        state: TextState | None = None,
    ) -> tuple[int, list[Use]]:
        """How many objects use a thing, by kind and name, in their drafts or live versions; and one page.

        A job is also used from other workspaces, as far as the caller can see those. ``kind`` leaves only
        users of one kind, ``state`` only those whose draft, or whose live version, uses the thing.

        Raises:
            Forbidden: the caller may not look at what is in this workspace.
        """
        self._runtime.allow(grant, Action.LIBRARY_VIEW, kind=thing[0].value, subject=thing[1])
        with self._runtime.store.read() as snapshot:
            grants = {grant.workspace.id: grant} | elsewhere(snapshot, grant, thing)
            scopes = tuple(_scope(there, grant.workspace, thing, kind) for there in grants.values())
            wanted = UseFilter(scopes=scopes, state=state)
            total, rows = snapshot.uses.users(wanted, offset=offset, limit=limit)
            return total, list(_uses(snapshot, grants, rows, (grant.workspace, *thing)))

    def presence(self, grant: Grant, kind: NeedKind, name: str) -> Presence:
        """Whether something is here, as far as the caller may know.

        Raises:
            Forbidden: the caller may not look at what is in this workspace.
        """
        self._runtime.allow(grant, Action.LIBRARY_VIEW, kind=kind.value, subject=name)
        with self._runtime.store.read() as snapshot:
            if kind in OBJECT_OF:
                stored = snapshot.objects.by_names(grant.workspace.id, OBJECT_OF[kind], [name]).get(name)
                seen = stored is not None and grant.reaches(stored)
                return Presence.HERE if seen else Presence.MISSING
            return presence_of(state_for(snapshot, grant, [Reference(kind, name, ())]), kind, name)

    def of_object(
        self,
        grant: Grant,
        key: tuple[ObjectKind, str],
        *,
        state: TextState = TextState.DRAFT,
        kind: NeedKind | None = None,
    ) -> list[ReferenceHere]:
        """All that a draft or live version refers to, each thing and role once, in the text's order.

        Raises:
            Forbidden: the caller may not look at that.
            NotFound: there is no such object, or it is not submitted (``version-missing``).
        """
        self._runtime.allow(grant, viewing(key[0]), kind=key[0].value, subject=key[1])
        with self._runtime.store.read() as snapshot:
            stored = named(snapshot.objects, grant, *key)
            digest = stored.digest if state is TextState.DRAFT else stored.live_digest
            if not digest:
                raise no_version(stored, 0)
            rules = read_settings(grant.workspace.settings).fact_rules
            facts = stored_facts(snapshot.contents, stored.kind, [digest], rules)[digest]
            listed = [reference for reference in facts.references if kind in (None, reference.kind)]
            here = state_for(snapshot, grant, listed)
            return [_here(here, reference) for reference in listed]


def elsewhere(snapshot: Snapshot, grant: Grant, thing: tuple[NeedKind, str]) -> dict[str, Grant]:
    """By id, what the caller may do in other workspaces whose jobs name a job of this one."""
    kind, name = thing
    if kind is not NeedKind.JOB:
        return {}
    terms = terms_of_thing(kind, name, [grant.workspace.name], VariableSyntax.PLAIN)
    found: dict[str, Grant] = {}
    for workspace_id in snapshot.uses.workspaces(terms):
        workspace = snapshot.workspaces.by_id(workspace_id)
        if workspace is None or workspace.id == grant.workspace.id:
            continue
        there = grant_in(snapshot, workspace, grant.caller)
        if there is not None and there.may(Action.JOB_VIEW):
            found[workspace.id] = there
    return found


def _scope(there: Grant, home: Workspace, thing: tuple[NeedKind, str], only: ObjectKind | None) -> UseScope:
    """Where a thing of the workspace ``home`` is looked for in a workspace."""
    places = [home.name] if there.workspace.id != home.id else ["", home.name]
    syntax = read_settings(there.workspace.settings).fact_rules.variables
    kinds = ObjectKind if only is None else [only]
    return scope_of(there, terms_of_thing(*thing, places, syntax), kinds)


def scope_of(grant: Grant, terms: Iterable[IndexTerm], kinds: Iterable[ObjectKind]) -> UseScope:
    """What the caller may see of a workspace's objects of these kinds that have any of the terms."""
    return UseScope(
        workspace_id=grant.workspace.id,
        terms=tuple(terms),
        kinds=tuple(kind for kind in kinds if grant.may(viewing(kind))),
        directories=grant.directories,
    )


def _uses(
    snapshot: Snapshot, grants: dict[str, Grant], rows: list[UserRow], thing: tuple[Workspace, NeedKind, str]
) -> Iterator[Use]:
    objects = snapshot.objects.by_ids([row.object_id for row in rows])
    facts = _facts(snapshot, grants, [(objects[row.object_id], row.draft) for row in rows])
    for object_id, draft, live in rows:
        stored = objects[object_id]
        known = facts[stored.digest if draft else stored.live_digest]
        workspace = grants[stored.workspace_id].workspace
        yield Use(workspace.name, stored, draft, live, tuple(_to(known, workspace, thing)))


def _facts(
    snapshot: Snapshot, grants: dict[str, Grant], users: list[tuple[StoredObject, bool]]
) -> dict[str, Facts]:
    """By digest, those of the drafts, or else of the live versions."""
    digests: dict[tuple[str, ObjectKind], set[str]] = {}
    for stored, draft in users:
        place = (stored.workspace_id, stored.kind)
        digests.setdefault(place, set()).add(stored.digest if draft else stored.live_digest)
    found: dict[str, Facts] = {}
    for (workspace_id, kind), wanted in digests.items():
        rules = read_settings(grants[workspace_id].workspace.settings).fact_rules
        found |= stored_facts(snapshot.contents, kind, wanted, rules)
    return found


def _to(facts: Facts, there: Workspace, thing: tuple[Workspace, NeedKind, str]) -> Iterator[Reference]:
    """The references of a text in the workspace ``there`` to a thing."""
    home, kind, name = thing
    for reference in facts.references:
        if (reference.kind, reference.name) == (kind, name):
            meant = reference.workspace or there.name
            if kind is not NeedKind.JOB or meant == home.name:
                yield reference


def state_for(snapshot: Snapshot, grant: Grant, references: Iterable[Reference]) -> TargetState:
    """The workspace as far as these references are about it."""
    nobody = StoredObject(
        id=0,
        workspace_id=grant.workspace.id,
        kind=ObjectKind.JOB,
        name="",
        uid="",
        directory="",
        subtype="",
        digest="",
    )
    facts = Facts(name="", references=tuple(references))
    return as_imported(snapshot, grant, [(nobody, "", facts)]).target_state


def _here(state: TargetState, reference: Reference) -> ReferenceHere:
    kind, name = reference.kind, reference.name
    presence = presence_of(state, kind, name, reference.workspace)
    local_id = state.local_ids.get((kind, name), "")
    if kind in OBJECT_OF and presence is Presence.HERE and not reference.workspace:
        stored = state.objects[OBJECT_OF[kind], name]
        local_id, presence = (stored.uid, presence) if state.grant.reaches(stored) else ("", Presence.MISSING)
    return ReferenceHere(reference, presence, local_id)
