"""What a served platform does by itself now and then: writes down last uses, lets go of what is old."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from jobferry.errors import JobferryError
from jobferry.events import Events

_events = Events("upkeep")
_DAY_MS = 24 * 60 * 60 * 1000


class Upkeep:
    """Called at the start and every minute or so. What fails because a border of ours is down is done
    another time."""

    def __init__(
        self,
        always: Sequence[Callable[[], object]],
        daily: Sequence[Callable[[], object]],
        now: Callable[[], int],
    ) -> None:
        """``always`` is done at every call, ``daily`` in this order at the first call and once a day."""
        self._always = always
        self._daily = daily
        self._now = now
        self._swept_at = 0

    def tick(self) -> None:
        """Does what is due."""
        is_due = self._now() - self._swept_at >= _DAY_MS
        try:
            for work in (*self._always, *(self._daily if is_due else ())):
                work()
        except JobferryError as error:
            _events.say("warning", "sweep-put-off", code=str(error.code), reason=error.message)
            return
        if is_due:
            self._swept_at = self._now()
            _events.debug("swept")
