"""Which jobs and scripts an export takes, in which state, with or without their schedules."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable
from typing import Any

import pytest

from builders import job, node, resource
from jobferry.errors import Conflict, ErrorCode, InvalidRequest, NotFound
from jobferry.model.document.text import digest_of
from jobferry.model.kinds import NeedKind, ObjectKind
from jobferry.model.package import ExportState
from jobferry.model.rights import Role
from jobferry.model.transfer.export import ExportRequest, ExportScope
from jobferry.model.transfer.policy import Duplicates, MissingReference
from people import entered, member, policy

from .conftest import Site

JOB, SCRIPT = ObjectKind.JOB, ObjectKind.SCRIPT
Open = Callable[[str], Site]


@pytest.fixture
def here(site: Open) -> Site:
    """Three jobs in two directories; one of them waits for another and uses a script and a resource."""
    opened = site("here")
    opened.script("clean", directory="/ods")
    opened.script("spare", directory="/dw")
    opened.save(ObjectKind.RESOURCE, resource("lookup"))
    load = node("load", scriptName="clean", resourcePath="lookup", connectionName="dwh")
    night = {"basicConfig": {"tags": ["night"]}}
    opened.save(JOB, job("ods_orders", load, directory="/ods", upstream=["dw_first"], **night))
    opened.save(JOB, job("ods_items", directory="/ods/more"))
    opened.save(JOB, job("dw_first", directory="/dw", **night))
    opened.save(JOB, job("draft_only", directory="/dw/odd"), submit=False)
    return opened


def names(site: Site, **chosen: Any) -> list[str]:
    """What a package holds, without the manifest."""
    return [name for name in entries(site, **chosen) if name != "manifest.json"]


def entries(site: Site, **chosen: Any) -> dict[str, bytes]:
    stream = site.running.exports.package(site.grant, ExportRequest(**chosen))
    with zipfile.ZipFile(io.BytesIO(b"".join(stream.chunks))) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def test_a_directory_takes_what_lies_in_and_below_it(here: Site) -> None:
    chosen = names(here, directories=("ods/",), scope=ExportScope.CHOSEN)
    assert chosen == ["jobs/ods_items.job", "jobs/ods_orders.job"]
    assert names(here, directories=("/ods",)) == [
        "jobs/ods_items.job",
        "jobs/ods_orders.job",
        "resources/lookup.resource",
        "scripts/clean.script",
    ]


def test_tags_and_pieces_of_names_narrow_what_is_chosen(here: Site) -> None:
    assert names(here, tags=("night",), scope=ExportScope.CHOSEN) == [
        "jobs/dw_first.job",
        "jobs/ods_orders.job",
    ]
    assert names(here, tags=("night",), query="FIRST") == ["jobs/dw_first.job"]
    assert names(here, query="a", kinds=(SCRIPT,)) == ["scripts/clean.script", "scripts/spare.script"]


def test_names_come_with_what_is_chosen_otherwise_and_each_once(here: Site) -> None:
    chosen = names(here, jobs=("dw_first", "dw_first"), scripts=("clean",), directories=("/dw",))
    assert chosen == ["jobs/draft_only.job", "jobs/dw_first.job", "scripts/clean.script"]


def test_jobs_and_scripts_of_a_directory(here: Site) -> None:
    assert names(here, directories=("/dw",), kinds=(JOB, SCRIPT)) == [
        "jobs/draft_only.job",
        "jobs/dw_first.job",
        "scripts/spare.script",
    ]


def test_what_is_not_submitted_is_left_out_and_named_unless_it_was_asked_for_by_name(here: Site) -> None:
    wanted = ExportRequest(directories=("/dw",), state=ExportState.SUBMITTED)
    stream = here.running.exports.package(here.grant, wanted)
    assert (stream.objects, stream.left_out) == (1, ("job draft_only",))
    with pytest.raises(Conflict) as caught:
        names(here, jobs=("draft_only",), directories=("/dw",), state=ExportState.SUBMITTED)
    assert caught.value.code is ErrorCode.NOT_SUBMITTED


def test_without_schedules_a_job_loses_its_schedule_and_needs_no_upstream_job(here: Site) -> None:
    found = entries(here, jobs=("ods_orders",), schedule=False)
    left = json.loads(found["jobs/ods_orders.job"])
    kept = json.loads(here.text(JOB, "ods_orders"))
    assert "schedule" in kept
    assert left == {key: value for key, value in kept.items() if key != "schedule"}
    manifest = json.loads(found["manifest.json"])
    assert {one["path"]: one["sha256"] for one in manifest["contents"]} == {
        path: digest_of(text) for path, text in found.items() if path != "manifest.json"
    }
    assert [one["kind"] for one in manifest["needs"]] == ["connection"]


def test_a_job_that_arrives_without_a_schedule_keeps_the_one_it_has(here: Site, site: Open) -> None:
    there = site("there")
    there.land(here.export(), missing=MissingReference.HOLD)
    before = json.loads(there.text(JOB, "ods_items"))["schedule"]
    here.change(JOB, job("ods_items", node("other"), directory="/ods/more"))
    wanted = ExportRequest(jobs=("ods_items",), schedule=False)
    there.land(
        b"".join(here.running.exports.package(here.grant, wanted).chunks), duplicates=Duplicates.OVERWRITE
    )
    after = json.loads(there.text(JOB, "ods_items"))
    assert (after["nodes"][0]["name"], after["schedule"]) == ("other", before)


def test_the_closure_is_told_with_the_reference_that_reaches_each_thing(here: Site) -> None:
    found = here.running.exports.preview(here.grant, ExportRequest(jobs=("ods_orders",)))
    assert [one.name for one in found.objects] == ["ods_orders", "clean", "lookup"]
    assert found.chosen == 1
    clean = next(one.through for one in found.objects if one.name == "clean")
    assert clean is not None
    assert (clean.kind, clean.name, clean.path[:8]) == (JOB, "ods_orders", "nodes[0]")
    assert {(one.kind, one.name) for one in found.needs} == {
        (NeedKind.CONNECTION, "dwh"),
        (NeedKind.JOB, "dw_first"),
    }


def test_choices_that_make_no_sense_are_refused(here: Site) -> None:
    with pytest.raises(InvalidRequest, match="nothing is chosen"):
        names(here)
    with pytest.raises(InvalidRequest, match="both everything"):
        names(here, everything=True, jobs=("dw_first",))
    with pytest.raises(InvalidRequest, match="only jobs and scripts"):
        names(here, query="a", kinds=(ObjectKind.RESOURCE,))
    with pytest.raises(InvalidRequest, match="nothing to export"):
        names(here, directories=("/none",))
    with pytest.raises(NotFound) as caught:
        names(here, jobs=("dw_first",), scripts=("clean", "ghost"))
    assert (caught.value.code, caught.value.subject) == (ErrorCode.SCRIPT_MISSING, "ghost")


def test_directories_that_a_policy_keeps_from_somebody_stay_here(here: Site) -> None:
    somebody = member(here.running, "ann", Role.DEVELOPER)
    policy(here.running, "/dw", users=("ann",))
    wanted = ExportRequest(tags=("night",), scope=ExportScope.CHOSEN)
    stream = here.running.exports.package(entered(here.running, None, somebody), wanted)
    assert stream.objects == 1
