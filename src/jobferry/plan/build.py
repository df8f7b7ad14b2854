"""The order in which objects land: resources, scripts, CDM definitions, then jobs, upstream first."""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Iterator

import msgspec

from jobferry.model.kinds import LOCKED_KINDS, NeedKind, ObjectKind
from jobferry.model.records import ObjectKey, StoredObject
from jobferry.model.review import Way
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
        for arrival in ordered(context.arrivals)
        for step in _steps(arrival, context, judged, failing.get(arrival.key))
    )
    steps += tuple(_departing(one, context, judged) for one in leaving_order(context.deletions))
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
        msgspec.structs.replace(one, severity=Severity.WARN)
        if one.severity is Severity.HOLD and (one.kind, one.name) in out
        else one
        for one in findings
    )


def subjects(context: ImportContext) -> dict[ObjectKey, StoredObject | None]:
    """The objects a plan is about, present or absent, under every name it touches."""
    found: dict[ObjectKey, StoredObject | None] = {one.key: one.target for one in context.deletions}
    for arrival in context.arrivals:
        if arrival.target is not None:
            found[arrival.target.key] = arrival.target
        if arrival.target is None or arrival.target.name != arrival.name:
            found[arrival.key] = arrival.rival
    return found


def _steps(
    arrival: ImportItem, context: ImportContext, judged: Verdicts, failing: Tag | None
) -> Iterator[Step]:
    kind, name = arrival.key
    if arrival.intent is Intent.UNCHANGED:
        yield Keep(kind=kind, name=name)
    elif arrival.intent is Intent.SKIP:
        yield Skip(kind=kind, name=name)
    elif arrival.key in judged.out:
        yield Block(kind=kind, name=name, findings=tuple(judged.out[arrival.key]))
        if failing is not None:
            yield failing
    else:
        yield _write(arrival, context)
        for file in arrival.files:
            yield PlaceFile(kind=kind, name=name, sha256=file.sha256, place=file.place)
        holder = arrival.target.locked_by if arrival.target else ""
        if kind in LOCKED_KINDS and holder != context.view.grant.caller.name:
            yield Lock(kind=kind, name=name, former_holder=holder)
        if held := judged.held.get(arrival.key):
            yield Hold(kind=kind, name=name, missing=tuple(_missing(finding) for finding in held))
        if (way := going_live(arrival, context.view)) is not None:
            yield _submit(arrival, way)
        if context.contents.source_platform and arrival.item.entry.uid and not arrival.is_copy:
            yield _bind(arrival, context.contents)


def _departing(one: RequestedDeletion, context: ImportContext, judged: Verdicts) -> Delete | Skip | Block:
    kind, name = one.key
    if not context.options.apply_deletions:
        return Skip(kind=kind, name=name, findings=tuple(judged.spared.get(one.key, ())))
    if one.key in judged.staying:
        return Block(kind=kind, name=name, findings=tuple(judged.staying[one.key]))
    return Delete(
        kind=kind,
        name=name,
        object_id=one.target.id,
        directory=one.target.directory,
        digest=one.target.digest,
        source_platform=context.contents.source_platform,
    )


def _write(arrival: ImportItem, context: ImportContext) -> Create | Overwrite:
    kind, name = arrival.key
    entry = arrival.item.entry
    if arrival.target is None:
        is_taken = arrival.is_copy or (kind, entry.uid) in context.view.by_uid
        return Create(
            kind=kind,
            name=name,
            uid="" if is_taken else entry.uid,
            directory=arrival.directory,
            subtype=arrival.item.facts.subtype,
            digest=arrival.digest,
            entry_path=entry.path,
            edits=arrival.edits,
        )
    return Overwrite(
        kind=kind,
        name=name,
        former_name=arrival.target.name,
        directory=arrival.directory,
        former_directory=arrival.target.directory,
        object_id=arrival.target.id,
        subtype=arrival.item.facts.subtype,
        digest=arrival.digest,
        former_digest=arrival.target.digest,
        entry_path=entry.path,
        edits=arrival.edits,
    )


