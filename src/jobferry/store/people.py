"""Who can sign in, and with what."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Unpack

import msgspec
from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    ForeignKey,
    Row,
    Table,
    delete,
    exists,
    false,
    insert,
    or_,
    select,
    update,
)

from jobferry.model.lists import PageOptions, UserFilter
from jobferry.model.people import AccessKey, BrowserSession, Scope, Token, User
from jobferry.store import bulk, faults
from jobferry.store.schema import KEY, access_keys, browser_sessions, metadata, tokens, users

identities = Table(
    "identities",
    metadata,
    Column("issuer", KEY, primary_key=True),
    Column("subject", KEY, primary_key=True),
    Column("user_id", KEY, ForeignKey("users.id"), nullable=False),
    sqlite_with_rowid=False,
)
"""By which subject a sign-in provider knows a user."""

_ids = msgspec.json.Decoder(tuple[str, ...])

_USER_ORDERS: bulk.Orders = {"name": [users.c.name], "created_at": [users.c.created_at, users.c.id]}
_TOKEN_ORDERS: bulk.Orders = {
    "name": [tokens.c.name],
    "created_at": [tokens.c.created_at, tokens.c.name],
    "expires_at": [tokens.c.expires_at, tokens.c.name],
}
_KEY_ORDERS: bulk.Orders = {
    "created_at": [access_keys.c.created_at, access_keys.c.access_key],
    "used_at": [access_keys.c.used_at, access_keys.c.access_key],
}


class People:
    """Users and what they sign in with."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def user(self, user_id: str) -> User | None:
        """The user with that id."""
        return self._user(users.c.id == user_id) if bulk.texts([user_id]) else None

    def user_named(self, name: str) -> User | None:
        """The user of that name."""
        return self._user(users.c.name == name) if bulk.texts([name]) else None

    def user_of(self, issuer: str, subject: str) -> User | None:
        """The user whom a provider knows by that subject."""
        if not bulk.texts([subject]):
            return None
        theirs = select(identities.c.user_id).where(
            identities.c.issuer == issuer, identities.c.subject == subject
        )
        return self._user(users.c.id == theirs.scalar_subquery())

    def users(self) -> list[User]:
        """In order of name."""
        return [User(**row._asdict()) for row in self._connection.execute(select(users).order_by("name"))]

    def confirmed_between(self, since: int, until: int, *, now: int) -> list[User]:
        """List enabled users with a valid token or key whom a provider last confirmed then."""
        valid = [
            exists().where(table.c.user_id == users.c.id, ~table.c.expires_at.between(1, now))
            for table in (tokens, access_keys)
        ]
        confirmed = users.c.confirmed_at.between(since, until) & ~users.c.disabled
        query = select(users).where(confirmed, or_(*valid)).order_by("name")
        return [User(**row._asdict()) for row in self._connection.execute(query)]

    def page(self, wanted: UserFilter = UserFilter(), **which: Unpack[PageOptions]) -> tuple[int, list[User]]:
        """How many fit, and one page of them."""
        equal = [(users.c.operations, wanted.operations), (users.c.disabled, wanted.disabled)]
        fitting = select(users).where(bulk.fits(self._connection, equal, [(users.c.name, wanted.name)]))
        total, rows = bulk.page(self._connection, fitting, _USER_ORDERS, **which)
        return total, [User(**row._asdict()) for row in rows]

    def token(self, token_hash: str) -> tuple[Token, User] | None:
        """A token and whose it is; whether it has expired is for the caller to judge."""
        query = select(tokens).where(tokens.c.hash == token_hash)
        row = self._connection.execute(query).one_or_none()
        return (_token(row), self._owner(row.user_id)) if row else None

    def tokens(self, user_id: str, name: str = "", **which: Unpack[PageOptions]) -> tuple[int, list[Token]]:
        """How many a user has with a piece in their names, and one page of them."""
        theirs = select(tokens).where(
            tokens.c.user_id == user_id, bulk.fits(self._connection, pieces=[(tokens.c.name, name)])
        )
        total, rows = bulk.page(self._connection, theirs, _TOKEN_ORDERS, **which)
        return total, [_token(row) for row in rows]

    def access_key(self, access_key: str) -> tuple[AccessKey, User] | None:
        """A key pair and whose it is; whether it is disabled is for the caller to judge."""
        if not bulk.texts([access_key]):
            return None
        query = select(access_keys).where(access_keys.c.access_key == access_key)
        row = self._connection.execute(query).one_or_none()
        return (_access_key(row), self._owner(row.user_id)) if row else None

    def access_keys(
        self, user_id: str, *, disabled: bool | None = None, **which: Unpack[PageOptions]
    ) -> tuple[int, list[AccessKey]]:
        """How many a user has, and one page of them."""
        equal = [(access_keys.c.user_id, user_id), (access_keys.c.disabled, disabled)]
        theirs = select(access_keys).where(bulk.fits(self._connection, equal))
        total, rows = bulk.page(self._connection, theirs, _KEY_ORDERS, "created_at", **which)
        return total, [_access_key(row) for row in rows]

    def session(self, session_hash: str) -> tuple[BrowserSession, User] | None:
        """A browser that is signed in, and as whom; whether that has expired is for the caller to judge."""
        query = select(browser_sessions).where(browser_sessions.c.hash == session_hash)
        row = self._connection.execute(query).one_or_none()
        return (BrowserSession(**row._asdict()), self._owner(row.user_id)) if row else None

    def _user(self, which: ColumnElement[bool]) -> User | None:
        row = self._connection.execute(select(users).where(which)).one_or_none()
        return User(**row._asdict()) if row else None

    def _owner(self, user_id: str) -> User:
        row = self._connection.execute(select(users).where(users.c.id == user_id)).one()
        return User(**row._asdict())


