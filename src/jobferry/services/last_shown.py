"""The last few answers that somebody pages through, so that a page does not have them made again."""

from __future__ import annotations

from threading import Lock
from typing import Generic, TypeVar

K = TypeVar("K")
V = TypeVar("V")


class LastShown(Generic[K, V]):
    """At most so many answers, by what they answer; the oldest goes first."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._lock = Lock()
        self._shown: dict[K, V] = {}

    def of(self, key: K) -> V | None:
        """What was last shown for that, if it is still kept."""
        return self._shown.get(key)

    def keep(self, key: K, value: V) -> None:
        """Remembers an answer, in the place of a former one."""
        with self._lock:
            self._shown.pop(key, None)
            self._shown[key] = value
            while len(self._shown) > self._most:
                del self._shown[next(iter(self._shown))]
