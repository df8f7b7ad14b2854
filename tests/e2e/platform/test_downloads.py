"""The download center: every export leaves a record, packages are kept for their time, and only whole."""

from __future__ import annotations

import random
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import cast

import msgspec
import pytest

from builders import job, resource
from jobferry.errors import (
    Conflict,
    ErrorCode,
    FilesError,
    Forbidden,
    InvalidRequest,
    JobferryError,
    NotFound,
    StoreError,
)
from jobferry.files.ports import ObjectPath, ObjectStorage
from jobferry.model.kinds import ObjectKind
from jobferry.model.package import ExportState, Layout
from jobferry.model.rights import Role
from jobferry.model.task import Ending, Task, TaskStatus
from jobferry.model.transfer.download import Download, DownloadFilter, DownloadKind
from jobferry.model.transfer.export import ExportRequest, ExportScope
from jobferry.services.exporting.background import Producing
from jobferry.services.exporting.downloads import (
    INTERRUPTED,
    UNEXPECTED,
    DownloadCenter,
    Listed,
    Sent,
    SentChunks,
)
from jobferry.services.exporting.exports import Exports
from jobferry.services.exporting.packing import Filing, pack
from jobferry.services.exporting.selection import selected
from jobferry.store import TaskLog
from people import assign, entered, member

from .conftest import Site

JOB = ObjectKind.JOB
DAY = 24 * 60 * 60 * 1000
EVERYTHING = ExportRequest(everything=True)
Open = Callable[[str], Site]


@pytest.fixture
def here(site: Open) -> Site:
    opened = site("here")
    opened.save(JOB, job("orders"))
    opened.save(JOB, job("订单"))
    return opened


def made(site: Site, request: ExportRequest = EVERYTHING, into: str = "") -> Listed:
    """An export in the background, at its end."""
    task = site.running.producing.begin(site.grant, request, into=into)
    while not site.running.wait(task.id, 30.0):
        pass
    return site.running.downloads.show(site.grant, task.id)


def listed(site: Site, **wanted: object) -> list[Download]:
    found = DownloadFilter(workspace_id="", **wanted)  # type: ignore[arg-type]
    return [one.download for one in site.running.downloads.page(site.grant, found, offset=0, limit=99)[1]]


def after(site: Site, ms: int) -> DownloadCenter:
    """The same download center some time later."""
    parts = site.running.parts
    runtime = msgspec.structs.replace(parts.runtime, now=lambda: parts.runtime.now() + ms)
    return DownloadCenter(runtime, parts.log, parts.kept, parts.records, site.running.stored.values)


def kept(tmp_path: Path) -> list[Path]:
    return sorted((tmp_path / "here" / "downloads").glob("*"))


def test_an_export_in_the_background_waits_for_its_download(here: Site, tmp_path: Path) -> None:
    found = made(here)
    record = found.download
    assert (record.status, record.kind, record.objects) == (TaskStatus.SUCCESSFUL, DownloadKind.WORKSPACE, 2)
    assert found.available
    assert record.digest == here.digest()
    with here.running.downloads.open(here.grant, record.id) as (told, file):
        package = file.read()
    assert told == record
    assert len(package) == record.size
    (tmp_path / "p.zip").write_bytes(package)
    with zipfile.ZipFile(tmp_path / "p.zip") as archive:
        assert archive.namelist() == ["manifest.json", "jobs/orders.job", "jobs/订单.job"]
    _, notices = here.running.notices.page(here.caller)
    assert [(one.code, one.args["package"]) for one in notices] == [("export-finished", record.file_name)]


def test_a_package_that_goes_out_at_once_leaves_a_record_without_a_file(here: Site) -> None:
    here.export("orders")
    here.running.exports.factory_job(
        here.grant, "orders", depend=True, state=ExportState.DRAFT
    ).chunks.close()
    stopped, whole = listed(here)
    assert (whole.status, whole.kind, whole.subject) == (
        TaskStatus.SUCCESSFUL,
        DownloadKind.SELECTION,
        "orders",
    )
    assert whole.size > 0
    assert (stopped.status, stopped.kind) == (TaskStatus.FAILED, DownloadKind.FACTORY)
    assert "went away" in stopped.reason
    with (
        pytest.raises(NotFound, match="sent directly to the caller"),
        here.running.downloads.open(here.grant, whole.id),
    ):
        pass


def test_an_export_that_fails_stays_with_its_reason(here: Site) -> None:
    with pytest.raises(NotFound):
        here.export("ghost")
    later = here.running.producing.begin(here.grant, ExportRequest(jobs=("ghost",)))
    here.running.wait(later.id, 30.0)
    streamed, background = sorted(listed(here, status=TaskStatus.FAILED), key=lambda one: one.id == later.id)
    for one in (streamed, background):
        assert "the job ghost does not exist" in one.reason
        assert one.ended_at >= one.started_at > 0
    assert here.running.reports.task(here.caller, later.id).code == "job-missing"


