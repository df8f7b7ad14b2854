"""Rules about who is who, and whether what is there may be changed."""

from __future__ import annotations

from collections.abc import Iterator

from jobferry.model.kinds import ObjectKind
from jobferry.model.moments import written
from jobferry.model.transfer.arrival import Intent, Passage, freed_by
from jobferry.model.transfer.finding import Finding, Severity
from jobferry.model.transfer.planned.change import Change, change_of
from jobferry.model.transfer.policy import Duplicates, TargetEdited
from jobferry.model.transfer.target import is_stopped

_SHOWN = 5


def names_are_doubled(passage: Passage) -> Iterator[Finding]:
    """One name stands for two different documents of a kind."""
    oddities = [one for one in passage.cargo.oddities if one.problem.code == "name-doubled"]
    doubled = {(one.kind, one.name): one.problem for one in oddities}
    for arrival in passage.arrivals if doubled else ():
        if problem := doubled.get(arrival.item.key):
            yield Finding.on(arrival.key, problem.code, path=problem.path, **problem.args)


def uid_and_name_disagree(passage: Passage) -> Iterator[Finding]:
    """The uid belongs to one object here and the name to another."""
    contested = [arrival for arrival in passage.written if arrival.rival is not None]
    freed = freed_by(passage) if contested else {}
    for arrival in contested:
        if arrival.rival is not None and arrival.rival.id not in freed:
            target = arrival.target or arrival.rival
            yield Finding.on(arrival.key, "identity-conflict", target=target.name, name=arrival.name)


def duplicates_are_refused(passage: Passage) -> Iterator[Finding]:
    """The object exists and the duplicate policy is *fail*."""
    for arrival in passage.written:
        if arrival.intent is Intent.OVERWRITE and arrival.policy.duplicates is Duplicates.FAIL:
            yield Finding.on(arrival.key, "already-exists")


def types_differ(passage: Passage) -> Iterator[Finding]:
    """A script or resource would change its type, which cannot be changed."""
    for arrival in passage.written:
        if arrival.target is None or arrival.kind not in (ObjectKind.SCRIPT, ObjectKind.RESOURCE):
            continue
        here, there = arrival.target.subtype, arrival.item.facts.subtype
        if here and there and here != there:
            yield Finding.on(arrival.key, "type-differs", here=here, there=there)


def targets_are_not_stopped(passage: Passage) -> Iterator[Finding]:
    """A same-named job is not stopped; paused is not stopped. The live copy may be in use."""
    if not passage.policy.must_be_stopped:
        return
    for arrival in passage.written:
        if arrival.target is not None and not is_stopped(arrival.target):
            yield Finding.on(arrival.key, "target-not-stopped", state=arrival.target.state)


def targets_were_edited(passage: Passage) -> Iterator[Finding]:
    """An object was edited here since it was last imported from where it comes; overwriting loses that."""
    blocks = passage.policy.target_edited is TargetEdited.BLOCK
    for arrival in passage.written:
        change = change_of(arrival, passage.view)
        if arrival.target is not None and change in (Change.TARGET_EDITED, Change.BOTH_EDITED):
            yield Finding.on(
                arrival.key,
                change.value,
                Severity.BLOCK if blocks else Severity.WARN,
                by=arrival.target.updated_by,
                at=written(arrival.target.updated_at),
            )


def renames_leave_users_behind(passage: Passage) -> Iterator[Finding]:
    """What the source has renamed is renamed here, and jobs here that do not come along name it as before."""
    users, grant = passage.view.users, passage.view.grant
    if not users:
        return
    written = {arrival.target.id for arrival in passage.written if arrival.target is not None}
    for arrival in passage.written:
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