def _submit(arrival: ImportItem, way: Way) -> Submit | AskReview:
    kind, name = arrival.key
    number = arrival.target.last_version + 1 if arrival.target else 1
    if way is Way.REVIEW:
        return AskReview(kind=kind, name=name, number=number, digest=arrival.digest)
    return Submit(kind=kind, name=name, number=number, digest=arrival.digest, live=way is Way.LIVE)


def _missing(finding: Finding) -> str:
    return told(finding.need_kind, finding.need_name, finding.args.get("workspace", ""))


def _bind(arrival: ImportItem, contents: PackageContents) -> Bind:
    entry = arrival.item.entry
    return Bind(
        kind=arrival.kind,
        name=arrival.name,
        source_platform=contents.source_platform,
        source_uid=entry.uid,
        entry_digest=entry.sha256,
        edits_digest=edits_digest(arrival.edits),
        result_digest=arrival.digest,
        source_workspace=contents.source_workspace,
        source_directory=arrival.item.facts.directory,
    )


_KINDS = (ObjectKind.RESOURCE, ObjectKind.SCRIPT, ObjectKind.CDM)


def ordered(arrivals: Iterable[ImportItem]) -> list[ImportItem]:
    """All arrivals in landing order; by name where nothing else decides, so the same every time."""
    by_kind: dict[ObjectKind, list[ImportItem]] = {kind: [] for kind in ObjectKind}
    for arrival in arrivals:
        by_kind[arrival.kind].append(arrival)
    landing: list[ImportItem] = []
    for kind in _KINDS:
        landing += sorted(by_kind[kind], key=_name)
    return landing + _upstream_first(by_kind[ObjectKind.JOB])


def leaving_order(deletions: Iterable[RequestedDeletion]) -> list[RequestedDeletion]:
    """All departures: jobs first, since they use the others, then by name."""
    kinds = [ObjectKind.JOB, *reversed(_KINDS)]
    return sorted(deletions, key=lambda one: (kinds.index(one.target.kind), one.target.name))


def _name(arrival: ImportItem) -> str:
    return arrival.name


def _upstream_first(jobs: list[ImportItem]) -> list[ImportItem]:
    """Jobs after those they run or wait for; jobs in a circle come last, by name."""
    by_name = {job.name: job for job in jobs}
    waits_for = {
        job.name: {
            one.name
            for one in job.references
            if one.kind is NeedKind.JOB and not one.workspace and one.name in by_name and one.name != job.name
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
        arrival.target.id
        for arrival in context.written
        if arrival.target is not None and arrival.key not in judged.out
    }
    found: dict[int, tuple[ObjectKey, Tag]] = {}
    for arrival in context.written:
        target = arrival.target
        if arrival.key in judged.out and target is not None and _may_have(context, target):
            step = Tag(
                kind=arrival.kind, name=arrival.name, object_id=target.id, tag=tag, digest=target.digest
            )
            found.setdefault(target.id, (arrival.key, step))
    return {key: step for object_id, (key, step) in found.items() if object_id not in overwritten}


def _can_be_given(context: ImportContext, judged: Verdicts, tag: str) -> bool:
    """Not while it is locked, nor as the hundred and first."""
    tags = context.view.tags
    if tag in tags:
        return not locked_among([tag], tags)
    brought = (
        one for arrival in context.written if arrival.key not in judged.out for one in arrival.item.facts.tags
    )
    return not are_too_many(len(tags), len(fresh_among([*brought, tag], tags)))


def _may_have(context: ImportContext, target: StoredObject) -> bool:
    """Whether the job does not have it yet, and the importing user may give it."""
    view, grant = context.view, context.view.grant
    return (
        target.kind is ObjectKind.JOB
        and target.id not in view.failed
        and target.id not in view.waiting
        and grant.may(Action.JOB_EDIT)
        and grant.reaches(target)
        and grant.commands_lock(target, context.policy.lock_policy)
    )
