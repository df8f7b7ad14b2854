"""A store that fails at the worst moment: what is told is still true, and nobody stays locked out."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial

import msgspec
import pytest

from builders import job
from jobferry.errors import Conflict, ErrorCode, StoreError
from jobferry.model.kinds import ObjectKind
from jobferry.model.rights import Role
from jobferry.model.task import Task, TaskStatus
from jobferry.model.transfer.download import DownloadFilter
from jobferry.model.transfer.export import ExportRequest
from jobferry.model.transfer.policy import ImportOptions
from jobferry.services.exporting.background import Producing
from jobferry.services.exporting.downloads import Records
from jobferry.services.importing.check_result import LastCheck
from jobferry.services.importing.import_lock import ImportLock
from jobferry.services.importing.receive import Imports
from jobferry.services.importing.task import ImportTask
from jobferry.services.importing.undo import Undoing
from jobferry.services.runtime import Runtime
from jobferry.store import Store, UnitOfWork
from people import assign

from .conftest import Interrupted, Site, Watched

Open = Callable[[str], Site]


def lost() -> StoreError:
    return StoreError(ErrorCode.STORE_FAILED, "the connection to the database is lost")


class Unreliable:
    """A store whose writes fail from the ``failing``-th on, before or ``after`` their commit."""

    def __init__(self, store: Store, failing: int, *, after: bool) -> None:
        self._store = store
        self.server = store.server
        self._left = failing
        self._after = after

    def heal(self) -> None:
        self._left = 1_000

    def read(self, *, lean: bool = False) -> object:
        return self._store.read(lean=lean)

    @contextmanager
    def write(self, *, lasting: bool = True, only: str = "") -> Iterator[UnitOfWork]:
        self._left -= 1
        if self._left <= 0 and not self._after:
            raise lost()
        with self._store.write(lasting=lasting, only=only) as uow:
            yield uow
        if self._left == 0:
            raise lost()


def unreliable(there: Site, failing: int, *, after: bool = False) -> Unreliable:
    return Unreliable(there.running.parts.runtime.store, failing, after=after)


def failing_ground(there: Site, store: Unreliable) -> Runtime:
    runtime = there.running.parts.runtime
    return Runtime(store, runtime.now, runtime.new_id, runtime.chain)  # type: ignore[arg-type]


def imports(there: Site, store: Unreliable, launch: Callable[[Task], None]) -> Imports:
    own = there.running.parts
    runtime = failing_ground(there, store)
    turns = ImportLock(runtime, own.log, launch)
    return Imports(runtime, own.log, own.received, own.storage, turns, there.running.stored)


def carrier(there: Site, store: Unreliable) -> ImportTask:
    own = there.running.parts
    return ImportTask(
        failing_ground(there, store), own.log, own.received, own.storage, LastCheck(keeps=False)
    )


def package_of(here: Site) -> bytes:
    here.save(ObjectKind.JOB, job("orders"))
    return here.export()


def test_a_landing_that_is_reported_as_failed_and_was_committed_is_told_by_its_receipt(site: Open) -> None:
    there = site("there")
    importing = Interrupted(there, package_of(site("here")))
    ending = carrier(there, unreliable(there, 2, after=True)).run(importing.task)
    assert (ending.succeeded, ending.message) == (True, "1 created")
    assert there.outcomes(importing.task) == {"orders": "created"}


@pytest.mark.parametrize("failing", [1, 2])
def test_a_store_that_goes_away_during_an_import_leaves_nothing_and_lets_go(site: Open, failing: int) -> None:
    there = site("there")
    package = package_of(site("here"))
    importing = Interrupted(there, package)
    ending = carrier(there, unreliable(there, failing)).run(importing.task)
    assert (ending.succeeded, ending.code) == (False, ErrorCode.STORE_FAILED)
    assert there.running.objects.page(there.grant, ObjectKind.JOB, offset=0, limit=1)[0] == 0
    there.running.parts.log.finish(importing.task.id, ending, at=1)
    assert there.land(package).status is TaskStatus.SUCCESSFUL


def test_an_import_that_never_began_locks_nobody_out(site: Open) -> None:
    """Neither its row nor the freeing of its slot could be written."""
    there = site("there")
    package = package_of(site("here"))
    limits = there.running.stored.limits()
    received = there.running.imports.receive(there.caller, "package.zip", iter([package]), limits)
    begun: list[Task] = []

    def refuse(task: Task) -> None:
        begun.append(task)
        if len(begun) == 1:
            raise lost()

    store = unreliable(there, 2)
    broken = imports(there, store, refuse)
    with pytest.raises(StoreError):
        broken.begin(there.grant, received, ImportOptions())
    with there.running.parts.runtime.store.read() as snapshot:
        assert [slot.task_id for slot in snapshot.slots.all()] == [begun[0].id]
    store.heal()
    assert broken.begin(there.grant, received, ImportOptions()).id == begun[1].id


def undoing(there: Site, receipt_id: str, store: Unreliable | Watched) -> tuple[Undoing, Task]:
    """An undo that was begun, and is to be carried out on that store."""
    own = there.running.parts
    runtime = msgspec.structs.replace(own.runtime, store=store)
    begun: list[Task] = []
    taken = Undoing(own.runtime, own.log, ImportLock(own.runtime, own.log, begun.append))
    taken.begin(there.caller, receipt_id, rest=False)
    return Undoing(runtime, own.log, ImportLock(runtime, own.log, begun.append)), begun[0]


def test_an_undo_that_is_reported_as_failed_and_was_committed_is_told_by_its_receipt(site: Open) -> None:
    there = site("there")
    landed = there.land(package_of(site("here")))
    broken, task = undoing(there, landed.id, unreliable(there, 1, after=True))
    ending = broken.run(task)
    assert (ending.succeeded, ending.message) == (True, "1 removed")


@pytest.mark.parametrize(("changes", "succeeded"), [(1, True), (2, True), (3, False)])
def test_an_undo_is_planned_again_twice_when_the_tags_change_meanwhile(
    site: Open, changes: int, succeeded: bool
) -> None:
    there = site("there")
    landed = there.land(package_of(site("here")))
    store = Watched(there.running.parts.runtime.store)
    watched, task = undoing(there, landed.id, store)
    tags = there.running.tags
    store.hooks = {n: partial(tags.create, there.grant, f"tag_{n}") for n in range(1, changes + 1)}
    ending = watched.run(task)
    assert ending.succeeded is succeeded
    if not succeeded:
        assert ending.code is ErrorCode.TARGET_CHANGED
    assert there.running.objects.page(there.grant, ObjectKind.JOB, offset=0, limit=1)[0] == (not succeeded)


def test_an_undo_by_somebody_who_may_do_something_else_by_now_is_planned_again_by_them(site: Open) -> None:
    there = site("there")
    landed = there.land(package_of(site("here")))
    with pytest.raises(Conflict) as caught:
        there.running.undoing.begin(there.caller, landed.id, rest=False, plan_digest="another")
    assert caught.value.code is ErrorCode.TARGET_CHANGED
    watched, task = undoing(there, landed.id, Watched(there.running.parts.runtime.store))
    assign(there.running, there.caller, "default", Role.ADMINISTRATOR)
    ending = watched.run(task)
    assert (ending.succeeded, ending.code) == (False, ErrorCode.TARGET_CHANGED)
    assert there.running.objects.page(there.grant, ObjectKind.JOB, offset=0, limit=1)[0] == 1


def exporting(there: Site, store: Unreliable, launch: Callable[[Task], None]) -> Producing:
    own = there.running.parts
    runtime = msgspec.structs.replace(own.runtime, store=store)
    return Producing(runtime, own.log, own.kept, own.filing, Records(runtime), launch)


def statuses(there: Site) -> list[TaskStatus]:
    wanted = DownloadFilter(workspace_id=there.grant.workspace.id)
    return [
        one.download.status for one in there.running.downloads.page(there.grant, wanted, offset=0, limit=9)[1]
    ]


def test_an_export_that_cannot_be_started_fails_and_is_told(site: Open) -> None:
    here = site("here")
    package_of(here)

    def refuse(_: Task) -> None:
        raise lost()

    before = statuses(here)
    broken = exporting(here, unreliable(here, 1_000), refuse)
    with pytest.raises(StoreError):
        broken.begin(here.grant, ExportRequest(everything=True))
    assert statuses(here) == [TaskStatus.FAILED, *before]


def test_an_export_whose_store_goes_away_is_settled_once_it_is_there_again(site: Open) -> None:
    here = site("here")
    package_of(here)
    begun: list[Task] = []
    own, before = here.running.parts, statuses(here)
    exporting(here, unreliable(here, 1_000), begun.append).begin(here.grant, ExportRequest(everything=True))
    with pytest.raises(StoreError):
        exporting(here, unreliable(here, 1), begun.append).run(begun[0])
    assert statuses(here) == [TaskStatus.RUNNING, *before]
    own.records.settle(list, list)
    assert statuses(here) == [TaskStatus.FAILED, *before]
    assert exporting(here, unreliable(here, 1_000), begun.append).report(begun[0]).succeeded is False
