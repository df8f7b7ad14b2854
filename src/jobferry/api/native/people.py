"""Users, for operations; tokens and key pairs: the caller's own, or anybody's for operations.

Secrets are shown once, when made.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import asdict

from jobferry.api.bodies import LongTuple
from jobferry.api.calls import Body, Calls, Limit, NamePiece, Offset, QueryGroup
from jobferry.api.native.call import Call
from jobferry.model.lists import KeySort, TokenSort, UserFilter, UserSort
from jobferry.model.people import TOKEN_DAYS, AccessKey, Scope, Token, User

if TYPE_CHECKING:
    from jobferry.services.people.credentials import Made

api = Calls("/api/users", tag="people")


class NewUser(Body):
    """A user to be made; without a password they sign in by tokens and keys alone."""

    name: str
    password: str = ""
    operations: bool = False


class UserChange(Body):
    """What to change about a user."""

    disabled: bool | None = None
    operations: bool | None = None


class PasswordReset(Body):
    """Somebody's new password; an empty one takes it away."""

    new: str


class NewToken(Body):
    """A token to be made, good for so many days. Workspaces are names or ids; none stands for all."""

    name: str
    days: int = TOKEN_DAYS
    read_only: bool = False
    workspaces: LongTuple[str] = ()


class KeyRotation(Body):
    """For how many hours the former pair stays good; none said: until it is disabled, 0: not at all."""

    grace_hours: int | None = None


class UserQuery(QueryGroup):
    """Which users; what is not said does not filter."""

    name: NamePiece = ""
    operations: bool | None = None
    disabled: bool | None = None


class UserAnswer(Struct, frozen=True):
    """A user. ``password``: whether there is one. ``signed_in_at`` is the last sign-in, or 0."""

    id: str
    name: str
    operations: bool
    disabled: bool
    password: bool
    created_at: int
    signed_in_at: int


class UserList(Struct, frozen=True):
    """How many users fit, and one page of them."""

    total: int
    items: list[UserAnswer]


class TokenAnswer(Struct, frozen=True):
    """A token. ``workspaces`` are ids, none stands for all; times are 0 for never."""

    id: str
    name: str
    read_only: bool
    workspaces: list[str]
    created_at: int
    expires_at: int
    used_at: int


class NewTokenAnswer(TokenAnswer, frozen=True):
    """A token that was just made, with its secret."""

    token: str
    credentials_file_removed: bool


class TokenList(Struct, frozen=True):
    """How many tokens of a user fit, and one page of them."""

    total: int
    items: list[TokenAnswer]


class KeyAnswer(Struct, frozen=True):
    """A key pair; ``expires_at`` is set where it was rotated and is good for a while still."""

    access_key: str
    disabled: bool
    created_at: int
    expires_at: int
    used_at: int


class NewKeyAnswer(KeyAnswer, frozen=True):
    """A key pair that was just made, with its secret."""

    secret_key: str
    credentials_file_removed: bool


class KeyList(Struct, frozen=True):
    """How many key pairs of a user fit, and one page of them."""

    total: int
    items: list[KeyAnswer]


class RemovedAnswer(Struct, frozen=True):
    """A credential is gone or disabled, and maybe the first start's file with it."""

    credentials_file_removed: bool


@api.get("")
def list_users(
    call: Call, which: UserQuery, sort: UserSort = "name", offset: Offset = 0, limit: Limit = 100
) -> UserList:
    """One page of users."""
    wanted = UserFilter(**asdict(which))
    total, found = call.platform.users.page(call.caller, wanted, sort=sort, offset=offset, limit=limit)
    return UserList(total, [_user(user) for user in found])


@api.post("", status=201)
def create_user(call: Call, body: NewUser) -> UserAnswer:
    """Makes a user."""
    users = call.platform.users
    return _user(users.create(call.caller, body.name, password=body.password, operations=body.operations))


@api.patch("/{user}")
def change_user(call: Call, user: str, body: UserChange) -> UserAnswer:
    """Switches a user off or on, gives or takes the operations role."""
    users = call.platform.users
    return _user(users.change(call.caller, user, disabled=body.disabled, operations=body.operations))


