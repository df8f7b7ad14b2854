"""The order in which objects land: resources, scripts, CDM definitions, then jobs, upstream first."""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Iterator

import msgspec

from jobferry.model.kinds import LOCKED_KINDS, NeedKind, ObjectKind
from jobferry.model.records import ObjectKey, StoredObject
from jobferry.model.review import ReleaseMode
from jobferry.model.rights import Action
from jobferry.model.tags import are_too_many, fresh_among, locked_among
from jobferry.model.transfer.contents import PackageContents
from jobferry.model.transfer.finding import Finding, Severity
from jobferry.model.transfer.import_context import (
    ImportContext,
    ImportItem,
    Intent,
    RequestedDeletion,
    edits_digest,
    going_live,
)
from jobferry.model.transfer.plan import (
    AskReview,
    Bind,
    Block,
    Create,
    Delete,
    Hold,
    Keep,
    Lock,
    Overwrite,
    PlaceFile,
    Plan,
    Skip,
    Step,
    Submit,
    Tag,
)
from jobferry.model.transfer.plan_view import told
from jobferry.model.transfer.policy import NO_TAG
from jobferry.model.transfer.target_state import fingerprint
from jobferry.plan.left_out import Verdicts, verdicts


def build(context: ImportContext, findings: Iterable[Finding]) -> Plan:
    """The ordered list of what apply will do, bound to the package and to the target's state."""
    judged = verdicts(context, findings)
    failing = failed_tags(context, judged)
    steps = tuple(
        step
        for item in ordered(context.items)
        for step in _steps(item, context, judged, failing.get(item.key))
    )
    steps += tuple(_departing(deletion, context, judged) for deletion in leaving_order(context.deletions))
    return Plan(
        package_digest=context.contents.digest,
        fingerprint=fingerprint(subjects(context)),
        steps=steps,
        refused=judged.refused,
    )


def as_planned(findings: tuple[Finding, ...], plan: Plan) -> tuple[Finding, ...]:
    """The findings beside their plan: what would only hold an object that stays out tells, and holds nothing.

    So no object is said to land, though it could not start, and to stay out.
    """
    out = {(step.kind, step.name) for step in plan.steps if isinstance(step, Block)}
    return tuple(
        msgspec.structs.replace(finding, severity=Severity.WARN)
        if finding.severity is Severity.HOLD and (finding.kind, finding.name) in out
        else finding
        for finding in findings
    )


def subjects(context: ImportContext) -> dict[ObjectKey, StoredObject | None]:
    """The objects a plan is about, present or absent, under every name it touches.

    What a directory policy hides stays out of it: it is never written, and its state must not show.
    """
    reaches = context.target_state.grant.reaches
    found: dict[ObjectKey, StoredObject | None] = {
        deletion.key: deletion.target for deletion in context.deletions if reaches(deletion.target)
    }
    for item in context.items:
        target, holder = item.target, item.name_holder
        if any(stored is not None and not reaches(stored) for stored in (target, holder)):
            continue
        if target is not None:
            found[target.key] = target
        if target is None or target.name != item.name:
            found[item.key] = holder
    return found


def _steps(item: ImportItem, context: ImportContext, judged: Verdicts, failing: Tag | None) -> Iterator[Step]:
    kind, name = item.key
    if item.intent is Intent.UNCHANGED:
        yield Keep(kind=kind, name=name)
    elif item.intent is Intent.SKIP:
        yield Skip(kind=kind, name=name)
    elif item.key in judged.out:
        yield Block(kind=kind, name=name, findings=tuple(judged.out[item.key]))
        if failing is not None:
            yield failing
    else:
        yield _write(item, context)
        for file in item.files:
            yield PlaceFile(kind=kind, name=name, sha256=file.sha256, place=file.place)
        holder = item.target.locked_by if item.target else ""
        if kind in LOCKED_KINDS and holder != context.target_state.grant.caller.name:
            yield Lock(kind=kind, name=name, former_holder=holder)
        if held := judged.held.get(item.key):
            missing = tuple(dict.fromkeys(map(_missing, held)))
            yield Hold(kind=kind, name=name, missing=missing, findings=tuple(held))
        if (way := going_live(item, context.target_state)) is not None:
            yield _submit(item, way)
        if context.contents.source_platform and item.entry.info.uid and not item.is_copy:
            yield _bind(item, context.contents)


def _departing(
    deletion: RequestedDeletion, context: ImportContext, judged: Verdicts
) -> Delete | Skip | Block:
    kind, name = deletion.key
    if not context.options.confirms(kind, name):
        return Skip(kind=kind, name=name, findings=tuple(judged.spared.get(deletion.key, ())))
    if deletion.key in judged.staying:
        return Block(kind=kind, name=name, findings=tuple(judged.staying[deletion.key]))
    return Delete(
        kind=kind,
        name=name,
        object_id=deletion.target.id,
        directory=deletion.target.directory,
        digest=deletion.target.digest,
        source_platform=context.contents.source_platform,
    )


def _write(item: ImportItem, context: ImportContext) -> Create | Overwrite:
    kind, name = item.key
    entry = item.entry.info
    if item.target is None:
        is_taken = item.is_copy or (kind, entry.uid) in context.target_state.by_uid
        return Create(
            kind=kind,
            name=name,
            uid="" if is_taken else entry.uid,
            directory=item.directory,
            subtype=item.entry.facts.subtype,
            digest=item.digest,
            entry_path=entry.path,
            edits=item.edits,
        )
    return Overwrite(
        kind=kind,
        name=name,
        former_name=item.target.name,
        directory=item.directory,
        former_directory=item.target.directory,
        object_id=item.target.id,
        subtype=item.entry.facts.subtype,
        digest=item.digest,
        former_digest=item.target.digest,
        entry_path=entry.path,
        edits=item.edits,
    )


