"""Members of a workspace, its owner, and its directory policies."""

from __future__ import annotations

from typing import Any

from fastapi import Response

from jobferry.api.late import LateRouter
from jobferry.api.own.call import Placed, described
from jobferry.api.own.people import answers
from jobferry.api.own.people.bodies import MemberRoles, NewOwner, PolicyBody
from jobferry.api.wire import PathText, answer, read_body
from jobferry.model.people import DirectoryPolicy, Member

router = LateRouter(prefix="/api/workspaces/{workspace}", tags=["people"])


@router.get("/members", response_model=answers.MemberList)
def list_members(call: Placed) -> Response:
    """Who belongs to the workspace, by name."""
    items = [_member(one) for one in call.platform.members.all(call.grant)]
    return answer({"total": len(items), "items": items})


@router.put("/members/{user}", response_model=answers.MemberAnswer, openapi_extra=described(MemberRoles))
def save_member(call: Placed, user: PathText) -> Response:
    """Adds a member, or changes a member's roles."""
    asked = read_body(MemberRoles, call.body)
    return answer(_member(call.platform.members.save(call.grant, user, asked.roles)))


@router.delete("/members/{user}", status_code=204)
def remove_member(call: Placed, user: PathText) -> None:
    """Takes a member out."""
    call.platform.members.remove(call.grant, user)


@router.put("/owner", response_model=answers.MemberAnswer, openapi_extra=described(NewOwner))
def transfer_ownership(call: Placed) -> Response:
    """Makes somebody else the owner; who was it before becomes an administrator."""
    asked = read_body(NewOwner, call.body)
    return answer(_member(call.platform.members.transfer(call.grant, asked.user)))


@router.get("/directory-policies", response_model=answers.PolicyList)
def list_policies(call: Placed) -> Response:
    """In which directories members may work, by name of the policy."""
    items = [_policy(one) for one in call.platform.policies.all(call.grant)]
    return answer({"total": len(items), "items": items})


@router.put(
    "/directory-policies/{name}", response_model=answers.PolicyAnswer, openapi_extra=described(PolicyBody)
)
def save_policy(call: Placed, name: PathText) -> Response:
    """Adds a directory policy, or replaces the one of that name."""
    asked = read_body(PolicyBody, call.body)
    saved = call.platform.policies.save(call.grant, name, asked.directories, asked.users, asked.roles)
    return answer(_policy(saved))


@router.delete("/directory-policies/{name}", status_code=204)
def remove_policy(call: Placed, name: PathText) -> None:
    """Removes a directory policy."""
    call.platform.policies.remove(call.grant, name)


def _member(member: Member) -> dict[str, Any]:
    return {"user": member.user_name, "roles": sorted(member.roles)}


def _policy(policy: DirectoryPolicy) -> dict[str, Any]:
    return {
        "name": policy.name,
        "directories": policy.directories,
        "users": policy.users,
        "roles": policy.roles,
    }
