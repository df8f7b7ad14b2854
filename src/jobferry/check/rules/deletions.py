"""Rules about deletions at the source: do they apply here too, what is in the way, what remains?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from jobferry.model.document.times import written
from jobferry.model.kinds import PLACED_KINDS, NeedKind
from jobferry.model.people import HIDDEN
from jobferry.model.review import ReleaseMode
from jobferry.model.rights import HEADS, MATRIX, Role, deleting
from jobferry.model.transfer.finding import PACKAGE, Finding, Severity
from jobferry.model.transfer.import_context import (
    NEEDED,
    NOT_CONFIRMED,
    ImportContext,
    needed,
    told_user,
    users_of,
)
from jobferry.model.transfer.policy import Profile, TargetEdited
from jobferry.model.transfer.target_state import is_stopped


def deletions_are_not_confirmed(context: ImportContext) -> Iterator[Finding]:
    """Something is gone at its source, and stays here because nobody has said that it is to go."""
    for deletion in context.deletions:
        if not context.options.confirms(*deletion.key):
            yield Finding.on(deletion.key, NOT_CONFIRMED, Severity.WARN)


def confirmations_miss(context: ImportContext) -> Iterator[Finding]:
    """Something is named to be deleted that the package does not tell to be gone, or that is not here."""
    gone = {deletion.key for deletion in context.deletions}
    for kind, names in context.options.delete.items():
        for name in sorted(set(names)):
            if (kind, name) not in gone:
                yield Finding.on((kind, name), "deletion-unknown", Severity.WARN)


def departures_are_in_use(context: ImportContext) -> Iterator[Finding]:
    """What is to go is not stopped, or somebody else holds its lock."""
    user = context.target_state.grant.caller.name
    for deletion in context.confirmed_deletions:
        here = deletion.target
        if not is_stopped(here):
            yield Finding.on(deletion.key, "deletion-not-stopped", state=here.state)
        if here.locked_by not in ("", user):
            yield Finding.on(
                deletion.key, "deletion-locked", holder=here.locked_by, since=written(here.locked_at)
            )


def departures_were_edited(context: ImportContext) -> Iterator[Finding]:
    """What is to go was edited here since it last came from there; deleting loses that."""
    blocks = context.policy.target_edited is TargetEdited.BLOCK
    for deletion in context.confirmed_deletions:
        if deletion.edited:
            severity = Severity.BLOCK if blocks else Severity.WARN
            by, at = deletion.target.updated_by, written(deletion.target.updated_at)
            yield Finding.on(deletion.key, "deletion-edited", severity, by=by, at=at)


def departures_are_not_theirs(context: ImportContext) -> Iterator[Finding]:
    """The importing user may not delete what is to go, here or where it lies."""
    grant = context.target_state.grant
    who = ", ".join(grant.administrators) or "operations"
    for deletion in context.confirmed_deletions:
        kind = deletion.target.kind
        covered = kind not in PLACED_KINDS or grant.covers(deletion.target.directory)
        if not covered or not grant.may(deleting(kind)):
            roles = ", ".join(role for role in Role if role in MATRIX[deleting(kind)] - HEADS)
            place = deletion.target.directory if covered else HIDDEN
            yield Finding.on(
                deletion.key,
                "deletion-not-allowed",
                user=grant.caller.name,
                who=who,
                roles=roles,
                directory=place,
            )


def departures_wait_for_decisions(context: ImportContext) -> Iterator[Finding]:
    """The workspace wants a review or a release of deletions, or one is pending."""
    for deletion in context.confirmed_deletions:
        way = context.target_state.settings.way_live(
            deletion.target.kind, deletion.target.name, publish=False
        )
        goes_live = way is ReleaseMode.LIVE or (
            way is ReleaseMode.RELEASE and not deletion.target.live_version
        )
        if not goes_live or deletion.target.id in context.target_state.waiting:
            yield Finding.on(deletion.key, "deletion-in-review")


def departures_are_needed(context: ImportContext) -> Iterator[Finding]:
    """Something that stays here refers to what is to go."""
    going = {deletion.key for deletion in context.confirmed_deletions}
    if not going:
        return
    users = users_of(context)
    staying = [user for user in reversed(users) if user not in going]
    for key, user in needed(going, staying, users):
        kind, name = told_user(user, context.target_state)
        yield Finding.on(key, NEEDED, user_kind=kind, user=name)


_CODES = {
    NeedKind.QUALITY_MONITOR: "remains-quality-monitors",
    NeedKind.SYNC_TASK: "remains-sync-tasks",
    NeedKind.RESOURCE_GROUP: "remains-resource-groups",
    NeedKind.DATABASE: "remains-table-data",
}
_SHOWN = 20


def named_things_remain(context: ImportContext) -> Iterator[Finding]:
    """Quality monitors, sync tasks, resource groups and the data of tables do not travel."""
    if context.target_state.settings.profile is not Profile.EASYDATA:
        return
    for kind, code in _CODES.items():
        names = [name for need, name, _ in context.needs if need is kind]
        yield from _told(code, (name for name in names if _is_here(kind, name, context)))


def secrets_remain(context: ImportContext) -> Iterator[Finding]:
    """Sensitive values left empty and are empty here too, and connections have no password yet."""
    if context.target_state.settings.profile is not Profile.EASYDATA:
        return
    used = {name for kind, name, _ in context.needs if kind is NeedKind.CONNECTION}
    yield from _told("remains-passwords", used & context.target_state.incomplete)
    emptied = context.contents.manifest.emptied if context.contents.manifest else ()
    places = {(one.kind, one.name): set(one.paths) for one in emptied}
    open_ = [
        item.name
        for item in context.written
        if places.get(item.entry.key, set()) - {edit.path for edit in item.edits}
    ]
    yield from _told("remains-sensitive-values", open_)


def files_remain(context: ImportContext) -> Iterator[Finding]:
    """Resources whose files nobody could look for: object storage is off or does not answer, the bucket is
    none of its own, or there are too many."""
    if context.target_state.settings.profile is Profile.EASYDATA:
        yield from _told("remains-resource-files", context.unseen)


def _is_here(kind: NeedKind, name: str, context: ImportContext) -> bool:
    """What is missing is told by other rules; for tables nobody here can vouch."""
    return kind is NeedKind.DATABASE or context.target_state.has(kind, name)


def _told(code: str, names: Iterable[str]) -> Iterator[Finding]:
    listed = sorted(set(names))
    if listed:
        shown = ", ".join(listed[:_SHOWN]) + (" …" if len(listed) > _SHOWN else "")
        args = {"count": str(len(listed)), "names": shown}
        yield Finding.on(PACKAGE, code, Severity.WARN, **args)
