"""Who can sign in, where they belong, what they did, and what they are told."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Protocol

from jobferry.model.audit import AuditEnd, AuditFilter, AuditRow
from jobferry.model.people import AccessKey, BrowserSession, DirectoryPolicy, Member, Notice, Token, User


class People(Protocol):
    """Users and what they sign in with."""

    def user(self, user_id: str) -> User | None: ...

    def user_named(self, name: str) -> User | None: ...

    def users(self) -> list[User]:
        """In order of name."""
        ...

    def token(self, token_hash: str) -> tuple[Token, User] | None:
        """A token and whose it is; whether it has expired is for the caller to judge."""
        ...

    def tokens(self, user_id: str) -> list[Token]:
        """In order of name."""
        ...

    def access_key(self, access_key: str) -> tuple[AccessKey, User] | None:
        """A key pair and whose it is; whether it is disabled is for the caller to judge."""
        ...

    def access_keys(self, user_id: str) -> list[AccessKey]:
        """In order of making."""
        ...

    def session(self, session_hash: str) -> tuple[BrowserSession, User] | None:
        """A session and whose it is; whether it has expired is for the caller to judge."""
        ...


class PeopleChanges(People, Protocol):
    """People, changeable."""

    def add_user(self, user: User) -> None:
        """Raises: Conflict: the name is taken (``name-taken``)."""
        ...

    def replace_user(self, user: User) -> None:
        """Raises: Conflict: the new name is taken (``name-taken``)."""
        ...

    def add_token(self, token: Token) -> None:
        """Raises: Conflict: the user has a token of that name (``name-taken``)."""
        ...

    def remove_token(self, user_id: str, name: str) -> bool: ...

    def add_access_key(self, key: AccessKey) -> None:
        """Raises: Conflict: there is such a key (``name-taken``)."""
        ...

    def replace_access_key(self, key: AccessKey) -> None: ...

    def remove_access_key(self, access_key: str) -> bool: ...

    def add_session(self, session: BrowserSession) -> None: ...

    def seen_session(self, session_hash: str, *, at: int, expires_at: int) -> None: ...

    def remove_session(self, session_hash: str) -> None: ...

    def remove_sessions(self, *, user_id: str = "", expired_before: int = 0) -> int:
        """Those of one user, or those that expired before a time; how many there were."""
        ...

    def note_use(self, *, token_ids: Sequence[str], access_keys: Sequence[str], at: int) -> None:
        """When tokens and keys were last used."""
        ...


class Members(Protocol):
    """Who belongs to which workspace, and in which directories they may work."""

    def of_workspace(self, workspace_id: str) -> list[Member]:
        """In order of user name."""
        ...

    def of_user(self, user_id: str) -> list[Member]:
        """In order of workspace id."""
        ...

    def policies(self, workspace_id: str) -> list[DirectoryPolicy]:
        """In order of name."""
        ...


class MemberChanges(Members, Protocol):
    """Members, changeable."""

    def save(self, member: Member) -> None:
        """Adds a member or replaces their roles; one without roles is removed."""
        ...

    def save_policy(self, policy: DirectoryPolicy) -> None:
        """Adds or replaces, by name."""
        ...

    def remove_policy(self, workspace_id: str, name: str) -> bool: ...


class Audit(Protocol):
    """The chain of audit rows, readable."""

    def page(self, wanted: AuditFilter, *, offset: int, limit: int) -> tuple[int, list[AuditRow]]:
        """How many there are in all, and one page of them, newest first."""
        ...

    def rows(self, *, after: int | None = None) -> Iterator[AuditRow]:
        """All rows, or those with a higher number, in order of their numbers as stored, fetched in pages."""
        ...

    def last(self) -> AuditRow | None:
        """The row with the highest number, whatever :meth:`end` says."""
        ...

    def end(self) -> AuditEnd:
        """Where the chain ends; number 0 while it is empty."""
        ...

    def start(self) -> AuditEnd:
        """The last row that retention has removed; number 0 while it has removed none."""
        ...

    def last_before(self, at: int) -> AuditRow | None:
        """The last of the leading rows that are all older than a time."""
        ...


class AuditChanges(Audit, Protocol):
    """The chain, which can grow at its end and lose its oldest rows."""

    def append(self, rows: Sequence[AuditRow], end: AuditEnd) -> None:
        """Raises: Conflict: there is a row of that number."""
        ...

    def forget(self, start: AuditEnd) -> int:
        """Removes the rows up to and including that number; how many there were."""
        ...


class Notices(Protocol):
    """What users are told."""

    def of_user(
        self, user_id: str, *, unread_only: bool, offset: int, limit: int
    ) -> tuple[int, list[Notice]]:
        """How many there are in all, and one page of them, newest first."""
        ...


class NoticeChanges(Notices, Protocol):
    """Notices, changeable."""

    def add(self, notice: Notice) -> None: ...

    def mark_read(self, user_id: str, ids: Sequence[str], *, at: int) -> int:
        """Empty ``ids`` stands for all that are unread; how many were marked."""
        ...

    def sweep(self, *, before: int) -> int:
        """Removes older ones."""
        ...
