"""Members of a workspace: roles, owner, and the directories in which they may work."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, NamedTuple, Unpack

import msgspec

from jobferry.errors import Conflict, ErrorCode, InvalidRequest, NotFound
from jobferry.model.lists import MemberFilter, PageOptions, PolicyFilter
from jobferry.model.names import POLICY_NAME, Limits, directory_fault, normal_directory
from jobferry.model.people import Caller, DirectoryPolicy, DownloadPolicy, Grant, Member, User
from jobferry.model.records import Workspace
from jobferry.model.rights import MATRIX, Action, Role
from jobferry.sentences import sentence
from jobferry.services.granting import grant_in, platform_grant
from jobferry.services.people.users import named_user
from jobferry.services.runtime import Runtime

if TYPE_CHECKING:
    from jobferry.store import Members as StoredMembers
    from jobferry.store import UnitOfWork

GIVEN = (Role.ADMINISTRATOR, Role.DEVELOPER, Role.DEPLOYER, Role.OPERATOR, Role.VIEWER)
"""The roles that a workspace gives to its members."""
_PLATFORM_WIDE = tuple(action for action, roles in MATRIX.items() if roles == {Role.OPERATIONS})


class Place(NamedTuple):
    """A workspace, and what a caller is and may do there."""

    workspace: Workspace
    roles: tuple[Role, ...]
    actions: tuple[Action, ...]


class CallerRights(NamedTuple):
    """Who somebody is here: what they may do on the whole platform, and in each workspace."""

    actions: tuple[Action, ...]
    places: tuple[Place, ...]


class Members:
    """Members of workspaces."""

    def __init__(self, runtime: Runtime) -> None:
        self._runtime = runtime

    def rights_of(self, caller: Caller) -> CallerRights:
        """Where a caller belongs, as far as the token goes that they signed in with."""
        with self._runtime.store.read() as snapshot:
            platform = platform_grant(snapshot, caller)
            own = {member.workspace_id for member in snapshot.members.of_user(caller.user_id)}
            seen = [
                workspace
                for workspace in snapshot.workspaces.all()
                if caller.operations or workspace.id in own
            ]
            grants = [grant_in(snapshot, workspace, caller) for workspace in seen]
        places = [
            Place(
                grant.workspace,
                tuple(sorted(grant.roles)),
                tuple(action for action in Action if action not in _PLATFORM_WIDE and grant.may(action)),
            )
            for grant in grants
            if grant is not None
        ]
        return CallerRights(tuple(action for action in _PLATFORM_WIDE if platform.may(action)), tuple(places))

    def page(
        self, grant: Grant, wanted: MemberFilter = MemberFilter(), **which: Unpack[PageOptions]
    ) -> tuple[int, list[Member]]:
        """How many members of a workspace fit, and one page of them, by name.

        Raises:
            Forbidden: the caller is none of them.
        """
        self._runtime.allow(grant, Action.MEMBER_VIEW, kind="member")
        with self._runtime.store.read() as snapshot:
            return snapshot.members.page(grant.workspace.id, wanted, **which)

    def save(self, grant: Grant, name: str, roles: Iterable[Role]) -> Member:
        """Adds a member, or changes a member's roles; the owner stays the owner.

        Raises:
            Forbidden: the caller may not.
            NotFound: there is no such user.
            InvalidRequest: no role is named, or one that a workspace does not give.
        """
        with self._runtime.change(
            grant, "member-save", Action.MEMBER_EDIT, kind="member", subject=name
        ) as change:
            wanted, uow = frozenset(roles), change.uow
            _check_roles(wanted)
            user = named_user(uow.people, name)
            former = _roles(uow.members, grant.workspace, user)
            member = _member(grant.workspace, user, wanted | former & {Role.OWNER})
            uow.members.save(member)
            change.audit(detail=_listed(member.roles))
        return member

    def remove(self, grant: Grant, name: str) -> None:
        """Takes a member out, and out of the policies too.

        Raises:
            Forbidden: the caller may not.
            NotFound: there is no such member.
            Conflict: it is the owner.
        """
        with self._runtime.change(
            grant, "member-remove", Action.MEMBER_EDIT, kind="member", subject=name
        ) as change:
            uow = change.uow
            user = named_member(uow, grant.workspace, name)
            if Role.OWNER in _roles(uow.members, grant.workspace, user):
                raise Conflict(
                    ErrorCode.ONE_OWNER,
                    sentence(
                        "{name} owns the workspace {workspace_name}",
                        name=name,
                        workspace_name=grant.workspace.name,
                    ),
                    subject=name,
                    hint="make somebody else the owner first: `jobferry member transfer NAME`",
                )
            uow.members.save(_member(grant.workspace, user, frozenset()))
            for policy in uow.members.policies(grant.workspace.id):
                if name in policy.users:
                    users = tuple(one for one in policy.users if one != name)
                    uow.members.save_policy(msgspec.structs.replace(policy, users=users))
            for download_policy in uow.members.download_policies(grant.workspace.id)[1]:
                if name in download_policy.users:
                    users = tuple(one for one in download_policy.users if one != name)
                    uow.members.save_download_policy(msgspec.structs.replace(download_policy, users=users))

    def transfer(self, grant: Grant, name: str) -> Member:
        """Makes somebody else the owner; who was it before becomes an administrator.

        Raises:
            Forbidden: the caller is neither the owner nor operations.
            NotFound: there is no such user.
            Conflict: the user is disabled, or the caller has just ceased to be owner (``target-changed``).
        """
        with self._runtime.change(
            grant, "owner-transfer", Action.OWNER_EDIT, kind="member", subject=name
        ) as change:
            uow = change.uow
            _refuse_former_owner(uow, grant)
            heir = named_user(uow.people, name)
            if heir.disabled:
                raise Conflict(
                    ErrorCode.ONE_OWNER,
                    sentence("{name} is disabled and cannot own a workspace", name=name),
                    subject=name,
                    hint="enable the user first, or choose another one",
                )
            for member in uow.members.of_workspace(grant.workspace.id):
                if Role.OWNER in member.roles and member.user_id != heir.id:
                    roles = member.roles - {Role.OWNER} | {Role.ADMINISTRATOR}
                    uow.members.save(msgspec.structs.replace(member, roles=roles))
            roles = _roles(uow.members, grant.workspace, heir) | {Role.OWNER}
            owner = _member(grant.workspace, heir, roles)
            uow.members.save(owner)
            change.audit(detail=_listed(owner.roles))
        return owner


def named_member(uow: UnitOfWork, workspace: Workspace, name: str) -> User:
    """Raises: NotFound: the workspace has no member of that name (``member-missing``)."""
    user = uow.people.user_named(name)
    if user is None or not _roles(uow.members, workspace, user):
        raise NotFound(
            ErrorCode.MEMBER_MISSING,
            sentence(
                "the user {name} is not a member of the workspace {workspace_name}",
                name=repr(name[:64]),
                workspace_name=workspace.name,
            ),
            subject=name[:64],
            hint="see `jobferry member list`; add them with `jobferry member add`",
        )
    return user


def _refuse_former_owner(uow: UnitOfWork, grant: Grant) -> None:
    members = uow.members.of_workspace(grant.workspace.id)
    owns = any(Role.OWNER in member.roles for member in members if member.user_id == grant.caller.user_id)
    if not owns and Role.OPERATIONS not in grant.roles:
        raise Conflict(
            ErrorCode.TARGET_CHANGED,
            sentence(
                "the user {name} no longer owns the workspace {workspace_name}",
                name=grant.caller.name,
                workspace_name=grant.workspace.name,
            ),
            subject=grant.workspace.name,
            hint="the present owner can make somebody else the owner",
        )


def _listed(roles: Iterable[Role]) -> str:
    return ",".join(sorted(roles))


def _roles(members: StoredMembers, workspace: Workspace, user: User) -> frozenset[Role]:
    found = members.of_user(user.id)
    return next((member.roles for member in found if member.workspace_id == workspace.id), frozenset())


def _member(workspace: Workspace, user: User, roles: frozenset[Role]) -> Member:
    return Member(workspace_id=workspace.id, user_id=user.id, user_name=user.name, roles=roles)


def _check_roles(roles: frozenset[Role]) -> None:
    other = sorted(roles - set(GIVEN))
    if other or not roles:
        raise InvalidRequest(
            ErrorCode.INVALID_VALUE,
            sentence("the role {other} cannot be given to members", other=other[0])
            if other
            else "no role is named",
            subject=other[0] if other else "roles",
            hint=sentence(
                "roles are: {given}; the owner changes with `jobferry member transfer`", given=GIVEN
            ),
        )


COVERED = tuple(role for role in GIVEN if role is not Role.ADMINISTRATOR)
"""The roles that a policy can be about; owner and administrators are exempt from all of them."""
_MOST = 100
_KIND = "directory-policy"
_DOWNLOAD_KIND = "download-policy"


class Policies:
    """Directory policies of workspaces."""

    def __init__(self, runtime: Runtime) -> None:
        self._runtime = runtime

    def page(
        self, grant: Grant, wanted: PolicyFilter = PolicyFilter(), **which: Unpack[PageOptions]
    ) -> tuple[int, list[DirectoryPolicy]]:
        """How many policies of a workspace fit, and one page of them, by name.

        Raises:
            Forbidden: the caller may not.
        """
        self._runtime.allow(grant, Action.MEMBER_VIEW, kind=_KIND)
        with self._runtime.store.read() as snapshot:
            return snapshot.members.policy_page(grant.workspace.id, wanted, **which)

    def save(
        self, grant: Grant, name: str, directories: Sequence[str], users: Sequence[str], roles: Sequence[Role]
    ) -> DirectoryPolicy:
        """Adds a policy, or replaces the one of that name.

        Raises:
            Forbidden: the caller may not.
            InvalidRequest: a name, a directory or a role is not allowed, or something is missing.
            NotFound: a user is no member of the workspace.
            Conflict: a user or a role is in another policy (``in-another-policy``), or there are too many.
        """
        with self._runtime.change(
            grant, "policy-save", Action.MEMBER_EDIT, kind=_KIND, subject=name
        ) as change:
            policy = DirectoryPolicy(
                workspace_id=grant.workspace.id,
                name=name,
                directories=tuple(dict.fromkeys(normal_directory(directory) for directory in directories)),
                users=tuple(dict.fromkeys(users)),
                roles=tuple(dict.fromkeys(roles)),
            )
            _check(policy)
            uow = change.uow
            for user in policy.users:
                named_member(uow, grant.workspace, user)
            others = [
                directory_policy
                for directory_policy in uow.members.policies(grant.workspace.id)
                if directory_policy.name != name
            ]
            _keep_single(policy, others)
            uow.members.save_policy(policy)
            counts = (len(policy.directories), len(policy.users), len(policy.roles))
            change.audit(detail="directories={} users={} roles={}".format(*counts))
        return policy

    def remove(self, grant: Grant, name: str) -> None:
        """Removes a policy.

        Raises:
            Forbidden: the caller may not.
            NotFound: there is none of that name.
        """
        with self._runtime.change(
            grant, "policy-remove", Action.MEMBER_EDIT, kind=_KIND, subject=name
        ) as change:
            if not change.uow.members.remove_policy(grant.workspace.id, name):
                raise NotFound(
                    ErrorCode.POLICY_MISSING,
                    sentence(
                        "the workspace {name} has no directory policy {name_2}",
                        name=grant.workspace.name,
                        name_2=repr(name[:64]),
                    ),
                    subject=name[:64],
                    hint="see `jobferry policy list`",
                )


class DownloadPolicies:
    """Download policies of workspaces."""

    def __init__(self, runtime: Runtime) -> None:
        self._runtime = runtime

    def page(
        self, grant: Grant, wanted: PolicyFilter = PolicyFilter(), **which: Unpack[PageOptions]
    ) -> tuple[int, list[DownloadPolicy]]:
        """How many policies of a workspace fit, and one page of them, by name.

        Raises:
            Forbidden: the caller may not.
        """
        self._runtime.allow(grant, Action.MEMBER_VIEW, kind=_DOWNLOAD_KIND)
        with self._runtime.store.read() as snapshot:
            return snapshot.members.download_policies(grant.workspace.id, wanted, **which)

    def save(self, grant: Grant, name: str, users: Sequence[str], roles: Sequence[Role]) -> DownloadPolicy:
        """Adds a policy, or replaces the one of that name.

        Raises:
            Forbidden: the caller may not.
            InvalidRequest: a name or a role is not allowed, or nobody is named.
            NotFound: a user is no member of the workspace.
            Conflict: there are too many.
        """
        with self._runtime.change(
            grant, "download-policy-save", Action.MEMBER_EDIT, kind=_DOWNLOAD_KIND, subject=name
        ) as change:
            policy = DownloadPolicy(
                workspace_id=grant.workspace.id,
                name=name,
                users=tuple(dict.fromkeys(users)),
                roles=tuple(dict.fromkeys(roles)),
            )
            _check_covered(policy)
            uow = change.uow
            for user in policy.users:
                named_member(uow, grant.workspace, user)
            _, others = uow.members.download_policies(grant.workspace.id)
            _keep_few([one for one in others if one.name != name])
            uow.members.save_download_policy(policy)
            change.audit(detail=f"users={len(policy.users)} roles={len(policy.roles)}")
        return policy

    def remove(self, grant: Grant, name: str) -> None:
        """Removes a policy. Without the last one everybody may download whom the setting lets.

        Raises:
            Forbidden: the caller may not.
            NotFound: there is none of that name.
        """
        with self._runtime.change(
            grant, "download-policy-remove", Action.MEMBER_EDIT, kind=_DOWNLOAD_KIND, subject=name
        ) as change:
            if not change.uow.members.remove_download_policy(grant.workspace.id, name):
                raise NotFound(
                    ErrorCode.POLICY_MISSING,
                    sentence(
                        "the workspace {workspace} has no download policy {name}",
                        workspace=grant.workspace.name,
                        name=repr(name[:64]),
                    ),
                    subject=name[:64],
                    hint="see `jobferry download-policy list`",
                )


def _check(policy: DirectoryPolicy) -> None:
    _check_covered(policy)
    if not policy.directories:
        raise InvalidRequest(
            ErrorCode.MISSING_VALUE, "the policy names no directories", subject="directories"
        )
    for directory in policy.directories:
        if fault := directory_fault(directory, Limits()):
            raise InvalidRequest(
                ErrorCode.INVALID_VALUE,
                sentence("the directory {directory} {fault}", directory=directory[:80], fault=fault),
                subject=directory[:80],
            )


def _check_covered(policy: DirectoryPolicy | DownloadPolicy) -> None:
    """Whom a policy is about, and what it is called."""
    if not POLICY_NAME.match(policy.name):
        raise InvalidRequest(
            ErrorCode.INVALID_NAME,
            sentence("the name of the policy {name} is not valid", name=repr(policy.name[:64])),
            subject=policy.name[:64],
            hint="use 1 to 64 letters, digits, Chinese letters, _ or -",
        )
    if not policy.users + policy.roles:
        raise InvalidRequest(
            ErrorCode.MISSING_VALUE, "the policy names no users or roles", subject="users or roles"
        )
    for role in policy.roles:
        if role not in COVERED:
            raise InvalidRequest(
                ErrorCode.INVALID_VALUE,
                sentence("policies do not apply to the role {role}", role=role),
                subject=role,
                hint=sentence("roles are: {covered}; owner and administrators are exempt", covered=COVERED),
            )


def _keep_few(others: Sequence[object]) -> None:
    if len(others) >= _MOST:
        raise Conflict(
            ErrorCode.QUOTA_REACHED,
            sentence(
                "there are {count:policy/policies}; at most {most} are allowed",
                count=len(others),
                most=_MOST,
            ),
            hint="remove those that nobody needs",
        )


def _keep_single(policy: DirectoryPolicy, others: list[DirectoryPolicy]) -> None:
    _keep_few(others)
    for other in others:
        twice = [*set(policy.users) & set(other.users), *set(policy.roles) & set(other.roles)]
        if twice:
            raise Conflict(
                ErrorCode.IN_ANOTHER_POLICY,
                sentence(
                    "{twice} is in the directory policy {name} already", twice=twice[0], name=other.name
                ),
                subject=twice[0],
                hint="a user or a role is in one policy at most; take it out there first",
            )
