"""The heartbeat of one server among several on a PostgreSQL database."""

from __future__ import annotations

import platform
from collections.abc import Callable
from contextlib import suppress

from jobferry.bootstrap.home import Home
from jobferry.bootstrap.upkeep import Ticking
from jobferry.errors import StoreError
from jobferry.events import Events
from jobferry.store.servers import BEAT_SECONDS, Servers

_events = Events("servers")


class Heartbeat:
    """Says that this server lives, and gives up those that do not; the first word and the last are its own.

    Whoever gives others up has itself looked at them for a whole lease: after an outage of the database all
    have been silent, and none is dead.
    """

    def __init__(
        self, servers: Servers, home: Home, *, left: Callable[[], None], lost: Callable[[], None]
    ) -> None:
        """``left`` is called when another server was given up, ``lost`` when this one was."""
        self._servers = servers
        self._home = home
        self._left = left
        self._lost = lost
        self._is_lost = False
        self._ticking = Ticking(self.tick, BEAT_SECONDS)

    def start(self, version: str) -> None:
        """Enters this server. The one that ran in this data folder before has ended: the folder is locked.

        Raises:
            FilesError: the data folder cannot be written.
            StoreError: the database cannot be reached.
        """
        former = self._home.former_server()
        self._home.remember_server(self._servers.id)
        self._servers.enter(host=platform.node(), version=version, former=former)
        self._ticking.start()

    def stop(self) -> None:
        """Leaves; what is unfinished is for the others at once."""
        self._ticking.stop()
        if not self._is_lost:
            with suppress(StoreError):
                self._servers.leave()

    def tick(self) -> None:
        """One beat."""
        try:
            is_alive = self._servers.beat()
        except StoreError as error:
            self._servers.look_anew()
            _events.say("warning", "heartbeat-failed", code=str(error.code), reason=error.message)
            return
        if not is_alive:
            if not self._is_lost:
                self._is_lost = True
                _events.say("error", "server-lost", server=self._servers.id)
                self._lost()
        elif self._servers.give_up_silent():
            self._left()
