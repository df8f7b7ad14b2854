"""Endings are never lost."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from jobferry.errors import Conflict, ErrorCode, StoreError
from jobferry.model.task import Ending, Task, TaskInterrupted, TaskKind, TaskStatus
from jobferry.tasks.work import Work
from unit.tasks.doubles import PATIENCE_S, MemoryLog, a_task, kept_log, now

NO_PAUSES = (0.0, 0.0, 0.0)


def done(_: Task) -> Ending:
    return Ending(succeeded=True, message="done")


@pytest.fixture
def log() -> MemoryLog:
    double = MemoryLog()
    double.add(a_task())
    return double


@pytest.fixture
def work(log: MemoryLog) -> Work:
    opened = Work(log, {TaskKind.IMPORT: done}, now, NO_PAUSES)
    opened.open()
    return opened


@pytest.mark.parametrize("call", ["by_id", "finish"])
def test_a_busy_task_log_is_asked_again(work: Work, log: MemoryLog, call: str) -> None:
    log.deaf[call] = 3
    with kept_log() as logged:
        work.carry_out("t1")
    assert log.rows["t1"].status is TaskStatus.SUCCESSFUL
    assert [entry["reason"] for entry in logged] == ["store-busy"] * 3


@pytest.mark.parametrize("call", ["by_id", "finish"])
def test_a_task_log_that_stays_out_of_reach_leaves_the_row(work: Work, log: MemoryLog, call: str) -> None:
    log.deaf[call] = 4
    with kept_log() as logged, pytest.raises(StoreError):
        work.carry_out("t1")
    left = log.rows["t1"]
    assert left.status is TaskStatus.RUNNING
    assert logged[-1]["event"] == "task left unfinished"
    assert (work.underway, work.left) == (frozenset(), frozenset({"t1"}))
    with pytest.raises(StoreError, match="could not be recorded"):
        work.wait("t1", 60.0)
    work.carry_out("t1")
    assert work.left == frozenset()
    assert log.rows["t1"].status is TaskStatus.SUCCESSFUL


def test_a_task_that_has_ended_is_not_carried_out_again(log: MemoryLog) -> None:
    ran: list[str] = []

    def handler(task: Task) -> Ending:
        ran.append(task.id)
        return done(task)

    work = Work(log, {TaskKind.IMPORT: handler}, now)
    log.finish("t1", Ending(succeeded=False, message="reported"), at=1)
    work.carry_out("t1")
    work.carry_out("never there")
    assert not ran
    assert log.rows["t1"].message == "reported"


def test_a_task_that_cannot_be_started_says_so(work: Work, log: MemoryLog) -> None:
    with pytest.raises(StoreError, match="could not be started") as caught, work.admitted(a_task()):
        raise OSError("disk full")
    assert caught.value.code is ErrorCode.STORE_FAILED
    assert log.rows["t1"].status is TaskStatus.FAILED
    assert log.rows["t1"].message.startswith("not started: ")
    assert not work.underway


def test_an_error_of_ours_at_the_start_is_passed_on(work: Work, log: MemoryLog) -> None:
    with pytest.raises(Conflict, match="no"), work.admitted(a_task()):
        raise Conflict(ErrorCode.IMPORT_RUNNING, "no")
    assert log.rows["t1"].message == "not started: no"


def test_not_even_noted(work: Work, log: MemoryLog) -> None:
    log.deaf["finish"] = 99
    with kept_log() as logged, pytest.raises(Conflict), work.admitted(a_task()):
        raise Conflict(ErrorCode.IMPORT_RUNNING, "no")
    assert logged[-1]["event"] == "unstarted task not noted"
    assert not work.underway


def test_closed_before_it_is_opened(log: MemoryLog) -> None:
    closed = Work(log, {}, now)
    with pytest.raises(StoreError, match="no new work"), closed.admitted(a_task()):
        raise AssertionError("not reached")
    assert log.rows["t1"].status is TaskStatus.FAILED


def test_nothing_begins_once_it_was_given_up(work: Work, log: MemoryLog) -> None:
    assert work.close(0)
    with kept_log(), pytest.raises(TaskInterrupted):
        work.carry_out("t1")
    assert log.rows["t1"].status is TaskStatus.RUNNING


def test_a_task_log_that_does_not_answer_is_asked_once_more_when_the_process_ends(log: MemoryLog) -> None:
    log.deaf["finish"] = 2
    begun = threading.Event()

    def handler(task: Task) -> Ending:
        begun.set()
        return done(task)

    patient = Work(log, {TaskKind.IMPORT: handler}, now, (3_600.0, 3_600.0))
    patient.open()
    with ThreadPoolExecutor() as threads, kept_log():
        carried = threads.submit(patient.carry_out, "t1")
        begun.wait()
        patient.close(0)
        assert isinstance(carried.exception(), StoreError)
    assert log.rows["t1"].status is TaskStatus.RUNNING
    assert log.deaf["finish"] == 0


def test_a_task_that_is_given_up_stops_before_the_runner_does(log: MemoryLog) -> None:
    begun = threading.Event()

    def handler(task: Task) -> Ending:
        begun.set()
        assert log.abandoned.wait(PATIENCE_S)
        raise TaskInterrupted(task.id)

    work = Work(log, {TaskKind.IMPORT: handler}, now)
    work.open()
    with ThreadPoolExecutor() as threads, kept_log():
        carried = threads.submit(work.carry_out, "t1")
        begun.wait()
        assert not work.close(0.01)
        assert isinstance(carried.exception(), TaskInterrupted)
    assert not work.underway
    assert log.rows["t1"].status is TaskStatus.RUNNING
