"""Threads for calls that wait or compute for long: so many in all, and so many for one caller."""

from __future__ import annotations

import asyncio
import math
import threading
from collections.abc import Callable
from contextlib import ExitStack, suppress
from typing import TypeVar
from weakref import WeakValueDictionary

from anyio import CapacityLimiter, fail_after, to_thread

from jobferry.errors import ErrorCode, Overloaded

T = TypeVar("T")

_QUEUE_SECONDS = 30.0
"""How long a call waits for a thread before it is refused."""


class Lane:
    """Threads of one kind of work, in which a caller with many calls makes no other caller wait."""

    def __init__(self, total: int, share: int) -> None:
        """``share`` is the maximum of one caller."""
        self._total = CapacityLimiter(total)
        self._share = share
        self._shares: WeakValueDictionary[str, CapacityLimiter] = WeakValueDictionary()
        self._threads = CapacityLimiter(math.inf)

    async def run(
        self, caller: str, work: Callable[[], T], *, can_leave: bool = False, patience: float = _QUEUE_SECONDS
    ) -> T:
        """Do work in a thread, and wait at most ``patience`` seconds for one.

        With ``can_leave`` a cancelled caller does not wait for the end of the work. A thread counts until it
        has really ended.

        Raises:
            Overloaded: no thread became free in time (``server-busy``).
        """
        held, began, loop = (
            await self._acquire(caller, patience),
            threading.Event(),
            asyncio.get_running_loop(),
        )

        def do_work() -> T:
            began.set()
            try:
                return work()
            finally:
                with suppress(RuntimeError):  # the loop has ended, and nobody waits any more
                    loop.call_soon_threadsafe(held.close)

        try:
            return await to_thread.run_sync(do_work, limiter=self._threads, abandon_on_cancel=can_leave)
        finally:
            if not began.is_set():
                held.close()

    async def _acquire(self, caller: str, patience: float) -> ExitStack:
        """Take a thread of the caller's share and one of all; closing the result gives both back."""
        borrower, held = object(), ExitStack()
        share = self._shares.setdefault(caller, CapacityLimiter(self._share))
        try:
            with fail_after(patience):
                for limiter in (share, self._total):
                    await limiter.acquire_on_behalf_of(borrower)
                    held.callback(limiter.release_on_behalf_of, borrower)
        except BaseException as error:
            held.close()
            if isinstance(error, TimeoutError):
                raise _busy() from None
            raise
        return held


def _busy() -> Overloaded:
    return Overloaded(
        ErrorCode.SERVER_BUSY,
        "too many calls are waiting for other systems or comparing texts",
        subject="threads",
        hint="send the call again in some seconds, or make fewer of these calls at the same time",
    )
