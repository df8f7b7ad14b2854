"""What a platform does by itself now and then: writes down last uses, forgets what is old."""

from __future__ import annotations

from collections.abc import Callable

from jobferry.errors import StoreError
from jobferry.events import Events
from jobferry.services.people.audit import Audits
from jobferry.services.people.notices import Notices
from jobferry.services.people.signing import SigningIn

_events = Events("upkeep")
_DAY_MS = 24 * 60 * 60 * 1000


class Upkeep:
    """Called every minute or so. What fails because the database is busy is done another time."""

    def __init__(self, signing: SigningIn, audits: Audits, notices: Notices, now: Callable[[], int]) -> None:
        self._signing = signing
        self._audits = audits
        self._notices = notices
        self._now = now
        self._swept_at = 0

    def tick(self) -> None:
        """Writes down what has gathered, and sweeps at the first call and once a day."""
        self._signing.write_down()
        if self._now() - self._swept_at < _DAY_MS:
            return
        try:
            days = self._audits.kept_days()
            rows = self._audits.sweep(days)
            notices = self._notices.sweep(days)
            sessions = self._signing.end_old_sessions()
        except StoreError as error:
            _events.say("warning", "sweep-put-off", reason=error.message)
            return
        self._swept_at = self._now()
        _events.debug("swept", audit_rows=rows, notices=notices, sessions=sessions)
