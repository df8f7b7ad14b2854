"""Tasks and their progress."""

from __future__ import annotations

from typing import Any

import pytest

from jobferry.errors import Conflict
from jobferry.model.task import (
    Ending,
    Task,
    TaskFilter,
    TaskKind,
    TaskPhase,
    TaskStatus,
    cancelled,
)


def task(id_: str, **more) -> Task:
    values: dict[str, Any] = {
        "kind": TaskKind.IMPORT,
        "workspace_id": "w",
        "name": "导入",
        "created_by": "me",
    }
    values |= {"started_at": 1, "updated_at": 1, "request": b"\x00{}"}
    return Task(id=id_, **(values | more))


def test_a_task_comes_back_as_it_was_added(log):
    added = task("t", subjects=("订单",), done=1, total=3)
    log.add(added)
    assert log.by_id("t") == added
    assert log.by_id("other") is None
    assert log.by_id("\x00") is None


def test_a_task_is_added_once(log):
    log.add(task("t"))
    with pytest.raises(Conflict):
        log.add(task("t"))


def test_progress_keeps_subjects_unless_they_are_given(log):
    log.add(task("t"))
    assert log.progress("t", TaskPhase.STAGED, done=1, total=2, subjects=["a", "b"], at=5)
    assert log.progress("t", TaskPhase.APPLIED, done=2, total=2, at=6)
    noted = {"phase": TaskPhase.APPLIED, "done": 2, "total": 2, "subjects": ("a", "b")}
    assert log.by_id("t") == task("t", **noted, updated_at=6, revision=2)
    assert log.standing("t") == (TaskStatus.RUNNING, 2)
    assert log.standing("other") is None


def test_a_task_that_has_ended_makes_no_progress_and_does_not_end_again(log):
    log.add(task("t"))
    log.finish("t", Ending(succeeded=False, message="a\x00b"), at=8)
    assert not log.progress("t", TaskPhase.READ, done=1, total=2, at=9)
    log.finish("t", Ending(succeeded=True, message=""), at=9)
    assert not log.cancel("t", by="me", at=9)
    ended = {"status": TaskStatus.FAILED, "message": "a␀b", "ended_at": 8, "updated_at": 8, "revision": 1}
    assert log.by_id("t") == task("t", **ended)


def test_who_cancels_first_is_noted_and_ends_progress(log):
    log.add(task("t"))
    assert log.cancel("t", by="zhao\x00", at=2)
    assert not log.cancel("t", by="qian", at=3)
    assert not log.progress("t", TaskPhase.READ, done=1, total=2, at=4)
    now = log.by_id("t")
    assert (now.status, now.cancelled_by) == (TaskStatus.RUNNING, "zhao␀")
    log.finish("t", cancelled("zhao"), at=5)
    ended = log.by_id("t")
    assert (ended.status, ended.message) == (TaskStatus.CANCELLED, "cancelled by zhao; nothing was changed")
    assert log.unfinished() == []
    assert log.ended(before=6, limit=1) == ["t"]


def test_an_ending_says_which_phase_was_the_last(log):
    log.add(task("t", phase=TaskPhase.STAGED, done=2, total=9))
    log.finish("t", Ending(succeeded=True, message="", phase=TaskPhase.APPLIED), at=5)
    ended = log.by_id("t")
    assert (ended.phase, ended.done, ended.total) == (TaskPhase.APPLIED, 9, 9)


def ids(log, offset=0, limit=10, **wanted) -> tuple[int, list[str]]:
    total, found = log.page(TaskFilter(**wanted), offset=offset, limit=limit)
    return total, [one.id for one in found]


def test_pages_of_tasks_are_filtered_and_newest_first_and_hold_no_requests(log):
    log.add(task("a", started_at=1))
    log.add(task("b", started_at=2, workspace_id="other", created_by="you"))
    log.add(task("c", started_at=2, kind=TaskKind.EXPORT))
    log.finish("a", Ending(succeeded=True, message=""), at=4)
    assert ids(log) == (3, ["c", "b", "a"])
    assert ids(log, offset=1, limit=1) == (3, ["b"])
    assert ids(log, offset=5) == (3, [])
    assert ids(log, workspace_id="w") == (2, ["c", "a"])
    assert ids(log, kind=TaskKind.IMPORT) == (2, ["b", "a"])
    assert ids(log, status=TaskStatus.SUCCESSFUL) == (1, ["a"])
    assert ids(log, created_by="you", workspace_id="other") == (1, ["b"])
    assert ids(log, since=2) == (2, ["c", "b"])
    assert ids(log, until=2) == (1, ["a"])
    assert [one.request for one in log.page(TaskFilter(), offset=0, limit=9)[1]] == [b"", b"", b""]


def test_unfinished_tasks_come_oldest_first(log):
    for name, started in (("c", 3), ("a", 1), ("b", 2), ("done", 0)):
        log.add(task(name, started_at=started))
    log.finish("done", Ending(succeeded=True, message=""), at=4)
    assert [one.id for one in log.unfinished()] == ["a", "b", "c"]
