"""The ferry trip between two platforms that share nothing but a package."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import text

from builders import job, node, resource, script, written
from jobferry.bootstrap.home import Home
from jobferry.errors import Conflict, ErrorCode, InvalidRequest, NotFound
from jobferry.model.document.text import digest_of
from jobferry.model.kinds import ObjectKind, SchedulingState
from jobferry.model.package import ExportState
from jobferry.model.task import TaskStatus
from jobferry.model.transfer.export import ExportRequest
from jobferry.model.transfer.policy import Duplicates, MissingReference, Outcome, TargetStatus
from tables import rows_of

from .conftest import Site

JOB, SCRIPT, RESOURCE, CDM = ObjectKind.JOB, ObjectKind.SCRIPT, ObjectKind.RESOURCE, ObjectKind.CDM
Open = Callable[[str], Site]
MARKER = "s3cret-marker-9f2c"


def fill(site: Site) -> None:
    site.save(RESOURCE, resource("lookup"))
    site.script("clean", content="SELECT '中文' -- é")
    site.save(JOB, job("上游_orders", node("a", scriptName="clean"), directory="/dw/订单"))
    site.save(JOB, job("a_down", node("b", "MRSSpark", resourcePath="lookup"), upstream=["上游_orders"]))
    site.running.objects.create(site.grant, CDM, b'{"from": "x"}', submit=False, name="k1/m")


def test_the_same_content_has_the_same_digest_after_the_trip(site: Open) -> None:
    here, there = site("here"), site("there")
    fill(here)
    package = here.export()
    task = there.land(package, expect_digest=here.digest())
    assert (task.status, task.message) == (TaskStatus.SUCCESSFUL, "5 created")
    assert there.digest() == here.digest()
    for kind, name in [
        (JOB, "上游_orders"),
        (JOB, "a_down"),
        (SCRIPT, "clean"),
        (RESOURCE, "lookup"),
        (CDM, "k1/m"),
    ]:
        assert there.text(kind, name) == here.text(kind, name)


def test_the_same_package_again_changes_nothing(site: Open) -> None:
    here, there = site("here"), site("there")
    fill(here)
    there.land(here.export())
    for duplicates in (Duplicates.SKIP, Duplicates.OVERWRITE, Duplicates.FAIL):
        assert set(there.outcomes(there.land(here.export(), duplicates=duplicates)).values()) == {"unchanged"}
    stored = there.running.scheduling.job(there.grant, "a_down")
    assert (stored.live_version, stored.last_version) == (1, 1)


def test_an_equal_namesake_does_not_hide_that_the_uid_is_bound_to_another(site: Open) -> None:
    here, there = site("here"), site("there")
    here.save(JOB, job("before"))
    there.save(JOB, job("before", node("own")))
    there.land(here.export(), duplicates=Duplicates.OVERWRITE)
    there.save(JOB, job("after"))
    here.running.objects.update(here.grant, JOB, "before", written(job("after")), submit=True)
    task = there.land(here.export(), duplicates=Duplicates.OVERWRITE)
    assert list(there.reasons(task).values()) == [["identity-conflict"]]


def test_what_an_unchanged_job_uses_is_not_left_out_with_a_failing_one(site: Open) -> None:
    here, there = site("here"), site("there")
    here.script("shared")
    here.save(JOB, job("steady", node("n", scriptName="shared")))
    there.land(here.export())
    here.change(SCRIPT, script("shared", content="SELECT 2"))
    here.save(JOB, job("bad", node("n", scriptName="shared", connectionName="gone")))
    outcomes = there.outcomes(there.land(here.export(), duplicates=Duplicates.OVERWRITE))
    assert outcomes == {"steady": "unchanged", "shared": "overwritten", "bad": "blocked"}


def test_skip_leaves_the_target_and_overwrite_makes_a_new_version(site: Open) -> None:
    here, there = site("here"), site("there")
    here.save(JOB, job("orders", node("new")))
    there.save(JOB, job("orders", node("old"), node("extra")))
    before = there.text(JOB, "orders")
    assert there.outcomes(there.land(here.export())) == {"orders": "skipped"}
    assert there.text(JOB, "orders") == before
    assert there.outcomes(there.land(here.export(), duplicates=Duplicates.OVERWRITE)) == {
        "orders": "overwritten"
    }
    assert b"extra" not in there.text(JOB, "orders")
    assert there.running.scheduling.job(there.grant, "orders").live_version == 2


def test_a_renamed_job_stays_the_same_object(site: Open) -> None:
    here, there = site("here"), site("there")
    here.save(JOB, job("before"))
    there.land(here.export())
    object_id = there.running.scheduling.job(there.grant, "before").id
    here.running.objects.update(here.grant, JOB, "before", written(job("after")), submit=True)
    there.land(here.export(), duplicates=Duplicates.OVERWRITE)
    assert there.running.scheduling.job(there.grant, "after").id == object_id
    with pytest.raises(NotFound):
        there.running.scheduling.job(there.grant, "before")


def test_a_running_target_fails_alone_and_imports_once_stopped(site: Open) -> None:
    here, there = site("here"), site("there")
    here.save(JOB, job("orders", node("new")))
    here.save(JOB, job("other"))
    there.save(JOB, job("orders"))
    there.running.scheduling.start(there.grant, "orders")
    task = there.land(here.export(), duplicates=Duplicates.OVERWRITE)
    assert task.status is TaskStatus.FAILED
    assert there.outcomes(task) == {"orders": "blocked", "other": "created"}
    there.running.scheduling.stop(there.grant, "orders")
    assert there.land(here.export(), duplicates=Duplicates.OVERWRITE).status is TaskStatus.SUCCESSFUL


def test_outcome_package_writes_a_receipt_and_nothing_else(site: Open) -> None:
    here, there = site("here"), site("there")
    here.save(JOB, job("good"))
    here.save(JOB, job("bad", node("n", connectionName="gone")))
    task = there.land(here.export(), outcome=Outcome.PACKAGE)
    assert there.outcomes(task) == {"bad": "blocked", "good": "blocked"}
    assert there.running.objects.page(there.grant, JOB, offset=0, limit=10) == (0, [])


def test_a_held_job_lands_live_and_starts_once_everything_is_there(site: Open) -> None:
    here, there = site("here"), site("there")
    here.save(JOB, job("orders", node("n", connectionName="dwh")))
    task = there.land(here.export(), missing=MissingReference.HOLD)
    assert (task.status, there.outcomes(task)) == (TaskStatus.SUCCESSFUL, {"orders": "held"})
    assert there.running.scheduling.job(there.grant, "orders").held == ("connection dwh",)
    with pytest.raises(Conflict) as caught:
        there.running.scheduling.start(there.grant, "orders")
    assert caught.value.code is ErrorCode.REFERENCE_MISSING
    connection = b'{"name": "dwh", "type": "DWS", "config": {"clusterName": "k"}}'
    there.running.connections.create(there.grant, connection)
    there.running.scheduling.start(there.grant, "orders")
    assert there.running.scheduling.job(there.grant, "orders").state is SchedulingState.SCHEDULING


def test_saved_leaves_a_draft_that_cannot_start(site: Open) -> None:
    here, there = site("here"), site("there")
    here.save(JOB, job("orders"))
    there.land(here.export(), target_status=TargetStatus.SAVED)
    with pytest.raises(Conflict) as caught:
        there.running.scheduling.start(there.grant, "orders")
    assert caught.value.code is ErrorCode.NOT_SUBMITTED


def test_starting_asks_for_nodes_and_for_submitted_scripts(site: Open) -> None:
    here = site("here")
    here.save(JOB, {"name": "bare", "processType": "BATCH", "schedule": {"type": "EXECUTE_ONCE"}})
    with pytest.raises(Conflict) as caught:
        here.running.scheduling.start(here.grant, "bare")
    assert caught.value.code is ErrorCode.JOB_WITHOUT_NODES
    here.save(SCRIPT, script("clean"), submit=False)
    here.save(JOB, job("orders", node("n", scriptName="clean")))
    with pytest.raises(Conflict) as caught:
        here.running.scheduling.start(here.grant, "orders")
    assert (caught.value.code, caught.value.subject) == (ErrorCode.NOT_SUBMITTED, "clean")


def test_a_live_version_of_before_a_rule_does_not_start(site: Open, tmp_path: Path) -> None:
    here = site("here")
    here.save(JOB, job("orders", node("n", "Dummy")))
    twice = written(job("orders", node("n", "Dummy"), node("n", "Dummy"))).decode()
    with rows_of(Home(tmp_path / "here")) as rows:
        told = {"digest": digest_of(here.text(JOB, "orders")), "text": twice}
        rows.execute(text("UPDATE contents SET text = :text, edition = '' WHERE digest = :digest"), told)
    with pytest.raises(Conflict) as caught:
        here.running.scheduling.start(here.grant, "orders")
    assert "orders cannot start because its nodes[1].name" in caught.value.message
    assert here.running.scheduling.job(here.grant, "orders").state is SchedulingState.STOPPED


def test_no_marked_secret_leaves_and_an_import_blanks_none(site: Open) -> None:
    here, there = site("here"), site("there")
    marked = node("n", header=MARKER)
    marked["properties"][0]["value_is_sensitive"] = True
    params = [{"name": "db_password", "value": MARKER}, {"name": "chat_key", "value": MARKER}]
    secretive = job("orders", marked, params=params, maskedParams=["chat_key"])
    here.save(JOB, secretive)
    connection = {"name": "dwh", "type": "DWS", "config": {"clusterName": "k", "password": MARKER}}
    here.running.connections.create(here.grant, written(connection))
    package = here.export()
    with zipfile.ZipFile(io.BytesIO(package)) as archive:
        assert not [name for name in archive.namelist() if MARKER.encode() in archive.read(name)]
    there.land(package)
    kept = job("orders", marked, params=params, maskedParams=["chat_key"])
    there.change(JOB, kept)
    here.change(JOB, secretive | {"description": "changed"})
    there.land(here.export(), duplicates=Duplicates.OVERWRITE)
    assert there.text(JOB, "orders").count(MARKER.encode()) == 3
    assert b"changed" in there.text(JOB, "orders")
    assert there.digest() == here.digest()


def test_the_draft_or_the_live_version_is_exported(site: Open) -> None:
    here = site("here")
    here.save(JOB, job("orders", node("first")))
    here.change(JOB, job("orders", node("second")), submit=False)
    with zipfile.ZipFile(io.BytesIO(here.export(state=ExportState.DRAFT))) as draft:
        assert b"second" in draft.read("jobs/orders.job")
    with zipfile.ZipFile(io.BytesIO(here.export(state=ExportState.SUBMITTED))) as live:
        assert b"first" in live.read("jobs/orders.job")


def test_what_is_not_submitted_is_reported_and_never_taken_from_the_draft(site: Open) -> None:
    here = site("here")
    here.save(JOB, job("draft_only"), submit=False)
    here.save(JOB, job("live"))
    with pytest.raises(Conflict) as caught:
        here.export("draft_only", state=ExportState.SUBMITTED)
    assert caught.value.code is ErrorCode.NOT_SUBMITTED
    stream = here.running.exports.package(
        here.grant, ExportRequest(everything=True, state=ExportState.SUBMITTED)
    )
    assert (stream.objects, stream.left_out) == (1, ("job draft_only",))


def test_named_jobs_take_their_scripts_along_and_jobs_only_does_not(site: Open) -> None:
    here = site("here")
    fill(here)

    def entries(package: bytes) -> list[str]:
        with zipfile.ZipFile(io.BytesIO(package)) as archive:
            return archive.namelist()

    assert entries(here.export("上游_orders")) == [
        "manifest.json",
        "jobs/上游_orders.job",
        "scripts/clean.script",
    ]
    assert entries(here.export("上游_orders", depend=False)) == ["manifest.json", "jobs/上游_orders.job"]


def test_unknown_names_and_empty_selections_are_refused(site: Open) -> None:
    here = site("here")
    with pytest.raises(NotFound) as caught:
        here.export("ghost")
    assert caught.value.subject == "ghost"
    with pytest.raises(InvalidRequest):
        here.export()


def test_the_same_export_twice_is_the_same_bytes(site: Open) -> None:
    here = site("here")
    fill(here)
    assert here.export() == here.export()


def test_everything_survives_closing_and_opening(site: Open) -> None:
    fill(site("here"))
    digest = site("here").digest()
    assert site("here").digest() == digest


def test_the_credentials_are_for_the_owner_alone(site: Open, tmp_path: Path) -> None:
    site("here")
    for name in ("credentials.json", "key"):
        assert (tmp_path / "here" / name).stat().st_mode & 0o777 == 0o600
    assert (tmp_path / "here").stat().st_mode & 0o777 == 0o700
