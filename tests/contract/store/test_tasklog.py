"""Tasks and their progress."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from jobferry.errors import Conflict
from jobferry.model.task import Task, TaskKind, TaskStatus


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
    log.progress("t", done=1, total=2, subjects=["a", "b"], at=5)
    log.progress("t", done=2, total=2, at=6)
    assert log.by_id("t") == task("t", done=2, total=2, subjects=("a", "b"), updated_at=6)


def test_a_task_that_has_ended_makes_no_progress(log):
    log.add(task("t"))
    log.finish("t", succeeded=False, message="a\x00b", at=8)
    log.progress("t", done=1, total=2, at=9)
    ended = msgspec.structs.replace(
        task("t"), status=TaskStatus.FAILED, message="a␀b", ended_at=8, updated_at=8
    )
    assert log.by_id("t") == ended


def test_unfinished_tasks_come_oldest_first(log):
    for name, started in (("c", 3), ("a", 1), ("b", 2), ("done", 0)):
        log.add(task(name, started_at=started))
    log.finish("done", succeeded=True, message="", at=4)
    assert [one.id for one in log.unfinished()] == ["a", "b", "c"]