def test_packages_are_written_to_the_default_place_of_the_workspace(here: Site, tmp_path: Path) -> None:
    with pytest.raises(InvalidRequest, match="no default path"):
        here.running.producing.begin(here.grant, EVERYTHING, into="default")
    here.running.workspaces.set(here.grant, {"default_object_path": "obs://out/first"})
    first = made(here, into="default")
    here.running.workspaces.set(here.grant, {"default_object_path": "obs://out/second/"})
    second = made(here, into="default")
    for one, folder in ((first, "first"), (second, "second")):
        record = one.download
        assert record.place == f"obs://out/{folder}/{record.file_name}"
        assert not one.available
        assert (tmp_path / "here/objects/out" / folder / record.file_name).stat().st_size == record.size
    with pytest.raises(InvalidRequest):
        here.running.producing.begin(here.grant, EVERYTHING, into="out/first")


def test_records_are_found_by_kind_status_and_pieces_of_their_words(here: Site) -> None:
    here.export("orders")
    here.export("订单")
    here.export()
    assert [one.subject for one in listed(here, kind=DownloadKind.SELECTION)] == ["订单", "orders"]
    assert [one.subject for one in listed(here, text="RDER")] == ["orders"]
    assert listed(here, text="单")[0].subject == "订单"
    assert listed(here, status=TaskStatus.FAILED) == listed(here, operator="nobody") == []
    newest = listed(here)[0].started_at
    assert listed(here, until=1) == []
    assert listed(here, since=newest)


def test_everybody_sees_their_own_records_and_those_who_run_the_workspace_all(here: Site) -> None:
    record = made(here).download
    ann = entered(here.running, None, member(here.running, "ann", Role.DEVELOPER))
    boss = entered(here.running, None, member(here.running, "boss", Role.ADMINISTRATOR))
    here.running.exports.package(ann, ExportRequest(jobs=("orders",)))
    center, everything = here.running.downloads, DownloadFilter(workspace_id="")
    assert center.page(ann, everything, offset=0, limit=9)[0] == 1
    assert center.page(boss, everything, offset=0, limit=9)[0] == 2
    others = DownloadFilter(workspace_id="", operator=here.caller.name)
    assert center.page(ann, others, offset=0, limit=9) == (0, [])
    for look in (center.show, center.delete):
        with pytest.raises(NotFound) as caught:
            look(ann, record.id)
        assert caught.value.code is ErrorCode.DOWNLOAD_MISSING
    assert center.show(boss, record.id).available


def test_records_and_files_go_together_after_their_days(here: Site, tmp_path: Path) -> None:
    record = made(here).download
    assert after(here, 7 * DAY - 60_000).show(here.grant, record.id).available
    late = after(here, 7 * DAY + 60_000)
    assert not late.show(here.grant, record.id).available
    with pytest.raises(NotFound, match="it has expired"), late.open(here.grant, record.id):
        pass
    assert len(kept(tmp_path)) == 2
    late.sweep()
    assert kept(tmp_path) == []
    with pytest.raises(NotFound):
        late.show(here.grant, record.id)


def test_a_deleted_record_takes_its_package_along(here: Site, tmp_path: Path) -> None:
    record = made(here).download
    here.running.downloads.delete(here.grant, record.id)
    assert kept(tmp_path) == []
    with pytest.raises(NotFound), here.running.downloads.open(here.grant, record.id):
        pass


def test_what_was_deleted_while_it_was_made_is_thrown_away(here: Site, tmp_path: Path) -> None:
    begun: list[Task] = []
    own = here.running.parts
    producing = Producing(own.runtime, own.log, own.kept, own.filing, own.records, begun.append)
    task = producing.begin(here.grant, EVERYTHING)
    here.running.downloads.delete(here.grant, task.id)
    assert not producing.run(begun[0]).succeeded
    assert kept(tmp_path) == []


def test_a_package_is_there_up_to_the_end_of_its_time_and_not_at_it(here: Site) -> None:
    record, parts = made(here).download, here.running.parts
    for left, there in ((1, True), (0, False)):
        now = record.started_at + 7 * DAY - left
        runtime = msgspec.structs.replace(parts.runtime, now=lambda at=now: at)
        center = DownloadCenter(runtime, parts.log, parts.kept, parts.records, here.running.stored.values)
        assert center.show(here.grant, record.id).available is there


