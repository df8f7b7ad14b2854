"""With change management on, every door's changes are recorded, in the unit of work that makes them."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from builders import job, node, written
from jobferry.model.change_log import ChangeFilter
from jobferry.model.kinds import ObjectKind
from jobferry.model.transfer.policy import Duplicates
from jobferry.services.object_access import Editing

from .conftest import Site
from .test_undo import undone

JOB = ObjectKind.JOB
Open = Callable[[str], Site]
QUIET = node("n", "Dummy")


def recording(site: Site) -> Site:
    site.running.workspaces.set(site.grant, {"change_management": "true"})
    return site


def told(site: Site) -> list[str]:
    """What was recorded since it was last asked for."""
    page = site.running.changes.page(site.grant, ChangeFilter(workspace_id=""), offset=0, limit=99)
    after = getattr(site, "told", 0)
    site.told = page.total  # type: ignore[attr-defined]
    fresh = reversed(page.changes[: page.total - after])
    return [f"{one.change} {one.kind} {one.former_name}>{one.name}" for one in fresh]


@pytest.fixture
def here(site: Open) -> Site:
    return site("here")


def test_every_door_leaves_its_changes(here: Site, site: Open) -> None:
    here.save(JOB, job("before", QUIET))
    recording(here)
    running, grant = here.running, here.grant
    here.save(JOB, job("a", QUIET), submit=False)
    running.versions.submit(grant, JOB, "a", Editing())
    here.change(JOB, job("a", QUIET, directory="/x"))
    renamed = written(job("b", QUIET, directory="/x"))
    running.objects.update(grant, JOB, "a", renamed, submit=False)
    running.versions.roll_back(grant, JOB, "b", 1, Editing())
    running.tags.put(grant, "b", ["red"], Editing())
    running.locks.release(grant, JOB, "b")
    assert told(here) == [
        "added job a>a",
        "submitted job a>a",
        "moved job a>a",
        "renamed job a>b",
        "changed job b>b",
        "changed job b>b",
    ]
    there = site("there")
    there.script()
    there.save(JOB, job("b", node("load", "Shell", scriptName="clean")))
    task = here.land(there.export(), duplicates=Duplicates.OVERWRITE)
    assert sorted(told(here)) == ["added script clean>clean", "changed job b>b"]
    undone(here, task.id)
    assert sorted(told(here)) == ["changed job b>b", "deleted script clean>clean"]
    running.objects.delete(grant, JOB, "b")
    running.workspaces.set(grant, {"change_management": ""})
    here.save(JOB, job("after", QUIET))
    assert told(here) == ["deleted job b>b"]
