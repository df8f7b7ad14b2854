"""A store that fails at the worst moment: what is told is still true, and nobody stays locked out."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from builders import job
from jobferry.errors import ErrorCode, StoreError
from jobferry.model.kinds import ObjectKind
from jobferry.model.task import Task, TaskStatus
from jobferry.model.transfer.policy import ImportOptions
from jobferry.services.importing.check_result import LastCheck
from jobferry.services.importing.import_lock import ImportLock
from jobferry.services.importing.receive import Imports
from jobferry.services.importing.task import ImportTask
from jobferry.services.runtime import Runtime
from jobferry.store import Store, UnitOfWork

from .conftest import Interrupted, Site

Open = Callable[[str], Site]


def lost() -> StoreError:
    return StoreError(ErrorCode.STORE_FAILED, "the connection to the database is lost")


class Unreliable:
    """A store whose writes fail from the ``failing``-th on, before or ``after`` their commit."""

    def __init__(self, store: Store, failing: int, *, after: bool) -> None:
        self._store = store
        self._left = failing
        self._after = after

    def heal(self) -> None:
        self._left = 1_000

    def read(self, *, lean: bool = False) -> object:
        return self._store.read(lean=lean)

    @contextmanager
    def write(self, *, lasting: bool = True) -> Iterator[UnitOfWork]:
        self._left -= 1
        if self._left <= 0 and not self._after:
            raise lost()
        with self._store.write(lasting=lasting) as uow:
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
