"""Remembers who may do what for as long as nobody's rights change, in this process or another one.

The tables of users, of what they sign in with, of workspaces, members and directory policies raise one number
with every change, in the transaction of the change (migration 0020). A look reads that number in its own
snapshot; what is remembered counts only under the number under which it was read.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Hashable
from typing import TypeVar, cast

from sqlalchemy import Connection

T = TypeVar("T")

_REVISION = "SELECT value FROM counters WHERE name = 'rights'"
_MOST = 10_000
"""How many things are remembered at once; then all are forgotten."""


class RightsMemory:
    """What looks at one database have read of people and their rights; any thread may use it."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._revision = -1
        self._values: dict[Hashable, object] = {}

    def values(self, revision: int) -> dict[Hashable, object]:
        """What is remembered under a revision; for one that is over, something that nobody else sees."""
        with self._lock:
            if revision > self._revision or len(self._values) >= _MOST:
                self._revision, self._values = max(revision, self._revision), {}
            return self._values if revision == self._revision else {}


class Rights:
    """People and rights in one look, read anew or remembered."""

    def __init__(self, connection: Connection, memory: RightsMemory | None = None) -> None:
        """Without a ``memory`` all is read anew: a transaction may have changed anything itself."""
        self._connection = connection
        self._memory = memory
        self._values: dict[Hashable, object] | None = None

    def revision(self) -> int:
        """The number of changes to anybody's rights up to this look."""
        return int(self._connection.exec_driver_sql(_REVISION).scalar() or 0)

    def known(
        self, key: Hashable, read: Callable[[], T | None], holds: Callable[[T], bool] = lambda _: True
    ) -> T | None:
        """What ``read`` gives in this look, or what it gave for the key since rights last changed.

        What does not ``hold`` any more is read again. What is not there is not remembered, so nobody fills
        the memory by asking for it. Values are shared among threads and must not be changed.
        """
        if self._memory is None:
            return read()
        if self._values is None:
            self._values = self._memory.values(self.revision())
        found = cast("T | None", self._values.get(key))
        if found is not None and holds(found):
            return found
        found = read()
        if found is not None:
            self._values[key] = found
        return found
