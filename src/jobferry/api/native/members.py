"""Members of a workspace, its owner, and its directory policies."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from jobferry.api.calls import Body, Calls
from jobferry.api.native.call import Placed
from jobferry.model.rights import Role

if TYPE_CHECKING:
    from jobferry.model.people import DirectoryPolicy, Member

api = Calls("/api/workspaces/{workspace}", tag="people")


class MemberRoles(Body):
    """The roles of a member."""

    roles: list[Role]


class NewOwner(Body):
    """Who is to own the workspace."""

    user: str


class PolicyBody(Body):
    """In which directories which members may work."""

    directories: tuple[str, ...]
    users: tuple[str, ...] = ()
    roles: tuple[Role, ...] = ()


class MemberAnswer(Struct, frozen=True):
    """A member of a workspace."""

    user: str
    roles: list[Role]


class MemberList(Struct, frozen=True):
    """All members, by name."""

    total: int
    items: list[MemberAnswer]


class PolicyAnswer(Struct, frozen=True):
    """A directory policy."""

    name: str
    directories: list[str]
    users: list[str]
    roles: list[Role]


class PolicyList(Struct, frozen=True):
    """All directory policies of a workspace, by name."""

    total: int
    items: list[PolicyAnswer]


@api.get("/members")
def list_members(call: Placed) -> MemberList:
    """Who belongs to the workspace, by name."""
    found = call.platform.members.all(call.grant)
    return MemberList(len(found), [_member(member) for member in found])


@api.put("/members/{user}")
def save_member(call: Placed, user: str, body: MemberRoles) -> MemberAnswer:
    """Adds a member, or changes a member's roles."""
    return _member(call.platform.members.save(call.grant, user, body.roles))


@api.delete("/members/{user}")
def remove_member(call: Placed, user: str) -> None:
    """Takes a member out."""
    call.platform.members.remove(call.grant, user)


@api.put("/owner")
def transfer_ownership(call: Placed, body: NewOwner) -> MemberAnswer:
    """Makes somebody else the owner; who was it before becomes an administrator."""
    return _member(call.platform.members.transfer(call.grant, body.user))


@api.get("/directory-policies")
def list_policies(call: Placed) -> PolicyList:
    """In which directories members may work, by name of the policy."""
    found = call.platform.policies.all(call.grant)
    return PolicyList(len(found), [_policy(policy) for policy in found])


@api.put("/directory-policies/{name}")
def save_policy(call: Placed, name: str, body: PolicyBody) -> PolicyAnswer:
    """Adds a directory policy, or replaces the one of that name."""
    return _policy(call.platform.policies.save(call.grant, name, body.directories, body.users, body.roles))


@api.delete("/directory-policies/{name}")
def remove_policy(call: Placed, name: str) -> None:
    """Removes a directory policy."""
    call.platform.policies.remove(call.grant, name)


def _member(member: Member) -> MemberAnswer:
    return MemberAnswer(member.user_name, sorted(member.roles))


def _policy(policy: DirectoryPolicy) -> PolicyAnswer:
    return PolicyAnswer(policy.name, list(policy.directories), list(policy.users), list(policy.roles))
