"""What users sign in with, remembered while nobody's rights change."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jobferry.model.people import AccessKey, BrowserSession, Token, User

if TYPE_CHECKING:
    from jobferry.store import Snapshot


class KnownRecords:
    """What is read in one look, or was read in an earlier one since which nobody's rights have changed.

    When something was last used may be told too early. ``now`` is in ms since 1970 (UTC).
    """

    def __init__(self, look: Snapshot, now: int) -> None:
        self._rights = look.rights
        self._people = look.people
        self._now = now

    def token(self, token_hash: str) -> tuple[Token, User] | None:
        """A token and whose it is."""
        return self._rights.known(("token", token_hash), lambda: self._people.token(token_hash))

    def access_key(self, access_key: str) -> tuple[AccessKey, User] | None:
        """A key pair and whose it is."""
        return self._rights.known(("key", access_key), lambda: self._people.access_key(access_key))

    def session(self, session_hash: str) -> tuple[BrowserSession, User] | None:
        """A browser that is signed in, and as whom; each use puts its end off, so what seems over is read."""
        return self._rights.known(
            ("session", session_hash),
            lambda: self._people.session(session_hash),
            lambda found: found[0].expires_at > self._now,
        )

    def users(self) -> list[User]:
        """All users."""
        return self._rights.known(("users",), self._people.users) or []
