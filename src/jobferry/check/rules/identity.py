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
    warnings = [warning for warning in context.contents.warnings if warning.problem.code == "name-doubled"]
    doubled = {(warning.kind, warning.name): warning.problem for warning in warnings}
    for item in context.items if doubled else ():
        if problem := doubled.get(item.entry.key):
            yield Finding.on(item.key, problem.code, path=problem.path, **problem.args)


def uid_and_name_disagree(context: ImportContext) -> Iterator[Finding]:
    """The uid belongs to one object here and the name to another."""
    contested = [item for item in context.written if item.name_holder is not None]
    freed = freed_by(context) if contested else {}
    for item in contested:
        if item.name_holder is not None and item.name_holder.id not in freed:
            target = item.target or item.name_holder
            yield Finding.on(item.key, "identity-conflict", target=target.name, name=item.name)


def duplicates_are_refused(context: ImportContext) -> Iterator[Finding]:
    """The object exists and the duplicate policy is *fail*."""
    for item in context.written:
        if item.intent is Intent.OVERWRITE and item.policy.duplicates is Duplicates.FAIL:
            yield Finding.on(item.key, "already-exists")


def types_differ(context: ImportContext) -> Iterator[Finding]:
    """A script or resource would change its type, which cannot be changed."""
    for item in context.written:
        if item.target is None or item.kind not in (ObjectKind.SCRIPT, ObjectKind.RESOURCE):
            continue
        here, there = item.target.subtype, item.entry.facts.subtype
        if here and there and here != there:
            yield Finding.on(item.key, "type-differs", here=here, there=there)


def targets_are_not_stopped(context: ImportContext) -> Iterator[Finding]:
    """A same-named job is not stopped; paused is not stopped. The live copy may be in use."""
    if not context.policy.must_be_stopped:
        return
    for item in context.written:
        if item.target is not None and not is_stopped(item.target):
            yield Finding.on(item.key, "target-not-stopped", state=item.target.state)


def targets_were_edited(context: ImportContext) -> Iterator[Finding]:
    """An object was edited here since it was last imported from where it comes; overwriting loses that."""
    blocks = context.policy.target_edited is TargetEdited.BLOCK
    for item in context.written:
        change = change_of(item, context.target_state)
        if item.target is not None and change in (Change.TARGET_EDITED, Change.BOTH_EDITED):
            yield Finding.on(
                item.key,
                change.value,
                Severity.BLOCK if blocks else Severity.WARN,
                by=item.target.updated_by,
                at=written(item.target.updated_at),
            )


def renames_leave_users_behind(context: ImportContext) -> Iterator[Finding]:
    """What the source has renamed is renamed here, and jobs here that do not come along name it as before."""
    users, grant = context.target_state.users, context.target_state.grant
    if not users:
        return
    written = {item.target.id for item in context.written if item.target is not None}
    for item in context.written:
        target = item.target
        left = [job for job in users.get(target.key, ()) if job.id not in written] if target else []
        if target is not None and target.name != item.name and left:
            seen = [job.name for job in left if grant.reaches(job)]
            yield Finding.on(
                item.key,
                "renamed-in-use",
                Severity.WARN,
                former=target.name,
                count=str(len(left)),
                example=", ".join(seen[:_SHOWN]) + (" …" if len(left) > len(seen[:_SHOWN]) else ""),
            )
