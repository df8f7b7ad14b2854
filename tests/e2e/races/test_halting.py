"""A task that is cancelled, or whose process ends, stops in whichever phase it is."""

from __future__ import annotations

import threading
from collections.abc import Callable
from itertools import count
from typing import Any, cast

import msgspec
import pytest

from builders import job, node, resource
from jobferry.model.kinds import ObjectKind
from jobferry.model.task import Ending, TaskInterrupted, TaskPhase, TaskStatus
from jobferry.model.transfer.checked_import import ImportState
from jobferry.model.transfer.export import ExportRequest, ExportScope
from jobferry.services.exporting.background import Producing
from jobferry.services.importing.check_result import LastCheck
from jobferry.services.importing.check_task import CheckTask
from jobferry.services.importing.task import ImportTask
from jobferry.services.runtime import Runtime
from jobferry.store import TaskLog

from .conftest import Interrupted, Site
from .test_checks import Check

Open = Callable[[str], Site]
NAMES = [f"job_{number}" for number in range(5)]
PHASES = [TaskPhase.READ, TaskPhase.CHECKED, TaskPhase.PLANNED]


class HaltingLog:
    """A task log to which each progress is noted, and that acts once it has been asked so often."""

    def __init__(self, log: TaskLog) -> None:
        self.by_id, self.add, self._progress = log.by_id, log.add, log.progress
        self.abandoned = threading.Event()
        self.phases: list[TaskPhase] = []
        self.halt_at = 0
        self.act: Callable[[], object] = lambda: None
        self._phase: TaskPhase | None = None

    def act_in(self, phase: TaskPhase, halt_at: int, act: Callable[[], object]) -> None:
        """Act when so much progress of a phase was noted."""
        self._phase, self.halt_at, self.act = phase, halt_at, act

    def progress(self, task_id: str, phase: TaskPhase, **noted: Any) -> bool:
        self.phases.append(phase)
        counted = [one for one in self.phases if self._phase in (None, one)]
        if len(counted) == self.halt_at and phase is counted[-1]:
            self.act()
        return self._progress(task_id, phase, **noted)


def jumping(runtime: Runtime) -> Runtime:
    """A runtime whose clock jumps by a second at each look, so that all progress is noted."""
    clock = count(runtime.now(), 1_000)
    return msgspec.structs.replace(runtime, now=lambda: next(clock))


class HaltingCheck(Check):
    """A check of some jobs, all of whose progress is noted."""

    def __init__(self, site: Open, place: str) -> None:
        source = site(f"{place}_source")
        for name in NAMES:
            source.save(ObjectKind.JOB, job(name, node("n", connectionName=f"of_{name}")))
        super().__init__(site(place), source.export())
        self.log = HaltingLog(self.own.log)
        self._halting = CheckTask(
            jumping(self.own.runtime),
            cast("TaskLog", self.log),
            self.own.received,
            self.running.imports,
            LastCheck(keeps=False),
        )

    def run_halting(self) -> Ending:
        return self._halting.run(self.task)

    def halt_in(self, phase: TaskPhase, act: Callable[[], object], counted: list[TaskPhase]) -> None:
        """Act at the last progress of a phase but for one, as counted in a check of the same package."""
        places = [place for place, noted in enumerate(counted, 1) if noted is phase]
        self.log.halt_at, self.log.act = places[-2], act


@pytest.fixture
def counted(site: Open) -> list[TaskPhase]:
    """The phase of each progress that a whole check notes."""
    whole = HaltingCheck(site, "whole")
    assert whole.run_halting().succeeded
    return whole.log.phases


def test_a_check_looks_for_a_wish_to_cancel_at_each_object_and_each_need(counted: list[TaskPhase]) -> None:
    assert list(dict.fromkeys(counted)) == PHASES
    assert counted.count(TaskPhase.CHECKED) >= len(NAMES)
    assert counted.count(TaskPhase.PLANNED) >= 2 * len(NAMES)


@pytest.mark.parametrize("phase", PHASES)
def test_a_cancelled_check_stops_in_its_phase(site: Open, counted: list[TaskPhase], phase: TaskPhase) -> None:
    check = HaltingCheck(site, "halted")
    check.halt_in(phase, lambda: check.own.log.cancel(check.task.id, by="lin", at=1), counted)
    assert check.run_halting().is_cancelled
    assert len(check.log.phases) == check.log.halt_at
    assert check.now().state is ImportState.CANCELLED
    assert check.is_package_gone


@pytest.mark.parametrize("phase", PHASES)
def test_a_check_whose_process_ends_stops_and_is_resumed(
    site: Open, counted: list[TaskPhase], phase: TaskPhase
) -> None:
    check = HaltingCheck(site, "halted")
    check.halt_in(phase, check.log.abandoned.set, counted)
    with pytest.raises(TaskInterrupted):
        check.run_halting()
    assert len(check.log.phases) == check.log.halt_at
    assert (row := check.own.log.by_id(check.task.id)) is not None
    assert (row.status, check.now().state) == (TaskStatus.RUNNING, ImportState.CHECKING)
    assert check.run().succeeded
    assert check.now().state is ImportState.CHECKED


PIECES = 4
WITH_FILES = ExportRequest(everything=True, scope=ExportScope.FILES)


def with_a_file(site: Open, name: str) -> Site:
    """A workspace whose one resource has a file of some pieces."""
    here = site(name)
    file = here.running.home.folder / "objects" / "jars" / "a.jar"
    file.parent.mkdir(parents=True)
    file.write_bytes(b"x" * 256 * 1024 * PIECES)
    here.save(ObjectKind.RESOURCE, resource("lookup", location="obs://jars/a.jar"))
    return here


@pytest.mark.parametrize("piece", range(1, 2 * PIECES + 1))
def test_a_cancelled_export_stops_at_each_piece_of_a_file(site: Open, piece: int) -> None:
    here = with_a_file(site, "here")
    own, log = here.running.parts, HaltingLog(here.running.parts.log)
    halting = cast("TaskLog", log)
    making = Producing(jumping(own.runtime), halting, own.kept, own.filing, own.records, lambda _: None)
    task = making.begin(here.grant, WITH_FILES)
    log.halt_at, log.act = 1 + piece, lambda: own.log.cancel(task.id, by="lin", at=1)
    assert making.run(task).is_cancelled
    assert len(log.phases) == log.halt_at
    assert own.kept.sweep(older_than=0, keep=set()) == 0


@pytest.mark.parametrize("piece", range(1, PIECES + 1))
def test_a_cancelled_import_stops_at_each_piece_of_a_file(site: Open, piece: int) -> None:
    here = with_a_file(site, "here")
    data = b"".join(here.running.exports.package(here.grant, WITH_FILES).chunks)
    there = site("there")
    bucket = there.running.home.folder / "objects" / "jars"
    bucket.mkdir(parents=True)
    there.running.workspaces.set(there.grant, {"default_object_path": "obs://jars/kept"})
    importing = Interrupted(there, data)
    own = there.running.parts

    def carry_out(log: HaltingLog) -> Ending:
        last = LastCheck(keeps=False)
        carrier = ImportTask(jumping(own.runtime), cast("TaskLog", log), own.received, own.storage, last)
        return carrier.run(importing.task)

    log = HaltingLog(own.log)
    log.act_in(TaskPhase.STAGED, 2 + piece, lambda: own.log.cancel(importing.task.id, by="lin", at=1))
    assert carry_out(log).is_cancelled
    assert log.phases.count(TaskPhase.STAGED) == 2 + piece
    assert not [path for path in bucket.rglob("*") if path.is_file()]
