"""Rules about permission: who may write here, whose lock is in the way, and who has to be asked."""

from __future__ import annotations

from collections.abc import Iterator

from jobferry.model.kinds import PLACED_KINDS, VERSIONED_KINDS, ObjectKind
from jobferry.model.moments import written
from jobferry.model.review import Way
from jobferry.model.rights import HEADS, MATRIX, Action, Role, creating, editing
from jobferry.model.transfer.arrival import Arrival, Intent, Passage, going_live
from jobferry.model.transfer.finding import PACKAGE, Finding, Severity
from jobferry.model.transfer.policy import TargetStatus

_NOBODY = "operations"
"""Who sees to a workspace that has neither owner nor administrator."""


def objects_are_not_theirs_to_create(passage: Passage) -> Iterator[Finding]:
    """An object would be new, and the importing user may not create its kind."""
    barred = _barred(passage, {kind: creating(kind) for kind in ObjectKind})
    for arrival in passage.written:
        if arrival.intent is Intent.CREATE and arrival.kind in barred:
            yield _refusal(
                passage,
                arrival,
                "not-allowed-create",
                user=passage.view.grant.caller.name,
                roles=barred[arrival.kind],
            )


def objects_are_not_theirs_to_overwrite(passage: Passage) -> Iterator[Finding]:
    """An object would be overwritten, and the importing user may not change its kind."""
    barred = _barred(passage, {kind: editing(kind) for kind in ObjectKind})
    for arrival in passage.written:
        if arrival.intent is Intent.OVERWRITE and arrival.kind in barred:
            yield _refusal(
                passage,
                arrival,
                "not-allowed-overwrite",
                user=passage.view.grant.caller.name,
                roles=barred[arrival.kind],
            )


def directories_are_not_theirs(passage: Passage) -> Iterator[Finding]:
    """A job or script would land in, or is overwritten in, a directory that a policy keeps from the user."""
    grant = passage.view.grant
    if grant.directories is None:
        return
    for arrival in passage.written:
        if arrival.kind in PLACED_KINDS:
            places = {arrival.directory, arrival.target.directory if arrival.target else arrival.directory}
            for directory in sorted(one for one in places if not grant.covers(one)):
                yield _refusal(
                    passage,
                    arrival,
                    "directory-not-allowed",
                    user=passage.view.grant.caller.name,
                    directory=directory,
                )


def _barred(passage: Passage, wanted: dict[ObjectKind, Action]) -> dict[ObjectKind, str]:
    """The kinds that the user lacks the right for, each with the roles that have it."""
    grant = passage.view.grant
    return {kind: _roles(action) for kind, action in wanted.items() if not grant.may(action)}


def _roles(action: Action) -> str:
    return ", ".join(role for role in Role if role in MATRIX[action] - HEADS)


def targets_are_locked_hard(passage: Passage) -> Iterator[Finding]:
    """Somebody else holds the lock of what would be overwritten, and the user may not take it."""
    grant = passage.view.grant
    for arrival, holder in _foreign(passage):
        target = arrival.target
        if target is not None and not grant.commands_lock(target, passage.policy.lock_policy):
            yield Finding.on(
                arrival.key,
                "locked-by-another",
                holder=holder,
                since=written(target.locked_at),
                who=", ".join(grant.administrators) or _NOBODY,
            )


def locks_are_overridden(passage: Passage) -> Iterator[Finding]:
    """Objects that somebody else has locked are overwritten, and their locks move to the user."""
    grant = passage.view.grant
    taken: dict[str, list[str]] = {}
    for arrival, holder in _foreign(passage):
        if arrival.target and grant.commands_lock(arrival.target, passage.policy.lock_policy):
            taken.setdefault(holder, []).append(arrival.name)
    for holder, names in taken.items():
        yield Finding.on(
            PACKAGE,
            "locks-overridden",
            Severity.WARN,
            holder=holder,
            count=str(len(names)),
            example=names[0],
            user=grant.caller.name,
        )


def _foreign(passage: Passage) -> Iterator[tuple[Arrival, str]]:
    """What would be overwritten although somebody else holds its lock, with that holder."""
    user = passage.view.grant.caller.name
    for arrival in passage.written:
        holder = arrival.target.locked_by if arrival.target else ""
        if holder not in ("", user):
            yield arrival, holder


def approvers_are_missing(passage: Passage) -> Iterator[Finding]:
    """An object would be submitted, the workspace wants a review of it, and nobody is named to approve."""
    if passage.options.approvers or not passage.view.settings.review.is_on:
        return
    for arrival in passage.written:
        if going_live(arrival, passage.view) is Way.REVIEW:
            yield _refusal(passage, arrival, "approvers-missing")


def publishing_is_not_theirs(passage: Passage) -> Iterator[Finding]:
    """An object would go live without review or release, and the importing user may not decide that."""
    if passage.view.grant.may(Action.PUBLISH):
        return
    for arrival in passage.written:
        is_published = arrival.policy.target_status is TargetStatus.PRODUCTION
        if is_published and arrival.kind in VERSIONED_KINDS:
            yield _refusal(passage, arrival, "not-allowed-publish", user=passage.view.grant.caller.name)


def reviews_are_pending(passage: Passage) -> Iterator[Finding]:
    """An object would be submitted again while it waits in a review or release."""
    if not passage.view.waiting:
        return
    for arrival in passage.written:
        review = passage.view.waiting.get(arrival.target.id) if arrival.target else None
        if review and going_live(arrival, passage.view) in (Way.REVIEW, Way.RELEASE):
            yield _refusal(passage, arrival, "review-pending", review=review)


def _refusal(passage: Passage, arrival: Arrival, code: str, **args: str) -> Finding:
    args = {"who": ", ".join(passage.view.grant.administrators) or _NOBODY, **args}
    return Finding.on(arrival.key, code, **args)
