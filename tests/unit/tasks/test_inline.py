"""Background work in this process."""

import threading
from collections.abc import Callable, Iterator

import pytest

from jobferry.errors import Conflict, ErrorCode, StoreError
from jobferry.model.task import Ending, Task, TaskKind, TaskStatus
from jobferry.tasks.inline import InlineRunner
from jobferry.tasks.ports import Handlers, TaskRunner
from unit.tasks.doubles import PATIENCE_S, MemoryLog, a_task, kept_log, now

Make = Callable[..., InlineRunner]


@pytest.fixture
def log() -> MemoryLog:
    return MemoryLog()


@pytest.fixture
def make(log: MemoryLog) -> Iterator[Make]:
    """Makes started runners and stops them in the end."""
    made: list[InlineRunner] = []

    def make_one(handlers: Handlers, recover: Handlers | None = None) -> InlineRunner:
        made.append(InlineRunner(log, handlers, now, recover))
        made[-1].start()
        return made[-1]

    yield make_one
    for runner in made:
        runner.stop(PATIENCE_S)


def done(task: Task) -> Ending:
    return Ending(succeeded=True, message=f"{task.name} done")


def run(runner: TaskRunner, log: MemoryLog, task: Task) -> Task:
    log.add(task)
    runner.launch(task)
    assert runner.wait(task.id, PATIENCE_S)
    return log.rows[task.id]


def test_a_task_is_carried_out_and_its_end_written(make: Make, log: MemoryLog) -> None:
    row = run(make({TaskKind.IMPORT: done}), log, a_task())
    assert (row.status, row.message, row.ended_at) == (TaskStatus.SUCCESSFUL, "orders.zip done", now())


def test_a_task_that_ran_and_failed(make: Make, log: MemoryLog) -> None:
    row = run(make({TaskKind.IMPORT: lambda _: Ending(False, "3 failed")}), log, a_task())
    assert (row.status, row.message) == (TaskStatus.FAILED, "3 failed")


def test_an_error_of_ours_is_told_with_what_to_do(make: Make, log: MemoryLog) -> None:
    def refuse(_: Task) -> Ending:
        raise Conflict(ErrorCode.TARGET_CHANGED, "the target moved", hint="plan again")

    row = run(make({TaskKind.IMPORT: refuse}), log, a_task())
    assert (row.status, row.message) == (TaskStatus.FAILED, "the target moved (plan again)")


def test_an_unexpected_error_is_logged_under_the_id_that_is_told(make: Make, log: MemoryLog) -> None:
    def break_down(_: Task) -> Ending:
        raise ValueError("password=hunter2")

    with kept_log() as logged:
        row = run(make({TaskKind.IMPORT: break_down}), log, a_task())
    (entry,) = logged
    assert row.status is TaskStatus.FAILED
    assert row.message.endswith(entry["error_id"])
    assert entry["error"] == "builtins.ValueError"
    assert any("break_down" in place for place in entry["where"])
    assert "hunter2" not in repr(logged) + row.message


def test_a_kind_without_a_handler_fails(make: Make, log: MemoryLog) -> None:
    row = run(make({}), log, a_task(kind=TaskKind.EXPORT))
    assert (row.status, "export" in row.message) == (TaskStatus.FAILED, True)


def test_many_tasks_each_run_once(make: Make, log: MemoryLog) -> None:
    ran: list[str] = []

    def handler(task: Task) -> Ending:
        ran.append(task.id)
        return done(task)

    runner = make({TaskKind.IMPORT: handler})
    tasks = [a_task(f"t{number}") for number in range(40)]
    for task in tasks:
        log.add(task)
        runner.launch(task)
    assert all(runner.wait(task.id, PATIENCE_S) for task in tasks)
    assert sorted(ran) == sorted(log.rows)
    assert all(row.status is TaskStatus.SUCCESSFUL for row in log.rows.values())


class TestStart:
    """What an earlier process left unfinished."""

    def test_is_reported_as_interrupted(self, make: Make, log: MemoryLog) -> None:
        log.add(a_task())
        make({TaskKind.IMPORT: done})
        assert log.rows["t1"].status is TaskStatus.FAILED
        assert "interrupted" in log.rows["t1"].message

    def test_is_reported_by_who_knows_better(self, make: Make, log: MemoryLog) -> None:
        log.add(a_task())
        log.add(a_task("t2", TaskKind.EXPORT))
        make({}, {TaskKind.IMPORT: lambda _: Ending(True, "it was applied")})
        assert (log.rows["t1"].status, log.rows["t1"].message) == (TaskStatus.SUCCESSFUL, "it was applied")
        assert log.rows["t2"].status is TaskStatus.FAILED

    def test_survives_a_report_that_fails(self, make: Make, log: MemoryLog) -> None:
        def refuse(_: Task) -> Ending:
            raise StoreError(ErrorCode.STORE_FAILED, "unreadable")

        log.add(a_task())
        runner = make({TaskKind.IMPORT: done}, {TaskKind.IMPORT: refuse})
        assert log.rows["t1"].message == "unreadable"
        assert run(runner, log, a_task("t2")).status is TaskStatus.SUCCESSFUL


