"""Bodies as they come in: nobody may take for ever over one, or fill the memory before they have signed in.

A plain ASGI layer. Whoever reads a body through it waits for the client without holding a thread, and gets
an error of the error tree where the client is too slow or has too many bodies under way.
"""

from __future__ import annotations

import asyncio
import sys
from collections import Counter

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from jobferry.bootstrap.platform import RunningPlatform
from jobferry.errors import ErrorCode, InvalidRequest, JobferryError, Overloaded
from jobferry.sentences import sentence

_LEAST_BYTES_A_SECOND = 1024
"""A body may be this slow; what it brings in counts for so much time."""
_SMALL_BYTES = 64 * 1024
"""A body whose announced length is at most this does not count as an upload."""
_UNKNOWN_BYTES = 64 * 1024 * 1024
"""What the bodies of all callers whose sign-in is not proved yet may hold in memory together."""
_TICK_SECONDS = 1.0
"""Waiting is counted in ticks, so that a process that stood still does not blame its clients for it."""


class Intake:
    """Wraps the application of a platform, whose settings say how many large bodies one user may be sending
    at the same time, and how long a client may be silent."""

    def __init__(self, app: ASGIApp, *, platform: RunningPlatform) -> None:
        self._app = app
        self._uploads = platform.settings.uploads_per_user
        self._patience = platform.settings.client_patience
        self._coming: dict[_Body, None] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not (announced := _announced(scope)):
            await self._app(scope, receive, send)
            return
        body = _Body(self, scope, receive, announced, self._patience)
        try:
            await self._app(scope, body.receive, send)
        finally:
            self._coming.pop(body, None)

    def admit(self, body: _Body) -> None:
        """Counts a body whose first piece is asked for.

        Raises:
            Overloaded: its user is sending too many others (``too-many-uploads``).
        """
        user, others = body.user, self._coming
        if user and body.is_large:
            under_way = sum(other.user == user and other.is_large and not other.is_whole for other in others)
            if under_way >= self._uploads:
                raise _too_many(self._uploads)
        self._coming[body] = None

    def weigh(self, body: _Body) -> None:
        """Makes room for what a body has brought in, if nobody knows yet whose it is.

        Where memory is short, the oldest unfinished body of the address that holds most is given up.

        Raises:
            Overloaded: that is this one, or all others are whole already (``server-busy``).
        """
        unknown = [one for one in self._coming if not one.user]
        if body.user or sum(one.size for one in unknown) <= _UNKNOWN_BYTES:
            return
        held: Counter[str] = Counter()
        for one in unknown:
            held[one.origin] += one.size
        unfinished = [one for one in unknown if not one.is_whole]
        oldest = max(unfinished, key=lambda one: held[one.origin], default=body)
        del self._coming[oldest]
        if oldest is body:
            raise _busy()
        oldest.give_up(_busy())


class _Body:
    """One request's body, and how its client is doing."""

    def __init__(
        self, intake: Intake, scope: Scope, receive: Receive, announced: int, patience: float
    ) -> None:
        self.origin: str = scope["client"][0] if scope.get("client") else ""
        self.is_large = announced > _SMALL_BYTES
        self.is_whole = False
        self.size = 0
        self._intake = intake
        self._state = scope.setdefault("state", {})
        self._receive = receive
        self._patience = patience
        self._is_admitted = False
        self._waited = self._mark = 0.0
        self._fault: JobferryError | None = None
        self._deadline: asyncio.Timeout | None = None
        self._ticking: asyncio.TimerHandle | None = None

    @property
    def user(self) -> str:
        """The id of the user who sends it, once that is known."""
        caller = self._state.get("caller")
        return caller.user_id if caller else ""

    async def receive(self) -> Message:
        """The next piece.

        Raises:
            InvalidRequest: it does not come (``too-slow``).
            Overloaded: this client, or all together, send too much at the same time.
        """
        if self.is_whole:
            return await self._receive()
        if not self._is_admitted:
            self._is_admitted = True
            self._intake.admit(self)
        message = await self._in_time()
        self.size += len(message.get("body", b""))
        self.is_whole = not message.get("more_body", False)
        self._intake.weigh(self)
        return message

    def give_up(self, fault: JobferryError) -> None:
        """Ends the waiting for this body with an error."""
        self._fault = fault
        if self._deadline is not None:
            self._deadline.reschedule(asyncio.get_running_loop().time())

    async def _in_time(self) -> Message:
        if self._fault is None and self._is_late():
            self._fault = _too_slow(self._patience)
        if self._fault is not None:
            raise self._fault
        try:
            async with asyncio.timeout(None) as self._deadline:
                self._tick_later()
                try:
                    return await self._receive()
                finally:
                    self._stop_ticking()
        except TimeoutError:
            raise self._fault or _too_slow(self._patience) from None

    def _is_late(self) -> bool:
        return bool(self._patience) and self._waited > self._patience + self.size / _LEAST_BYTES_A_SECOND

    def _tick_later(self) -> None:
        loop = asyncio.get_running_loop()
        self._mark = loop.time()
        self._ticking = loop.call_later(_TICK_SECONDS, self._tick)

    def _tick(self) -> None:
        self._waited += _TICK_SECONDS
        if self._is_late():
            self.give_up(_too_slow(self._patience))
        else:
            self._tick_later()

    def _stop_ticking(self) -> None:
        self._deadline = None
        if self._ticking is not None:
            self._ticking.cancel()
        self._waited += min(asyncio.get_running_loop().time() - self._mark, _TICK_SECONDS)


def _announced(scope: Scope) -> int:
    """How many bytes the body is to have; the most that can be said where its head does not tell."""
    for name, value in scope["headers"]:
        if name == b"transfer-encoding":
            return sys.maxsize
        if name == b"content-length":
            return int(value) if value.isdigit() else sys.maxsize
    return 0


def _too_slow(patience: float) -> InvalidRequest:
    return InvalidRequest(
        ErrorCode.TOO_SLOW,
        sentence(
            "the body did not arrive: {patience} s passed, and the time that its size allows",
            patience=f"{patience:g}",
        ),
        subject="body",
        hint="send the call again, whole; whoever runs the platform can set JOBFERRY_CLIENT_PATIENCE higher",
    )


def _too_many(uploads: int) -> Overloaded:
    return Overloaded(
        ErrorCode.TOO_MANY_UPLOADS,
        sentence(
            "this user is sending {uploads:other large body/other large bodies}, and no more are "
            "accepted at the same time",
            uploads=uploads,
        ),
        subject="body",
        hint="wait until one of them is through, and send the call again",
    )


def _busy() -> Overloaded:
    return Overloaded(
        ErrorCode.SERVER_BUSY,
        "too many large bodies of callers who are not signed in yet are being received",
        subject="body",
        hint="send the call again in some seconds, or sign in with a token, which is checked before the body",
    )
