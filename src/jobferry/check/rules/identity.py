"""Rules about who is who, and whether what is there may be changed."""

from __future__ import annotations

from collections.abc import Iterator

from jobferry.model.document.times import written
from jobferry.model.kinds import ObjectKind
from jobferry.model.transfer.finding import Finding, Severity
from jobferry.model.transfer.import_context import ImportContext, Intent, freed_by
from jobferry.model.transfer.plan_view import Change, change_of
from jobferry.model.transfer.policy import Duplicates, TargetEdited
from jobferry.model.transfer.target_state import is_stopped

_SHOWN = 5


def names_are_doubled(context: ImportContext) -> Iterator[Finding]:
    """One name stands for two different documents of a kind."""
    oddities = [one for one in context.contents.oddities if one.problem.code == "name-doubled"]
    doubled = {(one.kind, one.name): one.problem for one in oddities}
    for arrival in context.arrivals if doubled else ():
        if problem := doubled.get(arrival.item.key):
            yield Finding.on(arrival.key, problem.code, path=problem.path, **problem.args)


def uid_and_name_disagree(context: ImportContext) -> Iterator[Finding]:
    """The uid belongs to one object here and the name to another."""
    contested = [arrival for arrival in context.written if arrival.rival is not None]
    freed = freed_by(context) if contested else {}
    for arrival in contested:
        if arrival.rival is not None and arrival.rival.id not in freed:
            target = arrival.target or arrival.rival
            yield Finding.on(arrival.key, "identity-conflict", target=target.name, name=arrival.name)


def duplicates_are_refused(context: ImportContext) -> Iterator[Finding]:
    """The object exists and the duplicate policy is *fail*."""
    for arrival in context.written:
        if arrival.intent is Intent.OVERWRITE and arrival.policy.duplicates is Duplicates.FAIL:
            yield Finding.on(arrival.key, "already-exists")


def types_differ(context: ImportContext) -> Iterator[Finding]:
    """A script or resource would change its type, which cannot be changed."""
    for arrival in context.written:
        if arrival.target is None or arrival.kind not in (ObjectKind.SCRIPT, ObjectKind.RESOURCE):
            continue
        here, there = arrival.target.subtype, arrival.item.facts.subtype
        if here and there and here != there:
            yield Finding.on(arrival.key, "type-differs", here=here, there=there)


def targets_are_not_stopped(context: ImportContext) -> Iterator[Finding]:
    """A same-named job is not stopped; paused is not stopped. The live copy may be in use."""
    if not context.policy.must_be_stopped:
        return
    for arrival in context.written:
        if arrival.target is not None and not is_stopped(arrival.target):
            yield Finding.on(arrival.key, "target-not-stopped", state=arrival.target.state)


def targets_were_edited(context: ImportContext) -> Iterator[Finding]:
    """An object was edited here since it was last imported from where it comes; overwriting loses that."""
    blocks = context.policy.target_edited is TargetEdited.BLOCK
    for arrival in context.written:
        change = change_of(arrival, context.view)
        if arrival.target is not None and change in (Change.TARGET_EDITED, Change.BOTH_EDITED):
            yield Finding.on(
                arrival.key,
                change.value,
                Severity.BLOCK if blocks else Severity.WARN,
                by=arrival.target.updated_by,
                at=written(arrival.target.updated_at),
            )


def renames_leave_users_behind(context: ImportContext) -> Iterator[Finding]:
    """What the source has renamed is renamed here, and jobs here that do not come along name it as before."""
    users, grant = context.view.users, context.view.grant
    if not users:
        return
    written = {arrival.target.id for arrival in context.written if arrival.target is not None}
    for arrival in context.written:
        target = arrival.target
        left = [job for job in users.get(target.key, ()) if job.id not in written] if target else []
        if target is not None and target.name != arrival.name and left:
            seen = [job.name for job in left if grant.reaches(job)]
            yield Finding.on(
                arrival.key,
                "renamed-in-use",
                Severity.WARN,
                former=target.name,
                count=str(len(left)),
                example=", ".join(seen[:_SHOWN]) + (" …" if len(left) > len(seen[:_SHOWN]) else ""),
            )
