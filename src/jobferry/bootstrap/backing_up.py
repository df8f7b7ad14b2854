"""Has a served platform look every few seconds whether a backup is due that operations asks for."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from functools import partial
from typing import BinaryIO, Protocol

from jobferry.bootstrap.backup_places import backup_place
from jobferry.bootstrap.data_key import data_key
from jobferry.bootstrap.home import Home
from jobferry.bootstrap.settings import PlatformSettings
from jobferry.bootstrap.upkeep import Ticking
from jobferry.files.ports import Write
from jobferry.services.operating.platform_settings import StoredSettings
from jobferry.services.operating.scheduled_backups import LiveServers, ScheduledBackups
from jobferry.services.runtime import Runtime

_EVERY_SECONDS = 5.0


class TakeBackup(Protocol):
    """Hands a backup of a platform over in pieces, as it is at a time in milliseconds since 1970."""

    def __call__(
        self, home: Home, settings: PlatformSettings, write: Callable[[bytes], None], *, at: int
    ) -> object: ...


class AuthenticatedLook(Protocol):
    """Hold a backup against its own digests, and its index against its MAC by the platform's key."""

    def __call__(
        self, file: BinaryIO, name: str, data_key: Callable[[], bytes] | None = None
    ) -> Iterable[object]: ...


class BackingUp:
    """The thread that takes backups."""

    def __init__(
        self, home: Home, settings: PlatformSettings, take: TakeBackup, look_through: AuthenticatedLook
    ) -> None:
        self._look_through = partial(look_through, data_key=partial(data_key, home, settings))
        self._home = home
        self._settings = settings
        self._take = take
        self._backups: ScheduledBackups | None = None
        self._ticking: Ticking | None = None

    def start(self, runtime: Runtime, stored: StoredSettings, servers: LiveServers) -> None:
        """Begins."""
        place = partial(backup_place, self._home, self._settings)
        self._backups = ScheduledBackups(runtime, stored, servers, place, self._taken, self._look_through)
        self._ticking = Ticking(self._backups.tick, _EVERY_SECONDS)
        self._ticking.start()

    def stop(self) -> None:
        """Ends it; a backup that is under way is given up."""
        if self._backups is not None and self._ticking is not None:
            self._backups.stop()
            self._ticking.stop()

    def _taken(self, write: Write) -> None:
        self._take(self._home, self._settings, write, at=time.time_ns() // 1_000_000)
