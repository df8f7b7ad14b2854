"""member, policy: who belongs to a workspace, in which roles and directories."""

from __future__ import annotations

from typing import Annotated

import typer

from jobferry.cli.call import Call, command, default, group
from jobferry.cli.commands.people.own import done
from jobferry.cli.session import platform

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
    from jobferry.cli.client import at

    with platform(call) as api:
        items = api.get(at("workspaces", call.workspace_name, "members"))["items"]
    if call.json:
        call.out.value(items)
        return
    call.out.table(("name", "roles"), [(one["user"], ", ".join(one["roles"])) for one in items])


def add_member(
    call: Call,
    name: Name,
    roles: Annotated[
        list[str],
        typer.Argument(metavar="ROLE...", help="administrator, developer, deployer, operator, viewer."),
    ],
) -> None:
    """Add a member, or change a member's roles."""
    from jobferry.cli.client import at

    with platform(call) as api:
        member = api.put(at("workspaces", call.workspace_name, "members", name), {"roles": roles})
    done(call, member, f"{member['user']}: {', '.join(member['roles'])}")


def remove_member(call: Call, name: Name) -> None:
    """Take a member out, and out of the directory policies."""
    from jobferry.cli.client import at

    with platform(call) as api:
        api.delete(at("workspaces", call.workspace_name, "members", name))
    done(call, {"user": name, "removed": True}, name)


def transfer(call: Call, name: Name) -> None:
    """Make somebody else the owner; who was it before becomes an administrator."""
    from jobferry.cli.client import at

    with platform(call) as api:
        member = api.put(at("workspaces", call.workspace_name, "owner"), {"user": name})
    done(call, member, f"{member['user']}: {', '.join(member['roles'])}")


def list_policies(call: Call) -> None:
    """List the directory policies."""
    from jobferry.cli.client import at

    with platform(call) as api:
        items = api.get(at("workspaces", call.workspace_name, "directory-policies"))["items"]
    if call.json:
        call.out.value(items)
        return
    rows = [
        (one["name"], ", ".join(one["directories"]), ", ".join((*one["users"], *one["roles"])))
        for one in items
    ]
    call.out.table(("name", "directories", "for"), rows)


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
    from jobferry.cli.client import at

    body = {"directories": directories, "users": users or [], "roles": roles or []}
    with platform(call) as api:
        saved = api.put(at("workspaces", call.workspace_name, "directory-policies", name), body)
    done(call, saved, saved["name"])


def remove_policy(call: Call, name: PolicyName) -> None:
    """Remove a directory policy."""
    from jobferry.cli.client import at

    with platform(call) as api:
        api.delete(at("workspaces", call.workspace_name, "directory-policies", name))
    done(call, {"name": name, "removed": True}, name)
