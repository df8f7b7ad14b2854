"""Checks in the background: cancelled, discarded, changed or cut off at any moment."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from functools import partial
from typing import Any

import msgspec
import pytest

from builders import job, node
from checking import checked, settled
from halted import halted
from jobferry.errors import Conflict, ErrorCode, NotFound, StoreError
from jobferry.model.kinds import ObjectKind
from jobferry.model.people import Caller
from jobferry.model.rights import Role
from jobferry.model.task import Ending, Task, TaskStatus
from jobferry.model.transfer.checked_import import ImportClient, ImportFilter, ImportRecord, ImportState
from jobferry.model.transfer.policy import Duplicates, ImportOptions
from jobferry.services.importing.check_result import LastCheck
from jobferry.services.importing.check_task import CheckTask
from jobferry.services.importing.checked import CheckedImports
from jobferry.services.importing.import_lock import ImportLock
from jobferry.services.importing.receive import Imports
from people import assign, enrol, store_of

from .conftest import Site, Watched

Open = Callable[[str], Site]


class Check:
    """A check whose writes can be preceded by something else; the test itself carries it out."""

    def __init__(self, there: Site, data: bytes) -> None:
        self.there, self.own, self.running = there, there.running.parts, there.running
        self.store = Watched(self.own.runtime.store)
        runtime = msgspec.structs.replace(self.own.runtime, store=self.store)
        last = LastCheck(keeps=False)
        self._task = CheckTask(runtime, self.own.log, self.own.received, self.running.imports, last)
        self.begun: list[Task] = []
        parts = (self.own.runtime, self.own.log, self.own.received, self.running.imports, last)
        self.imports = CheckedImports(*parts, self.begun.append)
        limits = self.running.stored.limits()
        received = self.running.imports.receive(there.caller, "p.zip", iter([data]), limits)
        self.record = self.imports.check(there.grant, received, ImportOptions(), ImportClient.CLI).record

    @property
    def task(self) -> Task:
        return self.begun[-1]

    def run(self, hook: Callable[[], object] = lambda: None) -> Ending:
        self.store.writes, self.store.hooks = 0, {1: hook}
        ending = self._task.run(self.own.log.by_id(self.task.id) or self.task)
        self.own.log.finish(self.task.id, ending, at=1)
        return ending

    def now(self) -> ImportRecord:
        return self.running.checked.standing(self.there.grant, self.record.id).record

    @property
    def is_package_gone(self) -> bool:
        return self.own.received.find(self.record.package_id) is None


@pytest.fixture
def check(site: Open) -> Check:
    here = site("here")
    here.save(ObjectKind.JOB, job("orders", node("n")))
    return Check(site("there"), here.export())


def cancel(check: Check) -> Any:
    return check.running.tasks.cancel(check.there.caller, check.task.id)


def test_a_check_fills_the_import_that_was_answered_before(check: Check) -> None:
    assert (check.record.state, check.record.origin, check.record.plan_digest) == ("checking", "cli", "")
    ending = check.run()
    assert (ending.succeeded, ending.message) == (True, "1 object checked")
    now = check.now()
    assert (now.state, bool(now.plan_digest), now.revision) == (ImportState.CHECKED, True, 1)
    assert check.run().succeeded is False  # carried out once more it finds nothing to do
    assert check.now() == now


def test_cancelled_before_its_end_is_written_a_check_leaves_a_cancelled_import(check: Check) -> None:
    ending = check.run(partial(cancel, check))
    assert ending.is_cancelled
    now = check.now()
    assert (now.state, now.message) == (
        ImportState.CANCELLED,
        "cancelled by administrator; nothing was changed",
    )
    assert check.is_package_gone
    assert cancel(check).status is TaskStatus.CANCELLED


def test_a_check_that_has_ended_is_not_cancelled(check: Check) -> None:
    check.run()
    with pytest.raises(Conflict) as caught:
        cancel(check)
    assert caught.value.code is ErrorCode.TASK_FINISHED


def test_a_cancelled_second_check_leaves_the_first_as_it_was(check: Check) -> None:
    check.run()
    first = check.now()
    options = ImportOptions(duplicates=Duplicates.OVERWRITE)
    again = check.imports.change(check.there.grant, check.record.id, options).record
    assert (again.state, again.plan_digest) == (ImportState.CHECKING, first.plan_digest)
    assert check.run(partial(cancel, check)).is_cancelled
    now = check.now()
    assert (now.state, now.plan_digest, now.options) == (
        ImportState.CHECKED,
        first.plan_digest,
        first.options,
    )
    assert not check.is_package_gone


def test_an_import_that_is_discarded_while_it_is_checked_stays_discarded(check: Check) -> None:
    ending = check.run(lambda: check.running.checked.discard(check.there.grant, check.record.id))
    assert ending.is_cancelled
    assert (check.now().state, check.is_package_gone) == (ImportState.DISCARDED, True)


def test_an_import_is_not_applied_while_it_is_checked(check: Check) -> None:
    with pytest.raises(Conflict) as caught:
        check.running.checked.apply(check.there.grant, check.record.id, "")
    assert caught.value.code is ErrorCode.IMPORT_FINISHED


def test_killed_while_checking_the_next_start_ends_the_import(check: Check, site: Open) -> None:
    there = site("there")
    now = there.running.checked.standing(there.grant, check.record.id).record
    assert (now.state, now.message) == (
        ImportState.FAILED,
        "interrupted before the check had ended; check again",
    )


def test_a_record_whose_task_was_never_written_is_ended_by_who_looks(check: Check) -> None:
    log = check.own.log
    log.finish(check.task.id, Ending(succeeded=False, message="lost"), at=1)
    assert (check.now().state, check.now().message) == (ImportState.FAILED, "lost")
    other = check.imports.change(check.there.grant, check.record.id, ImportOptions()).record
    log.finish(other.task_id, Ending(succeeded=False, message=""), at=1)
    log.remove([other.task_id])
    wanted = ImportFilter(workspace_id=check.there.grant.workspace.id, state=ImportState.FAILED)
    total, found = check.running.checked.page(check.there.grant, wanted, offset=0, limit=9)
    assert (total, [one.record.id for one in found]) == (1, [check.record.id])


def test_checks_take_no_lock_and_several_run_while_an_import_does(site: Open) -> None:
    here = site("here")
    here.save(ObjectKind.JOB, job("orders", node("n")))
    data, there = here.export(), site("there")
    halted(there.running)
    running, grant = there.running, there.grant
    limits = running.stored.limits()
    received = [running.imports.receive(there.caller, "p.zip", iter([data]), limits) for _ in range(3)]
    begun = [running.checked.check(grant, one, ImportOptions(), ImportClient.API).record for one in received]
    assert {settled(running, grant, one).state for one in begun} == {ImportState.CHECKED}
    assert checked(running, grant, received[0]).state is ImportState.CHECKED


def test_cancelled_before_it_begins_a_check_does_nothing(check: Check) -> None:
    cancel(check)
    ending = check.run()
    assert ending.is_cancelled
    assert (check.now().state, check.is_package_gone) == (ImportState.CANCELLED, True)


def test_a_check_whose_package_went_away_before_it_began_fails(check: Check) -> None:
    check.own.received.discard(check.record.package_id)
    ending = check.run()
    assert (ending.succeeded, ending.code) == (False, ErrorCode.PACKAGE_MISSING)
    assert check.now().state is ImportState.REFUSED


def test_a_check_that_was_cancelled_and_not_yet_told_so_does_nothing(check: Check) -> None:
    check.own.log.cancel(check.task.id, by="administrator", at=1)
    assert check.run().is_cancelled
    assert check.now().state is ImportState.CANCELLED


def lost() -> None:
    raise StoreError(ErrorCode.STORE_FAILED, "the connection to the database is lost")


def test_a_check_whose_store_goes_away_has_failed_and_is_not_a_refusal(check: Check) -> None:
    ending = check.run(lost)
    assert (ending.succeeded, ending.code) == (False, ErrorCode.STORE_FAILED)
    assert check.now().state is ImportState.FAILED


def test_what_was_checked_and_not_applied_is_let_go_after_a_day(check: Check) -> None:
    check.run()
    now, day = check.own.runtime.now, 24 * 60 * 60 * 1000
    for ahead, state in ((day - 60_000, ImportState.CHECKED), (day + 60_000, ImportState.DISCARDED)):
        later = msgspec.structs.replace(check.own.runtime, now=partial(moved, now, ahead))
        turns = ImportLock(later, check.own.log, check.begun.append)
        stored = check.running.stored
        Imports(later, check.own.log, check.own.received, check.own.storage, turns, stored).sweep()
        assert check.now().state is state


def moved(now: Callable[[], int], ahead: int) -> int:
    return now() + ahead


def test_what_a_check_found_goes_with_its_package(check: Check) -> None:
    check.run()
    check.own.received.discard(check.record.package_id)
    with pytest.raises(NotFound) as caught:
        check.imports.difference(check.there.grant, check.record.id, (ObjectKind.JOB, "orders"))
    assert caught.value.code is ErrorCode.PACKAGE_MISSING


def test_what_a_package_holds_and_nobody_can_read_has_no_text_to_be_compared(site: Open) -> None:
    there = site("there")
    there.save(ObjectKind.JOB, job("orders", node("n")))
    broken = io.BytesIO()
    with zipfile.ZipFile(broken, "w") as package:
        for name in ("orders", "new"):
            package.writestr(f"jobs/{name}.job", b"{")
    check = Check(there, broken.getvalue())
    assert check.run().succeeded
    for name in ("orders", "new"):
        seen = check.imports.texts(there.grant, check.record.id, (ObjectKind.JOB, name))
        assert (seen.name, seen.here, seen.package) == (name, "", "")
    assert check.imports.difference(there.grant, check.record.id, (ObjectKind.JOB, "orders")).sides == ()


@pytest.mark.parametrize("is_gone", [True, False], ids=["no member any more", "only looks now"])
def test_a_check_of_somebody_whose_right_has_ended_is_not_carried_out(site: Open, *, is_gone: bool) -> None:
    here, there = site("here"), site("there")
    here.save(ObjectKind.JOB, job("orders", node("n")))
    owner, there.caller = there.caller, member(there)
    check = Check(there, here.export())
    there.caller = owner
    if is_gone:
        there.running.members.remove(there.grant, "anne")
    else:
        there.running.members.save(there.grant, "anne", frozenset({Role.VIEWER}))
    ending = check.run()
    assert (ending.succeeded, ending.code) == (False, ErrorCode.NOT_ALLOWED)
    assert ending.message.startswith("the right of anne to import into this workspace has ended")
    assert (check.now().state, check.now().plan_digest) == (ImportState.REFUSED, "")


def member(there: Site) -> Caller:
    return assign(there.running, enrol(there.running, "anne"), "default", Role.DEVELOPER)


def test_what_has_changed_since_its_check_is_not_compared(site: Open) -> None:
    here, there = site("here"), site("there")
    here.save(ObjectKind.JOB, job("orders", node("theirs")))
    there.save(ObjectKind.JOB, job("orders", node("ours")), submit=False)
    running, grant = there.running, there.grant
    received = running.imports.receive(there.caller, "p.zip", iter([here.export()]), running.stored.limits())
    record = checked(running, grant, received, ImportOptions(duplicates=Duplicates.OVERWRITE))
    key = (ObjectKind.JOB, "orders")
    assert running.checked.difference(grant, record.id, key).sides
    there.change(ObjectKind.JOB, job("orders", node("ours"), description="since"), submit=False)
    with store_of(running).write() as uow:
        uow.contents.sweep(before=1 << 60)
        uow.commit()
    for read in (running.checked.difference, running.checked.texts):
        with pytest.raises(Conflict) as caught:
            read(grant, record.id, key)
        assert caught.value.code is ErrorCode.TARGET_CHANGED
