"""Workspace exports hold exactly what they should: full, by range, since the last one, since a receipt."""

from __future__ import annotations

import io
import json
import time
import zipfile
from collections import Counter
from collections.abc import Callable
from functools import partial
from typing import Any

import msgspec
import pytest

from builders import job, node, resource, script
from jobferry.errors import Conflict, ErrorCode, InvalidRequest
from jobferry.model.kinds import ObjectKind
from jobferry.model.names import Limits
from jobferry.model.package import ExportState
from jobferry.model.report.receipt_file import ReceiptFile
from jobferry.model.rights import Role
from jobferry.model.task import TaskStatus
from jobferry.model.transfer.export import ExportRequest, ExportScope, Extent, ExtentKind
from jobferry.model.transfer.policy import Duplicates
from jobferry.model.transfer.receipt import ReceiptFilter
from jobferry.services.exporting.changed import changed, refuse_too_many, way_of
from people import member, policy, store_of

from .conftest import Site
from .test_changes import recording

JOB, SCRIPT, RESOURCE = ObjectKind.JOB, ObjectKind.SCRIPT, ObjectKind.RESOURCE
Open = Callable[[str], Site]
QUIET = node("n", "Dummy")


@pytest.fixture
def here(site: Open) -> Site:
    opened = recording(site("here"))
    for name in ("a", "b", "c"):
        opened.save(JOB, job(name, QUIET))
    opened.script()
    return opened


def wanted(kind: ExtentKind, **more: Any) -> ExportRequest:
    times = {name: more.pop(name) for name in ("since", "until") if name in more}
    return ExportRequest(everything=True, extent=Extent(kind=kind, **times), **more)


def taken(site: Site, request: ExportRequest, receipt: ReceiptFile | None = None) -> bytes:
    return b"".join(site.running.exports.package(site.grant, request, receipt).chunks)


def held(package: bytes) -> set[str]:
    """What a package holds; what it tells to be gone has a minus."""
    with zipfile.ZipFile(io.BytesIO(package)) as archive:
        manifest = json.loads(archive.read("manifest.json"))
    present = {f"{one['kind']} {one['name']}" for one in manifest["contents"]}
    return present | {f"-{one['kind']} {one['name']}" for one in manifest["deletions"]}


def last(site: Site, **more: Any) -> set[str]:
    return held(taken(site, wanted(ExtentKind.LAST, **more)))


def edit(site: Site) -> None:
    """One of each: made, changed, renamed, moved, deleted; and one that came and went."""
    running, grant = site.running, site.grant
    site.save(JOB, job("fresh", QUIET))
    site.change(SCRIPT, script(content="SELECT 2"))
    running.objects.update(grant, JOB, "a", _text(job("a2", QUIET)), submit=True)
    site.change(JOB, job("b", QUIET, directory="/moved"))
    running.objects.delete(grant, JOB, "c")
    site.save(JOB, job("brief", QUIET))
    running.objects.delete(grant, JOB, "brief")


EDITED = {"job fresh", "script clean", "job a2", "job b", "-job c"}


def _text(document: dict[str, Any]) -> bytes:
    return json.dumps(document).encode()


def refused(call: Callable[[], object]) -> ErrorCode:
    with pytest.raises((Conflict, InvalidRequest)) as told:
        call()
    return told.value.code


def test_each_export_goes_on_where_the_last_of_its_kind_ended(here: Site) -> None:
    incomplete = refused(lambda: last(here))
    assert incomplete is ErrorCode.CHANGES_INCOMPLETE
    everything = {"job a", "job b", "job c", "script clean"}
    assert held(taken(here, wanted(ExtentKind.FULL))) == everything
    assert refused(lambda: last(here)) is ErrorCode.NOTHING_CHANGED
    edit(here)
    jobs_only = {"scope": ExportScope.CHOSEN}
    assert refused(lambda: last(here, **jobs_only)) is ErrorCode.CHANGES_INCOMPLETE
    seen = here.running.exports.preview(here.grant, wanted(ExtentKind.LAST))
    assert [one.name for one in seen.deletions] == ["c"]
    assert last(here) == EDITED
    assert refused(lambda: last(here)) is ErrorCode.NOTHING_CHANGED
    here.running.objects.delete(here.grant, JOB, "b")
    assert last(here) == {"-job b"}
    here.running.workspaces.set(here.grant, {"change_management": ""})
    assert refused(lambda: last(here)) is ErrorCode.CHANGES_OFF
    recording(here)
    assert refused(lambda: last(here)) is ErrorCode.CHANGES_INCOMPLETE


