"""A store that is silent keeps nobody waiting who can do without it."""

from __future__ import annotations

import threading
import time

from jobferry.bootstrap.object_storage import StorageProbe
from jobferry.errors import ErrorCode, FilesError

REFUSED = FilesError(ErrorCode.FILES_FAILED, "the keys are refused", hint="correct them")


def fault(probe: StorageProbe, seconds: float = 60.0) -> FilesError | None:
    probe.begin()
    return probe.fault(time.monotonic() + seconds)


def test_one_that_answers_has_no_fault_and_is_not_asked_again_at_once() -> None:
    asked: list[int] = []
    probe = StorageProbe(lambda: asked.append(1))
    assert [fault(probe), fault(probe)] == [None, None]
    probe.check()
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
