"""A thread that calls what is to be done now and then, until it is told to stop."""

from __future__ import annotations

import threading
from collections.abc import Callable

from jobferry.events import Events

_events = Events("upkeep")

EVERY_SECONDS = 60.0


class Ticking:
    """Calls ``tick`` after so many seconds, again and again; one that fails does not end it."""

    def __init__(self, tick: Callable[[], object], every: float = EVERY_SECONDS) -> None:
        self._tick = tick
        self._every = every
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._run, name="upkeep", daemon=True)

    def start(self) -> None:
        """Begins."""
        self._thread.start()

    def stop(self) -> None:
        """Ends it, once the call that is under way is done."""
        self._over.set()
        if self._thread.ident is not None:
            self._thread.join()

    def _run(self) -> None:
        while not self._over.wait(self._every):
            try:
                self._tick()
            except Exception as error:
                _events.failed("upkeep-failed", error)
