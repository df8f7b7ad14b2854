"""Any import can be taken back as a unit: everything it touched is as it was, and nothing else has moved."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import msgspec
import pytest

from builders import job, node, written
from jobferry.errors import Conflict, ErrorCode, NotFound
from jobferry.model.kinds import ObjectKind
from jobferry.model.records import StoredObject
from jobferry.model.rights import Role
from jobferry.model.task import Task
from jobferry.model.transfer.plan import ObjectOutcome
from jobferry.model.transfer.policy import Duplicates, MissingReference, TargetStatus
from jobferry.model.transfer.receipt import Receipt, ReceiptItem
from jobferry.services.importing.import_lock import ImportLock
from jobferry.services.importing.undo import Undoing
from jobferry.services.object_access import Editing
from people import assign, enrol, member, store_of

from .conftest import Site

JOB, SCRIPT = ObjectKind.JOB, ObjectKind.SCRIPT
Open = Callable[[str], Site]
QUIET = node("n", "Dummy")
OVER = {"duplicates": Duplicates.OVERWRITE}


def undone(there: Site, receipt_id: str, **more: Any) -> Task:
    """Takes back and waits for the end."""
    task = there.running.undoing.begin(there.caller, receipt_id, **({"rest": False} | more))
    while not there.running.wait(task.id, 30.0):
        pass
    return there.running.reports.task(there.caller, task.id)


def state(there: Site) -> dict[tuple[ObjectKind, str], Any]:
    """Everything that an import can change of objects, with landings and texts."""
    found = {}
    with store_of(there.running).read() as snapshot:
        for kind in (JOB, SCRIPT):
            for one in snapshot.objects.every(there.grant.workspace.id, kind):
                landings = list(snapshot.places.landings_on([one.id], there.source))  # type: ignore[attr-defined]
                found[one.key] = (columns(one), there.text(kind, one.name), landings)
    return found


def columns(one: StoredObject) -> tuple[Any, ...]:
    return (
        *(one.id, one.uid, one.directory, one.subtype, one.digest, one.live_version, one.live_digest),
        *(one.state, one.held, one.locked_by, one.locked_at),
    )


def codes(there: Site, receipt_id: str, *, rest: bool = False) -> dict[str, str]:
    seen = there.running.undoing.plan(there.caller, receipt_id, rest=rest)
    return {place.name: group.code for group in seen.pages.all_findings() for place in group.first}


@pytest.fixture
def sites(site: Open) -> tuple[Site, Site]:
    """A source with a job and its script, and a target that has an older form of both."""
    here, there = site("here"), site("there")
    there.source = here.running.identity.id  # type: ignore[attr-defined]
    use = node("load", "Shell", scriptName="clean")
    here.script(content="SELECT 2", type="Shell")
    here.save(JOB, job("orders", use, directory="/from", basicConfig={"tags": ["new"]}))
    here.save(JOB, job("fresh", use))
    there.script(content="SELECT 1", type="Shell")
    there.save(JOB, job("orders", QUIET, directory="/kept", basicConfig={"tags": ["old"]}))
    return here, there


def test_what_an_import_changed_comes_back_and_what_was_new_is_gone(sites: tuple[Site, Site]) -> None:
    here, there = sites
    before = state(there)
    imported = there.land(here.export(), **OVER)
    after = state(there)
    assert there.outcomes(imported) == {"clean": "overwritten", "orders": "overwritten", "fresh": "created"}
    task = undone(there, imported.id)
    assert task.message == "2 restored, 1 removed"
    assert state(there) == before
    with store_of(there.running).read() as snapshot:
        stored = snapshot.objects.by_names(there.grant.workspace.id, JOB, ["orders"])["orders"]
        marks = {one.number: one.undone for one in snapshot.objects.versions(stored.id)}
        receipt = snapshot.receipts.by_id(imported.id)
    assert (marks, stored.last_version) == ({1: "", 2: task.id}, 2)
    assert receipt is not None
    assert receipt.undone_by == task.id

    with pytest.raises(Conflict) as caught:
        undone(there, imported.id)
    assert (caught.value.code, task.id in caught.value.message) == (ErrorCode.ALREADY_UNDONE, True)
    again = undone(there, task.id)
    assert again.message == "3 restored"
    assert state(there) == after
    assert undone(there, imported.id).message == "2 restored, 1 removed"
    assert state(there) == before


def test_a_version_that_went_live_since_is_told_and_left(sites: tuple[Site, Site]) -> None:
    here, there = sites
    first = there.land(here.export(), target_status=TargetStatus.SAVED, **OVER)
    assert codes(there, first.id) == {}
    there.running.versions.submit(there.grant, JOB, "orders", Editing())
    live = state(there)[JOB, "orders"]
    assert codes(there, first.id) == {"orders": "touched-since"}
    assert undone(there, first.id, rest=True).message == "1 restored, 1 removed, 1 blocked"
    assert state(there)[JOB, "orders"] == live


def test_a_version_counts_again_once_the_undo_that_took_it_back_is_taken_back(
    sites: tuple[Site, Site],
) -> None:
    here, there = sites
    imported = there.land(here.export("orders"), **OVER)
    assert taken_back(there) == {1: "", 2: ""}
    undo = undone(there, imported.id)
    assert taken_back(there) == {1: "", 2: undo.id}
    undone(there, undo.id)
    assert taken_back(there) == {1: "", 2: ""}


def taken_back(there: Site) -> dict[int, str]:
    """By version of the job, the undo that took it back."""
    with store_of(there.running).read() as snapshot:
        stored = snapshot.objects.by_names(there.grant.workspace.id, JOB, ["orders"])["orders"]
        return {one.number: one.undone for one in snapshot.objects.versions(stored.id)}


def test_a_lock_that_an_undo_gave_back_does_not_keep_it_from_being_taken_back(
    sites: tuple[Site, Site],
) -> None:
    here, there = sites
    zhao = member(there.running, "zhao", Role.DEVELOPER)
    there.running.locks.release_all(there.grant, [(JOB, "orders")])
    there.running.locks.take(there.running.workspaces.enter(None, zhao), JOB, "orders")
    undo = undone(there, there.land(here.export("orders"), **OVER).id)
    assert there.running.scheduling.job(there.grant, "orders").locked_by == "zhao"
    assert codes(there, undo.id) == {}


def test_what_landed_last_is_taken_back_first(sites: tuple[Site, Site]) -> None:
    here, there = sites
    first = there.land(here.export(), **OVER)
    items = there.running.reports.whole(there.caller, first.id).items
    steps = there.running.undoing.plan(there.caller, first.id, rest=False).pages.all_lines()
    assert [one.name for one in steps] == [one.name for one in reversed(items)]
    assert steps[-1].name == "clean"


def test_an_import_before_the_last_is_taken_back_and_the_last_stands(sites: tuple[Site, Site]) -> None:
    here, there = sites
    before = state(there)
    first = there.land(here.export("orders", "fresh"), **OVER)
    here.save(JOB, job("later", QUIET))
    there.land(here.export("later"), **OVER)
    later = state(there)[JOB, "later"]
    assert undone(there, first.id).message == "2 restored, 1 removed"
    assert state(there) == before | {(JOB, "later"): later}


def test_what_a_later_import_touched_is_told_and_left(sites: tuple[Site, Site]) -> None:
    here, there = sites
    first = there.land(here.export(), **OVER)
    here.change(JOB, job("orders", node("newer", "Dummy"), directory="/from"))
    there.land(here.export("orders"), **OVER)
    newer = state(there)[JOB, "orders"]
    assert codes(there, first.id) == {"orders": "touched-since"}
    with pytest.raises(Conflict) as caught:
        undone(there, first.id)
    assert caught.value.code is ErrorCode.IMPORT_BLOCKED
    assert "job orders (touched-since)" in caught.value.message
    task = undone(there, first.id, rest=True)
    assert task.message == "1 restored, 1 removed, 1 blocked"
    assert state(there).keys() == {(SCRIPT, "clean"), (JOB, "orders")}
    assert state(there)[JOB, "orders"] == newer


def test_edits_deletions_names_and_starts_since_are_findings(sites: tuple[Site, Site]) -> None:
    here, there = sites
    first = there.land(here.export(), **OVER)
    there.running.objects.delete(there.grant, JOB, "orders")
    there.running.scheduling.start(there.grant, "fresh")
    assert codes(there, first.id) == {"orders": "deleted-since", "fresh": "target-not-stopped"}
    there.save(JOB, job("orders", QUIET))
    there.running.scheduling.stop(there.grant, "fresh")
    assert codes(there, first.id) == {"orders": "deleted-since"}
    there.running.objects.delete(there.grant, JOB, "fresh")
    assert undone(there, first.id, rest=True).message == "1 unchanged, 1 restored, 1 blocked"


def test_a_new_job_that_others_wait_for_by_now_stays(sites: tuple[Site, Site]) -> None:
    here, there = sites
    first = there.land(here.export(), **OVER)
    there.save(JOB, job("downstream", QUIET, upstream=["fresh"]))
    assert codes(there, first.id) == {"fresh": "needed-here"}
    there.running.objects.delete(there.grant, JOB, "downstream")
    assert codes(there, first.id) == {}


def test_a_new_cdm_definition_that_a_job_names_by_now_stays(site: Open) -> None:
    here, there = site("here"), site("there")
    here.running.objects.create(here.grant, ObjectKind.CDM, b"{}", submit=True, name="k1/load")
    first = there.land(here.export())
    there.save(JOB, job("nightly", node("move", "CDMJob", clusterName="k1", jobName="load")))
    assert codes(there, first.id) == {"k1/load": "needed-here"}


def test_a_rename_is_taken_back_unless_the_name_is_taken(site: Open) -> None:
    here, there = site("here"), site("there")
    there.source = here.running.identity.id  # type: ignore[attr-defined]
    here.save(JOB, job("old", QUIET))
    there.land(here.export())
    before = state(there)
    here.running.objects.update(here.grant, JOB, "old", written(job("new", QUIET)), submit=True)
    renamed = there.land(here.export(), **OVER)
    assert {name for _, name in state(there)} == {"new"}
    there.save(JOB, job("old", QUIET))
    assert codes(there, renamed.id) == {"new": "name-taken-since"}
    there.running.objects.delete(there.grant, JOB, "old")
    undone(there, renamed.id)
    assert state(there) == before


def test_what_waits_for_a_name_is_let_go_when_an_undo_brings_it_back(site: Open) -> None:
    here, there = site("here"), site("there")
    here.save(JOB, job("sales", QUIET))
    first = there.land(here.export())
    gone = undone(there, first.id)
    here.save(JOB, job("orders", QUIET, upstream=["sales"]))
    there.land(here.export("orders", depend=False), missing=MissingReference.HOLD)
    assert there.running.scheduling.job(there.grant, "orders").held == ("job sales",)
    undone(there, gone.id)
    assert there.running.scheduling.job(there.grant, "orders").held == ()


def test_a_held_job_that_comes_back_does_not_wait_for_what_has_come_meanwhile(site: Open) -> None:
    here, there = site("here"), site("there")
    here.save(JOB, job("orders", QUIET, upstream=["sales"]))
    there.land(here.export(), missing=MissingReference.HOLD)
    here.change(JOB, job("orders", QUIET))
    second = there.land(here.export(), **OVER)
    there.save(JOB, job("sales", QUIET))
    undone(there, second.id)
    assert b"sales" in there.text(JOB, "orders")
    assert there.running.scheduling.job(there.grant, "orders").held == ()


def test_tags_come_back_into_the_workspaces_list_unless_they_are_locked(sites: tuple[Site, Site]) -> None:
    here, there = sites
    tags = there.running.tags
    imported = there.land(here.export("orders"), **OVER)
    tags.delete(there.grant, "old")
    tags.lock(there.grant, "new", locked=True)
    assert codes(there, imported.id) == {"orders": "tag-locked-since"}
    tags.lock(there.grant, "new", locked=False)
    undone(there, imported.id)
    assert [one.name for one in tags.all(there.grant)] == ["new", "old"]


def test_what_an_undo_makes_again_needs_room(sites: tuple[Site, Site]) -> None:
    here, there = sites
    gone = undone(there, there.land(here.export(), **OVER).id)
    there.running.workspaces.set(there.grant, {"max_jobs": "1"})
    assert codes(there, gone.id) == {"fresh": "quota-reached"}
    assert undone(there, gone.id, rest=True).message == "2 restored, 1 blocked"


def test_an_import_of_an_older_jobferry_kept_too_little_to_be_taken_back(site: Open) -> None:
    there = site("there")
    there.save(JOB, job("orders", QUIET))
    old = Receipt(
        id="0" * 32,
        workspace_id=there.grant.workspace.id,
        workspace="default",
        platform_id="p",
        imported_by=there.caller.name,
        imported_at=1,
        package_name="old.zip",
        package_digest="d",
    )
    with store_of(there.running).write() as uow:
        uow.receipts.add(old, [ReceiptItem(kind=JOB, name="orders", outcome=ObjectOutcome.CREATED)])
        uow.commit()
    with pytest.raises(Conflict) as caught:
        undone(there, old.id)
    assert caught.value.code is ErrorCode.NOT_UNDOABLE
    assert "old.zip was made by an older Jobferry" in caught.value.message


def test_who_may_take_back(sites: tuple[Site, Site]) -> None:
    here, there = sites
    first = there.land(here.export(), **OVER)
    worker = assign(there.running, enrol(there.running, "worker"), "default", Role.DEVELOPER)
    with pytest.raises(NotFound):
        there.running.undoing.begin(worker, first.id, rest=False)
    head = assign(there.running, enrol(there.running, "head"), "default", Role.ADMINISTRATOR)
    there.caller = head
    assert undone(there, first.id).message == "2 restored, 1 removed"


def test_an_undo_given_up_by_a_start_that_died_is_reported_and_not_carried_on(
    sites: tuple[Site, Site],
) -> None:
    here, there = sites
    first = there.land(here.export(), **OVER)
    task = undone(there, first.id)
    after = state(there)
    given_up = msgspec.structs.replace(task, id="e" * 32)  # as begun as the other, and without a slot
    ended = there.running.undoing.run(given_up)
    assert (ended.succeeded, ended.message.startswith("interrupted")) == (False, True)
    assert state(there) == after


@pytest.mark.parametrize("is_gone", [True, False], ids=["no member any more", "only looks now"])
def test_an_undo_ends_where_the_right_has_ended_since_it_was_begun(site: Open, *, is_gone: bool) -> None:
    there, begun = site("there"), list[Task]()
    source = site("here")
    source.save(JOB, job("orders", QUIET))
    owner, there.caller = there.caller, member(there.running, "wu", Role.DEVELOPER)
    landed = there.land(source.export("orders"))
    own = there.running.parts
    undoing = Undoing(own.runtime, own.log, ImportLock(own.runtime, own.log, begun.append))
    undoing.begin(there.caller, landed.id, rest=False)
    assign(there.running, there.caller, None, *(() if is_gone else (Role.VIEWER,)))
    ending = undoing.run(begun[0])
    assert not ending.succeeded
    assert ending.message.startswith("the right of wu to import into this workspace has ended")
    there.caller = owner
    assert there.running.objects.page(there.grant, JOB, offset=0, limit=1)[0] == 1