@api.put("/{user}/password")
def reset_password(call: Call, user: str, body: PasswordReset) -> UserAnswer:
    """Gives a user another password and ends all their sessions."""
    return _user(call.platform.users.reset_password(call.caller, user, body.new))


@api.get("/{user}/tokens")
def list_tokens(
    call: Call,
    user: str,
    name: NamePiece = "",
    sort: TokenSort = "name",
    offset: Offset = 0,
    limit: Limit = 100,
) -> TokenList:
    """One page of a user's tokens, without what is secret."""
    credentials = call.platform.credentials
    total, found = credentials.tokens(call.caller, user, name, sort=sort, offset=offset, limit=limit)
    return TokenList(total, [_token(token) for token in found])


@api.post("/{user}/tokens", status=201, is_secret=True)
def create_token(call: Call, user: str, body: NewToken) -> NewTokenAnswer:
    """Makes a token and shows it, this once."""
    scope = Scope(read_only=body.read_only, workspaces=body.workspaces)
    made = call.platform.credentials.create_token(call.caller, user, body.name, scope=scope, days=body.days)
    return NewTokenAnswer(
        **asdict(_token(made.made)), token=made.secret, credentials_file_removed=made.file_removed
    )


@api.delete("/{user}/tokens/{name:path}")
def revoke_token(call: Call, user: str, name: str) -> RemovedAnswer:
    """Revokes a token."""
    return RemovedAnswer(call.platform.credentials.revoke_token(call.caller, user, name))


@api.get("/{user}/keys")
def list_keys(
    call: Call,
    user: str,
    disabled: bool | None = None,
    sort: KeySort = "created_at",
    offset: Offset = 0,
    limit: Limit = 100,
) -> KeyList:
    """One page of a user's key pairs, without what is secret."""
    total, found = call.platform.credentials.keys(
        call.caller, user, disabled=disabled, sort=sort, offset=offset, limit=limit
    )
    return KeyList(total, [_key(key) for key in found])


@api.post("/{user}/keys", status=201, is_secret=True)
def create_key(call: Call, user: str) -> NewKeyAnswer:
    """Makes a key pair and shows its secret key, this once."""
    return _new_key(call.platform.credentials.create_key(call.caller, user))


@api.post("/{user}/keys/{access_key}/rotate", status=201, is_secret=True)
def rotate_key(call: Call, user: str, access_key: str, body: KeyRotation) -> NewKeyAnswer:
    """Makes a pair in the place of another, which may stay good for a while."""
    credentials = call.platform.credentials
    return _new_key(credentials.rotate_key(call.caller, user, access_key, grace_hours=body.grace_hours))


@api.post("/{user}/keys/{access_key}/disable")
def disable_key(call: Call, user: str, access_key: str) -> RemovedAnswer:
    """Makes a key pair useless and keeps it in the list."""
    return RemovedAnswer(call.platform.credentials.disable_key(call.caller, user, access_key))


@api.delete("/{user}/keys/{access_key}")
def remove_key(call: Call, user: str, access_key: str) -> RemovedAnswer:
    """Removes a key pair."""
    return RemovedAnswer(call.platform.credentials.remove_key(call.caller, user, access_key))


def _user(user: User) -> UserAnswer:
    return UserAnswer(
        id=user.id,
        name=user.name,
        operations=user.operations,
        disabled=user.disabled,
        password=bool(user.password),
        created_at=user.created_at,
        signed_in_at=user.signed_in_at,
    )


def _token(token: Token) -> TokenAnswer:
    return TokenAnswer(
        id=token.id,
        name=token.name,
        read_only=token.scope.read_only,
        workspaces=list(token.scope.workspaces),
        created_at=token.created_at,
        expires_at=token.expires_at,
        used_at=token.used_at,
    )


def _key(key: AccessKey) -> KeyAnswer:
    return KeyAnswer(
        access_key=key.access_key,
        disabled=key.disabled,
        created_at=key.created_at,
        expires_at=key.expires_at,
        used_at=key.used_at,
    )


def _new_key(made: Made[AccessKey]) -> NewKeyAnswer:
    return NewKeyAnswer(
        **asdict(_key(made.made)), secret_key=made.secret, credentials_file_removed=made.file_removed
    )
