"""Members of a workspace, its owner, and its directory policies."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import asdict

from jobferry.api.bodies import BodyLimit, LongTuple, ShortList, ShortTuple
from jobferry.api.calls import Body, Calls, Limit, NamePiece, Offset, QueryGroup
from jobferry.api.native.call import Placed
from jobferry.model.lists import MemberFilter, NameSort, PolicyFilter
from jobferry.model.rights import Role

if TYPE_CHECKING:
    from jobferry.model.people import DirectoryPolicy, DownloadPolicy, Member

api = Calls("/api/workspaces/{workspace}", tag="people")


class MemberRoles(Body):
    """The roles of a member."""

    roles: ShortList[Role]


class NewOwner(Body):
    """Who is to own the workspace."""

    user: str


class PolicyBody(Body):
    """In which directories which members may work."""

    directories: LongTuple[str]
    users: LongTuple[str] = ()
    roles: ShortTuple[Role] = ()


class PolicyQuery(QueryGroup):
    """Which policies: by name, and by the user or role that they are about."""

    name: NamePiece = ""
    user: str = ""
    role: Role | None = None


class DownloadPolicyBody(Body):
    """Which members may take packages out of the workspace."""

    users: LongTuple[str] = ()
    roles: ShortTuple[Role] = ()


class MemberAnswer(Struct, frozen=True):
    """A member of a workspace."""

    user: str
    roles: list[Role]


class MemberList(Struct, frozen=True):
    """How many members fit, and one page of them."""

    total: int
    items: list[MemberAnswer]


class PolicyAnswer(Struct, frozen=True):
    """A directory policy."""

    name: str
    directories: list[str]
    users: list[str]
    roles: list[Role]


class PolicyList(Struct, frozen=True):
    """How many directory policies fit, and one page of them."""

    total: int
    items: list[PolicyAnswer]


class DownloadPolicyAnswer(Struct, frozen=True):
    """A download policy."""

    name: str
    users: list[str]
    roles: list[Role]


class DownloadPolicyList(Struct, frozen=True):
    """How many download policies fit, and one page of them."""

    total: int
    items: list[DownloadPolicyAnswer]


@api.get("/members")
def list_members(
    call: Placed,
    name: NamePiece = "",
    role: Role | None = None,
    sort: NameSort = "name",
    offset: Offset = 0,
    limit: Limit = 100,
) -> MemberList:
    """One page of those who belong to the workspace; ``role`` is one that they have."""
    wanted = MemberFilter(name=name, role=role)
    total, found = call.platform.members.page(call.grant, wanted, sort=sort, offset=offset, limit=limit)
    return MemberList(total, [_member(member) for member in found])


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
def list_policies(
    call: Placed, which: PolicyQuery, sort: NameSort = "name", offset: Offset = 0, limit: Limit = 100
) -> PolicyList:
    """One page of directory policies: in which directories members may work."""
    wanted = PolicyFilter(**asdict(which))
    total, found = call.platform.policies.page(call.grant, wanted, sort=sort, offset=offset, limit=limit)
    return PolicyList(total, [_policy(policy) for policy in found])


@api.put("/directory-policies/{name}", body_limit=BodyLimit.NAMES)
def save_policy(call: Placed, name: str, body: PolicyBody) -> PolicyAnswer:
    """Adds a directory policy, or replaces the one of that name."""
    return _policy(call.platform.policies.save(call.grant, name, body.directories, body.users, body.roles))


@api.delete("/directory-policies/{name}")
def remove_policy(call: Placed, name: str) -> None:
    """Removes a directory policy."""
    call.platform.policies.remove(call.grant, name)


@api.get("/download-policies")
def list_download_policies(
    call: Placed, which: PolicyQuery, sort: NameSort = "name", offset: Offset = 0, limit: Limit = 100
) -> DownloadPolicyList:
    """One page of download policies; where there is none, they keep nobody from anything."""
    policies, wanted = call.platform.download_policies, PolicyFilter(**asdict(which))
    total, found = policies.page(call.grant, wanted, sort=sort, offset=offset, limit=limit)
    return DownloadPolicyList(total, [_download_policy(policy) for policy in found])


@api.put("/download-policies/{name}", body_limit=BodyLimit.NAMES)
def save_download_policy(call: Placed, name: str, body: DownloadPolicyBody) -> DownloadPolicyAnswer:
    """Adds a download policy, or replaces the one of that name."""
    policies = call.platform.download_policies
    return _download_policy(policies.save(call.grant, name, body.users, body.roles))


@api.delete("/download-policies/{name}")
def remove_download_policy(call: Placed, name: str) -> None:
    """Removes a download policy."""
    call.platform.download_policies.remove(call.grant, name)


def _download_policy(policy: DownloadPolicy) -> DownloadPolicyAnswer:
    return DownloadPolicyAnswer(policy.name, list(policy.users), list(policy.roles))


def _member(member: Member) -> MemberAnswer:
    return MemberAnswer(member.user_name, sorted(member.roles))


def _policy(policy: DirectoryPolicy) -> PolicyAnswer:
    return PolicyAnswer(policy.name, list(policy.directories), list(policy.users), list(policy.roles))
