"""Background tasks by their commands."""

from __future__ import annotations

from builders import job
from halted import halted
from people import caller_named

from .conftest import text
from .lines import Lines


def test_tasks_are_listed_shown_and_cancelled(run: Lines) -> None:
    running = run.door.platform
    worker = caller_named(running, run.people["lin"])
    task = halted(running, run.workspace, worker, done=3, total=9)
    assert [one["id"] for one in run.json("task list", who="lin")] == [task.id]
    listed = run("task list --kind import --status running --since 2020-01-01 --until 2099-01-01").out
    assert task.id[:8] in listed
    assert run.people["lin"] in listed
    assert task.id[:8] in run(f"task list --by {worker.name} --everywhere").out
    assert run("task list --status cancelled", who="lin").err == "nothing here\n"
    shown = run(f"task show {task.id}").out
    assert "import p.zip  running" in shown
    assert "phase: received 3 / 9" in shown
    cancelled = run(f"task cancel {task.id}", who="lin").out
    assert f"cancelled by {worker.name}; nothing was changed" in cancelled
    assert run.json(f"task cancel {task.id}", who="lin")["status"] == "CANCELLED"
    assert "已取消" in run(f"task show {task.id} --language zh").out


def test_what_has_been_applied_is_not_cancelled(run: Lines) -> None:
    run("job create -", send=text(job("orders")).decode())
    run("export --all -o p.zip")
    receipt = run.json("import p.zip")["receipt"]["id"]
    refused = run(f"task cancel {receipt}", code=5)
    assert f"hint: undo it: `jobferry undo {receipt}`" in refused.err
    assert "receipt: " + receipt in run(f"task show {receipt}").out
    run(f"task show {'0' * 32}", code=4)
