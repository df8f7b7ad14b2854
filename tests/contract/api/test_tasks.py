"""Background tasks over HTTP: phases, lists, who holds the import lock, cancelling."""

from __future__ import annotations

import threading
from typing import Any

import pytest

from builders import job
from contract.api.doors import Door, fits
from contract.rights.conftest import client
from halted import halted
from jobferry.api.native import tasks
from jobferry.model.rights import Role
from jobferry.model.task import Task, TaskPhase, TaskStatus, cancelled
from people import assign, enrol, member


def shown(door: Door, task: Task, **query: Any) -> dict[str, Any]:
    return dict(fits(tasks.TaskAnswer, door.http.get(f"/api/tasks/{task.id}", params=query)))


def code(answer: Any) -> tuple[int, str]:
    return answer.status_code, answer.json()["error"]["code"]


def test_who_waits_hears_of_every_change_and_of_the_end(door: Door) -> None:
    door.workspace("waiting")
    log = door.platform.parts.log
    task = halted(door.platform, "waiting")
    first = shown(door, task)
    assert (first["phase"], first["done"], first["total"], first["revision"]) == ("received", 0, 0, 0)
    same = shown(door, task, wait=0.1, seen=0)
    assert same == first

    later = threading.Timer(0.2, log.progress, (task.id, TaskPhase.READ), {"done": 3, "total": 9, "at": 1})
    later.start()
    moved = shown(door, task, wait=60, seen=first["revision"])
    assert (moved["phase"], moved["done"], moved["total"], moved["revision"]) == ("read", 3, 9, 1)
    assert shown(door, task, wait=60, seen=0) == moved
    end = threading.Timer(0.2, log.finish, (task.id, cancelled("zhao")), {"at": 2})
    end.start()
    ended = shown(door, task, wait=60)
    assert (ended["status"], ended["message"]) == ("CANCELLED", "cancelled by zhao; nothing was changed")
    assert shown(door, task, wait=60, seen=ended["revision"]) == ended


def test_an_import_over_http_goes_through_its_phases(door: Door) -> None:
    door.workspace("phases")
    assert door.http.post("/api/workspaces/phases/objects/job", json=job("orders")).is_success
    package = door.http.post("/api/workspaces/phases/exports", json={}).content
    door.workspace("landing")
    handed = door.http.post("/api/packages?name=p.zip", content=package).json()["id"]
    body = {"package": {"id": handed}, "apply": True}
    begun = door.http.post("/api/workspaces/landing/imports", json=body).json()["task_id"]
    ended = door.ended(begun)
    assert (ended["status"], ended["phase"], ended["receipt_id"]) == ("SUCCESSFUL", "applied", begun)
    assert (ended["created_by"], ended["kind"]) == ("administrator", "import")
    assert ended["done"] == ended["total"] > 0
    exported = door.http.post("/api/workspaces/phases/downloads", json={}).json()["task_id"]
    assert door.ended(exported)["phase"] == "packed"
    undone = door.http.post(f"/api/receipts/{begun}/undo", json={}).json()["task_id"]
    assert door.ended(undone)["phase"] == "applied"


def listed(door: Door, path: str = "/api/workspaces/listing/tasks", **query: Any) -> list[str]:
    found = fits(tasks.TaskList, door.http.get(path, params=query))
    assert found["total"] >= len(found["items"])
    return [one["id"] for one in found["items"]]


def test_tasks_are_listed_by_kind_state_beginner_and_time(door: Door) -> None:
    door.workspace("listing")
    running = door.platform
    worker = assign(running, enrol(running, "lister"), "listing", Role.DEVELOPER)
    mine = halted(running, "listing")
    door.http.post(f"/api/tasks/{mine.id}/cancel").raise_for_status()
    theirs = halted(running, "listing", worker)
    assert listed(door) == [theirs.id, mine.id]
    assert listed(door, offset=1) == listed(door, until=theirs.started_at) == [mine.id]
    assert listed(door, limit=1) == listed(door, since=theirs.started_at) == [theirs.id]
    assert listed(door, status="CANCELLED") == listed(door, by="administrator") == [mine.id]
    assert listed(door, kind="import", status="RUNNING") == [theirs.id]
    assert listed(door, kind="undo") == []
    assert set(listed(door, "/api/tasks", limit=1000)) >= {mine.id, theirs.id}
    with client(door, worker) as http:
        seen = http.get("/api/workspaces/listing/tasks").json()
        assert (seen["total"], [one["id"] for one in seen["items"]]) == (1, [theirs.id])
        assert http.get("/api/workspaces/listing/tasks?by=administrator").json()["total"] == 0
        assert code(http.get("/api/tasks")) == (403, "not-allowed")
    for wrong in ({"kind": "jobs"}, {"status": "over"}, {"since": "today"}, {"sort": "name"}):
        assert code(door.http.get("/api/workspaces/listing/tasks", params=wrong)) == (400, "invalid-value")
    for one in (mine, theirs):
        running.parts.log.finish(one.id, cancelled("test"), at=1)


