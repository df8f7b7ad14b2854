"""The servers that work on one PostgreSQL database: which of them live, and which the others have given up.

A server lives as long as it has a row, into which it writes a new time every few seconds. The others look
whether it does, by steady clocks of their own: one whose row has stayed the same for a whole lease is given
up. Its sessions are ended and its row is deleted, and from then on it writes nothing (see ``engine``). So
neither the clocks of the machines nor that of the database matter, and may be set. With SQLite there is one
server, and nothing of this is written.
"""

from __future__ import annotations

import time
from collections.abc import Mapping

from sqlalchemy import Connection, inspect

from jobferry.errors import Conflict, ErrorCode
from jobferry.events import Events
from jobferry.sentences import sentence
from jobferry.store.engine import Database, session_name

_events = Events("servers")

LEASE_SECONDS = 10.0
"""How long a server may be silent."""
BEAT_SECONDS = 2.5
"""How often it says that it lives."""

_MOST_BETWEEN_LOOKS = 3 * BEAT_SECONDS
"""Whoever has looked away for longer may have stood still together with the others, and begins anew."""

_WORDS = "SELECT id, seen_at FROM servers"
_VERSIONS = (
    "SELECT version FROM servers"
    " WHERE abs(extract(epoch FROM clock_timestamp()) * 1000 - seen_at) < %s AND version <> %s"
)
"""A row from the future is of a time before the database's clock was set back."""
_ENTER = """
INSERT INTO servers (id, host, version, started_at, seen_at)
SELECT %s, %s, %s, now, now
FROM (SELECT (extract(epoch FROM clock_timestamp()) * 1000)::bigint AS now) AS clock
"""
_BEAT = "UPDATE servers SET seen_at = (extract(epoch FROM clock_timestamp()) * 1000)::bigint WHERE id = %s"
_LEAVE = "DELETE FROM servers WHERE id = %s"
_END_SESSIONS = (
    "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity"
    " WHERE application_name = %s AND datname = current_database() AND pid <> pg_backend_pid()"
)


class Servers:
    """The servers of a database, seen by one of them.

    Raises, from every method: StoreError: the database cannot be reached.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._watch = Watch()

    @property
    def id(self) -> str:
        """This server."""
        return self._database.server

    def refuse_other_versions(self, version: str) -> None:
        """Refuse to work beside running servers whose version, schema or stored tasks are others.

        ``version`` names all of them, as in ``0.1.0+0033.0005.1``: the program's version, the newest revision
        of the platform's and of the tasks' tables, and the number of the tasks' form. Former releases
        noted the first part only, so they are refused, too.

        Raises: Conflict: a server of another version is running (``other-version-running``)."""
        if not self._database.is_postgres:
            return
        with self._database.aside() as connection:
            if inspect(connection).has_table("servers"):
                asked = (LEASE_SECONDS * 1000, version)
                other = connection.exec_driver_sql(_VERSIONS, asked).scalar()
                if other is not None:
                    raise _other_version(str(other), version)

    def enter(self, *, host: str, version: str, former: str) -> None:
        """Becomes one of them. ``former`` is a server that is known to have ended, if any."""
        if not self._database.is_postgres:
            return
        with self._database.aside() as connection:
            if former:
                self._give_up(connection, former)
            connection.exec_driver_sql(_ENTER, (self.id, host, version))
        _events.debug("server-entered", server=self.id)

    def beat(self) -> bool:
        """Says that this server lives; False if the others have given it up."""
        if not self._database.is_postgres:
            return True
        with self._database.aside() as connection:
            return connection.exec_driver_sql(_BEAT, (self.id,)).rowcount == 1

    def live(self) -> frozenset[str]:
        """Those that nobody has given up; whoever has just died is one of them for a lease."""
        if not self._database.is_postgres:
            return frozenset({self.id} - {""})
        with self._database.aside() as connection:
            return frozenset(_words(connection))

    def give_up_silent(self) -> list[str]:
        """Looks at all others, and gives up those whose rows have stayed the same for a lease; tells them."""
        if not self._database.is_postgres:
            return []
        with self._database.aside() as connection:
            began, words, ended = time.monotonic(), _words(connection), time.monotonic()
            silent = [server for server in self._watch.silent(words, began, ended) if server != self.id]
            for server in silent:
                self._give_up(connection, server)
        return silent

    def look_anew(self) -> None:
        """Forgets since when the others were silent: the database could not be reached, by nobody perhaps."""
        self._watch = Watch()

    def leave(self) -> None:
        """Is none of them any more: what it has left undone is for the others."""
        if self._database.is_postgres:
            with self._database.aside() as connection:
                connection.exec_driver_sql(_LEAVE, (self.id,))
            _events.debug("server-left", server=self.id)

    def _give_up(self, connection: Connection, server: str) -> None:
        connection.exec_driver_sql(_END_SESSIONS, (session_name(server),)).all()
        if connection.exec_driver_sql(_LEAVE, (server,)).rowcount:
            _events.say("warning", "server-given-up", server=server)


class Watch:
    """Since when the word of each server has been the same, by the steady clock of the one that looks."""

    def __init__(self) -> None:
        self._words: dict[str, tuple[int, float]] = {}
        self._looked_at = 0.0

    def silent(self, words: Mapping[str, int], began: float, ended: float) -> list[str]:
        """Those that have been silent for a lease. The ``words`` were read between two times, in seconds."""
        known = self._words if began - self._looked_at < _MOST_BETWEEN_LOOKS else {}
        self._looked_at = ended
        self._words = {
            server: known[server] if server in known and known[server][0] == word else (word, ended)
            for server, word in words.items()
        }
        return [server for server, (_, since) in self._words.items() if began - since >= LEASE_SECONDS]


def _words(connection: Connection) -> dict[str, int]:
    return {row.id: row.seen_at for row in connection.exec_driver_sql(_WORDS)}


def _other_version(other: str, version: str) -> Conflict:
    return Conflict(
        ErrorCode.OTHER_VERSION_RUNNING,
        sentence(
            "a server of version {other} runs on this database, and this one is {version}",
            other=other,
            version=version,
        ),
        subject=other,
        hint="stop the servers of the other version first; nothing was changed",
    )
