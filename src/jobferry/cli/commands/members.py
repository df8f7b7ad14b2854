"""member, policy: who belongs to a workspace, in which roles and directories."""

from __future__ import annotations

import json
from operator import attrgetter
from typing import Annotated

import typer

from jobferry.api.decoding import decoded
from jobferry.api.native import members as api
from jobferry.cli.asking import Yes, confirm_deletion
from jobferry.cli.call import Call, command, group
from jobferry.cli.listing import NamedListOptions, ask_list
from jobferry.cli.session import ask
from jobferry.errors import ErrorCode, InvalidRequest
from jobferry.model.rights import Role
from jobferry.sentences import sentence

Name = Annotated[str, typer.Argument(metavar="NAME", help="The user's name.")]
PolicyName = Annotated[str, typer.Argument(metavar="NAME", help="The policy's name.")]

ROLES = ("administrator", "developer", "deployer", "operator", "viewer")
"""Roles that are given; the owner is one by a transfer."""


def add_to(app: typer.Typer) -> None:
    """Adds both groups."""
    members = group(app, "member", "Who belongs to the workspace.")
    command(members, "list")(list_members)
    command(members, "add")(add_member)
    command(members, "remove")(remove_member)
    command(members, "transfer")(transfer)
    policies = group(app, "policy", "In which directories members may work.")
    command(policies, "list")(list_policies)
    command(policies, "set")(set_policy)
    command(policies, "delete")(delete_policy)
    download_policies = group(app, "download-policy", "Who may take packages out of the workspace.")
    command(download_policies, "list")(list_download_policies)
    command(download_policies, "set")(set_download_policy)
    command(download_policies, "delete")(delete_download_policy)


def list_members(
    call: Call,
    said: NamedListOptions,
    role: Annotated[Role | None, typer.Option("--role", help="Only those who have this role.")] = None,
) -> None:
    """List the members with their roles."""
    members = ask_list(call, said, api.list_members, said.name, role).items
    call.listed(
        ("name", "roles"),
        members,
        lambda member: (member.user, ", ".join(member.roles)),
        name=attrgetter("user"),
    )


def add_member(
    call: Call,
    name: Name,
    roles: Annotated[
        list[str],
        typer.Argument(metavar="ROLE...", help="administrator, developer, deployer, operator, viewer."),
    ],
) -> None:
    """Add a member, or change a member's roles."""
    if unknown := [role for role in roles if role not in ROLES]:
        raise InvalidRequest(
            ErrorCode.INVALID_VALUE,
            sentence("{role} is not a role in a workspace", role=repr(unknown[0])),
            subject=unknown[0],
            hint=sentence("roles are: {roles}", roles=ROLES),
        )
    wanted = decoded(api.MemberRoles, json.dumps({"roles": roles}).encode())
    _answer(call, ask(call, api.save_member, name, wanted))


def remove_member(call: Call, name: Name) -> None:
    """Take a member out, and out of the directory policies."""
    ask(call, api.remove_member, name)
    call.done({"user": name, "removed": True}, name)


def transfer(call: Call, name: Name) -> None:
    """Make somebody else the owner; who was it before becomes an administrator."""
    _answer(call, ask(call, api.transfer_ownership, api.NewOwner(user=name)))


def list_policies(call: Call, said: NamedListOptions) -> None:
    """List the directory policies."""
    call.listed(
        ("name", "directories", "for"),
        ask_list(call, said, api.list_policies, api.PolicyQuery(name=said.name)).items,
        lambda policy: (
            policy.name,
            ", ".join(policy.directories),
            ", ".join((*policy.users, *policy.roles)),
        ),
    )


def set_policy(
    call: Call,
    name: PolicyName,
    directories: Annotated[list[str], typer.Option("--directory", metavar="DIR", help="Repeat it.")],
    users: Annotated[
        list[str] | None, typer.Option("--user", metavar="NAME", help="A member; repeat it.")
    ] = None,
    roles: Annotated[
        list[str] | None, typer.Option("--role", metavar="ROLE", help="All of this role; repeat it.")
    ] = None,
) -> None:
    """Say who may work in which directories, everything below them included."""
    texts = {"directories": directories, "users": users or [], "roles": roles or []}
    wanted = decoded(api.PolicyBody, json.dumps(texts).encode())
    saved = ask(call, api.save_policy, name, wanted)
    call.done(saved, saved.name)


def delete_policy(call: Call, name: PolicyName, yes: Yes = False) -> None:
    """Delete a directory policy."""
    confirm_deletion(call, "policy", name, yes=yes)
    ask(call, api.remove_policy, name)
    call.done({"name": name, "removed": True}, name)


def list_download_policies(call: Call, said: NamedListOptions) -> None:
    """List the download policies."""
    call.listed(
        ("name", "for"),
        ask_list(call, said, api.list_download_policies, api.PolicyQuery(name=said.name)).items,
        lambda policy: (policy.name, ", ".join((*policy.users, *policy.roles))),
    )


def set_download_policy(
    call: Call,
    name: PolicyName,
    users: Annotated[
        list[str] | None, typer.Option("--user", metavar="NAME", help="A member; repeat it.")
    ] = None,
    roles: Annotated[
        list[str] | None, typer.Option("--role", metavar="ROLE", help="All of this role; repeat it.")
    ] = None,
) -> None:
    """Say who may download packages and export into object storage; all others may not any more."""
    texts = {"users": users or [], "roles": roles or []}
    wanted = decoded(api.DownloadPolicyBody, json.dumps(texts).encode())
    saved = ask(call, api.save_download_policy, name, wanted)
    call.done(saved, saved.name)


def delete_download_policy(call: Call, name: PolicyName, yes: Yes = False) -> None:
    """Delete a download policy."""
    confirm_deletion(call, "download-policy", name, yes=yes)
    ask(call, api.remove_download_policy, name)
    call.done({"name": name, "removed": True}, name)


def _answer(call: Call, member: api.MemberAnswer) -> None:
    call.done(member, f"{member.user}: {', '.join(member.roles)}")
