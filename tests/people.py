"""Users of a platform that runs in the tests' own process, and what they may do there."""

from __future__ import annotations

import secrets
from collections.abc import Iterable

from jobferry.access.sealing import token_hash
from jobferry.bootstrap.first_start import ADMINISTRATOR
from jobferry.bootstrap.platform import RunningPlatform
from jobferry.model.people import Caller, DirectoryPolicy, Grant, Member, Scope, Token, User
from jobferry.model.rights import Role
from jobferry.store import Store


def store_of(running: RunningPlatform) -> Store:
    """What lies below, for what no door offers."""
    return running.parts.runtime.store


def administrator(running: RunningPlatform) -> Caller:
    """Who started the platform: operations, and owner of the default workspace."""
    return caller_named(running, ADMINISTRATOR)


def caller_named(running: RunningPlatform, name: str, scope: Scope | None = None) -> Caller:
    """A user as they would be signed in."""
    with store_of(running).read() as snapshot:
        user = snapshot.people.user_named(name)
    assert user is not None
    return Caller(user_id=user.id, name=user.name, operations=user.operations, scope=scope or Scope())


def entered(running: RunningPlatform, workspace: str | None = None, caller: Caller | None = None) -> Grant:
    """What somebody, or else the administrator, may do in a workspace."""
    return running.workspaces.enter(workspace, caller or administrator(running))


def enrol(running: RunningPlatform, name: str, *, operations: bool = False) -> Caller:
    """A new user who belongs nowhere."""
    with store_of(running).write() as uow:
        uow.people.add_user(User(id=secrets.token_hex(16), name=name, operations=operations))
        uow.commit()
    return caller_named(running, name)


def assign(running: RunningPlatform, caller: Caller, workspace: str | None, *roles: Role) -> Caller:
    """Makes a user a member with these roles; without any, no member any more."""
    place = entered(running, workspace).workspace
    member = Member(
        workspace_id=place.id, user_id=caller.user_id, user_name=caller.name, roles=frozenset(roles)
    )
    with store_of(running).write() as uow:
        uow.members.save(member)
        uow.commit()
    return caller


def member(running: RunningPlatform, name: str, *roles: Role, workspace: str | None = None) -> Caller:
    """A new user with these roles in a workspace."""
    return assign(running, enrol(running, name), workspace, *roles)


def policy(
    running: RunningPlatform,
    *directories: str,
    users: Iterable[str] = (),
    roles: Iterable[Role] = (),
    name: str = "policy",
    workspace: str | None = None,
) -> None:
    """A directory policy of a workspace."""
    made = DirectoryPolicy(
        workspace_id=entered(running, workspace).workspace.id,
        name=name,
        directories=directories,
        users=tuple(users),
        roles=tuple(roles),
    )
    with store_of(running).write() as uow:
        uow.members.save_policy(made)
        uow.commit()


def token(running: RunningPlatform, caller: Caller, scope: Scope | None = None) -> str:
    """An API token of that user."""
    clear = secrets.token_hex(16)
    made = Token(
        id=secrets.token_hex(16),
        user_id=caller.user_id,
        name=clear[:8],
        hash=token_hash(clear),
        scope=scope or Scope(),
    )
    with store_of(running).write() as uow:
        uow.people.add_token(made)
        uow.commit()
    return clear
