"""What a served platform does once a day, in a thread of its own."""

from __future__ import annotations

import threading
from collections.abc import Callable

from jobferry.errors import JobferryError
from jobferry.events import Events

_events = Events("start")

_DAY_S = 24 * 60 * 60.0


class Daily:
    """Calls ``work`` every so many seconds until it is stopped; what fails is told and tried again."""

    def __init__(self, work: Callable[[], None], every_s: float = _DAY_S) -> None:
        self._work = work
        self._every_s = every_s
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._go_on, name="jobferry-daily", daemon=True)

    def start(self) -> None:
        """The first call comes after the first wait."""
        self._thread.start()

    def stop(self) -> None:
        """Waits for a call that is under way."""
        self._stopping.set()
        if self._thread.ident is not None:
            self._thread.join()

    def _go_on(self) -> None:
        while not self._stopping.wait(self._every_s):
            try:
                self._work()
            except JobferryError as error:
                _events.say("warning", "daily sweep failed", code=str(error.code), reason=error.message)
