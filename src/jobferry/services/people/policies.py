"""Directory policies: in which directories of a workspace its members may work."""

from __future__ import annotations

from jobferry.errors import Conflict, ErrorCode, InvalidRequest, NotFound
from jobferry.model.grant import Grant
from jobferry.model.names import POLICY_NAME, Limits, directory_fault, normal_directory
from jobferry.model.people import DirectoryPolicy
from jobferry.model.rights import Action, Role
from jobferry.services.ground import Ground
from jobferry.services.people.members import GIVEN, named_member

COVERED = tuple(role for role in GIVEN if role is not Role.ADMINISTRATOR)
"""The roles that a policy can be about; owner and administrators are exempt from all of them."""
_MOST = 100
_KIND = "directory-policy"


class Policies:
    """Directory policies of workspaces."""

    def __init__(self, ground: Ground) -> None:
        self._ground = ground

    def all(self, grant: Grant) -> list[DirectoryPolicy]:
        """The policies of a workspace, by name.

        Raises:
            Forbidden: the caller may not.
        """
        self._ground.allow(grant, Action.MEMBER_VIEW, kind=_KIND)
        with self._ground.store.read() as snapshot:
            return snapshot.members.policies(grant.workspace.id)

    def save(
        self, grant: Grant, name: str, directories: list[str], users: list[str], roles: list[Role]
    ) -> DirectoryPolicy:
        """Adds a policy, or replaces the one of that name.

        Raises:
            Forbidden: the caller may not.
            InvalidRequest: a name, a directory or a role is not allowed, or something is missing.
            NotFound: a user is no member of the workspace.
            Conflict: a user or a role is in another policy (``in-another-policy``), or there are too many.
        """
        self._ground.allow(grant, Action.MEMBER_EDIT, kind=_KIND, subject=name)
        policy = DirectoryPolicy(
            workspace_id=grant.workspace.id,
            name=name,
            directories=tuple(dict.fromkeys(normal_directory(one) for one in directories)),
            users=tuple(dict.fromkeys(users)),
            roles=tuple(dict.fromkeys(roles)),
        )
        _check(policy)
        with self._ground.store.write() as uow:
            for user in policy.users:
                named_member(uow, grant.workspace, user)
            others = [one for one in uow.members.policies(grant.workspace.id) if one.name != name]
            _keep_single(policy, others)
            uow.members.save_policy(policy)
            detail = (
                f"directories={len(policy.directories)} users={len(policy.users)} roles={len(policy.roles)}"
            )
            self._ground.record(
                uow, self._ground.event(grant, "policy-save", kind=_KIND, subject=name, detail=detail)
            )
            uow.commit()
        return policy

    def remove(self, grant: Grant, name: str) -> None:
        """Removes a policy.

        Raises:
            Forbidden: the caller may not.
            NotFound: there is none of that name.
        """
        self._ground.allow(grant, Action.MEMBER_EDIT, kind=_KIND, subject=name)
        with self._ground.store.write() as uow:
            if not uow.members.remove_policy(grant.workspace.id, name):
                raise NotFound(
                    ErrorCode.POLICY_MISSING,
                    f"the workspace {grant.workspace.name} has no directory policy {name[:64]!r}",
                    subject=name[:64],
                    hint="see jobferry policy list",
                )
            self._ground.record(uow, self._ground.event(grant, "policy-remove", kind=_KIND, subject=name))
            uow.commit()


def _check(policy: DirectoryPolicy) -> None:
    if not POLICY_NAME.match(policy.name):
        raise InvalidRequest(
            ErrorCode.INVALID_NAME,
            f"{policy.name[:64]!r} is no name for a directory policy",
            subject=policy.name[:64],
            hint="use 1 to 64 letters, digits, Chinese letters, _ or -",
        )
    for what, given in (("directories", policy.directories), ("users or roles", policy.users + policy.roles)):
        if not given:
            raise InvalidRequest(ErrorCode.MISSING_VALUE, f"the policy names no {what}", subject=what)
    for directory in policy.directories:
        if fault := directory_fault(directory, Limits()):
            raise InvalidRequest(
                ErrorCode.INVALID_VALUE, f"the directory {directory[:80]} {fault}", subject=directory[:80]
            )
    for role in policy.roles:
        if role not in COVERED:
            raise InvalidRequest(
                ErrorCode.INVALID_VALUE,
                f"no directory policy is about the role {role}",
                subject=role,
                hint=f"roles are: {', '.join(COVERED)}; owner and administrators are exempt",
            )


def _keep_single(policy: DirectoryPolicy, others: list[DirectoryPolicy]) -> None:
    if len(others) >= _MOST:
        raise Conflict(
            ErrorCode.QUOTA_REACHED,
            f"there are {len(others)} directory policies; {_MOST} are allowed",
            hint="remove those that nobody needs",
        )
    for other in others:
        twice = [*set(policy.users) & set(other.users), *set(policy.roles) & set(other.roles)]
        if twice:
            raise Conflict(
                ErrorCode.IN_ANOTHER_POLICY,
                f"{twice[0]} is in the directory policy {other.name} already",
                subject=twice[0],
                hint="a user or a role is in one policy at most; take it out there first",
            )
