"""Settings act: what a platform does under each of them."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest

from builders import job, node
from e2e.platform.conftest import Site
from jobferry.bootstrap.upkeep import Ticking
from jobferry.errors import Conflict, ErrorCode, Forbidden, InvalidRequest, JobferryError, PackageRefused
from jobferry.model.kinds import ObjectKind
from jobferry.model.package import ExportState
from jobferry.model.rights import Role
from jobferry.model.setting import Source
from jobferry.services.operating.keeping import Keeping
from people import enrol, member, store_of

JOB = ObjectKind.JOB
Sites = Callable[[str], Site]


def setting(site: Site, **values: str) -> None:
    site.running.workspaces.set(site.grant, values)


def deciding(site: Site, **values: str) -> None:
    site.running.stored.change(site.caller, values)


def package_of(site: Sites, *documents: dict) -> bytes:
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
    assert here.outcomes(here.land(newer, duplicates="overwrite")) == {"orders": "failed"}
    setting(here, target_edited="")
    task = here.land(newer, duplicates="overwrite")
    assert here.outcomes(task) == {"orders": "overwritten"}
    receipt, _ = here.running.reports.receipt(here.caller, task.id)
    assert [one.code for one in receipt.warnings] == ["both-edited"]


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
    assert here.outcomes(here.land(package)) == {"orders": "failed"}
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
    assert here.outcomes(here.land(package)) == {"orders": "failed"}
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
    assert here.begin(package)


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
        ("platform-setting-edit", "done", "task_days"),
    ]


def test_tasks_and_receipts_go_after_their_days_but_the_newest_receipt_stays(site: Sites) -> None:
    package, here = package_of(site, job("orders")), site("here")
    first, second = here.land(package), here.land(package)
    ground, log = here.running.parts.ground, here.running.parts.log
    forgotten: list[str] = []

    def later(days: int) -> None:
        clock = type(ground)(
            ground.store, lambda: ground.now() + days * 86_400_000, ground.new_id, ground.chain
        )
        Keeping(clock, log, here.running.stored, forgotten.extend).sweep()

    later(6)
    assert log.by_id(first.id)
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
