"""What is moved by hand stays where it was put when the next package comes, and counts as no edit."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from builders import job, node
from jobferry.model.kinds import ObjectKind
from jobferry.model.transfer.plan_view import Change, lines_of
from jobferry.model.transfer.policy import Duplicates, ImportOptions
from jobferry.services.object_access import Editing

from .conftest import Site

JOB = ObjectKind.JOB
WAYS: dict[str, Callable[[Site], object]] = {
    "the job": lambda there: there.running.objects.move(there.grant, JOB, "orders", "/lake/dw", Editing()),
    "its directory": lambda there: there.running.directories.move(
        there.grant, JOB, "/dw", "/lake", take_locks=False
    ),
}


@pytest.mark.parametrize("way", WAYS)
def test_a_moved_job_keeps_its_place_and_is_not_edited(site: Callable[[str], Site], way: str) -> None:
    here, there = site("here"), site("there")
    here.save(JOB, job("orders", node("old", "Dummy"), directory="/dw"))
    there.land(here.export())
    there.running.directories.create(there.grant, JOB, "/lake")
    WAYS[way](there)
    here.change(JOB, job("orders", node("new", "Dummy"), directory="/dw"))
    package = here.export()
    received = there.running.imports.receive(
        there.caller, "p.zip", iter([package]), there.running.stored.limits()
    )
    seen = there.running.imports.preview(
        there.grant, received, ImportOptions(duplicates=Duplicates.OVERWRITE)
    )
    assert [line.change for line in lines_of(seen.plan, seen.found, seen.context)] == [Change.PACKAGE_NEWER]
    assert there.outcomes(there.land(package, duplicates=Duplicates.OVERWRITE)) == {"orders": "overwritten"}
    after = there.running.scheduling.job(there.grant, "orders")
    assert after.directory == "/lake/dw"
    assert b'"/lake/dw"' in there.text(JOB, "orders")
    assert b'"new"' in there.text(JOB, "orders")
