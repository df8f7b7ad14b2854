"""What a plan counts on besides its objects, compared once more in the transaction that applies it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

import msgspec

from jobferry.check.rules.limits import objects_exceed_quota
from jobferry.errors import Conflict, ErrorCode
from jobferry.model.document.references import Reference
from jobferry.model.kinds import NeedKind, ObjectKind
from jobferry.model.people import HIDDEN, Grant
from jobferry.model.records import ObjectKey, StoredObject, Workspace
from jobferry.model.settings import read_settings
from jobferry.model.tags import Tags, fresh_among, is_tag
from jobferry.model.transfer.import_context import ImportContext, ImportItem, Need
from jobferry.model.transfer.plan import Restore, Retag
from jobferry.model.transfer.plan_view import Waited, waited
from jobferry.model.transfer.receipt import ReceiptItem
from jobferry.plan.build import subjects
from jobferry.plan.undo import Present, Reversal, is_new
from jobferry.sentences import few, sentence
from jobferry.services.dependencies import circles_of, waits_of
from jobferry.services.editing.tags import add_tags
from jobferry.services.releasing import release
from jobferry.services.runtime import Runtime
from jobferry.services.target_state import counts, seen_elsewhere, users_here, waiting_among

if TYPE_CHECKING:
    from jobferry.store import Objects, Snapshot, UnitOfWork


class TargetChanged(Conflict):
    """The target changed between plan and apply; whoever planned may plan again."""


def target_changed(message: str, subject: str = "") -> TargetChanged:
    """The error, which names what has moved."""
    return TargetChanged(ErrorCode.TARGET_CHANGED, message, subject=subject, hint="check and plan again")


def refuse_other_tags(uow: UnitOfWork, workspace_id: str, planned: Tags) -> None:
    """Which tags there are, and which are locked, is part of the target's state.

    Raises:
        TargetChanged: they are not those that the plan was made for.
    """
    if uow.tags.of_workspace(workspace_id) != planned:
        raise target_changed("the tags of this workspace have changed since the plan was made", "tags")


_TOLD = 5
_OBJECT_KINDS = {kind.value: kind for kind in ObjectKind}


def refuse_other_premises(uow: UnitOfWork, context: ImportContext) -> None:
    """Raises: TargetChanged: something that the plan counts on is not so any more."""
    refuse_other_tags(uow, context.target_state.workspace_id, context.target_state.tags)
    _refuse_crowded(uow.objects, context)
    _refuse_asked(uow, context)
    _refuse_gone(uow, context)
    _refuse_needed(uow, context)
    _refuse_circles(uow, context)


def _refuse_circles(uow: UnitOfWork, context: ImportContext) -> None:
    """Jobs that were saved here since may wait for those that arrive by now."""
    waits = waits_of(context)
    if not {name for upstream in waits.values() for name in upstream} - waits.keys():
        return

    def staged(item: ImportItem) -> bytes | None:
        return dict(uow.contents.texts([item.digest])).get(item.digest)

    known = {circle.names for circle in context.circles}
    fresh = [circle for circle in circles_of(uow, context, waits, staged) if circle.names not in known]
    if fresh:
        raise target_changed(
            sentence("jobs here already wait for those that arrive: {circle}", circle=fresh[0].told),
            fresh[0].names[0],
        )


def _refuse_needed(uow: UnitOfWork, context: ImportContext) -> None:
    """Where something is to go, a job that was changed since may need it by now, or no longer."""
    state = context.target_state
    if not context.confirmed_deletions:
        return
    keys = [here.key for _, here in state.departing]
    users = users_here(uow, state.workspace_id, state.settings.fact_rules, keys)
    now = {job.name: job.digest for job, _ in users}
    then = {name: job.digest for name, job in state.jobs.items()}
    names = sorted(name for name in now.keys() | then.keys() if now.get(name) != then.get(name))
    if names:
        raise target_changed(
            sentence("jobs were changed since the plan was made: {names}", names=few(names)), names[0]
        )


def _refuse_crowded(objects: Objects, context: ImportContext) -> None:
    """Others may have used up the room that the plan was made for."""
    state = context.target_state
    arriving = {item.kind for item in context.items if not item.entry.is_up_to_date}
    present = counts(objects, state.workspace_id, arriving)
    if present == state.counts:
        return
    now = msgspec.structs.replace(context, target_state=msgspec.structs.replace(state, counts=present))
    crowded = next(objects_exceed_quota(now), None)
    if crowded is not None:
        raise target_changed(
            sentence(
                "since the plan was made, others have filled the workspace: no room for {name}",
                name=crowded.name,
            ),
            crowded.name,
        )


def _refuse_asked(uow: UnitOfWork, context: ImportContext) -> None:
    """A review that was asked for since leaves no trace on the object itself."""
    state = context.target_state
    targets = {item.target.id: item.target.name for item in context.written if item.target is not None}
    targets |= {deletion.target.id: deletion.target.name for deletion in context.deletions}
    asked = waiting_among(uow, state.settings, targets)
    names = sorted(targets[one] for one in asked if state.waiting.get(one) != asked[one])
    if names:
        raise target_changed(
            sentence("a review was asked for since the plan was made: {names}", names=few(names)), names[0]
        )


def _refuse_gone(uow: UnitOfWork, context: ImportContext) -> None:
    """What the package's objects use here, besides those that the fingerprint is of, may be gone."""
    gone = sorted({f"{need[0]} {need[1]}" for need in _gone(uow, context)})
    if gone:
        raise target_changed(
            sentence("gone since the plan was made: {names}", names=few(gone)), gone[0].partition(" ")[2]
        )


