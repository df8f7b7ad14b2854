"""Limits on wrong passwords, which hold for all servers of a database together."""

from __future__ import annotations

from collections.abc import Callable
from ipaddress import IPv6Address, ip_address
from typing import TYPE_CHECKING

from jobferry.access.sealing import Sealer
from jobferry.errors import TooManyAttempts
from jobferry.model.parts import SESSIONS
from jobferry.services.runtime import Runtime

if TYPE_CHECKING:
    from jobferry.store import Snapshot, UnitOfWork

_WINDOW_MS = 5 * 60 * 1000
_PER_NAME = 10
_PER_NETWORK = 50
_KEPT = 20_000


class Attempts:
    """At most so many wrong passwords per name and per network in any five minutes.

    An attempt counts from its beginning, so that many at once do not slip through; one that succeeds is
    taken back. The oldest are forgotten first where there are too many rows. Who is refused for the number
    of attempts writes nothing.

    Names and networks are kept as digests that need the platform's key: a name may be a password that was
    typed into the wrong field.
    """

    def __init__(
        self,
        runtime: Runtime,
        sealer: Callable[[], Sealer],
        *,
        per_name: int = _PER_NAME,
        per_network: int = _PER_NETWORK,
        kept: int = _KEPT,
    ) -> None:
        self._runtime = runtime
        self._sealer = sealer
        self._limits = (per_name, per_network)
        self._kept = kept

    def begin(self, name: str, origin: str, now: int) -> str:
        """Counts one, and gives its id.

        Raises:
            TooManyAttempts: there were too many already; this one is not counted.
        """
        digests = self._digests(name, origin)
        with self._runtime.store.read() as snapshot:
            self._refuse_too_many(snapshot, digests, now)
        attempt = self._runtime.new_id()
        with self._runtime.store.write(lasting=False, only=SESSIONS) as uow:
            self._refuse_too_many(uow, digests, now)
            uow.attempts.add(attempt, digests, at=now)
            self.forget_old(uow, now)
            uow.commit()
        return attempt

    def take_back(self, attempt: str) -> None:
        """It was no wrong password."""
        with self._runtime.store.write(lasting=False, only=SESSIONS) as uow:
            uow.attempts.remove(attempt)
            uow.commit()

    def forget_old(self, uow: UnitOfWork, now: int) -> None:
        """Removes those that do not count any more."""
        uow.attempts.forget(before=now - _WINDOW_MS, keep=self._kept)

    def _refuse_too_many(self, snapshot: Snapshot, digests: tuple[str, ...], now: int) -> None:
        waits = [0]
        for digest, limit in zip(digests, self._limits, strict=True):
            times = snapshot.attempts.times(digest, since=now - _WINDOW_MS)
            if len(times) >= limit:
                waits.append(times[0] + _WINDOW_MS - now)
        if any(waits):
            raise TooManyAttempts(-(-max(waits) // 1000))

    def _digests(self, name: str, origin: str) -> tuple[str, ...]:
        counted = (f"name {name[:128].casefold()}", f"network {network_of(origin)}")
        return tuple(self._sealer().digest(text) for text in counted)


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
