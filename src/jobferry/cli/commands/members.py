"""member, policy: who belongs to a workspace, in which roles and directories."""

from __future__ import annotations

from typing import Annotated

import typer

from jobferry.cli.call import Call, command, default, group
from jobferry.cli.session import ask_path

Name = Annotated[str, typer.Argument(metavar="NAME", help="The user's name.")]
PolicyName = Annotated[str, typer.Argument(metavar="NAME", help="The policy's name.")]


def add_to(app: typer.Typer) -> None:
    """Adds both groups."""
    members = group(app, "member", "Who belongs to the workspace; alone, lists them.")
    default(members)(list_members)
    command(members, "list")(list_members)
    command(members, "add")(add_member)
    command(members, "remove")(remove_member)
    command(members, "transfer")(transfer)
    policies = group(app, "policy", "In which directories members may work; alone, lists the policies.")
    default(policies)(list_policies)
    command(policies, "list")(list_policies)
    command(policies, "save")(save_policy)
    command(policies, "remove")(remove_policy)


def list_members(call: Call) -> None:
    """List the members with their roles."""
    items = ask_path(call, "get", call.at("members"))["items"]
    call.listed(("name", "roles"), items, lambda item: (item["user"], ", ".join(item["roles"])))


def add_member(
    call: Call,
    name: Name,
    roles: Annotated[
        list[str],
        typer.Argument(metavar="ROLE...", help="administrator, developer, deployer, operator, viewer."),
    ],
) -> None:
    """Add a member, or change a member's roles."""
    member = ask_path(call, "put", call.at("members", name), {"roles": roles})
    call.done(member, f"{member['user']}: {', '.join(member['roles'])}")


def remove_member(call: Call, name: Name) -> None:
    """Take a member out, and out of the directory policies."""
    ask_path(call, "delete", call.at("members", name))
    call.done({"user": name, "removed": True}, name)


def transfer(call: Call, name: Name) -> None:
    """Make somebody else the owner; who was it before becomes an administrator."""
    member = ask_path(call, "put", call.at("owner"), {"user": name})
    call.done(member, f"{member['user']}: {', '.join(member['roles'])}")


def list_policies(call: Call) -> None:
    """List the directory policies."""
    items = ask_path(call, "get", call.at("directory-policies"))["items"]
    call.listed(
        ("name", "directories", "for"),
        items,
        lambda item: (
            item["name"],
            ", ".join(item["directories"]),
            ", ".join((*item["users"], *item["roles"])),
        ),
    )


def save_policy(
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
    body = {"directories": directories, "users": users or [], "roles": roles or []}
    saved = ask_path(call, "put", call.at("directory-policies", name), body)
    call.done(saved, saved["name"])


def remove_policy(call: Call, name: PolicyName) -> None:
    """Remove a directory policy."""
    ask_path(call, "delete", call.at("directory-policies", name))
    call.done({"name": name, "removed": True}, name)
