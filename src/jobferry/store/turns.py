"""Whose turn it is to write, on PostgreSQL: a part's writer has that part alone and the platform with others.

A part is a workspace, by its id, or one of :mod:`jobferry.model.parts`; an empty part is the whole platform.
All of these are advisory locks that end with the transaction. They are taken in one order, so that nobody
waits in a circle: the platform, then the part, then rows that several parts share, in the order of their
keys, and the audit last.
"""

from __future__ import annotations

import threading
from weakref import WeakValueDictionary

from sqlalchemy import Connection

_PART = "jobferry_part"
_PATIENCE = "set_config('lock_timeout', %s, true)"
_TAKE_PART = "pg_advisory_xact_lock(hashtextextended(%s, %s))"
"""Two parts with the same key would only wait for each other."""
_WHOLE = f"SELECT {_PATIENCE}, pg_advisory_xact_lock(%s), {_PATIENCE}"
_OF_PART = f"SELECT {_PATIENCE}, pg_advisory_xact_lock_shared(%s), {_TAKE_PART}, {_PATIENCE}"


def begin(connection: Connection, lock_key: int, part: str, *, left: int, patience: int) -> None:
    """Takes a writer's turn, within so many milliseconds that are ``left``; what it waits for once it has its
    turn, it waits for with all its ``patience``."""
    keys = (lock_key, part, lock_key) if part else (lock_key,)
    connection.exec_driver_sql(_OF_PART if part else _WHOLE, (str(left), *keys, str(patience)))
    connection.execution_options(**{_PART: part})


def follow(connection: Connection, lock_key: int, part: str) -> None:
    """Takes one more part in a transaction that has begun; only :data:`~jobferry.model.parts.AUDIT`, last."""
    if part_of(connection):
        connection.exec_driver_sql(f"SELECT {_TAKE_PART}", (part, lock_key))


def part_of(connection: Connection) -> str:
    """The part that a transaction writes beside others; empty if nobody else writes anything now."""
    return str(connection.get_execution_options().get(_PART, ""))


class PartLocks:
    """A lock in memory for each part, so that writers of one process wait without a connection."""

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._locks: WeakValueDictionary[str, threading.Lock] = WeakValueDictionary()

    def of(self, part: str) -> threading.Lock:
        """The same lock for the same part, for as long as anybody has it."""
        with self._guard:
            lock = self._locks.get(part)
            if lock is None:
                lock = self._locks[part] = threading.Lock()
            return lock
