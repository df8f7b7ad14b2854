"""Grants: what a caller may do in a workspace, on the whole platform, and with what is their own."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

import msgspec

from jobferry.errors import ErrorCode, Forbidden
from jobferry.model.audit import AuditOutcome
from jobferry.model.lists import UserFilter
from jobferry.model.people import Caller, DirectoryPolicy, Grant, Member, Scope
from jobferry.model.records import Workspace
from jobferry.model.rights import HEADS, Action, Role
from jobferry.sentences import sentence
from jobferry.services.runtime import Runtime

if TYPE_CHECKING:
    from jobferry.store import Snapshot

NOWHERE = Workspace(id="", name="")
"""Stands for the platform as a whole, which what belongs to no workspace is about."""


def grant_in(look: Snapshot, workspace: Workspace, caller: Caller) -> Grant | None:
    """The caller's grant in a workspace; none for those who are to see nothing of it.

    That is whoever is no member (and not operations), and whose token leaves the workspace out.
    """
    if caller.scope.workspaces and workspace.id not in caller.scope.workspaces:
        return None
    members = look.members.heads_and(workspace.id, caller.user_id)
    roles = _roles(members, caller)
    if not roles:
        return None
    return Grant(
        caller=caller,
        workspace=workspace,
        roles=roles,
        administrators=tuple(member.user_name for member in members if member.roles & HEADS),
        owners=tuple(member.user_name for member in members if Role.OWNER in member.roles),
        directories=_directories(look.members.policies(workspace.id), roles, caller.name),
    )


def platform_grant(look: Snapshot, caller: Caller) -> Grant:
    """The caller's grant for what belongs to no workspace; those who could allow it are operations.

    A token for some workspaces only is good for nothing here.
    """
    operates = caller.operations and not caller.scope.workspaces
    return Grant(
        caller=caller,
        workspace=NOWHERE,
        roles=frozenset({Role.OPERATIONS}) if operates else frozenset(),
        administrators=tuple(
            user.name for user in look.people.page(UserFilter(operations=True, disabled=False))[1]
        ),
    )


def grant_anywhere(look: Snapshot, caller: Caller, action: Action) -> Grant:
    """A grant that allows the action, from whichever workspace; without one, that of the whole platform."""
    for member in look.members.of_user(caller.user_id):
        workspace = look.workspaces.by_id(member.workspace_id)
        grant = grant_in(look, workspace, caller) if workspace else None
        if grant is not None and grant.may(action):
            return msgspec.structs.replace(grant, workspace=NOWHERE)
    return platform_grant(look, caller)


def renewed(look: Snapshot, workspace_id: str, caller: Caller) -> Grant | None:
    """The grant that somebody has now who asked for something earlier; none if they may not enter any more.

    A token's scope stays as it was, whatever became of the token.
    """
    user = look.people.user(caller.user_id)
    workspace = look.workspaces.by_id(workspace_id)
    if user is None or user.disabled or workspace is None:
        return None
    return grant_in(look, workspace, msgspec.structs.replace(caller, operations=user.operations))


def _roles(members: Iterable[Member], caller: Caller) -> frozenset[Role]:
    own = (member.roles for member in members if member.user_id == caller.user_id)
    roles = next(own, frozenset())
    return roles | {Role.OPERATIONS} if caller.operations else roles


def _directories(
    policies: list[DirectoryPolicy], roles: frozenset[Role], name: str
) -> tuple[str, ...] | None:
    """What the policies leave; as soon as there is one, only owner and administrators need none."""
    if not policies or roles & HEADS:
        return None
    mine = (policy for policy in policies if name in policy.users or not roles.isdisjoint(policy.roles))
    return tuple(sorted({directory for policy in mine for directory in policy.directories}))


def everywhere(caller: Caller) -> Grant:
    """A caller as what they do to the whole platform is recorded; it allows nothing."""
    return Grant(caller=caller, workspace=NOWHERE, roles=frozenset())


def allow_everywhere(
    runtime: Runtime, caller: Caller, action: Action, *, kind: str = "", subject: str = ""
) -> None:
    """Lets those pass who may do this to the whole platform.

    Raises:
        Forbidden: the caller may not, or their token is good for less (``not-allowed``).
    """
    with runtime.store.read() as snapshot:
        grant = platform_grant(snapshot, caller)
    runtime.allow(grant, action, kind=kind, subject=subject)


def allow_own(runtime: Runtime, caller: Caller, owner: str, *, looking: bool, kind: str) -> None:
    """Lets users see to what is theirs, and operations to what is anybody's.

    What signs in to more than the caller's own token must not be made with that token.

    Raises:
        Forbidden: it is somebody else's, or the caller's token is good for less (``not-allowed``).
    """
    if caller.name != owner:
        allow_everywhere(runtime, caller, Action.USER_EDIT, kind=kind, subject=owner)
    elif not looking and caller.scope != Scope():
        action, outcome = Action.USER_EDIT.value, AuditOutcome.REFUSED
        runtime.note(runtime.event(everywhere(caller), action, kind=kind, subject=owner, outcome=outcome))
        raise Forbidden(
            ErrorCode.NOT_ALLOWED,
            sentence(
                "this token has fewer rights than {owner}, so it cannot change credentials",
                owner=owner,
            ),
            subject=owner,
            hint="sign in with a password, or with a token that is not limited",
        )