def test_a_download_policy_holds_for_kept_packages_too(here: Site) -> None:
    ann = entered(here.running, None, member(here.running, "ann", Role.DEVELOPER))
    task = here.running.producing.begin(ann, EVERYTHING)
    here.running.wait(task.id, 30.0)
    here.running.workspaces.set(here.grant, {"download": "administrators"})
    ann = entered(here.running, None, ann.caller)
    with pytest.raises(Forbidden, match="may not download"), here.running.downloads.open(ann, task.id):
        pass
    with here.running.downloads.open(entered(here.running), task.id):
        pass


def test_an_export_that_was_cut_off_ends_as_interrupted(site: Open, here: Site, tmp_path: Path) -> None:
    """A stream of a process that is gone, and a package that it was still writing."""
    stream = here.running.exports.package(here.grant, EVERYTHING)
    next(iter(stream.chunks))
    (tmp_path / "here/downloads").mkdir(exist_ok=True)
    (tmp_path / "here/downloads" / f"{'a' * 32}.part").write_bytes(b"half")
    again = site("here")
    assert [(one.status, one.reason) for one in listed(again)] == [(TaskStatus.FAILED, INTERRUPTED)]
    again.running.downloads.sweep()
    assert kept(tmp_path) == []


class Failing:
    """Storage that reads all that it is given and then cannot finish."""

    def __init__(self, error: JobferryError) -> None:
        self._error = error

    def writing(self, _path: ObjectPath) -> None:
        """Asked when an export begins, whether the place may be written at all."""

    def store(self, _path: ObjectPath, chunks: Iterator[bytes]) -> int:
        list(chunks)
        raise self._error


def filing(site: Site, error: JobferryError) -> Filing:
    """The same place for packages, failing."""
    own = site.running.parts
    failing = cast("ObjectStorage", Failing(error))
    return Filing(
        own.runtime.store, lambda: failing, own.storage, lambda: site.running.stored.values().file_bytes
    )


NO_END = FilesError(ErrorCode.FILES_FAILED, "the last part did not arrive")


def test_what_was_read_and_never_arrived_is_no_success(here: Site) -> None:
    own = here.running.parts
    exports = Exports(own.runtime, filing(here, NO_END), own.records)
    stream = exports.factory_job(here.grant, "orders", depend=True, state=ExportState.DRAFT, download=False)
    with pytest.raises(FilesError):
        exports.into_folder(here.grant, stream, "obs://bucket/out", "orders")
    (record,) = listed(here)
    assert (record.status, record.reason) == (TaskStatus.FAILED, NO_END.message)


@pytest.mark.parametrize("error", [NO_END, StoreError(ErrorCode.STORE_BUSY, "somebody else is writing")])
def test_a_background_export_that_fails_has_its_reason_at_once(here: Site, error: JobferryError) -> None:
    own, begun = here.running.parts, list[Task]()
    failing = filing(here, error)
    producing = Producing(own.runtime, own.log, own.kept, failing, own.records, begun.append)
    task = producing.begin(here.grant, EVERYTHING, into="obs://bucket/out")
    with pytest.raises(type(error)):
        producing.run(begun[0])
    record = here.running.downloads.show(here.grant, task.id).download
    assert (record.status, record.reason) == (TaskStatus.FAILED, error.message)


@pytest.mark.parametrize("left", [(), (Role.VIEWER,), (Role.DEVELOPER,)], ids=",".join)
def test_a_background_export_ends_where_the_right_has_ended_since_it_was_begun(
    here: Site, left: tuple[Role, ...]
) -> None:
    own, begun = here.running.parts, list[Task]()
    caller = member(here.running, "wu", Role.OPERATOR)
    grant = entered(here.running, None, caller)
    producing = Producing(own.runtime, own.log, own.kept, own.filing, own.records, begun.append)
    task = producing.begin(grant, EVERYTHING)
    assign(here.running, caller, None, *left)
    if Role.DEVELOPER in left:
        assert producing.run(begun[0]).succeeded
        return
    with pytest.raises(Forbidden, match="the right of wu to export from this workspace has ended"):
        producing.run(begun[0])
    assert here.running.downloads.show(here.grant, task.id).download.status is TaskStatus.FAILED


class Tardy:
    """A task log that has a task noted only when somebody has looked for those that nobody works on."""

    def __init__(self, log: TaskLog, look: Callable[[], None]) -> None:
        self._log, self._look = log, look

    def add(self, task: Task) -> None:
        self._look()
        self._log.add(task)


