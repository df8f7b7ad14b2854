"""What an import's plan counts on: the room that limits leave, tags, reviews, and what its objects use."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from jobferry.check.rules.limits import objects_exceed_quota
from jobferry.model.kinds import NeedKind, ObjectKind
from jobferry.model.records import ObjectKey
from jobferry.model.transfer.arrival import Arrival, Need, Passage
from jobferry.plan.build import subjects
from jobferry.services.circles import circles_of, waits_of
from jobferry.services.importing.looking import counts, seen_elsewhere
from jobferry.services.importing.premises.departing import jobs_here, waiting_among
from jobferry.services.importing.premises.moving import moved, refuse_other_tags
from jobferry.store.ports import Objects, UnitOfWork

_TOLD = 5
_OBJECT_KINDS = {kind.value: kind for kind in ObjectKind}


def refuse_other_premises(uow: UnitOfWork, passage: Passage) -> None:
    """Raises: TargetMoved: something that the plan counts on is not so any more."""
    refuse_other_tags(uow, passage.view.workspace_id, passage.view.tags)
    _refuse_crowded(uow.objects, passage)
    _refuse_asked(uow, passage)
    _refuse_gone(uow, passage)
    _refuse_needed(uow, passage)
    _refuse_circles(uow, passage)


def _refuse_circles(uow: UnitOfWork, passage: Passage) -> None:
    """Jobs that were saved here since may wait for those that arrive by now."""
    waits = waits_of(passage)
    if not {name for upstream in waits.values() for name in upstream} - waits.keys():
        return

    def staged(arrival: Arrival) -> bytes | None:
        return dict(uow.contents.texts([arrival.digest])).get(arrival.digest)

    known = {one.names for one in passage.circles}
    fresh = [one for one in circles_of(uow, passage, waits, staged) if one.names not in known]
    if fresh:
        raise moved(f"jobs here wait for those that arrive by now: {fresh[0].told}", fresh[0].names[0])


def _refuse_needed(uow: UnitOfWork, passage: Passage) -> None:
    """Where something is to go, any job that was changed since may need it by now."""
    view = passage.view
    if not passage.departures or not passage.options.apply_deletions:
        return
    now = {name: job.digest for name, job in jobs_here(uow, view.workspace_id).items()}
    then = {name: job.digest for name, job in view.jobs.items()}
    names = sorted(name for name in now.keys() | then.keys() if now.get(name) != then.get(name))
    if names:
        raise moved(f"jobs were changed since the plan was made: {_listed(names)}", names[0])


def _refuse_crowded(objects: Objects, passage: Passage) -> None:
    """Others may have used up the room that the plan was made for."""
    view = passage.view
    arriving = {arrival.kind for arrival in passage.arrivals if not arrival.item.stands}
    present = counts(objects, view.workspace_id, arriving)
    if present == view.counts:
        return
    now = msgspec.structs.replace(passage, view=msgspec.structs.replace(view, counts=present))
    crowded = next(objects_exceed_quota(now), None)
    if crowded is not None:
        raise moved(
            f"since the plan was made, others have filled the workspace: no room for {crowded.name}",
            crowded.name,
        )


def _refuse_asked(uow: UnitOfWork, passage: Passage) -> None:
    """A review that was asked for since leaves no trace on the object itself."""
    view = passage.view
    targets = {one.target.id: one.target.name for one in passage.written if one.target is not None}
    targets |= {one.target.id: one.target.name for one in passage.departures}
    asked = waiting_among(uow, view.settings, targets)
    names = sorted(targets[one] for one in asked if view.waiting.get(one) != asked[one])
    if names:
        raise moved(f"a review was asked for since the plan was made: {_listed(names)}", names[0])


def _refuse_gone(uow: UnitOfWork, passage: Passage) -> None:
    """What the package's objects use here, besides those that the fingerprint is of, may be gone."""
    gone = sorted({f"{need[0]} {need[1]}" for need in _gone(uow, passage)})
    if gone:
        raise moved(f"gone since the plan was made: {_listed(gone)}", gone[0].partition(" ")[2])


def _gone(uow: UnitOfWork, passage: Passage) -> Iterator[Need]:
    view, needs = passage.view, passage.needs
    yield from _gone_objects(uow, view.workspace_id, _used_here(passage))
    connections = [need for need in needs if need[0] is NeedKind.CONNECTION and need[1] in view.connections]
    if connections:
        present = {one.name for one in uow.surroundings.connections(view.workspace_id)}
        yield from (need for need in connections if need[1] not in present)
    accepted = view.settings.accepted
    inventoried = [
        need for need in needs if need[0] not in accepted and need[1] in view.inventory.get(need[0], ())
    ]
    if inventoried:
        there = {(one.kind, one.name) for one in uow.surroundings.inventory(view.workspace_id)}
        yield from (need for need in inventoried if need[:2] not in there)
    if view.elsewhere:
        now = {name: jobs for name, (_, jobs) in seen_elsewhere(uow, view.grant.caller, needs).items()}
        for workspace, jobs in view.elsewhere.items():
            if workspace not in now:
                yield NeedKind.WORKSPACE, workspace, ""
            yield from ((NeedKind.JOB, name, workspace) for name in jobs - now.get(workspace, jobs))


def _used_here(passage: Passage) -> dict[ObjectKind, list[str]]:
    """Objects that stay as they are and that what arrives refers to."""
    compared = subjects(passage)
    used: dict[ObjectKind, list[str]] = {}
    for kind, name, workspace in passage.needs:
        key: ObjectKey | None = (_OBJECT_KINDS[kind], name) if kind in _OBJECT_KINDS else None
        if key is not None and not workspace and key in passage.view.objects and key not in compared:
            used.setdefault(key[0], []).append(name)
    return used


def _gone_objects(uow: UnitOfWork, workspace_id: str, used: dict[ObjectKind, list[str]]) -> Iterator[Need]:
    for kind, names in used.items():
        present = uow.objects.names_among(workspace_id, kind, names)
        yield from ((NeedKind(kind.value), name, "") for name in names if name not in present)


def _listed(names: list[str]) -> str:
    return ", ".join(names[:_TOLD]) + (" …" if len(names) > _TOLD else "")