def _gone(uow: UnitOfWork, context: ImportContext) -> Iterator[Need]:
    state, needs = context.target_state, context.needs
    yield from _gone_objects(uow, state.workspace_id, _used_here(context))
    connections = [need for need in needs if need[0] is NeedKind.CONNECTION and need[1] in state.connections]
    if connections:
        present = {connection.name for connection in uow.connections.all(state.workspace_id)}
        yield from (need for need in connections if need[1] not in present)
    accepted = state.settings.accepted
    inventoried = [
        need for need in needs if need[0] not in accepted and need[1] in state.inventory.get(need[0], ())
    ]
    if inventoried:
        there = {(item.kind, item.name) for item in uow.inventory.items(state.workspace_id)}
        yield from (need for need in inventoried if need[:2] not in there)
    if state.elsewhere:
        now = {name: jobs for name, (_, jobs) in seen_elsewhere(uow, state.grant.caller, needs).items()}
        for workspace, jobs in state.elsewhere.items():
            if workspace not in now:
                yield NeedKind.WORKSPACE, workspace, ""
            yield from ((NeedKind.JOB, name, workspace) for name in jobs - now.get(workspace, jobs))


def _used_here(context: ImportContext) -> dict[ObjectKind, list[str]]:
    """Objects that stay as they are and that what arrives refers to."""
    compared = subjects(context)
    used: dict[ObjectKind, list[str]] = {}
    for kind, name, workspace in context.needs:
        key: ObjectKey | None = (_OBJECT_KINDS[kind], name) if kind in _OBJECT_KINDS else None
        if key is not None and not workspace and key in context.target_state.objects and key not in compared:
            used.setdefault(key[0], []).append(name)
    return used


def _gone_objects(uow: UnitOfWork, workspace_id: str, used: dict[ObjectKind, list[str]]) -> Iterator[Need]:
    for kind, names in used.items():
        present = uow.objects.names_among(workspace_id, kind, names)
        yield from ((NeedKind(kind.value), name, "") for name in names if name not in present)


_COUNTED = {ObjectKind.JOB, ObjectKind.SCRIPT}


