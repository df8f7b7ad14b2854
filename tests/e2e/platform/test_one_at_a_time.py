"""One import at a time per workspace, and what a crash or a race leaves behind."""

from __future__ import annotations

from collections.abc import Callable

import msgspec
import pytest

from builders import job, node
from jobferry.errors import Conflict, ErrorCode
from jobferry.model.kinds import ObjectKind
from jobferry.model.records import Slot
from jobferry.model.task import Task, TaskKind, TaskStatus
from jobferry.model.transfer.policy import ImportOptions
from jobferry.model.transfer.receipt import ReceiptFilter
from jobferry.services.importing.request import ImportRequest

from .conftest import Site

JOB = ObjectKind.JOB
Open = Callable[[str], Site]


def hold(site: Site, task_id: str = "other", holder: str = "zhao") -> None:
    """Somebody else's import sits in the workspace's slot."""
    store = site.running.parts.runtime.store
    with store.write() as uow:
        uow.slots.take(
            Slot(workspace_id=site.grant.workspace.id, task_id=task_id, holder=holder, since=0, fence=1)
        )
        uow.commit()


def interrupted(site: Site, package: bytes) -> Task:
    """An import whose process died before it was applied: slot, task row and package, and nothing else."""
    limits = site.running.stored.limits()
    received = site.running.imports.receive(site.caller, "package.zip", iter([package]), limits)
    request = ImportRequest(
        package_id=received.id,
        package_name=received.name,
        options=ImportOptions(),
        caller=site.caller,
        fence=1,
        limits=limits,
    )
    task = Task(
        id="f" * 32,
        kind=TaskKind.IMPORT,
        workspace_id=site.grant.workspace.id,
        name="package.zip",
        created_by=site.caller.name,
        started_at=1,
        updated_at=1,
        request=msgspec.json.encode(request),
    )
    hold(site, task.id, site.caller.name)
    site.running.parts.log.add(task)
    return task


def test_a_second_import_is_refused_with_who_and_since_when(site: Open) -> None:
    here = site("here")
    here.save(JOB, job("orders"))
    package = here.export()
    hold(here)
    with pytest.raises(Conflict) as caught:
        here.begin(package)
    assert caught.value.code is ErrorCode.IMPORT_RUNNING
    assert "zhao" in caught.value.message
    assert "1970-01-01" in caught.value.message


def test_other_workspaces_are_not_affected(site: Open) -> None:
    here = site("here")
    here.save(JOB, job("orders"))
    package = here.export()
    hold(here)
    here.place = here.running.workspaces.create("second", here.caller).name
    assert here.land(package).status is TaskStatus.SUCCESSFUL


def test_an_import_cut_off_is_reported_and_frees_its_slot_at_the_next_start(site: Open) -> None:
    here = site("here")
    here.save(JOB, job("orders", node("x")))
    package = here.export()
    task = interrupted(here, package)
    here = site("here")
    ended = here.running.reports.task(here.caller, task.id)
    assert ended.status is TaskStatus.FAILED
    assert "nothing was changed" in ended.message
    assert here.land(package).status is TaskStatus.SUCCESSFUL


def test_an_import_cut_off_can_be_carried_on_and_lands_once(site: Open) -> None:
    here, there = site("here"), site("there")
    here.save(JOB, job("orders"))
    task = interrupted(there, here.export())
    assert there.carrier.run(task).succeeded
    assert there.carrier.run(task).succeeded
    total, receipts = there.running.reports.receipts(there.grant, ReceiptFilter(), offset=0, limit=10)
    assert (total, receipts[0].id) == (1, task.id)
    assert there.running.scheduling.job(there.grant, "orders").last_version == 1


def test_a_slot_without_a_task_is_freed_at_the_next_start(site: Open) -> None:
    here = site("here")
    here.save(JOB, job("orders"))
    package = here.export()
    hold(here)
    assert site("here").land(package).status is TaskStatus.SUCCESSFUL


def test_an_import_that_lost_its_slot_writes_nothing(site: Open) -> None:
    here, there = site("here"), site("there")
    here.save(JOB, job("orders"))
    task = interrupted(there, here.export())
    store = there.running.parts.runtime.store
    with store.write() as uow:
        uow.slots.free(task.id)
        uow.commit()
    hold(there)
    ended = there.carrier.run(task)
    assert not ended.succeeded
    assert there.running.objects.page(there.grant, JOB, offset=0, limit=10)[0] == 0


def test_an_import_given_up_by_a_start_that_died_is_reported_and_not_carried_on(site: Open) -> None:
    here, there = site("here"), site("there")
    here.save(JOB, job("orders"))
    task = interrupted(there, here.export())
    with there.running.parts.runtime.store.write() as uow:
        uow.slots.free(task.id)
        uow.commit()
    ended = there.carrier.run(task)
    assert (ended.succeeded, ended.message.startswith("interrupted")) == (False, True)
    assert there.running.objects.page(there.grant, JOB, offset=0, limit=10)[0] == 0


def test_a_refused_package_ends_its_task_and_frees_the_slot(site: Open) -> None:
    here = site("here")
    for _ in range(2):
        task = here.land(b"this is no zip")
        assert task.status is TaskStatus.FAILED
        assert "nothing was changed" in task.message
