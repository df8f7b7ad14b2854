"""The servers that work on one PostgreSQL database: which of them live, and which the others have given up.

A server lives as long as it writes the database's own time into its row, every few seconds. One that has not
done so for a whole lease is given up: its sessions are ended and its row is deleted, and from then on it
writes nothing (see ``engine``). The clocks of the machines do not matter. With SQLite there is one server,
and nothing of this is written.
"""

from __future__ import annotations

from typing import NamedTuple

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

_ROWS = "SELECT id, version, abs(extract(epoch FROM clock_timestamp()) * 1000 - seen_at) FROM servers"
"""With the milliseconds since each was seen. A row from the future is of a time before the database's clock
was set back."""
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

    @property
    def id(self) -> str:
        """This server."""
        return self._database.server

    def refuse_other_versions(self, version: str) -> None:
        """Raises: Conflict: a server of another version is running (``other-version-running``)."""
        if not self._database.is_postgres:
            return
        with self._database.aside() as connection:
            if inspect(connection).has_table("servers"):
                others = [row.version for row in _rows(connection) if row.lives and row.version != version]
                if others:
                    raise _other_version(others[0], version)

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
        """Those that live, this one among them unless it was given up."""
        if not self._database.is_postgres:
            return frozenset({self.id} - {""})
        with self._database.aside() as connection:
            return frozenset(row.id for row in _rows(connection) if row.lives)

    def give_up_silent(self) -> list[str]:
        """Gives up all others that have been silent for a lease, and tells them."""
        if not self._database.is_postgres:
            return []
        with self._database.aside() as connection:
            silent = [row.id for row in _rows(connection) if not row.lives and row.id != self.id]
            for server in silent:
                self._give_up(connection, server)
        return silent

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


class _Row(NamedTuple):
    id: str
    version: str
    lives: bool


def _rows(connection: Connection) -> list[_Row]:
    found = connection.exec_driver_sql(_ROWS)
    return [_Row(server, version, age < LEASE_SECONDS * 1000) for server, version, age in found]


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