class PeopleWriter(People):
    """Users and what they sign in with, to be changed."""

    def add_user(self, user: User) -> None:
        """Makes a user.

        Raises:
            Conflict: the name is taken (``name-taken``).
        """
        with bulk.conflicts_as(self._connection, lambda: faults.taken("user", user.name)):
            self._connection.execute(insert(users).values(msgspec.structs.asdict(user)))

    def add_identity(self, issuer: str, subject: str, user_id: str) -> None:
        """Keeps by which subject a provider knows a user.

        Raises:
            Conflict: that subject is somebody else (``name-taken``).
        """
        row = {"issuer": issuer, "subject": subject, "user_id": user_id}
        with bulk.conflicts_as(self._connection, lambda: faults.taken("user", subject)):
            self._connection.execute(insert(identities).values(row))

    def replace_user(self, user: User) -> None:
        """Writes every column of a user but their last sign-ins, found by id.

        Raises:
            Conflict: the new name is taken (``name-taken``).
        """
        row = msgspec.structs.asdict(user)
        row = {name: value for name, value in row.items() if name not in _SIGN_INS}
        changed = update(users).where(users.c.id == user.id).values(row)
        with bulk.conflicts_as(self._connection, lambda: faults.taken("user", user.name)):
            self._connection.execute(changed)

    def note_sign_in(self, user_id: str, *, at: int, by_provider: bool) -> None:
        """Record when a user signed in; a sign-in by a provider also confirms the user."""
        signed_in = update(users).where(users.c.id == user_id)
        times = dict.fromkeys(_SIGN_INS if by_provider else ("signed_in_at",), at)
        self._connection.execute(signed_in.values(times))

    def add_token(self, token: Token) -> None:
        """Lets a user sign in by a token that only its bearer knows.

        Raises:
            Conflict: the user has a token of that name (``name-taken``).
        """
        with bulk.conflicts_as(self._connection, lambda: faults.taken("token", token.name)):
            self._connection.execute(insert(tokens).values(_token_row(token)))

    def remove_token(self, user_id: str, name: str) -> bool:
        """Whether there was one."""
        if not bulk.texts([name]):
            return False
        return self._removed(delete(tokens).where(tokens.c.user_id == user_id, tokens.c.name == name)) > 0

    def add_access_key(self, key: AccessKey) -> None:
        """Lets a user sign requests.

        Raises:
            Conflict: there is such a key (``name-taken``).
        """
        with bulk.conflicts_as(self._connection, lambda: faults.taken("access key", key.access_key)):
            self._connection.execute(insert(access_keys).values(msgspec.structs.asdict(key)))

    def replace_access_key(self, key: AccessKey) -> None:
        """Writes every column of a key pair, found by its access key."""
        changed = update(access_keys).where(access_keys.c.access_key == key.access_key)
        self._connection.execute(changed.values(msgspec.structs.asdict(key)))

    def remove_access_key(self, access_key: str) -> bool:
        """Whether there was one."""
        if not bulk.texts([access_key]):
            return False
        return self._removed(delete(access_keys).where(access_keys.c.access_key == access_key)) > 0

    def add_session(self, session: BrowserSession) -> None:
        """Keeps a browser signed in."""
        self._connection.execute(insert(browser_sessions).values(msgspec.structs.asdict(session)))

    def seen_session(self, session_hash: str, *, at: int, expires_at: int) -> None:
        """Notes that a browser is still there."""
        seen = update(browser_sessions).where(browser_sessions.c.hash == session_hash)
        self._connection.execute(seen.values(seen_at=at, expires_at=expires_at))

    def remove_session(self, session_hash: str) -> None:
        """Signs a browser out."""
        self._connection.execute(delete(browser_sessions).where(browser_sessions.c.hash == session_hash))

    def remove_sessions(self, *, user_id: str = "", expired_before: int = 0) -> int:
        """Those of one user, or those that expired before a time; how many there were."""
        wanted: ColumnElement[bool] = false()
        if user_id:
            wanted |= browser_sessions.c.user_id == user_id
        if expired_before:
            wanted |= browser_sessions.c.expires_at < expired_before
        return self._removed(delete(browser_sessions).where(wanted))

    def note_use(self, *, token_ids: Sequence[str], access_keys: Sequence[str], at: int) -> None:
        """When tokens and keys were last used."""
        for column, values in ((tokens.c.id, token_ids), (_KEY, access_keys)):
            if values:
                used = update(column.table).where(bulk.among(self._connection, column, list(values)))
                self._connection.execute(used.values(used_at=at))

    def _removed(self, statement: Any) -> int:
        return int(self._connection.execute(statement).rowcount)


_KEY = access_keys.c.access_key
_SIGN_INS = ("signed_in_at", "confirmed_at")


def _token_row(token: Token) -> bulk.Row:
    row = msgspec.structs.asdict(token)
    scope = row.pop("scope")
    workspaces = msgspec.json.encode(scope.workspaces).decode()
    return row | {"read_only": scope.read_only, "workspaces": workspaces}


def _token(row: Row[Any]) -> Token:
    values = row._asdict()
    scope = Scope(read_only=values.pop("read_only"), workspaces=_ids.decode(values.pop("workspaces")))
    return Token(**values, scope=scope)


def _access_key(row: Row[Any]) -> AccessKey:
    return AccessKey(**row._asdict() | {"sealed_secret": bytes(row.sealed_secret)})
