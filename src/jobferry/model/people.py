"""Who is asking: users, what they sign in with, and where they belong.

Times are milliseconds since 1970 (UTC); 0 means never.
"""

from __future__ import annotations

import msgspec

from jobferry.model.rights import Role


class Scope(msgspec.Struct, frozen=True, kw_only=True):
    """What a token is good for: all that its user may do, or less.

    ``workspaces`` holds ids; empty stands for all. ``read_only`` leaves looking and exporting.
    """

    read_only: bool = False
    workspaces: tuple[str, ...] = ()


class Caller(msgspec.Struct, frozen=True, kw_only=True):
    """A signed-in user on whose behalf something is done.

    ``origin`` is the network address the call came from, empty for the platform itself. ``operations`` is
    the platform-wide role.
    """

    user_id: str
    name: str
    operations: bool = False
    scope: Scope = Scope()
    origin: str = ""


class User(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody who can sign in. ``password`` is an argon2 hash, empty while there is none."""

    id: str
    name: str
    password: str = ""
    operations: bool = False
    disabled: bool = False
    created_at: int = 0


class Token(msgspec.Struct, frozen=True, kw_only=True):
    """An API token; only its hash is kept. Names are unique per user."""

    id: str
    user_id: str
    name: str
    hash: str
    scope: Scope = Scope()
    created_at: int = 0
    expires_at: int = 0
    used_at: int = 0


class AccessKey(msgspec.Struct, frozen=True, kw_only=True):
    """An AK/SK pair; the secret key is sealed with the data folder's key.

    ``expires_at`` is set for a pair that was rotated and is still good for a while.
    """

    access_key: str
    sealed_secret: bytes
    user_id: str
    disabled: bool = False
    created_at: int = 0
    expires_at: int = 0
    used_at: int = 0


class BrowserSession(msgspec.Struct, frozen=True, kw_only=True):
    """A browser that is signed in; both secrets are kept as hashes."""

    hash: str
    csrf_hash: str
    user_id: str
    origin: str = ""
    created_at: int = 0
    seen_at: int = 0
    expires_at: int = 0


class Member(msgspec.Struct, frozen=True, kw_only=True):
    """A user's roles in a workspace."""

    workspace_id: str
    user_id: str
    user_name: str
    roles: frozenset[Role]


class DirectoryPolicy(msgspec.Struct, frozen=True, kw_only=True):
    """Who may work in which directories, everything below them included.

    As soon as a workspace has one policy, members whom none covers can do nothing with the jobs and scripts
    there; owner and administrators are exempt. A user or a role is in at most one policy.
    """

    workspace_id: str
    name: str
    directories: tuple[str, ...]
    users: tuple[str, ...] = ()
    """Names of users."""
    roles: tuple[Role, ...] = ()
