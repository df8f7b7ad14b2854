"""Rules about permission: who may write here, whose lock is in the way, and who has to be asked."""

from __future__ import annotations

from collections.abc import Iterator

from jobferry.model.document.times import written
from jobferry.model.kinds import PLACED_KINDS, VERSIONED_KINDS, ObjectKind
from jobferry.model.review import Way
from jobferry.model.rights import HEADS, MATRIX, Action, Role, creating, editing
from jobferry.model.transfer.finding import PACKAGE, Finding, Severity
from jobferry.model.transfer.import_context import ImportContext, ImportItem, Intent, going_live
from jobferry.model.transfer.policy import TargetStatus

_NOBODY = "operations"
"""Who sees to a workspace that has neither owner nor administrator."""


def objects_are_not_theirs_to_create(context: ImportContext) -> Iterator[Finding]:
    """An object would be new, and the importing user may not create its kind."""
    barred = _barred(context, {kind: creating(kind) for kind in ObjectKind})
    for arrival in context.written:
        if arrival.intent is Intent.CREATE and arrival.kind in barred:
            yield _refusal(
                context,
                arrival,
                "not-allowed-create",
                user=context.view.grant.caller.name,
                roles=barred[arrival.kind],
            )


def objects_are_not_theirs_to_overwrite(context: ImportContext) -> Iterator[Finding]:
    """An object would be overwritten, and the importing user may not change its kind."""
    barred = _barred(context, {kind: editing(kind) for kind in ObjectKind})
    for arrival in context.written:
        if arrival.intent is Intent.OVERWRITE and arrival.kind in barred:
            yield _refusal(
                context,
                arrival,
                "not-allowed-overwrite",
                user=context.view.grant.caller.name,
                roles=barred[arrival.kind],
            )


def directories_are_not_theirs(context: ImportContext) -> Iterator[Finding]:
    """A job or script would land in, or is overwritten in, a directory that a policy keeps from the user."""
    grant = context.view.grant
    if grant.directories is None:
        return
    for arrival in context.written:
        if arrival.kind in PLACED_KINDS:
            places = {arrival.directory, arrival.target.directory if arrival.target else arrival.directory}
            for directory in sorted(one for one in places if not grant.covers(one)):
                yield _refusal(
                    context,
                    arrival,
                    "directory-not-allowed",
                    user=context.view.grant.caller.name,
                    directory=directory,
                )


def _barred(context: ImportContext, wanted: dict[ObjectKind, Action]) -> dict[ObjectKind, str]:
    """The kinds that the user lacks the right for, each with the roles that have it."""
    grant = context.view.grant
    return {kind: _roles(action) for kind, action in wanted.items() if not grant.may(action)}


def _roles(action: Action) -> str:
    return ", ".join(role for role in Role if role in MATRIX[action] - HEADS)


def targets_are_locked_hard(context: ImportContext) -> Iterator[Finding]:
    """Somebody else holds the lock of what would be overwritten, and the user may not take it."""
    grant = context.view.grant
    for arrival, holder in _foreign(context):
        target = arrival.target
        if target is not None and not grant.commands_lock(target, context.policy.lock_policy):
            yield Finding.on(
                arrival.key,
                "locked-by-another",
                holder=holder,
                since=written(target.locked_at),
                who=", ".join(grant.administrators) or _NOBODY,
            )


def locks_are_overridden(context: ImportContext) -> Iterator[Finding]:
    """Objects that somebody else has locked are overwritten, and their locks move to the user."""
    grant = context.view.grant
    taken: dict[str, list[str]] = {}
    for arrival, holder in _foreign(context):
        if arrival.target and grant.commands_lock(arrival.target, context.policy.lock_policy):
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


def _foreign(context: ImportContext) -> Iterator[tuple[ImportItem, str]]:
    """What would be overwritten although somebody else holds its lock, with that holder."""
    user = context.view.grant.caller.name
    for arrival in context.written:
        holder = arrival.target.locked_by if arrival.target else ""
        if holder not in ("", user):
            yield arrival, holder


def approvers_are_missing(context: ImportContext) -> Iterator[Finding]:
    """An object would be submitted, the workspace wants a review of it, and nobody is named to approve."""
    if context.options.approvers or not context.view.settings.review.is_on:
        return
    for arrival in context.written:
        if going_live(arrival, context.view) is Way.REVIEW:
            yield _refusal(context, arrival, "approvers-missing")


def publishing_is_not_theirs(context: ImportContext) -> Iterator[Finding]:
    """An object would go live without review or release, and the importing user may not decide that."""
    if context.view.grant.may(Action.PUBLISH):
        return
    for arrival in context.written:
        is_published = arrival.policy.target_status is TargetStatus.PRODUCTION
        if is_published and arrival.kind in VERSIONED_KINDS:
            yield _refusal(context, arrival, "not-allowed-publish", user=context.view.grant.caller.name)


def reviews_are_pending(context: ImportContext) -> Iterator[Finding]:
    """An object would be submitted again while it waits in a review or release."""
    if not context.view.waiting:
        return
    for arrival in context.written:
        review = context.view.waiting.get(arrival.target.id) if arrival.target else None
        if review and going_live(arrival, context.view) in (Way.REVIEW, Way.RELEASE):
            yield _refusal(context, arrival, "review-pending", review=review)


def _refusal(context: ImportContext, arrival: ImportItem, code: str, **args: str) -> Finding:
    args = {"who": ", ".join(context.view.grant.administrators) or _NOBODY, **args}
    return Finding.on(arrival.key, code, **args)