def test_an_export_of_some_directories_is_no_point_for_others_to_go_on_from(here: Site) -> None:
    lin, owner = member(here.running, "lin", Role.DEVELOPER), here.caller
    policy(here.running, "/mine", users=["lin"])
    here.change(JOB, job("a", QUIET, directory="/mine"))
    here.caller = lin
    assert held(taken(here, wanted(ExtentKind.FULL))) == {"job a"}
    assert refused(lambda: last(here)) is ErrorCode.CHANGES_INCOMPLETE
    here.caller = owner
    taken(here, wanted(ExtentKind.FULL))
    here.change(JOB, job("a", node("other", "Dummy"), directory="/mine"))
    here.change(JOB, job("b", node("other", "Dummy")))
    here.caller = lin
    assert last(here) == {"job a"}
    here.caller = owner
    assert last(here) == {"job a", "job b"}


def test_an_export_that_nobody_read_to_its_end_is_made_once_more(here: Site) -> None:
    taken(here, wanted(ExtentKind.FULL))
    here.change(JOB, job("b", node("other", "Dummy")))
    stream = here.running.exports.package(here.grant, wanted(ExtentKind.LAST))
    assert next(stream.chunks)
    stream.chunks.close()
    assert last(here) == {"job b"}
    assert refused(lambda: last(here)) is ErrorCode.NOTHING_CHANGED


def test_a_range_that_begins_where_the_last_export_ended_follows_it_and_a_later_one_does_not(
    here: Site,
) -> None:
    taken(here, wanted(ExtentKind.FULL))
    with store_of(here.running).read() as snapshot:
        ended = snapshot.changes.point(here.grant.workspace.id, way_of(wanted(ExtentKind.FULL)))
        assert ended is not None
        for since, follows in ((ended.at - 1, True), (ended.at, True), (ended.at + 1, False)):
            span = wanted(ExtentKind.RANGE, since=since, until=ended.at + 1_000)
            point = changed(snapshot, here.grant, span, None).point
            assert (point is not None) is follows


def test_scripts_alone_go_on_by_themselves(here: Site) -> None:
    alone = {"kinds": (SCRIPT,)}
    assert held(taken(here, wanted(ExtentKind.FULL, **alone))) == {"script clean"}
    taken(here, wanted(ExtentKind.FULL))
    edit(here)
    here.running.objects.delete(here.grant, JOB, "fresh")
    assert last(here, **alone) == {"script clean"}
    here.running.objects.delete(here.grant, SCRIPT, "clean")
    assert last(here, **alone) == {"-script clean"}
    assert last(here) == {"job a2", "job b", "-job c", "-script clean"}


def test_a_range_holds_what_was_changed_in_it_and_only_its_last_state(here: Site) -> None:
    began = moment()
    edit(here)
    ended = moment()
    here.change(JOB, job("fresh", node("late", "Dummy")))
    here.save(JOB, job("after", QUIET))
    span = held(taken(here, wanted(ExtentKind.RANGE, since=began, until=ended)))
    assert span == EDITED
    assert last(here) == {"job fresh", "job after"}
    jobs_only = wanted(ExtentKind.RANGE, since=began, scope=ExportScope.CHOSEN)
    assert held(taken(here, jobs_only)) == (EDITED | {"job after"}) - {"script clean"}
    assert refused(lambda: taken(here, wanted(ExtentKind.RANGE, since=ended, until=began))) is (
        ErrorCode.INVALID_VALUE
    )
    future = wanted(ExtentKind.RANGE, since=moment() + 10_000_000)
    assert refused(lambda: taken(here, future)) is ErrorCode.INVALID_VALUE
    stream = here.running.exports.package(here.grant, wanted(ExtentKind.RANGE, since=1))
    assert "recorded since" in stream.note
    stream.chunks.close()


USING = node("load", "DLISpark", scriptName="clean", resourcePath="lookup")


@pytest.mark.parametrize("state", list(ExportState))
def test_what_changed_jobs_use_comes_along_unchanged_and_lands_where_nothing_was(
    here: Site, site: Open, state: ExportState
) -> None:
    here.save(RESOURCE, resource())
    here.save(JOB, job("user", USING))
    taken(here, wanted(ExtentKind.FULL, state=state))
    taken(here, wanted(ExtentKind.FULL, state=state, scope=ExportScope.CHOSEN))
    began = moment()
    here.change(JOB, job("user", USING, description="again"))
    since = wanted(ExtentKind.LAST, state=state)
    seen = here.running.exports.preview(here.grant, since)
    assert [one.name for one in seen.objects[: seen.chosen]] == ["user"]
    package = taken(here, wanted(ExtentKind.RANGE, since=began, state=state))
    assert held(package) == {"job user", "script clean", "resource lookup"}
    assert last(here, state=state, scope=ExportScope.CHOSEN) == {"job user"}
    there = site("there")
    ended = there.land(package)
    assert (ended.status, ended.message) == (TaskStatus.SUCCESSFUL, "3 created")
    assert there.land(package).message == "3 unchanged"