def _submit(item: ImportItem, way: ReleaseMode) -> Submit | AskReview:
    kind, name = item.key
    number = item.target.last_version + 1 if item.target else 1
    if way is ReleaseMode.REVIEW:
        return AskReview(kind=kind, name=name, number=number, digest=item.digest)
    return Submit(kind=kind, name=name, number=number, digest=item.digest, live=way is ReleaseMode.LIVE)


def _missing(finding: Finding) -> str:
    return told(finding.need_kind, finding.need_name, finding.args.get("workspace", ""))


def _bind(item: ImportItem, contents: PackageContents) -> Bind:
    entry = item.entry.info
    return Bind(
        kind=item.kind,
        name=item.name,
        source_platform=contents.source_platform,
        source_uid=entry.uid,
        entry_digest=entry.sha256,
        edits_digest=edits_digest(item.edits),
        result_digest=item.digest,
        source_workspace=contents.source_workspace,
        source_directory=item.entry.facts.directory,
    )


_KINDS = (ObjectKind.RESOURCE, ObjectKind.SCRIPT, ObjectKind.CDM)


def ordered(items: Iterable[ImportItem]) -> list[ImportItem]:
    """All items in landing order; by name where nothing else decides, so the same every time."""
    by_kind: dict[ObjectKind, list[ImportItem]] = {kind: [] for kind in ObjectKind}
    for item in items:
        by_kind[item.kind].append(item)
    landing: list[ImportItem] = []
    for kind in _KINDS:
        landing += sorted(by_kind[kind], key=_name)
    return landing + _upstream_first(by_kind[ObjectKind.JOB])


def leaving_order(deletions: Iterable[RequestedDeletion]) -> list[RequestedDeletion]:
    """All departures: jobs first, since they use the others, then by name."""
    kinds = [ObjectKind.JOB, *reversed(_KINDS)]
    return sorted(deletions, key=lambda deletion: (kinds.index(deletion.target.kind), deletion.target.name))


def _name(item: ImportItem) -> str:
    return item.name


def _upstream_first(jobs: list[ImportItem]) -> list[ImportItem]:
    """Jobs after those they run or wait for; jobs in a circle come last, by name."""
    by_name = {job.name: job for job in jobs}
    waits_for = {
        job.name: {
            reference.name
            for reference in job.references
            if reference.kind is NeedKind.JOB
            and not reference.workspace
            and reference.name in by_name
            and reference.name != job.name
        }
        for job in jobs
    }
    return [by_name[name] for name in upstream_first_names(waits_for)]


def upstream_first_names(waits_for: dict[str, set[str]]) -> list[str]:
    """Names after those they wait for, all of which are keys too; those in a circle come last, by name."""
    followers: dict[str, list[str]] = {name: [] for name in waits_for}
    for name, before in waits_for.items():
        for upstream in before:
            followers[upstream].append(name)
    open_counts = {name: len(before) for name, before in waits_for.items()}
    ready = [name for name, count in open_counts.items() if count == 0]
    heapq.heapify(ready)
    landing: list[str] = []
    while ready:
        name = heapq.heappop(ready)
        landing.append(name)
        for follower in followers[name]:
            open_counts[follower] -= 1
            if open_counts[follower] == 0:
                heapq.heappush(ready, follower)
    circling = sorted(waits_for.keys() - set(landing))
    return [*landing, *circling]


def failed_tags(context: ImportContext, judged: Verdicts) -> dict[ObjectKey, Tag]:
    """The tag's step for each object that stays out; none where the package does as a whole."""
    tag = context.policy.failed_tag
    if tag == NO_TAG or judged.refused or not judged.out or not _can_be_given(context, judged, tag):
        return {}
    overwritten = {
        item.target.id for item in context.written if item.target is not None and item.key not in judged.out
    }
    found: dict[int, tuple[ObjectKey, Tag]] = {}
    for item in context.written:
        target = item.target
        if item.key in judged.out and target is not None and _may_have(context, target):
            step = Tag(kind=item.kind, name=item.name, object_id=target.id, tag=tag, digest=target.digest)
            found.setdefault(target.id, (item.key, step))
    return {key: step for object_id, (key, step) in found.items() if object_id not in overwritten}


def _can_be_given(context: ImportContext, judged: Verdicts, tag: str) -> bool:
    """Not while it is locked, nor as the hundred and first."""
    tags = context.target_state.tags
    if tag in tags:
        return not locked_among([tag], tags)
    brought = (one for item in context.written if item.key not in judged.out for one in item.entry.facts.tags)
    return not are_too_many(len(tags), len(fresh_among([*brought, tag], tags)))


def _may_have(context: ImportContext, target: StoredObject) -> bool:
    """Whether the job does not have it yet, and the importing user may give it."""
    state, grant = context.target_state, context.target_state.grant
    return (
        target.kind is ObjectKind.JOB
        and target.id not in state.failed
        and target.id not in state.waiting
        and grant.may(Action.JOB_EDIT)
        and grant.reaches(target)
        and grant.commands_lock(target, context.policy.lock_policy)
    )
