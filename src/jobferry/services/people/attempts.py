"""Counts wrong passwords and refused credentials, in bounded memory."""

from __future__ import annotations

import threading
from collections import OrderedDict, deque
from collections.abc import Iterable
from ipaddress import IPv6Address, ip_address
from typing import NamedTuple

from jobferry.errors import TooManyAttempts

_WINDOW_MS = 5 * 60 * 1000
_PER_NAME = 10
_PER_NETWORK = 50
_KEPT = 10_000
_MINUTE_MS = 60_000
_ORIGINS = 256
_OTHERS = "others"


class Attempts:
    """At most so many wrong passwords per name and per network in any five minutes.

    An attempt counts from its beginning, so that many at once do not slip through; one that succeeds is
    taken back. What has not been tried for longest is forgotten first when there are too many names.
    """

    def __init__(self, *, per_name: int = _PER_NAME, per_network: int = _PER_NETWORK) -> None:
        self._limits = {"name": per_name, "network": per_network}
        self._lock = threading.Lock()
        self._times: OrderedDict[tuple[str, str], deque[int]] = OrderedDict()

    def begin(self, name: str, origin: str, now: int) -> None:
        """Counts one.

        Raises:
            TooManyAttempts: there were too many already; this one is not counted.
        """
        keys = _keys(name, origin)
        with self._lock:
            waits = [self._wait(key, now) for key in keys]
            if any(waits):
                raise TooManyAttempts(-(-max(waits) // 1000))
            for key in keys:
                self._times.setdefault(key, deque()).append(now)
                self._times.move_to_end(key)
            while len(self._times) > _KEPT:
                self._times.popitem(last=False)

    def take_back(self, name: str, origin: str, begun: int) -> None:
        """The attempt that began then was no wrong password."""
        with self._lock:
            for key in _keys(name, origin):
                times = self._times.get(key)
                if times is not None and begun in times:
                    times.remove(begun)
                if not times:
                    self._times.pop(key, None)

    def _wait(self, key: tuple[str, str], now: int) -> int:
        """Milliseconds until another attempt is let through; 0 if it is now."""
        times = self._times.get(key)
        if times is None:
            return 0
        while times and times[0] <= now - _WINDOW_MS:
            times.popleft()
        return times[0] + _WINDOW_MS - now if len(times) >= self._limits[key[0]] else 0


class Refused(NamedTuple):
    """How often an origin was refused in one minute, and why."""

    minute: int
    origin: str
    reason: str
    times: int


class Refusals:
    """Refused credentials by origin and minute, so that a flood of them is a few rows of the audit.

    The first of an origin in a minute is told at once, the others together when the minute is over.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._counts: dict[tuple[int, str, str], int] = {}

    def add(self, origin: str, reason: str, now: int) -> list[Refused]:
        """Counts one; gives what is to be told now."""
        minute = now - now % _MINUTE_MS
        with self._lock:
            told = self._over(minute)
            here = {key[1] for key in self._counts}
            network = origin if origin in here or len(here) < _ORIGINS else _OTHERS
            key = (minute, network, reason)
            if key in self._counts:
                self._counts[key] += 1
            else:
                self._counts[key] = 0
                told.append(Refused(minute, network, reason, 1))
            return told

    def due(self, now: int | None = None) -> list[Refused]:
        """What has been counted in minutes that are over, or in all."""
        with self._lock:
            return self._over(None if now is None else now - now % _MINUTE_MS)

    def put_back(self, refused: Iterable[Refused]) -> None:
        """What could not be told; it is told later."""
        with self._lock:
            for one in refused:
                key = (one.minute, one.origin, one.reason)
                self._counts[key] = self._counts.get(key, 0) + one.times

    def _over(self, minute: int | None) -> list[Refused]:
        ended = [key for key in self._counts if minute is None or key[0] < minute]
        counts = [(key, self._counts.pop(key)) for key in ended]
        return [Refused(*key, times) for key, times in counts if times]


def network_of(origin: str) -> str:
    """An address, or the part of an IPv6 address that one subscriber has."""
    try:
        address = ip_address(origin)
    except ValueError:
        return origin
    if not isinstance(address, IPv6Address):
        return origin
    if address.ipv4_mapped is not None:
        return str(address.ipv4_mapped)
    return str(IPv6Address(int(address) >> 64 << 64)) + "/64"


def _keys(name: str, origin: str) -> list[tuple[str, str]]:
    return [("name", name[:128].casefold()), ("network", network_of(origin))]
