"""Tasks whose process ended in mid-work: what the next one tells of them."""

from __future__ import annotations

from collections.abc import Callable
from typing import cast

import pytest

from builders import job, node
from jobferry.errors import ErrorCode, NotFound
from jobferry.model.kinds import ObjectKind
from jobferry.model.task import Task, TaskStatus
from jobferry.model.transfer.export import ExportRequest
from jobferry.services.exporting.background import Producing
from jobferry.services.exporting.downloads import INTERRUPTED
from jobferry.store import TaskLog

from .conftest import Interrupted, Site

Open = Callable[[str], Site]


def unheard(_: Task) -> None:
    """The test itself carries the task out."""


def filled(site: Open) -> Site:
    here = site("here")
    here.save(ObjectKind.JOB, job("orders", node("n")))
    return here


def producing(here: Site, log: TaskLog) -> Producing:
    own = here.running.parts
    return Producing(own.runtime, log, own.kept, own.filing, own.records, unheard)


def status(here: Site, task: Task) -> TaskStatus:
    with here.running.parts.runtime.store.read() as snapshot:
        record = snapshot.downloads.by_id(task.id)
    assert record is not None
    return record.status


def test_an_import_that_was_applied_before_the_end_of_its_process_is_told_as_done(site: Open) -> None:
    data, there = filled(site).export(), site("there")
    importing = Interrupted(there, data)
    done = importing.carry_out()
    assert done.succeeded
    assert there.carrier.report(importing.task) == done


def test_an_export_that_was_cut_off_has_failed(site: Open) -> None:
    here = filled(site)
    making = producing(here, here.running.parts.log)
    task = making.begin(here.grant, ExportRequest(everything=True))
    ending = making.report(task)
    assert (ending.succeeded, ending.message) == (False, INTERRUPTED)
    assert status(here, task) is TaskStatus.FAILED


class Ending:
    """A task log at whose first note of progress somebody else ends the export."""

    def __init__(self, log: TaskLog, end: Callable[[], object]) -> None:
        self._log = log
        self._end: Callable[[], object] | None = end
        self.by_id, self.add, self.abandoned = log.by_id, log.add, log.abandoned

    def progress(self, *given: object, **more: object) -> object:
        if self._end is not None:
            self._end()
            self._end = None
        return cast("Callable[..., object]", self._log.progress)(*given, **more)


def test_an_export_whose_record_ends_while_it_is_packed_leaves_no_package(site: Open) -> None:
    here = filled(site)
    own = here.running.parts

    def cancel() -> None:
        with own.runtime.store.read() as snapshot:
            record = snapshot.downloads.by_id(task.id)
        assert record is not None
        assert own.records.cancel(record, "chen")

    making = producing(here, cast("TaskLog", Ending(own.log, cancel)))
    task = making.begin(here.grant, ExportRequest(everything=True))
    ending = making.run(task)
    assert not ending.succeeded
    assert ending.message == "cancelled by chen; no package was created"
    assert status(here, task) is TaskStatus.CANCELLED
    assert own.kept.sweep(older_than=0, keep=set()) == 0


def test_an_import_that_no_task_applies_is_told_as_missing(site: Open) -> None:
    with pytest.raises(NotFound) as told:
        site("here").running.checked.of_task("nobody")
    assert (told.value.code, told.value.subject) == (ErrorCode.IMPORT_MISSING, "nobody")
