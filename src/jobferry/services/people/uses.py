"""When tokens, keys and sessions were last used: kept in memory and written now and then, so that a call
which only reads does not wait for a writer."""

from __future__ import annotations

import threading

from jobferry.model.people import BrowserSession
from jobferry.store.ports import UnitOfWork

_MINUTE_MS = 60_000
IDLE_MS = 8 * 60 * 60 * 1000
"""How long a session may go unused."""
ABSOLUTE_MS = 7 * 24 * 60 * 60 * 1000
"""How long a session may last."""


class Uses:
    """Last uses that are not written yet; what the store knows of less than a minute ago is not noted."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._tokens: dict[str, int] = {}
        self._keys: dict[str, int] = {}
        self._sessions: dict[str, tuple[int, int]] = {}

    def token(self, token_id: str, used_at: int, now: int) -> None:
        """A token was used; ``used_at`` is what the store says."""
        if now - used_at >= _MINUTE_MS:
            with self._lock:
                self._tokens[token_id] = now

    def key(self, access_key: str, used_at: int, now: int) -> None:
        """The same for a key pair."""
        if now - used_at >= _MINUTE_MS:
            with self._lock:
                self._keys[access_key] = now

    def session(self, session: BrowserSession, now: int) -> None:
        """The same for a session; its idle time begins anew."""
        if now - session.seen_at >= _MINUTE_MS:
            with self._lock:
                self._sessions[session.hash] = (now, session_end(session.created_at, now))

    def is_empty(self) -> bool:
        """Whether there is nothing to write."""
        return not (self._tokens or self._keys or self._sessions)

    def write(self, uow: UnitOfWork) -> None:
        """Writes what has gathered. If the transaction fails, it is noted again at the next use."""
        with self._lock:
            tokens, self._tokens = self._tokens, {}
            keys, self._keys = self._keys, {}
            sessions, self._sessions = self._sessions, {}
        if tokens or keys:
            latest = max((*tokens.values(), *keys.values()))
            uow.people.note_use(token_ids=list(tokens), access_keys=list(keys), at=latest)
        for session_hash, (at, ends) in sessions.items():
            uow.people.seen_session(session_hash, at=at, expires_at=ends)


def session_end(created_at: int, seen_at: int) -> int:
    """When a session that was seen then ends by itself."""
    return min(seen_at + IDLE_MS, created_at + ABSOLUTE_MS)
