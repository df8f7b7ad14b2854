"""Settings act: what a platform does under each of them."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

import s3
from builders import job, node
from e2e.platform.conftest import Site
from jobferry.bootstrap.home import Home
from jobferry.bootstrap.upkeep import Ticking
from jobferry.bootstrap.wiring import open_platform
from jobferry.errors import Conflict, ErrorCode, Forbidden, InvalidRequest, JobferryError, PackageRefused
from jobferry.model.kinds import ObjectKind
from jobferry.model.package import ExportState
from jobferry.model.platform_settings import SIZES
from jobferry.model.rights import Role
from jobferry.model.setting import Source
from jobferry.model.transfer.policy import ImportOptions, ZoneMode
from jobferry.services.importing.preview import ImportPreview
from jobferry.services.operating.maintenance import Keeping
from people import assign, enrol, member, store_of
from processes import packed
from tables import settings_for

JOB = ObjectKind.JOB
Sites = Callable[[str], Site]


def setting(site: Site, **values: str) -> None:
    site.running.workspaces.set(site.grant, values)


def deciding(site: Site, **values: str) -> None:
    site.running.stored.change(site.caller, values)


def looked_at(site: Site, package: bytes) -> ImportPreview:
    """What a check sees in a package."""
    imports, limits = site.running.imports, site.running.stored.limits()
    received = imports.receive(site.caller, "p.zip", iter([package]), limits)
    return imports.preview(site.grant, received, ImportOptions())


def package_of(site: Sites, *documents: dict[str, Any]) -> bytes:
    there = site("there")
    for document in documents:
        there.save(JOB, document)
    return there.export()


def test_edits_made_here_are_overwritten_with_a_warning_or_block(site: Sites) -> None:
    there, here = site("there"), site("here")
    there.save(JOB, job("orders", node("first")))
    here.land(there.export())
    here.change(JOB, job("orders", node("mine")))
    there.change(JOB, job("orders", node("second")))
    newer = there.export()
    setting(here, target_edited="block")
    assert here.outcomes(here.land(newer, duplicates="overwrite")) == {"orders": "blocked"}
    setting(here, target_edited="")
    task = here.land(newer, duplicates="overwrite")
    assert here.outcomes(task) == {"orders": "overwritten"}
    assert [one.code for one in here.reported(task)] == ["both-edited"]


def test_by_name_alone_an_object_of_the_same_uid_is_left_alone(site: Sites) -> None:
    there, here = site("there"), site("here")
    there.save(JOB, job("orders", node("first")))
    here.land(there.export())
    here.change(JOB, job("orders", node("first"), description="renamed"))
    there.change(JOB, job("orders", node("second")))
    setting(here, match="name")
    assert here.outcomes(here.land(there.export(), duplicates="overwrite")) == {"orders": "overwritten"}


def test_a_chosen_directory_must_be_named(site: Sites) -> None:
    package, here = package_of(site, job("orders")), site("here")
    setting(here, directory="chosen")
    with pytest.raises(InvalidRequest):
        here.begin(package)
    assert here.outcomes(here.land(package, directory="/in")) == {"orders": "created"}


def test_a_mandatory_queue_is_asked_for_on_save_and_on_import(site: Sites) -> None:
    package, here = package_of(site, job("orders", node("load", "MRSSpark"))), site("here")
    setting(here, mrs_queue_mandatory="true")
    assert here.outcomes(here.land(package)) == {"orders": "blocked"}
    with pytest.raises(InvalidRequest, match="names no queue"):
        here.save(JOB, job("orders", node("load", "MRSSpark")))
    setting(here, mrs_queue_mandatory="")
    assert here.outcomes(here.land(package)) == {"orders": "created"}


def test_jobs_do_not_wait_for_jobs_of_a_workspace_that_refuses(site: Sites) -> None:
    upstream = {"jobName": "totals", "workSpace": "finance"}
    cron = {"expression": "0 0 1 * * ?", "dependJobs": {"otherWorkSpaceJobs": [upstream]}}
    waiting = job("orders", schedule={"type": "CRON", "cron": cron})
    package, here = package_of(site, waiting), site("here")
    here.running.workspaces.create("finance", here.caller)
    here.place = "finance"
    here.save(JOB, job("totals"))
    setting(here, job_dependency_rule="refused")
    here.place = None
    with pytest.raises(Conflict) as refused:
        here.save(JOB, waiting)
    assert refused.value.code is ErrorCode.UPSTREAM_REFUSED
    assert here.outcomes(here.land(package)) == {"orders": "blocked"}
    here.place = "finance"
    setting(here, job_dependency_rule="")
    here.place = None
    assert here.outcomes(here.land(package)) == {"orders": "created"}


def test_downloads_are_for_all_for_administrators_or_for_nobody(site: Sites) -> None:
    here = site("here")
    here.save(JOB, job("orders"))
    chief, developer = here.caller, member(here.running, "wang", Role.DEVELOPER)

    def downloads(caller) -> bool:
        here.caller = caller
        try:
            return bool(here.export())
        except Forbidden as refused:
            assert refused.code is ErrorCode.NOT_ALLOWED
            return False
        finally:
            here.caller = chief

    assert downloads(developer)
    setting(here, download="administrators")
    assert (downloads(chief), downloads(developer)) == (True, False)
    setting(here, download="none")
    assert (downloads(chief), downloads(developer)) == (False, False)
    exports = here.running.exports
    stream = exports.factory_job(here.grant, "orders", depend=True, state=ExportState.DRAFT, download=False)
    assert exports.into_folder(here.grant, stream, "obs://out/x", "orders").startswith("obs://out/x/")


def test_real_time_jobs_have_a_limit_of_their_own(site: Sites) -> None:
    stream = {"processType": "REAL_TIME"}
    package = package_of(
        site, job("one", node("n", "Dummy"), **stream), job("two", node("n", "Dummy"), **stream)
    )
    here = site("here")
    setting(here, max_real_time_jobs="1")
    assert sorted(here.outcomes(here.land(package)).values()) == ["blocked", "created"]
    here.save(JOB, job("daily", node("n", "Dummy")))
    with pytest.raises(Conflict, match="its limit of 1 real-time jobs") as refused:
        here.save(JOB, job("three", node("n", "Dummy"), **stream))
    assert refused.value.code is ErrorCode.QUOTA_REACHED
    setting(here, max_real_time_jobs="")
    assert sorted(here.outcomes(here.land(package)).values()) == ["created", "unchanged"]


def test_a_job_that_runs_is_overwritten_where_it_need_not_be_stopped(site: Sites) -> None:
    package, here = package_of(site, job("orders", node("n", "Dummy", note="new"))), site("here")
    here.save(JOB, job("orders", node("n", "Dummy")))
    here.running.scheduling.start(here.grant, "orders")
    assert here.outcomes(here.land(package, duplicates="overwrite")) == {"orders": "blocked"}
    setting(here, must_be_stopped="false")
    assert here.outcomes(here.land(package, duplicates="overwrite")) == {"orders": "overwritten"}


def test_what_lacks_a_required_field_warns_or_blocks(site: Sites) -> None:
    package, here = packed([{"name": "clean", "type": "DWSSQL"}], "script"), site("here")
    setting(here, undocumented="block")
    assert here.outcomes(here.land(package)) == {"clean": "blocked"}
    setting(here, undocumented="warn")
    assert here.outcomes(here.land(package)) == {"clean": "created"}


def test_a_job_has_as_many_nodes_as_the_workspace_says(site: Sites) -> None:
    package, here = package_of(site, job("orders", node("a", "Dummy"), node("b", "Dummy"))), site("here")
    setting(here, max_nodes="1")
    assert here.outcomes(here.land(package)) == {"orders": "blocked"}
    with pytest.raises(InvalidRequest):
        here.save(JOB, job("items", node("a", "Dummy"), node("b", "Dummy")))
    setting(here, max_nodes="2")
    assert here.outcomes(here.land(package)) == {"orders": "created"}


def test_a_workspace_has_as_many_directories_as_it_says(site: Sites) -> None:
    package = package_of(site, job("a", directory="/a"), job("b", directory="/b"))
    here = site("here")
    setting(here, max_directories="1")
    assert sorted(here.outcomes(here.land(package)).values()) == ["blocked", "created"]
    setting(here, max_directories="2")
    assert sorted(here.outcomes(here.land(package)).values()) == ["created", "unchanged"]


def test_one_that_fails_keeps_all_out_and_what_lands_is_only_saved(
    site: Sites,
) -> None:
    package = package_of(site, job("good", node("n", "Dummy")), job("bad", node("n", "Dummy")))
    here = site("here")
    here.save(JOB, job("bad", node("n", "Dummy", note="mine")))
    setting(here, duplicates="fail", outcome="package", target_status="saved")
    assert here.outcomes(here.land(package))["good"] != "created"
    setting(here, outcome="")
    assert here.outcomes(here.land(package)) == {"good": "created", "bad": "blocked"}
    assert here.running.objects.show(here.grant, JOB, "good").stored.live_version == 0


def test_what_is_missing_or_unknown_keeps_a_job_out_or_holds_it_or_only_warns(site: Sites) -> None:
    lacking = package_of(site, job("orders", node("n", "DWSSQL", connectionName="dwh")))
    here = site("here")
    setting(here, unknown_inventory="warn")
    assert here.outcomes(here.land(lacking)) == {"orders": "blocked"}
    setting(here, missing="hold")
    assert here.outcomes(here.land(lacking)) == {"orders": "held"}
    queued = packed([job("items", node("n", "Dummy", graphName="streets"))])
    setting(here, unknown_inventory="block", missing="block")
    assert here.outcomes(here.land(queued)) == {"items": "blocked"}
    setting(here, unknown_inventory="warn")
    assert here.outcomes(here.land(queued)) == {"items": "created"}


def test_an_expression_without_a_zone_means_that_of_the_workspace(site: Sites) -> None:
    cron = {"expression": "0 0 9 * * ?", "startTime": "2026-01-01T00:00:00"}
    package = packed([job("orders", node("n", "Dummy"), schedule={"type": "CRON", "cron": cron})])
    here = site("here")
    expressions = []
    for zone in ("UTC", "Asia/Shanghai"):
        setting(here, time_zone=zone)
        here.land(package, duplicates="overwrite", time_zone="UTC", zone_mode=ZoneMode.CONVERT)
        landed = json.loads(here.text(JOB, "orders"))
        expressions.append(landed["schedule"]["cron"]["expression"])
    assert expressions == ["0 0 9 * * ?", "0 0 1 * * ?"]


def test_every_size_can_be_said_at_the_start_until_operations_say_otherwise(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number, one in enumerate(SIZES, 1001):
        monkeypatch.setenv(f"JOBFERRY_{one.key.upper()}", str(number))
    home = Home(tmp_path)
    assert home.lock()
    running = open_platform(home, settings_for(home), durable=False)
    try:
        here = Site(running)
        held = {one.setting.key: (one.value, one.source) for one in running.stored.all()}
        said = {one.key: (str(number), Source.ENVIRONMENT) for number, one in enumerate(SIZES, 1001)}
        assert held | said == held
        deciding(here, **{one.key: "2000" for one in SIZES})
        assert {getattr(running.stored.values(), one.key) for one in SIZES} == {2000}
    finally:
        running.close()


def test_which_spelling_is_a_variable_is_decided_by_the_workspace(site: Sites) -> None:
    plain = job("plain", node("n", "Dummy", note="${region}"))
    longer = job("longer", node("n", "Dummy", note="${dlf.zone}"))
    package, here = package_of(site, plain, longer), site("here")

    def lacking() -> set[str]:
        found = looked_at(here, package).findings
        return {one.need_name for one in found if one.code == "variable-missing"}

    assert lacking() == {"region"}
    setting(here, variable_syntax="${dlf.}")
    assert lacking() == {"zone"}


@pytest.mark.parametrize("key", ["package_bytes", "unpacked_bytes", "entries", "entry_bytes", "ratio"])
def test_a_limit_of_packages_refuses_by_its_name_until_it_is_raised(site: Sites, key: str) -> None:
    there, here = site("there"), site("here")
    there.script(content="x" * 2_000_000)
    package = there.export()
    deciding(here, **{key: "1"})
    with pytest.raises(PackageRefused, match=f"the limit {key} is 1"):
        looked_at(here, package)
    deciding(here, **{key: ""})
    assert here.outcomes(here.land(package)) == {"clean": "created"}


def test_what_is_asked_of_an_object_service_is_signed_for_its_region(tmp_path: Path) -> None:
    said: list[str] = []

    def heard(exchange: s3.Exchange) -> bool:
        said.append(exchange.headers["Authorization"])
        return False

    home = Home(tmp_path)
    assert home.lock()
    with s3.serving("bucket") as service:
        service.faults = [heard]
        chosen = settings_for(
            home,
            objects="s3",
            objects_endpoint=service.endpoint,
            objects_region="eu-9",
            objects_access_key="a",
            objects_secret_key=SecretStr("s"),
        )
        running = open_platform(home, chosen, durable=False)
        try:
            here = Site(running)
            with pytest.raises(JobferryError):
                running.imports.fetch(here.grant, "obs://bucket/nothing.zip")
        finally:
            running.close()
    assert said
    assert all("/eu-9/s3/" in one for one in said)


def test_operations_download_where_only_administrators_may_and_not_where_nobody_may(site: Sites) -> None:
    here = site("here")
    here.save(JOB, job("orders"))
    chief = here.caller
    ann = assign(here.running, enrol(here.running, "ann", operations=True), None, Role.DEVELOPER)
    for rule, allowed in (("administrators", True), ("none", False)):
        here.caller = chief
        setting(here, download=rule)
        here.caller = ann
        if allowed:
            assert here.export()
        else:
            with pytest.raises(Forbidden, match="nobody may"):
                here.export()


def test_what_binds_everybody_is_not_for_administrators(site: Sites) -> None:
    here = site("here")
    here.caller = member(here.running, "wang", Role.ADMINISTRATOR)
    setting(here, outcome="package")
    with pytest.raises(Forbidden):
        setting(here, outcome="job", download="none")
    assert here.grant.workspace.settings == {"outcome": "package"}


def test_object_storage_can_be_off_for_imports_and_exports_apart(site: Sites) -> None:
    here = site("here")
    here.save(JOB, job("orders"))
    exports, imports = here.running.exports, here.running.imports

    def stored() -> str:
        stream = exports.factory_job(here.grant, "orders", depend=True, state=ExportState.DRAFT)
        return exports.into_folder(here.grant, stream, "obs://out", "orders")

    path = f"{stored()}/orders.zip"
    deciding(here, object_exports="false")
    with pytest.raises(Conflict) as off:
        stored()
    assert (off.value.code, off.value.subject) == (ErrorCode.OBJECT_STORAGE_OFF, "object_exports")
    assert imports.fetch(here.grant, path).size
    deciding(here, object_exports="", object_imports="false")
    assert stored()
    with pytest.raises(Conflict) as off:
        imports.fetch(here.grant, path)
    assert (off.value.code, off.value.subject) == (ErrorCode.OBJECT_STORAGE_OFF, "object_imports")


def test_a_stored_size_holds_at_once(site: Sites) -> None:
    package, here = package_of(site, job("orders")), site("here")
    deciding(here, package_bytes="100")
    with pytest.raises(PackageRefused):
        here.begin(package)
    held = {one.setting.key: one for one in here.running.stored.all()}
    assert (held["package_bytes"].value, held["package_bytes"].source) == ("100", Source.STORED)
    assert here.running.stored.factory_limits().package_bytes == 10 * 1024 * 1024
    deciding(here, package_bytes="")
    assert here.outcomes(here.land(package)) == {"orders": "created"}


def test_only_operations_decide_for_the_platform_and_it_is_told(site: Sites) -> None:
    here = site("here")
    with pytest.raises(Forbidden):
        here.running.stored.change(enrol(here.running, "wang"), {"task_days": "1"})
    with pytest.raises(InvalidRequest):
        deciding(here, task_days="2", nonsense="1")
    assert here.running.stored.values().task_days == 7
    deciding(here, task_days="2")
    with store_of(here.running).read() as snapshot:
        told = [row.event for row in snapshot.audit.rows() if row.event.kind == "setting"]
    assert [(one.action, one.outcome.value, one.detail) for one in told] == [
        ("platform-setting-edit", "refused", ""),
        ("platform-setting-edit", "failed", "invalid-value"),
        ("platform-setting-edit", "done", "task_days"),
    ]


def test_tasks_and_receipts_go_after_their_days_but_the_newest_receipt_stays(site: Sites) -> None:
    package, here = package_of(site, job("orders")), site("here")
    first, second = here.land(package), here.land(package)
    runtime, log = here.running.parts.runtime, here.running.parts.log
    forgotten: list[str] = []

    def later(days: int) -> None:
        clock = type(runtime)(
            runtime.store, lambda: runtime.now() + days * 86_400_000, runtime.new_id, runtime.chain
        )
        Keeping(clock, log, here.running.stored, forgotten.extend).sweep()

    later(6)
    assert log.by_id(first.id)
    deciding(here, task_days="9")
    later(8)
    assert log.by_id(first.id)
    deciding(here, task_days="")
    later(8)
    assert (log.by_id(first.id), log.by_id(second.id)) == (None, None)
    assert set(forgotten) == {first.id, second.id}
    assert here.outcomes(first)
    setting(here, receipt_days="30")
    later(31)
    assert here.outcomes(second)
    with pytest.raises(JobferryError):
        here.outcomes(first)


def test_upkeep_goes_on_after_a_failure_until_it_is_stopped() -> None:
    calls: list[int] = []
    thrice = threading.Event()

    def work() -> None:
        calls.append(1)
        if len(calls) == 3:
            thrice.set()
        raise Conflict(ErrorCode.STORE_BUSY, "busy")

    ticking = Ticking(work, every=0.001)
    ticking.start()
    thrice.wait()
    ticking.stop()
    assert len(calls) >= 3
