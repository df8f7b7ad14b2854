"""Who can sign in, and with what."""

from __future__ import annotations

from typing import Protocol

from jobferry.model.records import AccessKey, User


class People(Protocol):
    """Who can sign in, and with what."""

    def user_by_token(self, token_hash: str) -> User | None: ...

    def access_key(self, access_key: str) -> tuple[AccessKey, User] | None: ...

    def users(self) -> list[User]: ...


class PeopleChanges(People, Protocol):
    """People, changeable."""

    def add_user(self, user: User) -> None: ...

    def add_token(self, user_id: str, token_hash: str, *, at: int) -> None: ...

    def add_access_key(self, key: AccessKey, *, at: int) -> None: ...
