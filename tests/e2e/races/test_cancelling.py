"""A task that is cancelled leaves nothing, whatever it is doing; one that has been applied is refused."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any, cast

import msgspec
import pytest

from builders import job, node
from checking import checked
from jobferry.errors import Conflict, ErrorCode, Forbidden, JobferryError, StoreError
from jobferry.files.ports import Note
from jobferry.model.kinds import ObjectKind
from jobferry.model.rights import Role
from jobferry.model.task import Task, TaskStatus
from jobferry.model.transfer.download import DownloadFilter
from jobferry.model.transfer.export import ExportRequest
from jobferry.services.background import BackgroundTasks
from jobferry.services.exporting.background import Producing
from jobferry.services.importing.check_result import LastCheck
from jobferry.services.importing.import_lock import ImportLock
from jobferry.services.importing.states import INTERRUPTED
from jobferry.services.importing.task import ImportTask
from jobferry.services.importing.undo import Undoing
from jobferry.store import TaskLog
from people import assign, enrol

from .conftest import Interrupted, Site, Watched

JOB = ObjectKind.JOB
Open = Callable[[str], Site]
ONE_PAGE_AND_MORE = 6
"""Scripts of a megabyte: more than is staged in one transaction."""


def package(site: Site, scripts: int = 0) -> bytes:
    for number in range(3):
        site.save(JOB, job(f"orders_{number}", node("n")))
    for number in range(scripts):
        site.script(f"large_{number}", content=f"-- {number}" + " " * 1_000_000)
    return site.export()


def cancel(there: Site, task: Task) -> Task:
    return there.running.tasks.cancel(there.caller, task.id)


def told(there: Site, task: Task) -> list[tuple[str, str]]:
    """Who did what to the task, as the audit has it."""
    with there.running.parts.runtime.store.read() as snapshot:
        events = [row.event for row in snapshot.audit.rows(after=0)]
    return [(one.actor, one.action) for one in events if one.detail.startswith(task.id)]


def assert_nothing(there: Site, task: Task) -> None:
    """Nothing of the task is there, and whoever comes next can import."""
    parts = there.running.parts
    with parts.runtime.store.read() as snapshot:
        assert snapshot.slots.all() == []
        assert snapshot.receipts.by_id(task.id) is None
    for kind in (JOB, ObjectKind.SCRIPT):
        assert there.running.objects.page(there.grant, kind, offset=0, limit=1)[0] == 0
    assert there.running.tasks.lock(there.grant) is None
    ended = there.running.tasks.show(there.caller, task.id)
    assert (ended.status, ended.message) == (
        TaskStatus.CANCELLED,
        "cancelled by administrator; nothing was changed",
    )
    assert told(there, task) == [("administrator", "import-begin"), ("administrator", "task-cancel")]


def test_cancelled_before_any_of_its_writes_an_import_writes_nothing(site: Open) -> None:
    data = package(site("here"), ONE_PAGE_AND_MORE)
    few = package(site("few"))
    there = site("there")
    counted = Interrupted(there, data)
    assert counted.run({}).succeeded
    writes = counted.store.writes
    assert writes >= 3
    for number in range(1, writes + 1):
        there = site(f"cancelled_{number}")
        importing = Interrupted(there, data)
        ending = importing.run({number: partial(cancel, there, importing.task)})
        assert ending.is_cancelled, number
        assert_nothing(there, importing.task)
        assert importing.is_package_gone
        assert there.land(few).message == "3 created"


def test_an_import_that_waits_for_its_turn_is_cancelled_and_never_begins(site: Open) -> None:
    data = package(site("here"))
    there = site("there")
    importing = Interrupted(there, data)
    cancel(there, importing.task)
    assert importing.run({}).is_cancelled
    assert (importing.store.writes, importing.is_package_gone) == (0, True)
    assert_nothing(there, importing.task)


def test_what_has_been_applied_is_not_cancelled_and_the_answer_says_how_to_take_it_back(site: Open) -> None:
    data = package(site("here"))
    there = site("there")
    importing = Interrupted(there, data)
    ended = importing.carry_out()
    with pytest.raises(Conflict) as at_once:
        cancel(there, importing.task)
    importing.note(ended)
    with pytest.raises(Conflict) as later:
        cancel(there, importing.task)
    for caught in (at_once, later):
        assert caught.value.code is ErrorCode.IMPORT_FINISHED
        assert f"jobferry undo {importing.task.id}" in caught.value.hint
    assert there.running.tasks.show(there.caller, importing.task.id).status is TaskStatus.SUCCESSFUL
    assert there.running.objects.page(there.grant, JOB, offset=0, limit=1)[0] == 3


def test_asked_again_it_changes_nothing(site: Open) -> None:
    data = package(site("here"))
    there = site("there")
    importing = Interrupted(there, data)
    first = cancel(there, importing.task)
    assert cancel(there, importing.task) == first
    assert_nothing(there, importing.task)


@pytest.mark.parametrize("is_free", [False, True])
@pytest.mark.parametrize("next_process", ["carries on", "reports"])
def test_killed_while_cancelling_the_next_process_ends_it_as_cancelled(
    site: Open, next_process: str, is_free: bool
) -> None:
    """What is left: the wish alone, or that and the lock taken away."""
    data = package(site("here"))
    there = site("there")
    importing = Interrupted(there, data)
    parts, task = there.running.parts, importing.task
    assert parts.log.cancel(task.id, by="administrator", at=1)
    if is_free:
        with parts.runtime.store.write() as uow:
            uow.slots.free(task.id)
            row = there.running.parts.runtime.event(there.grant, "task-cancel", detail=task.id)
            parts.runtime.record(uow, row)
            uow.commit()
    if next_process == "carries on":
        ending = there.carrier.run(parts.log.by_id(task.id) or task)
        assert ending.is_cancelled
        parts.log.finish(task.id, ending, at=1)
    else:
        there = site("there")
    assert_nothing(there, task)
    assert there.land(data).message == "3 created"


def test_a_checked_import_that_is_cancelled_waits_again(site: Open) -> None:
    data = package(site("here"))
    there = site("there")
    running = there.running
    received = running.imports.receive(there.caller, "p.zip", iter([data]), running.stored.limits())
    record = checked(running, there.grant, received)
    importing = Interrupted(there, data, record=record)
    assert importing.run({1: lambda: cancel(there, importing.task)}).is_cancelled
    assert_nothing(there, importing.task)
    assert running.checked.standing(there.grant, record.id).record.state == "checked"
    task_id = running.checked.apply(there.grant, record.id, record.plan_digest)
    assert running.wait(task_id, 60)
    assert running.tasks.show(there.caller, task_id).message == "3 created"


class Undo:
    """An undo whose writes can be preceded by something else."""

    def __init__(self, there: Site, receipt_id: str) -> None:
        own = there.running.parts
        self.store = Watched(own.runtime.store)
        watched = msgspec.structs.replace(own.runtime, store=self.store)
        begun: list[Task] = []
        self._undoing = Undoing(watched, own.log, ImportLock(watched, own.log, begun.append))
        self.task = self._undoing.begin(there.caller, receipt_id, rest=False)
        self.store.writes = 0

    def run(self, hook: Callable[[], object]) -> Any:
        self.store.hooks = {1: hook}
        return self._undoing.run(self.task)


def test_an_undo_is_cancelled_before_its_transaction_and_what_was_imported_stays(site: Open) -> None:
    data = package(site("here"))
    there = site("there")
    landed = there.land(data)
    undoing = Undo(there, landed.id)
    assert undoing.run(lambda: cancel(there, undoing.task)).is_cancelled
    assert there.running.objects.page(there.grant, JOB, offset=0, limit=1)[0] == 3
    assert told(there, undoing.task) == [
        ("administrator", "undo-begin"),
        ("administrator", "task-cancel"),
    ]
    again = Undo(there, landed.id)
    assert again.run(lambda: None).succeeded
    with pytest.raises(Conflict) as caught:
        cancel(there, again.task)
    assert caught.value.code is ErrorCode.IMPORT_FINISHED


def test_an_undo_keeps_imports_out_by_its_name_and_one_that_is_cancelled_in_time_does_nothing(
    site: Open,
) -> None:
    data = package(site("here"))
    there = site("there")
    log = there.running.parts.log
    undoing = Undo(there, there.land(data).id)
    with pytest.raises(Conflict, match=r"the undo of the import of .* is running: administrator started it"):
        Interrupted(there, data)
    log.cancel(undoing.task.id, by="administrator", at=1)
    undoing.task = log.by_id(undoing.task.id) or undoing.task
    assert undoing.run(lambda: None).is_cancelled
    assert there.running.objects.page(there.grant, JOB, offset=0, limit=1)[0] == 3
    assert there.running.tasks.lock(there.grant) is None


def test_an_import_that_somebody_else_carries_out_meanwhile_lands_once(site: Open) -> None:
    data = package(site("here"))
    there = site("there")
    importing = Interrupted(there, data)
    first: list[Any] = []
    ended = importing.run({1: lambda: first.append(there.carrier.run(importing.task))})
    assert (ended.succeeded, ended.message) == (first[0].succeeded, first[0].message) == (True, "3 created")
    assert told(there, importing.task).count(("administrator", "import")) == 1


def test_an_import_whose_package_has_gone_asks_for_it_again(site: Open) -> None:
    there = site("there")
    importing = Interrupted(there, package(site("here")))
    received = there.running.parts.received
    (handed_in,) = received.of(there.caller.user_id)
    received.discard(handed_in.id)
    ended = importing.run({})
    assert (ended.succeeded, ended.code) == (False, ErrorCode.PACKAGE_MISSING)
    assert "its package is gone: hand it in again" in ended.message


def exporting(there: Site, between: Callable[[Task], object]) -> tuple[Task, Any]:
    """An export, and how it ends when something happens once its package is being made."""
    own = there.running.parts
    begun: list[Task] = []
    producing = Producing(own.runtime, own.log, own.kept, own.filing, own.records, begun.append)
    task = producing.begin(there.grant, ExportRequest(everything=True))
    between(task)
    ending = producing.run(own.log.by_id(task.id) or task)
    own.log.finish(task.id, ending, at=1)
    return task, ending


def test_an_export_is_cancelled_and_leaves_no_package(site: Open) -> None:
    here = site("here")
    here.save(JOB, job("orders", node("n")))
    own = here.running.parts
    task, ending = exporting(here, lambda task: cancel(here, task))
    assert (ending.is_cancelled, ending.message) == (
        True,
        "cancelled by administrator; no package was created",
    )
    asked, ending = exporting(here, lambda task: own.log.cancel(task.id, by="administrator", at=1))
    assert ending.is_cancelled
    done, ending = exporting(here, lambda _: None)
    assert ending.succeeded
    with pytest.raises(Conflict) as caught:
        cancel(here, done)
    assert caught.value.code is ErrorCode.TASK_FINISHED
    wanted = DownloadFilter(workspace_id=here.grant.workspace.id)
    _, found = here.running.downloads.page(here.grant, wanted, offset=0, limit=10)
    assert {one.download.id: one.download.status.value for one in found} == {
        task.id: "CANCELLED",
        asked.id: "CANCELLED",
        done.id: "SUCCESSFUL",
    }
    with own.runtime.store.read() as snapshot:
        assert len(snapshot.downloads.files()) == 1
    assert own.kept.sweep(older_than=0, keep=snapshot_files(here)) == 0


def test_an_export_whose_package_was_just_finished_is_not_cancelled_any_more(site: Open) -> None:
    here = site("here")
    here.save(JOB, job("orders", node("n")))
    own = here.running.parts
    producing = Producing(own.runtime, own.log, own.kept, own.filing, own.records, unheard)
    task = producing.begin(here.grant, ExportRequest(everything=True))
    assert producing.run(task).succeeded
    with pytest.raises(Conflict) as caught:
        cancel(here, task)
    assert caught.value.code is ErrorCode.TASK_FINISHED
    assert len(snapshot_files(here)) == 1


def test_of_two_who_cancel_an_import_at_once_the_audit_tells_of_the_first(site: Open) -> None:
    there = site("there")
    own = there.running.parts
    importing = Interrupted(there, package(site("here")))
    watched = cast("Any", Watched(own.runtime.store))
    second = BackgroundTasks(
        msgspec.structs.replace(own.runtime, store=watched), own.log, own.received, own.records
    )
    watched.hooks = {1: lambda: cancel(there, importing.task)}
    assert second.cancel(there.caller, importing.task.id).status is TaskStatus.CANCELLED
    assert importing.is_package_gone
    assert told(there, importing.task).count(("administrator", "task-cancel")) == 1


def test_an_import_of_another_plan_than_is_kept_says_that_something_has_changed(site: Open) -> None:
    there = site("there")
    running = there.running
    received = running.imports.receive(
        there.caller, "p.zip", iter([package(site("here"))]), running.stored.limits()
    )
    record = checked(running, there.grant, received)
    importing = Interrupted(there, b"", record=record)
    running.parts.received.keep(received.id, Note.REPORT, b"")
    there.save(JOB, job("orders_0", node("n")))
    ended = importing.run({})
    assert (ended.succeeded, ended.code) == (False, ErrorCode.TARGET_CHANGED)
    assert "changed since the plan was made: something" in ended.message


def snapshot_files(here: Site) -> set[str]:
    with here.running.parts.runtime.store.read() as snapshot:
        return snapshot.downloads.files()


def test_the_beginner_and_administrators_may_cancel_and_nobody_else(site: Open) -> None:
    data = package(site("here"))
    there = site("there")
    importing = Interrupted(there, data)
    place = there.grant.workspace.name
    running = there.running
    worker = assign(running, enrol(running, "worker"), place, Role.DEVELOPER)
    with pytest.raises(JobferryError) as unseen:
        running.tasks.cancel(worker, importing.task.id)
    assert unseen.value.code is ErrorCode.TASK_MISSING
    head = assign(running, enrol(running, "head"), place, Role.ADMINISTRATOR)
    assert running.tasks.cancel(head, importing.task.id).status is TaskStatus.CANCELLED
    assert told(there, importing.task)[-1] == ("head", "task-cancel")
    own = Interrupted(there, data, caller=worker)
    reader = msgspec.structs.replace(worker, scope=msgspec.structs.replace(worker.scope, read_only=True))
    with pytest.raises(JobferryError) as refused:
        running.tasks.cancel(reader, own.task.id)
    assert refused.value.code is ErrorCode.NOT_ALLOWED
    assert running.tasks.cancel(worker, own.task.id).status is TaskStatus.CANCELLED


def test_progress_that_cannot_be_noted_keeps_no_import_from_being_done(site: Open) -> None:
    data = package(site("here"))
    there = site("there")
    importing = Interrupted(there, data)
    own = there.running.parts
    deaf = cast("TaskLog", Deaf(own.log))
    carrier = ImportTask(importing.runtime, deaf, own.received, own.storage, LastCheck(keeps=False))
    assert carrier.run(importing.task).succeeded


class Deaf:
    """A task log that can be read and not written to."""

    def __init__(self, log: TaskLog) -> None:
        self.by_id = log.by_id
        self.abandoned = log.abandoned

    def progress(self, *_: object, **__: object) -> bool:
        raise StoreError(ErrorCode.STORE_BUSY, "busy")


def unheard(_: Task) -> None:
    """The test itself carries the task out."""


def test_an_export_of_somebody_who_has_lost_the_right_is_not_made(site: Open) -> None:
    here = site("here")
    here.save(JOB, job("orders", node("n")))
    own, place = here.running.parts, here.grant.workspace.name
    worker = assign(here.running, enrol(here.running, "worker"), place, Role.DEVELOPER)
    producing = Producing(own.runtime, own.log, own.kept, own.filing, own.records, unheard)
    grant = here.running.workspaces.enter(place, worker)
    task = producing.begin(grant, ExportRequest(everything=True))
    assign(here.running, worker, place, Role.VIEWER)
    with pytest.raises(Forbidden, match="the right of worker to export from this workspace has ended"):
        producing.run(task)
    assert snapshot_files(here) == set()


def test_an_export_that_was_cancelled_and_cut_off_is_told_as_cancelled(site: Open) -> None:
    here = site("here")
    here.save(JOB, job("orders", node("n")))
    own = here.running.parts
    producing = Producing(own.runtime, own.log, own.kept, own.filing, own.records, unheard)
    task = producing.begin(here.grant, ExportRequest(everything=True))
    assert own.log.cancel(task.id, by="administrator", at=1)
    ending = producing.report(own.log.by_id(task.id) or task)
    assert (ending.is_cancelled, ending.message) == (
        True,
        "cancelled by administrator; no package was created",
    )


def test_an_undo_that_was_cut_off_is_told_as_it_ended(site: Open) -> None:
    there = site("there")
    landed = there.land(package(site("here")))
    own = there.running.parts
    undoing = Undoing(own.runtime, own.log, ImportLock(own.runtime, own.log, unheard))
    cut = undoing.begin(there.caller, landed.id, rest=False)
    assert undoing.report(cut).message == INTERRUPTED
    own.log.finish(cut.id, undoing.report(cut), at=1)
    cancelled = undoing.begin(there.caller, landed.id, rest=False)
    assert own.log.cancel(cancelled.id, by="administrator", at=1)
    told_so = undoing.report(own.log.by_id(cancelled.id) or cancelled)
    assert (told_so.is_cancelled, told_so.message) == (
        True,
        "cancelled by administrator; nothing was changed",
    )
    assert undoing.run(own.log.by_id(cancelled.id) or cancelled).is_cancelled
    own.log.finish(cancelled.id, told_so, at=1)
    done = undoing.begin(there.caller, landed.id, rest=False)
    ended = undoing.run(done)
    assert ended.succeeded
    assert undoing.report(done) == ended
    assert there.running.objects.page(there.grant, JOB, offset=0, limit=1)[0] == 0
