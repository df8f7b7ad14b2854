"""What an undo's plan counts on besides its objects: names, who uses them, tags, and room."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from jobferry.model.document.references import Reference
from jobferry.model.editing.tags import fresh_among, is_tag
from jobferry.model.grant import Grant
from jobferry.model.kinds import NeedKind, ObjectKind
from jobferry.model.records import ObjectKey, StoredObject, Workspace
from jobferry.model.settings import read_settings
from jobferry.model.transfer.plan import Restore, Retag
from jobferry.model.transfer.planned.waiting import Waited, waited
from jobferry.model.transfer.receipt import ReceiptItem
from jobferry.plan.undo import Present, Reversal, is_new
from jobferry.services.editing.tagging import add_tags
from jobferry.services.ground import Ground
from jobferry.services.importing.looking import counts
from jobferry.services.importing.premises.moving import moved, refuse_other_tags
from jobferry.services.releasing import release
from jobferry.services.stored_facts import stored_facts
from jobferry.store.ports import Snapshot, UnitOfWork

_COUNTED = {ObjectKind.JOB, ObjectKind.SCRIPT}


def present_of(snapshot: Snapshot, grant: Grant, items: Sequence[ReceiptItem]) -> Present:
    """One read of the import's objects, of who has the names they would get back, and of who uses them."""
    wrote = [item for item in items if item.object_id]
    by_id = snapshot.objects.by_ids(item.object_id for item in wrote)
    by_name: dict[ObjectKey, StoredObject] = {}
    for kind in ObjectKind:
        names = {item.name for item in wrote if item.kind is kind}
        names |= {item.prior.name for item in wrote if item.kind is kind and item.prior}
        found = snapshot.objects.by_names(grant.workspace.id, kind, names) if names else {}
        by_name |= {(kind, name): stored for name, stored in found.items()}
    some_go = any(is_new(item) for item in wrote)
    return Present(
        by_id,
        by_name,
        users=_users(snapshot, grant) if some_go else {},
        tags=snapshot.tags.of_workspace(grant.workspace.id),
        worn=snapshot.contents.tags(_redrafted(wrote, by_id)),
        counts=counts(snapshot.objects, grant.workspace.id, _COUNTED),
    )


def refuse_other_returns(uow: UnitOfWork, grant: Grant, present: Present, made: Reversal) -> None:
    """Raises: TargetMoved: there are other tags than planned for, or less room for what is made again."""
    refuse_other_tags(uow, grant.workspace.id, present.tags)
    makes = any(isinstance(step, Restore) and step.is_gone for step in made.plan.steps)
    if makes and counts(uow.objects, grant.workspace.id, _COUNTED) != present.counts:
        raise moved("how much this workspace holds has changed since the plan was made")


def follow_undo(uow: UnitOfWork, ground: Ground, grant: Grant, present: Present, made: Reversal) -> None:
    """Tags that come back with jobs are the workspace's again; who waits for what is here is let go."""
    restores = [step for step in made.plan.steps if isinstance(step, Restore)]
    digests = [step.prior.digest for step in restores]
    digests += [step.digest for step in made.plan.steps if isinstance(step, Retag)]
    brought = (tag for digest in digests for tag in sorted(present.worn.get(digest, ())))
    add_tags(uow, ground, grant, [tag for tag in fresh_among(brought, present.tags) if is_tag(tag)])
    waits = {waited(entry) for step in restores for entry in step.prior.held}
    if waits:
        release(ground, uow, grant, _here(uow, grant.workspace, waits))


def _users(snapshot: Snapshot, grant: Grant) -> dict[ObjectKey, tuple[Reference, ...]]:
    jobs = list(snapshot.objects.every(grant.workspace.id, ObjectKind.JOB))
    reading = read_settings(grant.workspace.settings).reading
    facts = stored_facts(snapshot.contents, ObjectKind.JOB, {job.digest for job in jobs}, reading)
    return {job.key: facts[job.digest].references for job in jobs}


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
    there = {(connection, one.name, "") for one in uow.surroundings.connections(workspace_id)}
    there |= {(one.kind.value, one.name, "") for one in uow.surroundings.inventory(workspace_id)}
    return found | (things & there)
