"""Wrong passwords of late, counted for all servers of a database."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import BigInteger, Column, Connection, Index, Table, delete, insert, select

from jobferry.store.schema import KEY, metadata

attempts = Table(
    "sign_in_attempts",
    metadata,
    Column("attempt", KEY, primary_key=True),
    Column("digest", KEY, primary_key=True),
    Column("at", BigInteger, nullable=False),
    Index("sign_in_attempts_digest", "digest", "at"),
    Index("sign_in_attempts_at", "at"),
    sqlite_with_rowid=False,
)
"""An attempt has a row for each thing that it counts for, by a digest that tells nobody what that is."""


class Attempts:
    """Attempts to sign in by password."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def times(self, digest: str, *, since: int) -> list[int]:
        """When there were attempts that count for this and were later than ``since``, oldest first."""
        wanted = select(attempts.c.at).where(attempts.c.digest == digest, attempts.c.at > since)
        return list(self._connection.scalars(wanted.order_by(attempts.c.at)))


class AttemptWriter(Attempts):
    """Attempts, to be counted and forgotten."""

    def add(self, attempt: str, digests: Sequence[str], *, at: int) -> None:
        """Counts one."""
        rows = [{"attempt": attempt, "digest": digest, "at": at} for digest in digests]
        self._connection.execute(insert(attempts), rows)

    def remove(self, attempt: str) -> None:
        """It was no wrong password."""
        self._connection.execute(delete(attempts).where(attempts.c.attempt == attempt))

    def forget(self, *, before: int, keep: int) -> None:
        """Removes those of that time and earlier, and more of the oldest where there are more than ``keep``
        rows."""
        newest = select(attempts.c.at).order_by(attempts.c.at.desc())
        surplus = self._connection.scalar(newest.offset(keep).limit(1))
        last = before if surplus is None else max(before, surplus)
        self._connection.execute(delete(attempts).where(attempts.c.at <= last))
