"""Calls another system's webhook about what has happened here: at least once for each event, in the
background, whichever server lives."""

from __future__ import annotations

from collections.abc import Callable

import msgspec

from jobferry.events import Events
from jobferry.model.parts import DELIVERIES
from jobferry.model.webhook import Delivery
from jobferry.sentences import Sentence
from jobferry.services.runtime import Runtime

_events = Events("webhook")

_PAUSES_S = (5, 60, 600, 3_600, 10_800, 21_600, 43_200, 86_400)
"""After each try that failed. The last one is given up: about two days after the event."""
_LEASE_MS = 60_000
"""How long nobody else tries what one server is trying."""

Send = Callable[[str, bytes, int], Sentence | None]


class Webhook:
    """Makes the calls that are due, one after the other."""

    def __init__(self, runtime: Runtime, send: Send) -> None:
        """``send`` calls the receiver once with id, body and the time in seconds; it gives the reason if the
        receiver did not take it."""
        self._runtime = runtime
        self._send = send

    def deliver(self) -> None:
        """Tries everything that is due.

        Raises:
            StoreError: the database cannot be used; what is due stays so.
        """
        while (due := self._due()) is not None:
            begun = self._taken(due)
            if begun is not None:
                reason = self._send(begun.id, begun.body.encode(), self._runtime.now() // 1000)
                self._note(begun, reason)

    def _due(self) -> Delivery | None:
        with self._runtime.store.read() as snapshot:
            return snapshot.deliveries.due(self._runtime.now())

    def _taken(self, due: Delivery) -> Delivery | None:
        """Nobody else's for a while; None if somebody else has taken it meanwhile."""
        until = self._runtime.now() + _LEASE_MS
        begun = msgspec.structs.replace(due, due_at=until, attempts=due.attempts + 1)
        with self._runtime.store.write(only=DELIVERIES) as uow:
            is_ours = uow.deliveries.replace(begun, was=due)
            uow.commit()
        return begun if is_ours else None

    def _note(self, begun: Delivery, reason: Sentence | None) -> None:
        is_over = reason is None or begun.attempts > len(_PAUSES_S)
        with self._runtime.store.write(only=DELIVERIES) as uow:
            if is_over:
                uow.deliveries.remove(begun)
            else:
                pause = _PAUSES_S[begun.attempts - 1] * 1000
                again = msgspec.structs.replace(begun, due_at=self._runtime.now() + pause, said=str(reason))
                uow.deliveries.replace(again, was=begun)
            uow.commit()
        if reason is None:
            _events.debug("webhook-taken", delivery=begun.id, attempts=begun.attempts)
        else:
            level, event = ("error", "webhook-given-up") if is_over else ("warning", "webhook-refused")
            _events.say(level, event, delivery=begun.id, attempts=begun.attempts, reason=str(reason))
