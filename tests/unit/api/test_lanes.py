"""Threads of calls that wait or compute: shared among callers, and counted until they have ended."""

from __future__ import annotations

import asyncio
import threading

import anyio
import pytest

from jobferry.api.lanes import Lane
from jobferry.errors import ErrorCode, Overloaded


class Silent:
    """Something that answers nobody until it is told to, and counts who asks."""

    def __init__(self) -> None:
        self.answer = threading.Event()
        self.asked = threading.Semaphore(0)
        self.most = self.now = 0
        self._lock = threading.Lock()

    def ask(self) -> str:
        with self._lock:
            self.now += 1
            self.most = max(self.most, self.now)
        self.asked.release()
        self.answer.wait()
        with self._lock:
            self.now -= 1
        return "answered"

    async def reached(self, count: int) -> None:
        """Wait until it was asked so many times."""
        for _ in range(count):
            await asyncio.to_thread(self.asked.acquire)


def test_a_caller_uses_its_share_and_leaves_the_other_threads_to_others() -> None:
    async def calls() -> None:
        lane, silent = Lane(4, 2), Silent()
        many = [asyncio.create_task(lane.run("greedy", silent.ask)) for _ in range(20)]
        await silent.reached(2)
        assert await lane.run("other", lambda: "at once") == "at once"
        silent.answer.set()
        assert await asyncio.gather(*many) == ["answered"] * 20
        assert silent.most == 2

    asyncio.run(calls())


def test_all_callers_together_use_no_more_threads_than_there_are() -> None:
    async def calls() -> None:
        lane, silent = Lane(3, 2), Silent()
        many = [asyncio.create_task(lane.run(f"user {number % 9}", silent.ask)) for number in range(18)]
        await silent.reached(3)
        silent.answer.set()
        await asyncio.gather(*many)
        assert silent.most == 3

    asyncio.run(calls())


def test_a_call_that_gets_no_thread_in_time_is_refused_and_leaves_nothing_taken() -> None:
    async def calls() -> None:
        lane, silent = Lane(1, 1), Silent()
        first = asyncio.create_task(lane.run("one", silent.ask))
        await silent.reached(1)
        for caller in ("one", "two"):
            with pytest.raises(Overloaded) as caught:
                await lane.run(caller, silent.ask, patience=0)
            assert caught.value.code is ErrorCode.SERVER_BUSY
        silent.answer.set()
        await first
        assert await lane.run("two", lambda: 1) == await lane.run("one", lambda: 1) == 1

    asyncio.run(calls())


def test_a_caller_who_leaves_is_free_at_once_and_the_thread_counts_until_it_has_ended() -> None:
    async def calls() -> None:
        lane, silent = Lane(2, 1), Silent()
        with anyio.CancelScope() as scope:
            left = asyncio.create_task(_cancel_when_asked(silent, scope))
            await lane.run("one", silent.ask, can_leave=True)
        await left
        assert scope.cancelled_caught
        assert silent.now == 1
        with pytest.raises(Overloaded):
            await lane.run("one", silent.ask, patience=0)
        assert await lane.run("two", lambda: 1) == 1
        silent.answer.set()
        assert await lane.run("one", lambda: 1) == 1

    asyncio.run(calls())


def test_a_caller_who_leaves_before_a_thread_was_free_takes_none() -> None:
    async def calls() -> None:
        lane, silent = Lane(1, 1), Silent()
        first = asyncio.create_task(lane.run("one", silent.ask))
        await silent.reached(1)
        waiting = asyncio.create_task(lane.run("two", silent.ask, can_leave=True))
        await asyncio.sleep(0)
        waiting.cancel()
        with pytest.raises(asyncio.CancelledError):
            await waiting
        silent.answer.set()
        await first
        assert await lane.run("two", lambda: 1) == 1
        assert silent.most == 1

    asyncio.run(calls())


def test_an_error_of_the_work_is_told_and_its_thread_is_free_again() -> None:
    async def calls() -> None:
        lane = Lane(1, 1)
        for _ in range(3):
            with pytest.raises(ZeroDivisionError):
                await lane.run("one", lambda: 1 / 0)

    asyncio.run(calls())


async def _cancel_when_asked(silent: Silent, scope: anyio.CancelScope) -> None:
    await silent.reached(1)
    scope.cancel()
