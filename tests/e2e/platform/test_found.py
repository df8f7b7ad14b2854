"""Jobs found by tag and by the jobs that they wait for, however they came."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from builders import job, script
from jobferry.model.kinds import ObjectKind
from jobferry.model.transfer.policy import Duplicates

JOB, SCRIPT = ObjectKind.JOB, ObjectKind.SCRIPT

Site = Any
Open = Callable[[str], Site]


def tagged(name: str, *tags: str) -> dict[str, Any]:
    return job(name, basicConfig={"tags": list(tags)})


def by_tag(site: Site, *tags: str, part: str = "") -> list[str]:
    found = site.running.objects.tagged(site.grant, tags, offset=0, limit=9, name_part=part)
    assert found[0] == len(found[1])
    return [one.name for one in found[1]]


def downstream(site: Site, name: str) -> list[str]:
    return [one.name for one in site.running.objects.downstream(site.grant, name)]


def test_saved_jobs_are_found_by_what_their_drafts_say_now(site: Open) -> None:
    here = site("here")
    here.save(JOB, tagged("a", "x", "y"))
    here.save(JOB, tagged("b", "y"))
    assert (by_tag(here, "x"), by_tag(here, "y", "x"), by_tag(here, "y", part="B")) == (
        ["a"],
        ["a", "b"],
        ["b"],
    )
    here.change(JOB, tagged("a", "z"), submit=False)
    assert (by_tag(here, "x"), by_tag(here, "z")) == ([], ["a"])
    here.running.objects.delete(here.grant, JOB, "a")
    assert by_tag(here, "z") == []


def test_imported_jobs_are_found_like_saved_ones(site: Open) -> None:
    here, there = site("here"), site("there")
    here.save(JOB, tagged("up", "x"))
    here.save(JOB, job("down", upstream=["up"]))
    here.save(JOB, job("further", upstream=["down"]))
    package = here.export()
    there.land(package)
    assert (by_tag(there, "x"), downstream(there, "up"), downstream(there, "down")) == (
        ["up"],
        ["down"],
        ["further"],
    )
    there.change(JOB, job("down"))
    assert downstream(there, "up") == []
    there.land(package, duplicates=Duplicates.OVERWRITE)
    assert downstream(there, "up") == ["down"]


def test_a_job_of_another_workspace_is_waited_for_by_that_workspaces_name(site: Open) -> None:
    here = site("here")
    here.save(JOB, job("up"))
    for name, workspace in (("own", here.grant.workspace.name), ("other", "elsewhere")):
        depend = {"otherWorkSpaceJobs": [{"workSpace": workspace, "jobName": "up"}]}
        here.save(JOB, job(name, schedule={"type": "CRON", "cron": {"dependJobs": depend}}))
    assert downstream(here, "up") == ["own"]


def test_a_text_that_was_known_as_a_scripts_is_found_as_a_jobs(site: Open) -> None:
    here, there = site("here"), site("there")
    both = script("both") | tagged("both", "x")
    here.save(JOB, both)
    there.save(SCRIPT, both)
    assert here.text(JOB, "both") == there.text(SCRIPT, "both")
    there.land(here.export())
    assert by_tag(there, "x") == ["both"]
