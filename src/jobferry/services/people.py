"""Who signs in, and the first administrator."""

from __future__ import annotations

from collections.abc import Callable

from jobferry.access.callers import authenticate
from jobferry.access.sealing import Sealer
from jobferry.access.signature import SignedRequest
from jobferry.model.people import Caller
from jobferry.services.ground import Ground

__all__ = ["People", "SignedRequest"]


class People:
    """Sign-in by signature or token."""

    def __init__(self, ground: Ground, sealer: Callable[[], Sealer]) -> None:
        self._ground = ground
        self._sealer = sealer

    def authenticate(self, request: SignedRequest) -> Caller:
        """Who sent this request.

        Raises:
            Unauthenticated: nobody, or with credentials that are wrong.
        """
        with self._ground.store.read() as snapshot:
            return authenticate(request, snapshot.people, self._sealer(), self._ground.now())