def present_of(snapshot: Snapshot, grant: Grant, items: Sequence[ReceiptItem]) -> Present:
    """One read of the import's objects, of who has the names they would get back, and of who uses them."""
    wrote = [item for item in items if item.object_id]
    there = snapshot.objects.by_ids(item.object_id for item in wrote)
    by_id = {
        item.object_id: grant.redact(there[item.object_id], item.name)
        for item in wrote
        if item.object_id in there
    }
    by_name: dict[ObjectKey, StoredObject] = {}
    for kind in ObjectKind:
        names = {item.name for item in wrote if item.kind is kind}
        names |= {item.prior.name for item in wrote if item.kind is kind and item.prior}
        found = snapshot.objects.by_names(grant.workspace.id, kind, names) if names else {}
        by_name |= {(kind, name): stored for name, stored in found.items()}
    new = [there[item.object_id].key for item in wrote if is_new(item) and item.object_id in there]
    fact_rules = read_settings(grant.workspace.settings).fact_rules
    users: dict[ObjectKey, tuple[Reference, ...]] = {}
    for job, references in users_here(snapshot, grant.workspace.id, fact_rules, new):
        key = grant.redact(job, HIDDEN).key
        users[key] = users.get(key, ()) + references
    return Present(
        by_id,
        by_name,
        users=users,
        tags=snapshot.tags.of_workspace(grant.workspace.id),
        worn=snapshot.contents.tags(_redrafted(wrote, by_id)),
        counts=counts(snapshot.objects, grant.workspace.id, _COUNTED),
    )


def refuse_other_returns(uow: UnitOfWork, grant: Grant, present: Present, made: Reversal) -> None:
    """Raises: TargetChanged: there are other tags than planned for, or less room for what is made again."""
    refuse_other_tags(uow, grant.workspace.id, present.tags)
    makes = any(isinstance(step, Restore) and step.is_gone for step in made.plan.steps)
    if makes and counts(uow.objects, grant.workspace.id, _COUNTED) != present.counts:
        raise target_changed("how much this workspace holds has changed since the plan was made")


def follow_undo(uow: UnitOfWork, runtime: Runtime, grant: Grant, present: Present, made: Reversal) -> None:
    """Tags that come back with jobs are the workspace's again; who waits for what is here is let go."""
    restores = [step for step in made.plan.steps if isinstance(step, Restore)]
    digests = [step.prior.digest for step in restores]
    digests += [step.digest for step in made.plan.steps if isinstance(step, Retag)]
    brought = (tag for digest in digests for tag in sorted(present.worn.get(digest, ())))
    add_tags(uow, runtime, grant, [tag for tag in fresh_among(brought, present.tags) if is_tag(tag)])
    waits = {waited(entry) for step in restores for entry in step.prior.held}
    if waits:
        release(runtime, uow, grant, _here(uow, grant.workspace, waits))


def _redrafted(wrote: Iterable[ReceiptItem], by_id: dict[int, StoredObject]) -> set[str]:
    """The texts of jobs that would get another one, before and after."""
    digests: set[str] = set()
    for item in wrote:
        if item.kind is ObjectKind.JOB and item.prior is not None:
            stored = by_id.get(item.object_id)
            digests |= {item.prior.digest} | ({stored.digest} if stored is not None else set())
    return digests


def _here(uow: UnitOfWork, workspace: Workspace, things: set[Waited]) -> set[Waited]:
    """Those of the things that are here now; what lives elsewhere is looked for when the job is started."""
    workspace_id, accepted = workspace.id, read_settings(workspace.settings).accepted
    found = {thing for thing in things if thing[0] in accepted}
    for kind in ObjectKind:
        names = [name for what, name, place in things if what == kind.value and not place]
        if names:
            present = uow.objects.names_among(workspace_id, kind, names)
            found |= {(kind.value, name, "") for name in present}
    connection = NeedKind.CONNECTION.value
    there = {(connection, one.name, "") for one in uow.connections.all(workspace_id)}
    there |= {(item.kind.value, item.name, "") for item in uow.inventory.items(workspace_id)}
    return found | (things & there)
