"""Rules about permission: who may write here, whose lock is in the way, and who has to be asked."""

from __future__ import annotations

from collections.abc import Iterator

from jobferry.model.document.times import written
from jobferry.model.kinds import PLACED_KINDS, VERSIONED_KINDS, ObjectKind
from jobferry.model.people import HIDDEN
from jobferry.model.review import ReleaseMode
from jobferry.model.rights import HEADS, MATRIX, Action, Role, creating, editing
from jobferry.model.transfer.finding import PACKAGE, Finding, Severity
from jobferry.model.transfer.import_context import ImportContext, ImportItem, Intent, going_live
from jobferry.model.transfer.policy import TargetStatus

_NOBODY = "operations"
"""Who sees to a workspace that has neither owner nor administrator."""


def objects_are_not_theirs_to_create(context: ImportContext) -> Iterator[Finding]:
    """An object would be new, and the importing user may not create its kind."""
    barred = _barred(context, {kind: creating(kind) for kind in ObjectKind})
    for item in context.written:
        if item.intent is Intent.CREATE and item.kind in barred:
            yield _refusal(
                context,
                item,
                "not-allowed-create",
                user=context.target_state.grant.caller.name,
                roles=barred[item.kind],
            )


def objects_are_not_theirs_to_overwrite(context: ImportContext) -> Iterator[Finding]:
    """An object would be overwritten, and the importing user may not change its kind."""
    barred = _barred(context, {kind: editing(kind) for kind in ObjectKind})
    for item in context.written:
        if item.intent is Intent.OVERWRITE and item.kind in barred:
            yield _refusal(
                context,
                item,
                "not-allowed-overwrite",
                user=context.target_state.grant.caller.name,
                roles=barred[item.kind],
            )


def directories_are_not_theirs(context: ImportContext) -> Iterator[Finding]:
    """A job or script would land in, or is overwritten in, a directory that a policy keeps from the user."""
    grant = context.target_state.grant
    if grant.directories is None:
        return
    for item in context.written:
        if item.kind in PLACED_KINDS:
            places = {item.directory, item.target.directory if item.target else item.directory}
            for directory in sorted(place for place in places if not grant.covers(place)):
                yield _refusal(
                    context,
                    item,
                    "directory-not-allowed",
                    user=context.target_state.grant.caller.name,
                    directory=directory or HIDDEN,
                )


def _barred(context: ImportContext, wanted: dict[ObjectKind, Action]) -> dict[ObjectKind, str]:
    """The kinds that the user lacks the right for, each with the roles that have it."""
    grant = context.target_state.grant
    return {kind: _roles(action) for kind, action in wanted.items() if not grant.may(action)}


def _roles(action: Action) -> str:
    return ", ".join(role for role in Role if role in MATRIX[action] - HEADS)


def targets_are_locked_hard(context: ImportContext) -> Iterator[Finding]:
    """Somebody else holds the lock of what would be overwritten, and the user may not take it."""
    grant = context.target_state.grant
    for item, holder in _foreign(context):
        target = item.target
        if target is not None and not grant.commands_lock(target, context.policy.lock_policy):
            yield Finding.on(
                item.key,
                "locked-by-another",
                holder=holder,
                since=written(target.locked_at),
                who=", ".join(grant.administrators) or _NOBODY,
            )


def locks_are_overridden(context: ImportContext) -> Iterator[Finding]:
    """Objects that somebody else has locked are overwritten, and their locks move to the user."""
    grant = context.target_state.grant
    taken: dict[str, list[str]] = {}
    for item, holder in _foreign(context):
        if item.target and grant.commands_lock(item.target, context.policy.lock_policy):
            taken.setdefault(holder, []).append(item.name)
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
    user = context.target_state.grant.caller.name
    for item in context.written:
        holder = item.target.locked_by if item.target else ""
        if holder not in ("", user):
            yield item, holder


def approvers_are_missing(context: ImportContext) -> Iterator[Finding]:
    """An object would be submitted, the workspace wants a review of it, and nobody is named to approve."""
    if context.options.approvers or not context.target_state.settings.review.is_on:
        return
    for item in context.written:
        if going_live(item, context.target_state) is ReleaseMode.REVIEW:
            yield _refusal(context, item, "approvers-missing")


def publishing_is_not_theirs(context: ImportContext) -> Iterator[Finding]:
    """An object would go live without review or release, and the importing user may not decide that."""
    if context.target_state.grant.may(Action.PUBLISH):
        return
    for item in context.written:
        is_published = item.policy.target_status is TargetStatus.PRODUCTION
        if is_published and item.kind in VERSIONED_KINDS:
            yield _refusal(context, item, "not-allowed-publish", user=context.target_state.grant.caller.name)


def reviews_are_pending(context: ImportContext) -> Iterator[Finding]:
    """An object would be submitted again while it waits in a review or release."""
    if not context.target_state.waiting:
        return
    for item in context.written:
        review = context.target_state.waiting.get(item.target.id) if item.target else None
        if review and going_live(item, context.target_state) in (ReleaseMode.REVIEW, ReleaseMode.RELEASE):
            yield _refusal(context, item, "review-pending", review=review)


def _refusal(context: ImportContext, item: ImportItem, code: str, **args: str) -> Finding:
    args = {"who": ", ".join(context.target_state.grant.administrators) or _NOBODY, **args}
    return Finding.on(item.key, code, **args)