class TestWait:
    """Waiting for an end."""

    def test_ends_when_the_time_is_up(self, make: Make, log: MemoryLog) -> None:
        release = threading.Event()

        def hold(task: Task) -> Ending:
            assert release.wait(PATIENCE_S)
            return done(task)

        runner = make({TaskKind.IMPORT: hold})
        log.add(a_task())
        runner.launch(a_task())
        assert runner.wait("t1", 0) is False
        assert runner.wait("t1", 0.01) is False
        release.set()
        assert runner.wait("t1", PATIENCE_S) is True

    def test_a_task_that_is_over_or_was_never_there(self, make: Make, log: MemoryLog) -> None:
        runner = make({TaskKind.IMPORT: done})
        run(runner, log, a_task())
        assert runner.wait("t1", 0)
        assert runner.wait("never", 0)

    def test_sees_what_another_process_ended(self, make: Make, log: MemoryLog) -> None:
        runner = make({})
        log.add(a_task())
        looked = threading.Event()
        by_id = log.by_id

        def watched(task_id: str) -> Task | None:
            try:
                return by_id(task_id)
            finally:
                looked.set()

        log.by_id = watched  # type: ignore[method-assign]
        seen: list[bool] = []
        waiter = threading.Thread(target=lambda: seen.append(runner.wait("t1", PATIENCE_S)))
        waiter.start()
        assert looked.wait(PATIENCE_S)
        log.finish("t1", Ending(succeeded=True, message=""), at=now())
        waiter.join()
        assert seen == [True]

    def test_is_let_go_when_the_runner_stops(self, make: Make, log: MemoryLog) -> None:
        runner = make({})
        log.add(a_task())
        seen: list[bool] = []
        waiter = threading.Thread(target=lambda: seen.append(runner.wait("t1", PATIENCE_S)))
        waiter.start()
        runner.stop(0)
        waiter.join()
        assert seen == [False]


class TestStop:
    """Stopping."""

    def test_waits_for_what_is_under_way_and_queued(self, make: Make, log: MemoryLog) -> None:
        begun, release = threading.Barrier(5), threading.Event()

        def hold(task: Task) -> Ending:
            if task.id in ("t0", "t1", "t2", "t3"):
                begun.wait(PATIENCE_S)
            assert release.wait(PATIENCE_S)
            return done(task)

        runner = make({TaskKind.IMPORT: hold})
        for number in range(6):
            log.add(a_task(f"t{number}"))
            runner.launch(a_task(f"t{number}"))
        begun.wait(PATIENCE_S)
        release.set()
        runner.stop(PATIENCE_S)
        assert {row.status for row in log.rows.values()} == {TaskStatus.SUCCESSFUL}

    def test_refuses_new_work_and_the_row_says_so(self, make: Make, log: MemoryLog) -> None:
        runner = make({TaskKind.IMPORT: done})
        runner.stop(0)
        log.add(a_task())
        with pytest.raises(StoreError, match="stopping") as caught:
            runner.launch(a_task())
        assert caught.value.code is ErrorCode.STORE_BUSY
        assert log.rows["t1"].status is TaskStatus.FAILED

    @pytest.mark.parametrize("fails", [True, False])
    def test_a_task_that_outlives_the_grace(self, make: Make, log: MemoryLog, fails: bool) -> None:
        """A failure then is most likely of our own making and stays for the next start; a success counts."""
        begun, release, left = threading.Event(), threading.Event(), threading.Event()

        def hold(task: Task) -> Ending:
            begun.set()
            assert release.wait(PATIENCE_S)
            left.set()
            if fails:
                raise StoreError(ErrorCode.STORE_FAILED, "the store was closed under me")
            return done(task)

        runner = make({TaskKind.IMPORT: hold})
        log.add(a_task())
        runner.launch(a_task())
        assert begun.wait(PATIENCE_S)
        with kept_log() as logged:
            runner.stop(0)
            release.set()
            assert left.wait(PATIENCE_S)
            runner._pool.shutdown(wait=True)
        assert logged[0]["tasks"] == ["t1"]
        assert log.rows["t1"].status is (TaskStatus.RUNNING if fails else TaskStatus.SUCCESSFUL)

    def test_before_it_was_started(self, log: MemoryLog) -> None:
        InlineRunner(log, {}, now).stop(PATIENCE_S)

    def test_twice(self, make: Make) -> None:
        runner = make({})
        runner.stop(PATIENCE_S)
        runner.stop(PATIENCE_S)
