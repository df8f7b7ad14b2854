"""Who can sign in, and with what."""

from __future__ import annotations

import msgspec
from sqlalchemy import Connection, insert, select

from jobferry.model.records import AccessKey, User
from jobferry.store.sql import bulk, faults
from jobferry.store.sql.schema import access_keys, tokens, users


class SqlPeople:
    """People in a transaction, to read or to change."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def user_by_token(self, token_hash: str) -> User | None:
        """Whose token has that hash."""
        query = select(users).join(tokens, tokens.c.user_id == users.c.id)
        row = self._connection.execute(query.where(tokens.c.hash == token_hash)).one_or_none()
        return User(**row._asdict()) if row else None

    def access_key(self, access_key: str) -> tuple[AccessKey, User] | None:
        """A key pair and whose it is."""
        if not bulk.texts([access_key]):
            return None
        query = select(access_keys.c.sealed_secret, users.c.id, users.c.name)
        query = query.join(users, access_keys.c.user_id == users.c.id)
        row = self._connection.execute(query.where(access_keys.c.access_key == access_key)).one_or_none()
        if row is None:
            return None
        key = AccessKey(access_key=access_key, sealed_secret=bytes(row.sealed_secret), user_id=row.id)
        return key, User(id=row.id, name=row.name)

    def users(self) -> list[User]:
        """In order of name."""
        return [User(**row._asdict()) for row in self._connection.execute(select(users).order_by("name"))]

    def add_user(self, user: User) -> None:
        """Makes a user.

        Raises:
            Conflict: the name is taken.
        """
        with bulk.telling(self._connection, lambda: faults.taken("user", user.name)):
            self._connection.execute(insert(users).values(msgspec.structs.asdict(user)))

    def add_token(self, user_id: str, token_hash: str, *, at: int) -> None:
        """Lets a user sign in by a token that only its bearer knows."""
        row = {"hash": token_hash, "user_id": user_id, "created_at": at}
        self._connection.execute(insert(tokens).values(row))

    def add_access_key(self, key: AccessKey, *, at: int) -> None:
        """Lets a user sign requests.

        Raises:
            Conflict: there is such a key.
        """
        with bulk.telling(self._connection, lambda: faults.taken("access key", key.access_key)):
            self._connection.execute(
                insert(access_keys).values(msgspec.structs.asdict(key) | {"created_at": at})
            )
