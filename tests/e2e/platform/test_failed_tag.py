"""A job that an import could not overwrite is marked, and nothing else about it changes."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from builders import job, node
from jobferry.model.kinds import ObjectKind, SchedulingState
from jobferry.model.transfer.plan import ObjectOutcome
from jobferry.model.transfer.plan_view import Change, PlanLine, lines_of
from jobferry.model.transfer.policy import Duplicates, ImportOptions
from people import store_of

from .conftest import Site
from .test_undo import OVER, state, undone

JOB = ObjectKind.JOB
OLD = job("orders", node("old", "Dummy"), basicConfig={"tags": ["core"]})
NEW = job("orders", node("new", "Dummy"), basicConfig={"tags": ["core"]})


@pytest.fixture
def there(site: Callable[[str], Site]) -> Site:
    """A platform with a running job that came from another, which has changed it since."""
    here, there = site("here"), site("there")
    there.source = here.running.identity.id  # type: ignore[attr-defined]
    here.save(JOB, OLD)
    there.land(here.export())
    there.running.scheduling.start(there.grant, "orders")
    here.change(JOB, NEW)
    there.package = here.export()  # type: ignore[attr-defined]
    return there


def planned(there: Site) -> PlanLine:
    limits = there.running.stored.limits()
    package = iter([there.package])  # type: ignore[attr-defined]
    received = there.running.imports.receive(there.caller, "p.zip", package, limits)
    options = ImportOptions(duplicates=Duplicates.OVERWRITE)
    seen = there.running.imports.preview(there.grant, received, options)
    (line,) = lines_of(seen.plan, seen.found, seen.context)
    return line


def tags(there: Site) -> list[str]:
    with store_of(there.running).read() as snapshot:
        stored = snapshot.objects.by_names(there.grant.workspace.id, JOB, ["orders"])["orders"]
        return sorted(snapshot.contents.tags([stored.digest])[stored.digest])


def test_a_failed_job_is_marked_once_and_the_next_import_that_succeeds_takes_it_off(there: Site) -> None:
    package = there.package  # type: ignore[attr-defined]
    before = there.running.scheduling.job(there.grant, "orders")
    assert planned(there).tag == "import_failed"
    task = there.land(package, **OVER)
    assert there.outcomes(task) == {"orders": "blocked"}
    after = there.running.scheduling.job(there.grant, "orders")
    assert tags(there) == ["core", "import_failed"]
    assert b'["core","import_failed"]' in there.text(JOB, "orders")
    assert (after.live_version, after.live_digest, after.last_version) == (1, before.digest, 1)
    assert (after.state, after.locked_by) == (SchedulingState.SCHEDULING, before.locked_by)
    assert [one.name for one in there.running.tags.all(there.grant)] == ["core", "import_failed"]

    line = planned(there)  # nobody has edited the job by that, and it is not marked twice
    assert (line.change, line.tag) == (Change.PACKAGE_NEWER, "")
    marked = state(there)
    there.land(package, **OVER)
    assert state(there) == marked
    there.running.scheduling.stop(there.grant, "orders")
    assert there.outcomes(there.land(package, **OVER)) == {"orders": "overwritten"}
    assert tags(there) == ["core"]


def test_an_undo_takes_the_mark_back_from_a_running_job_and_can_itself_be_taken_back(there: Site) -> None:
    before = state(there)
    failed = there.land(there.package, **OVER)  # type: ignore[attr-defined]
    marked = state(there)
    assert marked != before
    taken = undone(there, failed.id)
    assert taken.message == "1 restored"
    assert state(there) == before
    undone(there, taken.id)
    assert state(there) == marked


def test_what_differs_by_the_mark_alone_is_unchanged_and_the_next_overwrite_takes_it_off(there: Site) -> None:
    before = there.text(JOB, "orders")
    older = there.export()
    there.land(there.package, **OVER)  # type: ignore[attr-defined]
    marked = state(there)
    assert there.text(JOB, "orders") != before
    assert there.outcomes(there.land(older, **OVER)) == {"orders": "unchanged"}
    assert there.outcomes(there.land(older)) == {"orders": "unchanged"}
    assert state(there) == marked  # though the job is running, and nothing was written
    there.running.scheduling.stop(there.grant, "orders")
    assert there.outcomes(there.land(there.package, **OVER)) == {"orders": "overwritten"}  # type: ignore[attr-defined]
    assert tags(there) == ["core"]


def test_a_marked_job_that_was_edited_since_is_not_unchanged(there: Site) -> None:
    older = there.export()
    there.land(there.package, **OVER)  # type: ignore[attr-defined]
    edited = OLD | {"basicConfig": {"tags": ["core", "import_failed"], "priority": 1}}
    there.change(JOB, edited, submit=False)
    assert there.outcomes(there.land(older, **OVER)) == {"orders": "blocked"}


def test_the_receipt_tells_the_mark(there: Site) -> None:
    task = there.land(there.package, **OVER)  # type: ignore[attr-defined]
    (item,) = there.running.reports.whole(there.caller, task.id).items
    assert (item.outcome, item.prior.tag if item.prior else "") == (ObjectOutcome.BLOCKED, "import_failed")
