"""Builds a plan: pure, the same for the same inputs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import msgspec

from jobferry.model.kinds import LOCKED_KINDS
from jobferry.model.records import ObjectKey, StoredObject
from jobferry.model.review import Way
from jobferry.model.transfer.arrival import Arrival, Intent, Passage, edits_digest, going_live
from jobferry.model.transfer.cargo import Cargo
from jobferry.model.transfer.finding import Finding, Severity
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
from jobferry.model.transfer.planned.departure import Departure
from jobferry.model.transfer.planned.waiting import told
from jobferry.model.transfer.target import fingerprint
from jobferry.plan.failing import failed_tags
from jobferry.plan.leaving import Verdicts, verdicts
from jobferry.plan.order import leaving_order, ordered


def build(passage: Passage, findings: Iterable[Finding]) -> Plan:
    """The ordered list of what apply will do, bound to the package and to the target's state."""
    judged = verdicts(passage, findings)
    failing = failed_tags(passage, judged)
    steps = tuple(
        step
        for arrival in ordered(passage.arrivals)
        for step in _steps(arrival, passage, judged, failing.get(arrival.key))
    )
    steps += tuple(_departing(one, passage, judged) for one in leaving_order(passage.departures))
    return Plan(
        package_digest=passage.cargo.digest,
        fingerprint=fingerprint(subjects(passage)),
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


def subjects(passage: Passage) -> dict[ObjectKey, StoredObject | None]:
    """The objects a plan is about, present or absent, under every name it touches."""
    found: dict[ObjectKey, StoredObject | None] = {one.key: one.target for one in passage.departures}
    for arrival in passage.arrivals:
        if arrival.target is not None:
            found[arrival.target.key] = arrival.target
        if arrival.target is None or arrival.target.name != arrival.name:
            found[arrival.key] = arrival.rival
    return found


def _steps(arrival: Arrival, passage: Passage, judged: Verdicts, failing: Tag | None) -> Iterator[Step]:
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
        yield _write(arrival, passage)
        for file in arrival.files:
            yield PlaceFile(kind=kind, name=name, sha256=file.sha256, place=file.place)
        holder = arrival.target.locked_by if arrival.target else ""
        if kind in LOCKED_KINDS and holder != passage.view.grant.caller.name:
            yield Lock(kind=kind, name=name, former_holder=holder)
        if held := judged.held.get(arrival.key):
            yield Hold(kind=kind, name=name, missing=tuple(_missing(finding) for finding in held))
        if (way := going_live(arrival, passage.view)) is not None:
            yield _submit(arrival, way)
        if passage.cargo.source_platform and arrival.item.entry.uid and not arrival.is_copy:
            yield _bind(arrival, passage.cargo)


def _departing(one: Departure, passage: Passage, judged: Verdicts) -> Delete | Skip | Block:
    kind, name = one.key
    if not passage.options.apply_deletions:
        return Skip(kind=kind, name=name, findings=tuple(judged.spared.get(one.key, ())))
    if one.key in judged.staying:
        return Block(kind=kind, name=name, findings=tuple(judged.staying[one.key]))
    return Delete(
        kind=kind,
        name=name,
        object_id=one.target.id,
        directory=one.target.directory,
        digest=one.target.digest,
        source_platform=passage.cargo.source_platform,
    )


def _write(arrival: Arrival, passage: Passage) -> Create | Overwrite:
    kind, name = arrival.key
    entry = arrival.item.entry
    if arrival.target is None:
        is_taken = arrival.is_copy or (kind, entry.uid) in passage.view.by_uid
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


def _submit(arrival: Arrival, way: Way) -> Submit | AskReview:
    kind, name = arrival.key
    number = arrival.target.last_version + 1 if arrival.target else 1
    if way is Way.REVIEW:
        return AskReview(kind=kind, name=name, number=number, digest=arrival.digest)
    return Submit(kind=kind, name=name, number=number, digest=arrival.digest, live=way is Way.LIVE)


def _missing(finding: Finding) -> str:
    return told(finding.need_kind, finding.need_name, finding.args.get("workspace", ""))


def _bind(arrival: Arrival, cargo: Cargo) -> Bind:
    entry = arrival.item.entry
    return Bind(
        kind=arrival.kind,
        name=arrival.name,
        source_platform=cargo.source_platform,
        source_uid=entry.uid,
        entry_digest=entry.sha256,
        edits_digest=edits_digest(arrival.edits),
        result_digest=arrival.digest,
        source_workspace=cargo.source_workspace,
        source_directory=arrival.item.facts.directory,
    )