def test_an_export_that_is_only_beginning_is_not_settled(here: Site) -> None:
    own, center = here.running.parts, here.running.downloads
    log = cast("TaskLog", Tardy(own.log, center.settle))
    producing = Producing(own.runtime, log, own.kept, own.filing, own.records, lambda _task: None)
    task = producing.begin(here.grant, EVERYTHING)
    center.settle()
    assert center.show(here.grant, task.id).download.status is TaskStatus.RUNNING
    own.log.finish(task.id, Ending(succeeded=False, message="lost"), at=1)
    center.settle()
    assert center.show(here.grant, task.id).download.reason == INTERRUPTED


def test_a_package_begins_to_leave_before_its_last_text_is_read(here: Site) -> None:
    chance = random.Random(1)  # noqa: S311 - content that does not compress
    for number in range(30):
        here.script(f"s{number}", content=chance.randbytes(300_000).hex())
    store, seen = here.running.parts.runtime.store, list[int]()
    chosen = selected(store, here.grant, EVERYTHING)
    packed = pack(store, here.grant.workspace, chosen, Layout.FACTORY, with_manifest=True, note=seen.append)
    next(packed.chunks)
    assert seen[-1:] != [len(chosen.picked)]
    assert len(list(packed.chunks)) > 20
    assert seen[-1] == len(chosen.picked) == 32  # two jobs besides


def missing(here: Site, download_id: str) -> NotFound:
    with pytest.raises(NotFound) as caught, here.running.downloads.open(here.grant, download_id):
        pass
    assert (caught.value.code, caught.value.subject) == (ErrorCode.DOWNLOAD_MISSING, download_id)
    return caught.value


def test_what_has_no_file_here_says_why_it_cannot_be_downloaded(here: Site) -> None:
    own, begun = here.running.parts, list[Task]()
    producing = Producing(own.runtime, own.log, own.kept, own.filing, own.records, begun.append)
    running = producing.begin(here.grant, EVERYTHING)
    elsewhere = made(here, into="obs://bucket/out").download
    failing = Producing(own.runtime, own.log, own.kept, filing(here, NO_END), own.records, begun.append)
    failed = failing.begin(here.grant, EVERYTHING, into="obs://bucket/out")
    with pytest.raises(FilesError):
        failing.run(begun[-1])
    assert elsewhere.place in missing(here, elsewhere.id).message
    assert NO_END.message in missing(here, failed.id).message
    assert missing(here, running.id).message != missing(here, failed.id).message


def test_what_fails_in_a_way_that_nobody_foresaw_is_told_as_such_in_the_record(here: Site) -> None:
    own, begun = here.running.parts, list[Task]()
    strange = filing(here, cast("JobferryError", LookupError("a bug")))
    exports = Exports(own.runtime, strange, own.records)
    stream = exports.factory_job(here.grant, "orders", depend=True, state=ExportState.DRAFT, download=False)
    with pytest.raises(LookupError):
        exports.into_folder(here.grant, stream, "obs://bucket/out", "orders")
    producing = Producing(own.runtime, own.log, own.kept, strange, own.records, begun.append)
    producing.begin(here.grant, EVERYTHING, into="obs://bucket/out")
    with pytest.raises(LookupError):
        producing.run(begun[0])
    assert {record.status for record in listed(here)} == {TaskStatus.FAILED}
    assert not any("a bug" in record.reason for record in listed(here))


def test_chunks_that_stop_with_a_bug_end_as_failed_once(here: Site) -> None:
    def chunks() -> Iterator[bytes]:
        yield b"one"
        raise LookupError

    ends: list[Sent] = []
    sent = SentChunks(chunks(), ends.append)
    with pytest.raises(LookupError):
        list(sent)
    sent.close()
    assert ends == [Sent(3, "", UNEXPECTED)]


@pytest.mark.parametrize("later", [b"y" * 700_000, b"x" * 700_001, b"x"])
def test_a_file_that_is_changed_while_its_package_leaves_ends_the_export(here: Site, later: bytes) -> None:
    file = here.running.home.folder / "objects" / "jars" / "a.jar"
    file.parent.mkdir(parents=True)
    file.write_bytes(b"x" * 700_000)
    here.save(ObjectKind.RESOURCE, resource("kept", location="hdfs:///as/it/is"))
    here.save(ObjectKind.RESOURCE, resource("lookup", location="obs://jars/a.jar"))
    with_files = ExportRequest(everything=True, scope=ExportScope.FILES)
    assert b"".join(here.running.exports.package(here.grant, with_files).chunks)
    stream = here.running.exports.package(here.grant, with_files)
    file.write_bytes(later)
    with pytest.raises(Conflict) as caught:
        list(stream.chunks)
    assert (caught.value.code, caught.value.subject) == (ErrorCode.TARGET_CHANGED, "obs://jars/a.jar")
    assert sorted(record.status for record in listed(here)) == [TaskStatus.FAILED, TaskStatus.SUCCESSFUL]
