"""People: users, members, what they sign in with, what they may do in a workspace, and their notices."""

from __future__ import annotations

from enum import StrEnum

import msgspec

from jobferry.model.kinds import PLACED_KINDS, ObjectKind
from jobferry.model.records import StoredObject, Workspace
from jobferry.model.rights import HEADS, LOOKING, MATRIX, Action, Role
from jobferry.model.transfer.policy import LockPolicy


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


PLATFORM_ITSELF = "platform"
"""Stands for a user where nobody has asked for what is done."""


class User(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody who can sign in. ``password`` is an argon2 hash, empty while there is none.

    ``signed_in_at`` is the last sign-in by password or provider, ``confirmed_at`` the last one by a provider;
    0 for never. Only users of a provider have a ``confirmed_at``.
    """

    id: str
    name: str
    password: str = ""
    operations: bool = False
    disabled: bool = False
    created_at: int = 0
    signed_in_at: int = 0
    confirmed_at: int = 0


TOKEN_DAYS = 90
"""How long a token is good where nothing is said about it."""


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


class DownloadPolicy(msgspec.Struct, frozen=True, kw_only=True):
    """Who may take packages out of a workspace: by download, or into object storage.

    As soon as a workspace has one policy, members whom none covers may not; owner, administrators and
    operations are exempt.
    """

    workspace_id: str
    name: str
    users: tuple[str, ...] = ()
    """Names of users."""
    roles: tuple[Role, ...] = ()


class NoticeCode(StrEnum):
    """Kinds of notices; the words are in the message catalogue."""

    IMPORT_FINISHED = "import-finished"
    IMPORT_FAILED = "import-failed"
    EXPORT_FINISHED = "export-finished"
    EXPORT_FAILED = "export-failed"
    LOCKS_TAKEN = "locks-taken"
    LOCKS_RELEASED = "locks-released"
    LOCKS_OVERWRITTEN = "locks-overwritten"
    REVIEW_ASKED = "review-asked"
    REVIEW_DECIDED = "review-decided"
    RELEASE_ASKED = "release-asked"
    RELEASE_DECIDED = "release-decided"
    BACKUP_FAILED = "backup-failed"
    BACKUP_FINISHED = "backup-finished"
    ASSET_BACKUP_FAILED = "asset-backup-failed"
    SIGN_IN_DUE = "sign-in-due"


class AboutKind(StrEnum):
    """What a notice may be about, and so where it leads."""

    RECEIPT = "receipt"
    TASK = "task"
    DOWNLOAD = "download"
    REVIEW = "review"
    RELEASE = "release"
    LOCKS = "locks"
    """The locks of a workspace, which have no id."""
    BACKUP = "backup"
    """A backup of the whole platform; no workspace belongs to it."""
    USER = "user"
    """The user themself; no workspace belongs to it."""


class About(msgspec.Struct, frozen=True, kw_only=True):
    """What a notice is about, and in which workspace that is."""

    workspace_id: str
    kind: AboutKind
    id: str = ""
    name: str = ""


class Notice(msgspec.Struct, frozen=True, kw_only=True):
    """One notice for one user."""

    id: str
    user_id: str
    code: NoticeCode
    at: int
    about: About
    args: dict[str, str] = {}
    read_at: int = 0


HIDDEN = "…"
"""Replaces the name or directory of an object that a directory policy hides."""


class Grant(msgspec.Struct, frozen=True, kw_only=True):
    """A caller in a workspace. Every use case about a workspace is given one, by API or command line.

    ``administrators`` names those who could allow most of what is refused, ``owners`` those among them who
    could allow all of it. ``directories`` are those that a directory policy leaves to the caller; None stands
    for all.
    """

    caller: Caller
    workspace: Workspace
    roles: frozenset[Role]
    administrators: tuple[str, ...] = ()
    owners: tuple[str, ...] = ()
    directories: tuple[str, ...] | None = None

    def may(self, action: Action) -> bool:
        """Whether the caller's roles and token allow the action."""
        if self.caller.scope.read_only and action not in LOOKING:
            return False
        return not self.roles.isdisjoint(MATRIX[action])

    def commands_lock(self, stored: StoredObject, policy: LockPolicy) -> bool:
        """Whether the caller, who may lock, may take or release an object's lock, whoever holds it."""
        if stored.locked_by in ("", self.caller.name) or policy is LockPolicy.SOFT:
            return True
        return not self.roles.isdisjoint(HEADS)

    def covers(self, directory: str) -> bool:
        """Whether the caller may work in a directory."""
        if self.directories is None:
            return True
        return any(f"{directory}/".startswith(f"{one.rstrip('/')}/") for one in self.directories)

    def reaches(self, stored: StoredObject) -> bool:
        """Whether the caller may work with an object, as far as its directory goes."""
        return stored.kind not in PLACED_KINDS or self.covers(stored.directory)

    def redact(self, stored: StoredObject, name: str | None = None) -> StoredObject:
        """Reduce an object that a directory policy hides to what the caller may know: its name is taken.

        ``name`` replaces its name where the caller did not find it by that. The id becomes negative, so that
        nothing that is stored by the id is found for it.
        """
        if self.reaches(stored):
            return stored
        return StoredObject(
            id=-stored.id,
            workspace_id=stored.workspace_id,
            kind=stored.kind,
            name=stored.name if name is None else name,
            uid="",
            directory="",
            subtype="",
            digest="",
        )

    def directories_of(self, kind: ObjectKind) -> tuple[str, ...] | None:
        """The directories in which the caller may work with objects of a kind; None stands for all."""
        return self.directories if kind in PLACED_KINDS else None
