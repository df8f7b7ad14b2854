"""Somebody works on a job while it is being imported: planned again, or refused, and the receipt is true."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import pytest

from builders import job, node, written
from jobferry.errors import Conflict, ErrorCode, NotFound
from jobferry.model.document.text import digest_of
from jobferry.model.kinds import ObjectKind, SchedulingState
from jobferry.model.records import Slot
from jobferry.model.review import Approval
from jobferry.model.rights import Role
from jobferry.model.task import TaskStatus
from jobferry.model.transfer.export import ExtentKind
from jobferry.model.transfer.policy import Duplicates, MissingReference
from jobferry.model.transfer.receipt import ReceiptFilter, ReceiptItem
from jobferry.services.object_access import Editing
from jobferry.services.runtime import Runtime
from jobferry.services.scheduling import Scheduling
from people import assign, enrol

from ..platform.test_changes import recording
from ..platform.test_workspace_exports import taken, wanted
from .conftest import Interrupted, Site, Watched
from .test_cancelling import Undo

JOB = ObjectKind.JOB
OURS = job("orders", node("ours"))
THEIRS = job("orders", node("theirs"))
EDITED = job("orders", node("edited"))

Open = Callable[[str], Site]
Act = Callable[[Site], None]


def edit(there: Site) -> None:
    there.change(JOB, EDITED)


def edit_draft(there: Site) -> None:
    there.change(JOB, EDITED, submit=False)


def rename(there: Site) -> None:
    text = written(job("renamed", node("theirs")))
    there.running.objects.update(there.grant, JOB, "orders", text, submit=True)


def delete(there: Site) -> None:
    there.running.objects.delete(there.grant, JOB, "orders")


def start(there: Site) -> None:
    there.running.scheduling.start(there.grant, "orders")


def replace(there: Site) -> None:
    """The same name and text, and yet another job."""
    delete(there)
    there.save(JOB, THEIRS)


ACTS = {one.__name__: one for one in (edit, edit_draft, rename, delete, start, replace)}
OUTCOMES = {
    "edit": "overwritten",
    "edit_draft": "overwritten",
    "rename": "created",
    "delete": "created",
    "start": "blocked",
    "replace": "overwritten",
}
by_act = pytest.mark.parametrize("name", ACTS)


def sites(site: Open) -> tuple[Site, bytes]:
    """A target that has the job, and a package that has another form of it."""
    here, there = site("here"), site("there")
    here.save(JOB, OURS)
    there.save(JOB, THEIRS)
    return there, here.export()


def items(there: Site, task_id: str) -> list[ReceiptItem]:
    return there.running.reports.whole(there.caller, task_id).items


def assert_true(there: Site, task_id: str) -> None:
    """What the receipt says of each object is what stands there."""
    for item in items(there, task_id):
        outcome = item.outcome.value
        if outcome in ("created", "overwritten"):
            stored = there.running.scheduling.job(there.grant, item.name)
            assert (stored.digest, stored.live_version) == (item.digest, item.version)
        if outcome == "created":
            assert item.prior is None
        if outcome == "overwritten":
            assert item.prior is not None
            assert item.version == item.prior.live_version + 1


def receipts(there: Site) -> list[str]:
    return [
        one.id for one in there.running.reports.receipts(there.grant, ReceiptFilter(), offset=0, limit=10)[1]
    ]


@by_act
def test_moved_once_it_is_planned_again_for_what_is_there_now(site: Open, name: str) -> None:
    there, package = sites(site)
    importing = Interrupted(there, package, duplicates=Duplicates.OVERWRITE)
    importing.run({1: lambda: ACTS[name](there)})
    assert [one.outcome.value for one in items(there, importing.task.id)] == [OUTCOMES[name]]
    assert_true(there, importing.task.id)
    assert receipts(there) == [importing.task.id]


def test_what_was_edited_meanwhile_is_the_prior_state_and_no_version_is_lost(site: Open) -> None:
    there, package = sites(site)
    importing = Interrupted(there, package, duplicates=Duplicates.OVERWRITE)
    importing.run({2: lambda: edit(there)})
    (item,) = items(there, importing.task.id)
    assert item.prior is not None
    assert (item.prior.digest, item.version) == (digest_of(written(EDITED)), 3)
    for version, document in ((1, THEIRS), (2, EDITED), (3, OURS)):
        shown = there.running.objects.show(there.grant, JOB, "orders", version=version)
        assert shown.text == written(document)


@pytest.mark.parametrize("write", [1, 2])
def test_a_job_that_appears_meanwhile_is_not_overwritten_by_a_plan_that_skips(site: Open, write: int) -> None:
    here, there = site("here"), site("there")
    here.save(JOB, OURS)
    importing = Interrupted(there, here.export(), duplicates=Duplicates.SKIP)
    importing.run({write: lambda: there.save(JOB, THEIRS)})
    assert [one.outcome.value for one in items(there, importing.task.id)] == ["skipped"]
    assert there.text(JOB, "orders") == written(THEIRS)


def test_a_job_that_was_unchanged_and_is_edited_is_not_called_unchanged(site: Open) -> None:
    here, there = site("here"), site("there")
    here.save(JOB, OURS)
    here.save(JOB, job("other"))
    there.save(JOB, OURS)
    importing = Interrupted(there, here.export(), duplicates=Duplicates.OVERWRITE)
    importing.run({1: lambda: edit(there)})
    assert there.outcomes(importing.task) == {"orders": "overwritten", "other": "created"}
    assert_true(there, importing.task.id)


def test_a_renamed_job_that_is_known_by_its_uid_is_followed(site: Open) -> None:
    here, there = site("here"), site("there")
    here.save(JOB, OURS)
    there.land(here.export())
    here.change(JOB, EDITED)
    object_id = there.running.scheduling.job(there.grant, "orders").id
    importing = Interrupted(there, here.export(), duplicates=Duplicates.OVERWRITE)
    importing.run({1: lambda: rename(there)})
    (item,) = items(there, importing.task.id)
    assert item.prior is not None
    assert (item.outcome.value, item.prior.name, item.prior.object_id) == (
        "overwritten",
        "renamed",
        object_id,
    )
    assert there.running.scheduling.job(there.grant, "orders").id == object_id
    assert_true(there, importing.task.id)


def test_moved_at_every_attempt_it_ends_with_nothing_written(site: Open) -> None:
    there, package = sites(site)
    importing = Interrupted(there, package, duplicates=Duplicates.OVERWRITE)

    def edit_again() -> None:
        there.change(JOB, job("orders", node(f"edit_{importing.store.writes}")))

    ending = importing.run(dict.fromkeys(range(1, 5), edit_again))
    assert (ending.succeeded, ending.code) == (False, ErrorCode.TARGET_CHANGED)
    assert "orders" in ending.message
    assert ending.message.endswith("nothing was changed")
    assert receipts(there) == []
    assert b"edit_4" in there.text(JOB, "orders")
    assert there.land(package, duplicates=Duplicates.OVERWRITE).status is TaskStatus.SUCCESSFUL


def test_moved_at_two_attempts_it_lands_at_the_third(site: Open) -> None:
    there, package = sites(site)
    importing = Interrupted(there, package, duplicates=Duplicates.OVERWRITE)
    ending = importing.run({1: lambda: edit(there), 3: lambda: edit_draft(there), 4: lambda: None})
    assert (ending.succeeded, there.outcomes(importing.task)) == (True, {"orders": "overwritten"})
    assert_true(there, importing.task.id)


@by_act
def test_what_happens_after_the_landing_is_not_undone(site: Open, name: str) -> None:
    there, package = sites(site)
    task = there.land(package, duplicates=Duplicates.OVERWRITE)
    assert_true(there, task.id)
    ACTS[name](there)
    assert Interrupted(there, package).run({}).succeeded
    if name == "delete":
        assert there.text(JOB, "orders") == written(OURS)
    elif name == "edit":
        assert there.text(JOB, "orders") == written(EDITED)
    elif name == "start":
        assert there.running.scheduling.job(there.grant, "orders").state is SchedulingState.SCHEDULING


def test_two_creators_at_a_limit_leave_room_for_one(site: Open) -> None:
    here, there = site("here"), site("there")
    here.save(JOB, OURS)
    there.running.workspaces.set(there.grant, {"max_jobs": "1"})
    importing = Interrupted(there, here.export())
    importing.run({1: lambda: there.save(JOB, job("mine"))})
    assert there.outcomes(importing.task) == {"orders": "blocked"}
    with pytest.raises(NotFound):
        there.text(JOB, "orders")


def test_what_its_objects_use_is_looked_for_again(site: Open) -> None:
    """A connection, a script and a thing of the inventory that go after planning are missed at landing."""
    here, there = site("here"), site("there")
    uses = node("n", connectionName="dwh", scriptName="clean", queueName="etl")
    here.script()
    here.save(JOB, job("orders", uses))
    there.running.inventory.add(there.grant, [("queue", "other", "")])
    connection = written({"name": "dwh", "type": "DWS", "config": {"clusterName": "c"}})
    comes: dict[str, Callable[[], object]] = {
        "queue etl": lambda: there.running.inventory.add(there.grant, [("queue", "etl", "")]),
        "script clean": there.script,
        "connection dwh": lambda: there.running.connections.create(there.grant, connection),
    }
    for come in comes.values():
        come()
    for gone, come in comes.items():
        importing = Interrupted(there, here.export("orders", depend=False))
        importing.run({1: partial(_remove, there, gone)})
        assert there.outcomes(importing.task) == {"orders": "blocked"}
        found = there.reported(importing.task)
        assert [f"{one.need_kind} {one.need_name}" for one in found] == [gone]
        come()


def test_a_workspace_that_the_importer_may_not_see_any_more_is_missed(site: Open) -> None:
    here, there = site("here"), site("there")
    running = there.running
    running.workspaces.create("far", there.caller)
    far = running.workspaces.enter("far", there.caller)
    running.objects.create(far, JOB, written(job("sales", node("n"))), submit=True)
    waiting = {"otherWorkSpaceJobs": [{"workSpace": "far", "jobName": "sales"}]}
    cron = {"expression": "0 0 1 * * ?", "startTime": "2026-01-01T00:00:00+08", "dependJobs": waiting}
    here.save(JOB, job("orders", node("n"), schedule={"type": "CRON", "cron": cron}), submit=False)
    lin = enrol(running, "lin")
    for place in (there.place, "far"):
        lin = assign(running, lin, place, Role.DEVELOPER)
    package = here.export("orders")
    assert Interrupted(there, package, caller=lin).run({}).succeeded
    running.locks.release_all(there.grant, [(JOB, "orders")])
    delete(there)
    importing = Interrupted(there, package, caller=lin)
    importing.run({1: lambda: running.members.remove(far, "lin")})
    found = [f"{one.need_kind} {one.need_name}" for one in there.reported(importing.task)]
    assert (there.outcomes(importing.task), found) == ({"orders": "blocked"}, ["workspace far"])


def test_room_that_others_take_meanwhile_is_looked_for_again_by_an_undo(site: Open) -> None:
    here, there = recording(site("here")), site("there")
    for name in ("orders", "sales"):
        here.save(JOB, job(name, node("n")))
    there.land(taken(here, wanted(ExtentKind.FULL)))
    here.running.objects.delete(here.grant, JOB, "orders")
    changed = taken(here, wanted(ExtentKind.LAST))
    landed = there.land(changed, duplicates=Duplicates.OVERWRITE, apply_deletions=True)
    undoing = Undo(there, landed.id)
    ended = undoing.run(lambda: there.save(JOB, job("fresh", node("n"))))
    assert (ended.succeeded, ended.message) == (True, "1 restored")


def _remove(there: Site, gone: str) -> None:
    kind, name = gone.split()
    if kind == "script":
        there.running.objects.delete(there.grant, ObjectKind.SCRIPT, name)
    elif kind == "connection":
        there.running.connections.remove(there.grant, name)
    else:
        there.running.inventory.remove(there.grant, kind, name)


def test_a_review_that_is_asked_for_meanwhile_keeps_its_object_out(site: Open) -> None:
    there, package = sites(site)
    approver = assign(there.running, enrol(there.running, "head"), "default", Role.ADMINISTRATOR)
    there.running.workspaces.set(there.grant, {"review": "all"})
    importing = Interrupted(there, package, duplicates=Duplicates.OVERWRITE, approvers=(approver.name,))
    how = Editing(take_lock=True, approval=Approval(approvers=(approver.name,)))
    importing.run({1: lambda: there.running.versions.submit(there.grant, JOB, "orders", how)})
    assert list(there.reasons(importing.task).values()) == [["review-pending"]]


def test_a_start_judges_the_job_that_it_starts(site: Open) -> None:
    """An import that holds the job back cannot come between the judgement and the new state."""
    here, there = site("here"), site("there")
    here.save(JOB, job("orders", node("n", connectionName="gone")))
    there.save(JOB, THEIRS)
    importing = Interrupted(
        there, here.export(), duplicates=Duplicates.OVERWRITE, missing=MissingReference.HOLD
    )
    runtime = there.running.parts.runtime
    store = Watched(runtime.store)
    scheduling = Scheduling(Runtime(store, lambda: 1, lambda: "1", runtime.chain))  # type: ignore[arg-type]
    store.hooks = {1: lambda: importing.run({})}
    with pytest.raises(Conflict) as caught:
        scheduling.start(there.grant, "orders")
    assert caught.value.code is ErrorCode.REFERENCE_MISSING
    assert there.outcomes(importing.task) == {"orders": "held"}
    assert there.running.scheduling.job(there.grant, "orders").state is SchedulingState.STOPPED


def test_an_import_whose_slot_was_given_to_another_one_meanwhile_writes_nothing(site: Open) -> None:
    """It was taken for dead and woke up again: the other one's fence keeps it off."""
    there, package = sites(site)
    before = receipts(there)
    importing = Interrupted(there, package, duplicates=Duplicates.OVERWRITE)
    place, store = there.grant.workspace.id, there.running.parts.runtime.store
    other = Slot(workspace_id=place, task_id="other", holder="zhao", since=0, fence=99)

    def give_away() -> None:
        with store.write() as uow:
            uow.slots.free(importing.task.id)
            uow.slots.take(other)
            uow.commit()

    ending = importing.run({2: give_away})
    assert (ending.succeeded, ending.code) == (False, ErrorCode.IMPORT_RUNNING)
    assert ending.message.endswith("nothing was changed")
    assert there.text(JOB, "orders") == written(THEIRS)
    assert receipts(there) == before
    with store.read() as snapshot:
        assert snapshot.slots.of(place) == other


def test_what_a_job_that_was_edited_meanwhile_needs_does_not_go(site: Open) -> None:
    here, there = recording(site("here")), site("there")
    here.script()
    there.land(taken(here, wanted(ExtentKind.FULL)))
    there.save(JOB, job("mine"))
    here.running.objects.delete(here.grant, ObjectKind.SCRIPT, "clean")
    package = taken(here, wanted(ExtentKind.LAST))
    importing = Interrupted(there, package, duplicates=Duplicates.OVERWRITE, apply_deletions=True)
    importing.run({1: lambda: there.change(JOB, job("mine", node(scriptName="clean")))})
    assert there.outcomes(importing.task) == {"clean": "blocked"}
    assert there.text(ObjectKind.SCRIPT, "clean")
