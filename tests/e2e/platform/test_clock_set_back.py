"""The machine's clock is set back by an hour while a platform runs: nothing is lost, twice, or held up."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest

from builders import job, node
from contract.api.doors import Door, opened
from halted import halted
from jobferry.files.ports import ObjectStorage
from jobferry.model.kinds import ObjectKind
from jobferry.model.task import TaskPhase, TaskStatus
from jobferry.model.transfer.export import ExtentKind
from jobferry.model.transfer.policy import Duplicates
from jobferry.model.transfer.receipt import ReceiptFilter
from jobferry.services.exporting.changed import changed, way_of
from jobferry.services.importing.preview import MOST_MS, FileSight
from jobferry.services.progress import TaskCancelled, TaskProgress
from people import store_of
from processes import packed

from .conftest import Site
from .test_changes import recording
from .test_workspace_exports import last, taken, wanted

HOUR_S = 3600
HOUR_MS = HOUR_S * 1000
JOB = ObjectKind.JOB
QUIET = node("n", "Dummy")
PASSWORD = "correct horse battery"
SetBack = Callable[[], None]


@pytest.fixture
def set_back(monkeypatch: pytest.MonkeyPatch) -> SetBack:
    """Sets the clock of this process back by an hour, when it is called."""
    now, now_ns = time.time, time.time_ns

    def set_() -> None:
        monkeypatch.setattr(time, "time", lambda: now() - HOUR_S)
        monkeypatch.setattr(time, "time_ns", lambda: now_ns() - HOUR_S * 1_000_000_000)

    return set_


def test_the_last_import_is_the_one_that_came_last(site: Callable[[str], Site], set_back: SetBack) -> None:
    here = site("here")
    first = here.land(packed([job("orders", QUIET)]))
    began = here.running.parts.runtime.now()
    set_back()
    assert here.running.parts.runtime.now() < began
    changed_job = job("orders", node("other", "Dummy"))
    second = here.land(packed([changed_job]), duplicates=Duplicates.OVERWRITE)
    assert second.status is TaskStatus.SUCCESSFUL
    _, receipts = here.running.reports.receipts(here.grant, ReceiptFilter(), offset=0, limit=2)
    assert [receipt.id for receipt in receipts] == [second.id, first.id]
    here.running.undoing.begin(here.caller, receipts[0].id, rest=False)
    while here.running.tasks.lock(here.grant) is not None:
        time.sleep(0.01)
    assert json.loads(here.text(JOB, "orders"))["nodes"][0]["name"] == "n"
    assert here.running.audits.verify(here.caller).fault is None


def test_exports_of_what_has_changed_leave_nothing_out(
    site: Callable[[str], Site], set_back: SetBack
) -> None:
    here = recording(site("here"))
    here.save(JOB, job("before", QUIET))
    taken(here, wanted(ExtentKind.FULL))
    here.save(JOB, job("last", QUIET))
    set_back()
    here.save(JOB, job("after", QUIET))
    with store_of(here.running).read() as snapshot:
        until = snapshot.changes.point(here.grant.workspace.id, way_of(wanted(ExtentKind.FULL)))
        assert until is not None
        later = wanted(ExtentKind.RANGE, since=until.at, until=until.at + HOUR_MS)
        assert changed(snapshot, here.grant, later, None).point is None  # it would leave ``after`` out
    assert last(here) == {"job last", "job after"}
    here.save(JOB, job("more", QUIET))
    assert last(here) == {"job more"}


def test_who_is_signed_in_stays_so_and_the_audit_is_whole(tmp_path: Path, set_back: SetBack) -> None:
    with opened(tmp_path) as door:
        door.http.post("/api/users", json={"name": "lin", "password": PASSWORD}).raise_for_status()
        early = signed_in(door, PASSWORD)
        assert early.get("/api/session").status_code == 200
        set_back()
        assert early.get("/api/session").status_code == 200
        late = signed_in(door, PASSWORD)
        assert late.get("/api/session").status_code == 200
        with pytest.raises(httpx.HTTPStatusError, match="401"):
            signed_in(door, "something else")
        for client in (early, late):
            client.close()
        found = door.http.get("/api/audit/verification").json()
        assert found["whole"], found


def signed_in(door: Door, password: str) -> httpx.Client:
    """A browser with a session."""
    client = httpx.Client(base_url=f"http://127.0.0.1:{door.port}", trust_env=False, timeout=60)
    answer = client.post("/api/session", json={"name": "lin", "password": password})
    if answer.status_code != 201:
        client.close()
    answer.raise_for_status()
    return client


def test_a_task_is_still_noted_and_stops_where_it_is_cancelled(site: Callable[[str], Site]) -> None:
    here, now = site("here"), [HOUR_MS]
    task, log = halted(here.running), here.running.parts.log
    progress = TaskProgress(log, task.id, lambda: now[0])
    progress(TaskPhase.READ, 1, 9)
    now[0] = 0
    progress(TaskPhase.READ, 2, 9)
    assert (noted := log.by_id(task.id)) is not None
    assert noted.done == 2
    log.cancel(task.id, by="lin", at=0)
    now[0] = 600
    with pytest.raises(TaskCancelled):
        progress(TaskPhase.READ, 3, 9)


def test_a_check_does_not_look_for_files_for_an_hour_more() -> None:
    def storage() -> ObjectStorage:
        raise AssertionError("it is looked at")

    now = [HOUR_MS]
    sight = FileSight(storage, lambda: now[0])
    now[0] = HOUR_MS - MOST_MS - 1
    assert sight.has("obs://bucket/file") is None
