"""Batch task packages by a list of names, as the dialog of the EasyData manner lives."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable

import msgspec
import pytest

from builders import job, node
from jobferry.errors import Forbidden, InvalidRequest, NotFound
from jobferry.model.kinds import ObjectKind
from jobferry.model.rights import Role
from jobferry.model.task import TaskStatus
from jobferry.services.exporting.background import Batches, Generated
from jobferry.services.exporting.downloads import DownloadCenter
from people import entered, member

from .conftest import Site

JOB = ObjectKind.JOB
HOUR = 60 * 60 * 1000
Open = Callable[[str], Site]


@pytest.fixture
def here(site: Open) -> Site:
    opened = site("here")
    opened.running.stored.change(opened.caller, {"batch_exports": "true"})
    opened.script("clean")
    opened.save(JOB, job("订单任务", node("first", scriptName="clean"), directory="/dw"))
    opened.save(JOB, job("items"))
    opened.save(JOB, job("draft_only"), submit=False)
    return opened


def generated(site: Site, text: str) -> Generated:
    """Names matched, and the package's end awaited if there will be one."""
    made = site.running.batches.generate(site.grant, text)
    while made.task and not site.running.wait(made.task.id, 30.0):
        pass
    return made


def exported(site: Site, batches: Batches | None = None) -> dict[str, bytes]:
    with (batches or site.running.batches).open(site.grant) as (_, file):
        package = io.BytesIO(file.read())
    with zipfile.ZipFile(package) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def later(site: Site, ms: int) -> Batches:
    """The same some time later."""
    own, values = site.running.parts, site.running.stored.values
    runtime = msgspec.structs.replace(own.runtime, now=lambda: own.runtime.now() + ms)
    moved = DownloadCenter(runtime, own.log, own.kept, own.records, values)
    return Batches(runtime, site.running.producing, moved, values)


def test_one_unknown_name_and_nothing_is_generated(here: Site) -> None:
    made = generated(here, "订单任务\nghost\n")
    assert (made.matched, made.failed, made.task) == (1, ("ghost",), None)
    assert generated(here, "items\ndraft_only").failed == ("draft_only",)
    found = here.running.batches.status(here.grant)
    assert (found.newest, found.last, found.names) == (None, None, ())
    with pytest.raises(NotFound, match="no batch package has been generated yet"):
        exported(here)


def test_all_known_names_give_a_package_with_a_folder_for_each(here: Site) -> None:
    made = generated(here, " items \n\n订单任务\nitems\n")
    assert (made.matched, made.failed) == (2, ())
    found = exported(here)
    assert list(found) == [
        "manifest.json",
        "items/items.job",
        "订单任务/clean.script",
        "订单任务/订单任务.job",
    ]
    versions = {one["path"]: one["version"] for one in json.loads(found["manifest.json"])["contents"]}
    assert set(versions.values()) == {1}
    assert b"schedule" in found["items/items.job"]
    _, notices = here.running.notices.page(here.caller)
    assert [one.code for one in notices] == ["export-finished"]
    status = here.running.batches.status(here.grant)
    assert status.last is not None
    assert status.names == ("items", "订单任务")
    assert status.last.download.ended_at > 0


def test_the_last_package_is_exported_whatever_changed_since(here: Site) -> None:
    generated(here, "订单任务")
    here.change(JOB, job("订单任务", node("second"), directory="/dw"))
    generated(here, "ghost")
    assert b"first" in exported(here)["订单任务/订单任务.job"]
    generated(here, "订单任务")
    assert b"second" in exported(here)["订单任务/订单任务.job"]


def test_an_edit_that_is_not_submitted_is_not_inside(here: Site) -> None:
    here.change(JOB, job("items", node("edited")), submit=False)
    generated(here, "items")
    assert b"edited" not in exported(here)["items/items.job"]


def test_a_package_is_kept_for_three_days(here: Site) -> None:
    generated(here, "items")
    assert exported(here, later(here, 71 * HOUR))
    late = later(here, 73 * HOUR)
    assert late.status(here.grant).last is None
    assert late.status(here.grant).names == ("items",)
    with pytest.raises(NotFound):
        exported(here, late)


def test_a_list_has_at_most_two_hundred_names_and_12800_characters(here: Site) -> None:
    many = [f"任务{number}" for number in range(201)]
    assert len(generated(here, "\n".join(many[:200])).failed) == 200
    with pytest.raises(InvalidRequest, match="names 201 jobs"):
        generated(here, "\n".join(many))
    full = "\n".join(["字" * 12_789, "0123456789"])
    assert len(full) == 12_800
    assert len(generated(here, full.replace("\n", "\r\n")).failed) == 2
    with pytest.raises(InvalidRequest, match="12,801 characters"):
        generated(here, full + "x")
    with pytest.raises(InvalidRequest, match="names no job"):
        generated(here, " \n\n")


def test_a_script_without_a_version_fails_the_package_with_its_name(here: Site) -> None:
    here.save(ObjectKind.SCRIPT, {"name": "raw", "type": "DWSSQL", "content": "SELECT 1"}, submit=False)
    here.save(JOB, job("user", node("n", scriptName="raw")))
    generated(here, "user")
    newest = here.running.batches.status(here.grant).newest
    assert newest is not None
    assert newest.download.status is TaskStatus.FAILED
    assert "not submitted: script raw" in newest.download.reason


def test_who_may_and_where_it_is_switched_on(here: Site) -> None:
    developer = entered(here.running, None, member(here.running, "dev", Role.DEVELOPER))
    with pytest.raises(Forbidden):
        here.running.batches.generate(developer, "items")
    boss = entered(here.running, None, member(here.running, "boss", Role.ADMINISTRATOR))
    generated(here, "items")
    assert here.running.batches.status(boss).newest is None
    here.running.stored.change(here.caller, {"batch_exports": ""})
    with pytest.raises(Forbidden, match="not exported on this platform"):
        here.running.batches.status(boss)


def test_a_package_lands_on_another_platform_and_the_same_names_have_the_same_digest(
    here: Site, site: Open
) -> None:
    generated(here, "订单任务\nitems")
    with here.running.batches.open(here.grant) as (record, file):
        package = file.read()
    there = site("there")
    there.land(package)
    there.running.stored.change(there.caller, {"batch_exports": "true"})
    generated(there, "items\n订单任务")
    with there.running.batches.open(there.grant) as (again, _):
        assert again.digest == record.digest


def test_a_job_of_a_batch_package_has_the_name_of_its_folder(here: Site, site: Callable[[str], Site]) -> None:
    """Whatever its document calls itself, and whether it has been here before or not."""
    package = io.BytesIO()
    with zipfile.ZipFile(package, "w") as archive:
        archive.writestr("订单/other_name.job", json.dumps(job("other_name")))
    there = site("there")
    first = there.land(package.getvalue())
    assert there.outcomes(first) == {"订单": "created"}
    assert there.outcomes(there.land(package.getvalue())) == {"订单": "unchanged"}
