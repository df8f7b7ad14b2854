"""What could stand for the things that a package lacks here."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from jobferry.model.grant import Grant
from jobferry.model.kinds import OBJECT_OF, NeedKind, ObjectKind
from jobferry.model.records import Workspace
from jobferry.model.rights import Action, viewing
from jobferry.model.transfer.arrival import Passage
from jobferry.model.transfer.suggestion import Guess, Names, guesses
from jobferry.services.granting import grant_in
from jobferry.services.ground import Ground
from jobferry.services.importing.planning import Prospect
from jobferry.store.ports import ObjectFilter, Snapshot

_MOST_NAMES = 20_000
_OBJECTS = {need: kind for need, kind in OBJECT_OF.items() if kind is not ObjectKind.CDM}


class Candidates:
    """Looks for things of the same kind, as far as the caller may see them."""

    def __init__(self, ground: Ground) -> None:
        self._ground = ground

    def of(self, grant: Grant, seen: Prospect) -> tuple[Guess, ...]:
        """A guess for everything that a check found missing and a mapping could answer.

        Raises:
            Forbidden: the caller may not import here.
        """
        self._ground.allow(grant, Action.IMPORT, kind="package")
        names = names_of(self._ground, grant, seen.passage)
        return guesses(seen.findings, seen.passage.options.mapping.names, names)


def names_of(ground: Ground, grant: Grant, passage: Passage) -> Names:
    """Gives by kind the names of what is here or comes along; only kinds that are asked for are looked at."""

    @cache
    def names(kind: NeedKind) -> Sequence[str]:
        with ground.store.read() as snapshot:
            return _names(snapshot, grant, passage, kind)

    return names


def _names(snapshot: Snapshot, grant: Grant, passage: Passage, kind: NeedKind) -> Sequence[str]:
    view = passage.view
    if kind in _OBJECTS:
        here = _object_names(snapshot, grant, _OBJECTS[kind])
        coming = [one.name for one in passage.arrivals if one.kind is _OBJECTS[kind]]
        return sorted({*here, *coming})
    if kind is NeedKind.CONNECTION:
        return sorted(view.connections)
    if kind is NeedKind.VARIABLE:
        return sorted(view.variables)
    if kind is NeedKind.WORKSPACE:
        return [one.name for one in snapshot.workspaces.all() if _shows_jobs(snapshot, grant, one)]
    return sorted(view.inventory.get(kind, ()))


def _object_names(snapshot: Snapshot, grant: Grant, kind: ObjectKind) -> list[str]:
    if not grant.may(viewing(kind)):
        return []
    wanted = ObjectFilter(workspace_id=grant.workspace.id, kind=kind, directories=grant.directories_of(kind))
    return [one.name for one in snapshot.objects.page(wanted, offset=0, limit=_MOST_NAMES)[1]]


def _shows_jobs(snapshot: Snapshot, grant: Grant, workspace: Workspace) -> bool:
    there = grant_in(snapshot, workspace, grant.caller)
    return there is not None and there.may(Action.JOB_VIEW)
