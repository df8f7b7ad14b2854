"""Daily asset backups by a clock that is set: when they are due, what failing leaves, how long they stay."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import pytest

from builders import job, node
from e2e.platform.conftest import Site
from jobferry.errors import Conflict, ErrorCode
from jobferry.model.asset_backup import AssetBackup
from jobferry.model.audit import AuditFilter, AuditRow
from jobferry.model.kinds import ObjectKind
from jobferry.model.people import NoticeCode
from jobferry.model.task import Task, TaskStatus
from jobferry.services.asset_backups.aging import Aging
from jobferry.services.asset_backups.schedule import Schedule
from jobferry.services.asset_backups.taking import Taking
from jobferry.tasks.work import attempt

HOUR = 60 * 60 * 1000
DAY = 24 * HOUR
NOON = round(datetime(2026, 3, 10, 12, tzinfo=UTC).timestamp() * 1000)
WHERE = {"asset_backup": "true", "asset_backup_path": "obs://backups/assets"}


class Daily:
    """The schedule of a platform whose clock is set by the test. Tasks are carried out where they begin."""

    def __init__(self, here: Site) -> None:
        self.here = here
        self.now = NOON
        self.carries_out = True
        self.left: list[Task] = []
        own = here.running.parts
        self.runtime = msgspec.structs.replace(own.runtime, now=lambda: self.now)
        aging = Aging(self.runtime, own.storage)
        self.taking = Taking(self.runtime, own.log, own.storage, own.seals, self._launch, aging.let_go)
        self.schedule = Schedule(self.runtime, own.log, self.taking)

    def at(self, now: int) -> None:
        self.now = now
        self.schedule.tick()

    def set(self, **settings: str) -> None:
        self.here.running.workspaces.set(self.here.grant, settings)

    def names(self) -> list[str]:
        page = self.here.running.restoring.page(self.here.grant, "", before="", limit=100)
        return [one.name for one in page.backups]

    def last(self, status: TaskStatus) -> AssetBackup | None:
        with self.runtime.store.read() as snapshot:
            return snapshot.asset_backups.last(self.here.grant.workspace.id, status)

    def audited(self, action: str) -> list[AuditRow]:
        with self.runtime.store.read() as snapshot:
            return snapshot.audit.page(AuditFilter(action=action), offset=0, limit=100)[1]

    def finish(self, task: Task) -> None:
        ending = attempt(self.taking.run, task)
        self.here.running.parts.log.finish(task.id, ending, at=self.now)

    def _launch(self, task: Task) -> None:
        if self.carries_out:
            self.finish(task)
        else:
            self.left.append(task)


@pytest.fixture
def daily(site: Callable[[str], Site]) -> Daily:
    here = site("here")
    here.save(ObjectKind.JOB, job("orders", node("n", "Dummy")))
    made = Daily(here)
    made.set(**WHERE)
    return made


def folder_of(daily: Daily) -> Path:
    return daily.here.running.home.objects / "backups" / "assets" / "default"


def files_in(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


def test_a_day_is_backed_up_once_when_it_is_over_where_the_workspace_is(daily: Daily) -> None:
    daily.set(time_zone="GMT+8")
    daily.at(NOON)
    daily.at(NOON + 3 * HOUR)
    assert daily.names() == []  # the day is not over before 16:00 UTC, and days before are not due
    daily.at(NOON + 4 * HOUR)
    daily.at(NOON + 5 * HOUR)
    assert daily.names() == ["2026-03-10"]
    daily.at(NOON + 28 * HOUR)
    assert daily.names() == ["2026-03-11", "2026-03-10"]
    done = daily.last(TaskStatus.SUCCESSFUL)
    assert done is not None
    assert (done.created_by, done.day, done.objects) == ("platform", "2026-03-11", 1)
    told = daily.audited("asset-backup")
    assert [(row.event.actor, row.event.subject, row.event.outcome.value) for row in told] == [
        ("platform", "2026-03-11", "done"),
        ("platform", "2026-03-10", "done"),
    ]


def test_a_clock_that_is_set_back_makes_no_backup_twice(daily: Daily) -> None:
    daily.at(NOON)
    for hours in (12, 11, 12, 13):
        daily.at(NOON + hours * HOUR)
    assert daily.names() == ["2026-03-10"]
    assert len(daily.audited("asset-backup")) == 1


def test_missed_days_are_caught_up_once_and_those_that_were_off_are_not(daily: Daily) -> None:
    daily.at(NOON)
    daily.at(NOON + 5 * DAY)
    daily.at(NOON + 5 * DAY + HOUR)
    assert daily.names() == ["2026-03-14"]
    daily.set(asset_backup="false")
    daily.at(NOON + 7 * DAY)
    daily.set(asset_backup="true")
    daily.at(NOON + 9 * DAY)
    assert daily.names() == ["2026-03-14"]
    daily.at(NOON + 10 * DAY)
    assert daily.names() == ["2026-03-19", "2026-03-14"]


def test_of_several_servers_exactly_one_begins_a_backup(daily: Daily) -> None:
    daily.at(NOON)
    daily.now = NOON + DAY
    daily.carries_out = False
    with ThreadPoolExecutor(8) as pool:
        for ticked in [pool.submit(daily.schedule.tick) for _ in range(8)]:
            ticked.result()
    assert len(daily.left) == 1


def test_what_fails_is_told_once_and_tried_again_every_hour_four_times(daily: Daily) -> None:
    daily.set(asset_backup_path="")
    daily.at(NOON)
    for hour in range(12):
        daily.at(NOON + DAY + hour * HOUR)
    failed = daily.last(TaskStatus.FAILED)
    assert failed is not None
    assert (failed.attempts, failed.ended_at) == (5, NOON + DAY + 4 * HOUR)
    assert "it is not said where asset backups of default go" in failed.reason
    _, notices = daily.here.running.notices.page(daily.here.caller)
    assert [one.code for one in notices] == [NoticeCode.ASSET_BACKUP_FAILED]
    assert notices[0].args["name"] == "2026-03-10"
    daily.set(**WHERE)
    daily.at(NOON + 2 * DAY)
    assert daily.names() == ["2026-03-11"]
    state = daily.here.running.restoring.state(daily.here.grant)
    assert state.last_failed == failed
    assert state.last_good is not None
    assert state.last_good.name == "2026-03-11"


def test_a_failure_that_passes_is_made_good_within_the_day(daily: Daily) -> None:
    daily.set(asset_backup_path="")
    daily.at(NOON)
    daily.at(NOON + DAY)
    daily.set(**WHERE)
    daily.at(NOON + DAY + HOUR)
    assert daily.names() == ["2026-03-10"]
    assert daily.last(TaskStatus.FAILED) is None


def test_a_folder_without_backup_json_is_no_backup_and_the_next_try_clears_it(daily: Daily) -> None:
    left = folder_of(daily) / "2026-03-10" / "4_jobs" / "jobs-0a1b2c3d.zip"
    left.parent.mkdir(parents=True)
    left.write_bytes(b"half")
    mine = left.with_name("notes.txt")
    mine.write_text("keep")
    daily.at(NOON)
    assert daily.names() == []
    daily.at(NOON + DAY)
    assert daily.names() == ["2026-03-10"]
    found = files_in(folder_of(daily))
    assert len(found) == 3
    assert not left.exists()
    assert mine.exists()


def test_a_cancelled_backup_leaves_nothing(daily: Daily) -> None:
    daily.carries_out = False
    task = daily.taking.begin(daily.here.grant)
    with pytest.raises(Conflict) as caught:
        daily.taking.begin(daily.here.grant)
    assert caught.value.code is ErrorCode.ASSET_BACKUP_RUNNING
    daily.here.running.tasks.cancel(daily.here.caller, task.id)
    daily.finish(task)
    assert daily.names() == []
    assert files_in(folder_of(daily)) == []
    cancelled = daily.last(TaskStatus.CANCELLED)
    assert cancelled is not None
    assert cancelled.task_id == task.id


def test_one_that_another_has_ended_meanwhile_never_becomes_visible(daily: Daily) -> None:
    """As a server that froze between the last file and ``backup.json``, and was given up."""
    daily.carries_out = False
    task = daily.taking.begin(daily.here.grant)
    real = daily.here.running.parts.storage

    class Meddled:
        def __init__(self, workspace_id: str) -> None:
            self._own = real(workspace_id)

        def store(self, path: object, chunks: object) -> int:
            daily.now += HOUR
            daily.here.running.parts.log.finish(task.id, attempt(None, task), at=daily.now)
            daily.schedule.tick()
            return self._own.store(path, chunks)  # type: ignore[arg-type]

        def __getattr__(self, name: str) -> object:
            return getattr(self._own, name)

    own = daily.here.running.parts
    frozen = Taking(daily.runtime, own.log, Meddled, own.seals, daily._launch, lambda _: None)  # type: ignore[arg-type]
    ended = frozen.run(task)
    assert not ended.succeeded
    assert "interrupted" in ended.message
    assert daily.names() == []
    assert files_in(folder_of(daily)) == []


def test_old_ones_go_with_the_next_good_one_and_only_our_own(daily: Daily) -> None:
    daily.set(asset_backup_days="2")
    daily.at(NOON)
    daily.at(NOON + DAY)
    daily.taking.begin(daily.here.grant)
    assert daily.names() == ["2026-03-11_12-00-00", "2026-03-10"]
    foreign = folder_of(daily) / "2026-01-01" / "backup.json"
    foreign.parent.mkdir()
    own = next(folder_of(daily).glob("2026-03-10/backup.json")).read_text()
    identity = daily.here.running.identity.id
    foreign.write_text(own.replace(identity, "0" * 32))
    daily.set(asset_backup_path="")
    daily.at(NOON + 20 * DAY)  # fails, so that nothing is let go of
    daily.set(**WHERE)
    assert daily.names() == ["2026-03-11_12-00-00", "2026-03-10", "2026-01-01"]
    daily.at(NOON + 21 * DAY)
    assert daily.names() == ["2026-03-30", "2026-01-01"]
    assert not (folder_of(daily) / "2026-03-10").exists()
    assert len(daily.audited("asset-backup-delete")) == 2


def test_without_days_nothing_is_ever_deleted(daily: Daily) -> None:
    daily.at(NOON)
    daily.at(NOON + DAY)
    daily.at(NOON + 4_000 * DAY)
    assert len(daily.names()) == 2
