"""A store that is silent keeps neither a caller nor the answer about the others waiting."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from jobferry.bootstrap.object_storage import StorageProbe
from jobferry.bootstrap.readiness import Readiness
from jobferry.errors import ErrorCode, FilesError, JobferryError, StoreError

REFUSED = FilesError(ErrorCode.FILES_FAILED, "the keys are refused", hint="correct them")


def fault(probe: StorageProbe, seconds: float = 60.0) -> JobferryError | None:
    probe.begin()
    return probe.fault(time.monotonic() + seconds)


def test_one_that_answers_has_no_fault_and_is_not_asked_again_at_once() -> None:
    asked: list[int] = []
    probe = StorageProbe(lambda: asked.append(1))
    assert [fault(probe), fault(probe)] == [None, None]
    assert asked == [1]


def test_one_that_refuses_is_told_with_its_reason() -> None:
    def refuse() -> None:
        raise REFUSED

    assert fault(StorageProbe(refuse)) is REFUSED


def test_one_that_is_silent_is_told_as_such_and_asked_by_one_thread_however_many_want_to_know() -> None:
    answer, asked = threading.Event(), threading.Semaphore(0)

    def wait() -> None:
        asked.release()
        answer.wait()

    probe = StorageProbe(wait)
    told = [fault(probe, 0.0) for _ in range(5)]
    assert [str(one.message) for one in told if one] == ["it has not answered yet"] * 5
    answer.set()
    assert fault(probe) is None
    assert (asked.acquire(blocking=False), asked.acquire(blocking=False)) == (True, False)


def test_a_probe_that_ends_with_an_unexpected_error_is_not_taken_for_an_answer() -> None:
    def fail() -> None:
        raise RuntimeError("broken")

    assert str(getattr(fault(StorageProbe(fail)), "message", "")) == "it has not answered yet"


class Silent:
    """A database that never answers, and counts who asks."""

    def __init__(self) -> None:
        self.answer = threading.Event()
        self.asked = 0

    @contextmanager
    def read(self) -> Iterator[Any]:
        self.asked += 1
        self.answer.wait()
        yield self

    def platform(self) -> str:
        return "a platform"


def test_readiness_asks_all_at_once_and_is_told_what_is_silent() -> None:
    silent, asked = threading.Event(), threading.Semaphore(0)

    def wait() -> None:
        asked.release()
        silent.wait()

    def refuse() -> None:
        asked.release()
        raise REFUSED

    database: Any = Silent()
    database.answer.set()
    stores = {"one": StorageProbe(wait), "two": StorageProbe(wait), "three": StorageProbe(refuse)}
    with pytest.raises(FilesError, match="it has not answered yet"):
        Readiness(database, StorageProbe(wait), stores).check()
    assert all(asked.acquire(timeout=60) for _ in range(4))
    found = Readiness(database, StorageProbe(lambda: None), stores).check()
    assert [str(found[name].message) for name in ("one", "two", "three")] == [
        "it has not answered yet",
        "it has not answered yet",
        "the keys are refused",
    ]
    silent.set()


def test_a_silent_database_is_told_as_such_and_asked_by_one_thread() -> None:
    database: Any = Silent()
    readiness = Readiness(database, StorageProbe(lambda: None), {})
    for _ in range(2):
        with pytest.raises(StoreError, match="the database has not answered yet"):
            readiness.check()
    assert database.asked == 1
    database.answer.set()
    assert fault_of(readiness) is None


def fault_of(readiness: Readiness) -> JobferryError | None:
    try:
        readiness.check()
    except JobferryError as error:
        return error
    return None