def test_what_is_used_and_never_submitted_is_named_and_what_is_not_used_stays(here: Site) -> None:
    submitted = {"state": ExportState.SUBMITTED}
    here.save(SCRIPT, script("raw"), submit=False)
    here.save(JOB, job("user", node("load", scriptName="raw")))
    taken(here, wanted(ExtentKind.FULL, **submitted))
    here.change(JOB, job("user", node("load", scriptName="raw"), description="again"))
    stream = here.running.exports.package(here.grant, wanted(ExtentKind.LAST, **submitted))
    assert stream.left_out == ("script raw",)
    assert held(b"".join(stream.chunks)) == {"job user"}


def test_live_versions_change_when_something_goes_live(here: Site) -> None:
    submitted = {"state": ExportState.SUBMITTED}
    taken(here, wanted(ExtentKind.FULL, **submitted))
    here.change(JOB, job("a", QUIET, directory="/x"), submit=False)
    here.save(JOB, job("never", QUIET), submit=False)
    here.save(RESOURCE, resource())
    here.change(JOB, job("b", node("other", "Dummy")))
    assert last(here, **submitted) == {"job b", "resource lookup"}


def test_since_a_receipt_goes_by_content(here: Site, site: Open) -> None:
    there = site("there")
    receipt = carried(there, there.land(taken(here, wanted(ExtentKind.FULL))).id)
    assert refused(lambda: taken(here, wanted(ExtentKind.RECEIPT), receipt)) is ErrorCode.NOTHING_CHANGED
    edit(here)
    here.change(JOB, job("b", node("x", "Dummy"), directory="/moved"))
    here.change(JOB, job("b", QUIET, directory="/moved"))
    since = wanted(ExtentKind.RECEIPT)
    assert held(taken(here, since, receipt)) == EDITED
    task = here.running.producing.begin(here.grant, since, receipt=receipt)
    while not here.running.wait(task.id, 30.0):
        pass
    record = here.running.downloads.show(here.grant, task.id).download
    assert (record.status, record.subject) == (TaskStatus.SUCCESSFUL, "since a receipt")
    assert len(list(here.running.home.downloads.glob("*.name"))) == 1
    there.land(taken(here, since, receipt), duplicates=Duplicates.OVERWRITE)
    assert held(taken(here, since, carried(there, task_of(there)))) == {"-job c"}
    for other in (
        msgspec.structs.replace(receipt, source_workspace="elsewhere"),
        msgspec.structs.replace(receipt, source_platform="other"),
    ):
        for call in (
            partial(taken, here, since, other),
            partial(here.running.producing.begin, here.grant, since, receipt=other),
        ):
            assert refused(call) is ErrorCode.RECEIPT_INVALID


def carried(site: Site, receipt_id: str) -> ReceiptFile:
    """A receipt as it is brought back."""
    reports = site.running.reports
    receipt = reports.receipt(site.caller, receipt_id)
    return ReceiptFile(
        id=receipt.id,
        platform_id=receipt.platform_id,
        workspace=receipt.workspace,
        source_platform=receipt.source_platform,
        source_workspace=receipt.source_workspace,
        holds=tuple(reports.held_from_source(site.caller, receipt)),
    )


def task_of(site: Site) -> str:
    return site.running.reports.receipts(site.grant, ReceiptFilter(), offset=0, limit=1)[1][0].id


def moment() -> int:
    """A time that no change before or after has."""
    time.sleep(0.003)
    now = time.time_ns() // 1_000_000
    time.sleep(0.003)
    return now


def test_ten_thousand_and_one_are_refused_not_cut() -> None:
    limits = Limits()
    refuse_too_many(Counter({JOB: 10_000, SCRIPT: 10_000, RESOURCE: 99_999}), limits)
    for kind in (JOB, SCRIPT):
        assert refused(partial(refuse_too_many, Counter({kind: 10_001}), limits)) is (
            ErrorCode.EXPORT_TOO_LARGE
        )