def test_the_import_lock_tells_who_imports_what_since_when_and_how_far(door: Door) -> None:
    door.workspace("locking")
    place, http = "/api/workspaces/locking/import-lock", door.http
    assert http.get(place).status_code == 204
    task = halted(door.platform, "locking", phase=TaskPhase.READ, done=1_200, total=15_000)
    lock = fits(tasks.ImportLockAnswer, http.get(place))
    assert lock == {
        "holder": "administrator",
        "since": task.started_at,
        "task_id": task.id,
        "kind": "import",
        "package_name": "p.zip",
        "phase": "read",
        "done": 1_200,
        "total": 15_000,
    }
    handed = http.post("/api/packages?name=q.zip", content=b"any").json()["id"]
    refused = http.post("/api/workspaces/locking/imports", json={"package": {"id": handed}, "apply": True})
    assert code(refused) == (409, "import-running")
    said = refused.json()["error"]
    assert said["message"].startswith("the import of p.zip into this workspace is running: administrator")
    assert said["message"].endswith("; read 1,200 of 15,000 so far")
    assert said["subject"] == task.id
    assert f"jobferry task cancel {task.id}" in said["hint"]
    assert http.post(f"/api/tasks/{task.id}/cancel").json()["status"] == "CANCELLED"
    assert http.get(place).status_code == 204
    begun = http.post("/api/workspaces/locking/imports", json={"package": {"id": handed}, "apply": True})
    assert begun.status_code == 202, begun.text
    door.ended(begun.json()["task_id"])


def test_a_lock_whose_task_is_only_beginning_is_told_without_it(door: Door) -> None:
    door.workspace("beginning")
    task = halted(door.platform, "beginning")
    door.platform.parts.log.finish(task.id, cancelled("x"), at=1)
    door.platform.parts.log.remove([task.id])
    lock = fits(tasks.ImportLockAnswer, door.http.get("/api/workspaces/beginning/import-lock"))
    assert (lock["holder"], lock["kind"], lock["package_name"], lock["phase"]) == (
        "administrator",
        None,
        None,
        None,
    )
    with door.platform.parts.runtime.store.write() as uow:
        uow.slots.free(task.id)
        uow.commit()


@pytest.mark.parametrize("who", ["administrator", "developer", "viewer", "operations"])
def test_tasks_of_others_are_cancelled_by_those_who_run_the_workspace_or_the_platform(
    door: Door, who: str
) -> None:
    place = f"cancelling-{who}"
    door.workspace(place)
    running = door.platform
    task = halted(running, place)
    if who == "operations":
        caller = enrol(running, f"ops-{place}", operations=True)
    else:
        caller = member(running, f"in-{place}", Role(who), workspace=place)
    with client(door, caller) as http:
        answer = http.post(f"/api/tasks/{task.id}/cancel")
        if who in ("developer", "viewer"):
            assert code(answer) == (404, "task-missing")
        else:
            ended = fits(tasks.TaskAnswer, answer)
            assert ended["message"] == f"cancelled by {caller.name}; nothing was changed"
    door.http.post(f"/api/tasks/{task.id}/cancel")


def test_factory_clients_see_a_cancelled_import_as_failed_and_are_told_why(door: Door) -> None:
    door.workspace("factory-cancel")
    task = halted(door.platform, "factory-cancel", subjects=("job:orders",))
    door.http.post(f"/api/tasks/{task.id}/cancel").raise_for_status()
    told = door.http.get(f"{door.factory}/system-tasks/{task.id}").json()
    assert (told["status"], told["message"]) == (
        "FAILED",
        "cancelled by administrator; nothing was changed",
    )
    assert [one["status"] for one in told["subtasks"]] == ["FAILED"]


def test_what_cannot_be_cancelled_says_why_and_what_to_do(door: Door) -> None:
    http = door.http
    assert code(http.post(f"/api/tasks/{'0' * 32}/cancel")) == (404, "task-missing")
    door.workspace("over")
    assert http.post("/api/workspaces/over/objects/job", json=job("orders")).is_success
    exported = http.post("/api/workspaces/over/downloads", json={}).json()["task_id"]
    door.ended(exported)
    refused = http.post(f"/api/tasks/{exported}/cancel")
    assert code(refused) == (409, "task-finished")
    assert f"jobferry task show {exported}" in refused.json()["error"]["hint"]
    assert door.platform.parts.log.by_id(exported).status is TaskStatus.SUCCESSFUL  # type: ignore[union-attr]
