"""Backups that the platform takes by itself: by one server, whole or not at all; their outcome is told."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

import pytest

from jobferry.errors import ErrorCode, FilesError, InvalidRequest, PackageRefused
from jobferry.files.backup_places import BackupBucket, BackupFolder
from jobferry.files.objects import LocalObjects
from jobferry.files.ports import BackupPlace, ObjectPath, Write
from jobferry.model.audit import AuditOutcome
from jobferry.model.backups import BackupRun, last_due
from jobferry.model.records import Platform
from jobferry.services.operating.platform_settings import StoredSettings
from jobferry.services.operating.scheduled_backups import ScheduledBackups

from .conftest import NOON, Crowd

HOUR = 60 * 60 * 1000
DAY = 24 * HOUR
DOWN = FilesError(ErrorCode.FILES_FAILED, "the store is down", hint="wait")


@dataclass
class Site:
    """A platform's servers, and the folder that their backups go to."""

    crowd: Crowd
    folder: Path
    live: set[str] = field(default_factory=set)
    taken: list[str] = field(default_factory=list)
    meanwhile: Callable[[], object] = lambda: None
    reading: Callable[[], object] = lambda: None
    place: Callable[[str], BackupPlace] = lambda text: BackupFolder(Path(text))

    def server(self, name: str) -> ScheduledBackups:
        self.live.add(name)

        def take(write: Write) -> None:
            write(b"first half, ")
            self.taken.append(name)
            self.meanwhile()
            write(b"second half")

        stored = StoredSettings(self.crowd.runtime, ())
        servers = _Servers(name, self.live)
        return ScheduledBackups(self.crowd.runtime, stored, servers, self.place, take, self._look_through)

    def _look_through(self, file: BinaryIO, name: str) -> Iterator[None]:
        self.reading()
        yield
        if file.read() != b"first half, second half":
            raise PackageRefused(ErrorCode.BACKUP_INVALID, "a file was changed", subject=name, hint="another")

    def run(self) -> BackupRun | None:
        with self.crowd.store.read() as snapshot:
            return snapshot.backups.last()

    @property
    def names(self) -> list[str]:
        return sorted(path.name for path in self.folder.iterdir()) if self.folder.exists() else []

    def told(self) -> list[str]:
        return [notice.code.value for notice in self.crowd.notices.page(self.crowd.root, sort="at")[1]]

    def audited(self) -> list[tuple[str, str, str]]:
        rows = self.crowd.audit(action="backup")
        return [(row.event.outcome.value, row.event.subject, row.event.detail) for row in rows]


@dataclass
class _Servers:
    id: str
    all: set[str]

    def live(self) -> frozenset[str]:
        return frozenset(self.all)


@pytest.fixture
def site(crowd: Crowd, tmp_path: Path) -> Site:
    with crowd.store.write() as uow:
        if uow.platform() is None:
            uow.add_platform(Platform(id="3f2a9c1e" + "0" * 24, name="p", project_id="0" * 32))
        uow.commit()
    switched(crowd, backup_place=str(tmp_path / "backups"), backup_hour="2")
    return Site(crowd, tmp_path / "backups")


def switched(crowd: Crowd, **values: str) -> None:
    StoredSettings(crowd.runtime, ()).change(crowd.root, values)


def test_nothing_is_backed_up_before_somebody_says_where(site: Site) -> None:
    switched(site.crowd, backup_place="")
    site.server("a").tick()
    assert (site.run(), site.names) == (None, [])


def test_one_of_several_servers_takes_each_one_that_is_due(site: Site) -> None:
    first, second = site.server("a"), site.server("b")
    for server in (second, first, second):
        server.tick()
    assert site.taken == ["b"]
    (name,) = site.names
    assert (site.folder / name).read_bytes() == b"first half, second half"
    assert (site.folder / name).stat().st_mode & 0o777 == 0o600
    run = site.run()
    assert run is not None
    assert (run.path, run.size, run.said, run.ended_at) == (str(site.folder / name), 23, "", NOON)
    assert site.audited() == [("done", run.path, "bytes=23")]
    assert site.told() == []
    site.crowd.now += DAY
    first.tick()
    assert (site.taken, len(site.names)) == (["b", "a"], 2)


def test_a_clock_that_is_set_back_across_the_hour_makes_no_backup_twice(site: Site) -> None:
    server = site.server("a")
    for now in (NOON, NOON + DAY, NOON + 13 * HOUR, NOON + DAY):
        site.crowd.now = now
        server.tick()
    assert (site.taken, len(site.names)) == (["a", "a"], 2)


def test_nobody_takes_what_another_server_is_taking(site: Site) -> None:
    first, second = site.server("a"), site.server("b")
    site.meanwhile = second.tick
    first.tick()
    assert site.taken == ["a"]


def test_what_a_killed_server_has_left_another_one_takes_and_only_that(site: Site) -> None:
    due_at = last_due(2, "UTC", NOON)
    with site.crowd.store.write() as uow:
        uow.backups.save(BackupRun(due_at=due_at, server="dead", begun_at=NOON))
        uow.commit()
    site.live.add("dead")
    server = site.server("a")
    server.tick()
    assert site.taken == []
    site.live.remove("dead")
    server.tick()
    run = site.run()
    assert run is not None
    assert (site.taken, run.server, run.attempts, len(site.names)) == (["a"], "a", 2, 1)


@pytest.mark.parametrize("in_store", [False, True])
def test_a_server_that_was_overtaken_leaves_nothing(site: Site, in_store: bool) -> None:
    """It stood still, and was given up. In a store its draft is not in the way of the other one's."""
    bucket = BackupBucket(LocalObjects(site.folder), ObjectPath("backups", "p"))
    place: BackupPlace = bucket if in_store else BackupFolder(site.folder)
    site.place = lambda _: place
    first, second = site.server("a"), site.server("b")

    def overtake() -> None:
        if site.taken == ["a"]:
            site.live.remove("a")
            site.crowd.now += 1000
            second.tick()

    site.meanwhile = overtake
    first.tick()
    run = site.run()
    assert run is not None
    assert (site.taken, run.server, run.said) == (["a", "b"], "b", "")
    assert [place.path(entry.name) for entry in place.entries()] == [run.path]
    assert [outcome for outcome, _, _ in site.audited()] == ["done"]


def test_a_failure_is_told_once_tried_again_each_hour_and_told_when_it_is_over(site: Site) -> None:
    def fail() -> None:
        raise DOWN

    site.meanwhile = fail
    server = site.server("a")
    for _ in range(3):
        server.tick()
        assert site.names == []
        site.crowd.now += HOUR
    assert len(site.taken) == 3
    assert site.told() == ["backup-failed"]
    place = str(site.folder)
    assert site.audited() == [("failed", place, "files-failed")] * 3
    (notice,) = site.crowd.notices.page(site.crowd.root)[1]
    assert notice.args == {"place": place, "said": "the store is down"}
    assert site.crowd.notices.page(site.crowd.anne)[0] == 0
    run = site.run()
    assert run is not None and run.said == "the store is down"
    site.meanwhile = lambda: None
    server.tick()
    assert site.told() == ["backup-failed", "backup-finished"]
    assert len(site.names) == 1
    site.crowd.now += HOUR
    server.tick()
    assert len(site.taken) == 4


def test_it_is_not_tried_again_within_the_hour(site: Site) -> None:
    def fail() -> None:
        raise DOWN

    site.meanwhile = fail
    server = site.server("a")
    server.tick()
    site.crowd.now += HOUR - 1
    server.tick()
    assert len(site.taken) == 1


def test_what_nobody_foresaw_is_noted_as_a_failure_too(site: Site) -> None:
    def break_down() -> None:
        raise ZeroDivisionError

    site.meanwhile = break_down
    with pytest.raises(ZeroDivisionError):
        site.server("a").tick()
    run = site.run()
    assert run is not None
    assert (run.said, run.ended_at, site.names) == ("something unexpected happened", NOON, [])


def test_a_server_that_is_stopped_leaves_it_to_the_next_one_at_once(site: Site) -> None:
    first, second = site.server("a"), site.server("b")
    site.meanwhile = first.stop
    first.tick()
    assert (site.names, site.audited(), site.told()) == ([], [], [])
    site.meanwhile = lambda: None
    second.tick()
    assert (site.taken, len(site.names)) == (["a", "b"], 1)


@pytest.mark.parametrize("in_store", [False, True])
def test_one_that_is_not_as_it_was_written_is_a_failure_and_takes_no_good_one_with_it(
    site: Site, in_store: bool
) -> None:
    """The disk or the store has kept other bytes than it was given."""
    folder = site.folder / "backups" / "p" if in_store else site.folder
    bucket = BackupBucket(LocalObjects(site.folder), ObjectPath("backups", "p"))
    site.place = lambda _: bucket if in_store else BackupFolder(folder)
    switched(site.crowd, backup_days="1")
    server = site.server("a")
    server.tick()
    good = site.run()
    (name,) = [path.name for path in folder.iterdir()]
    site.crowd.now += 3 * DAY

    def change() -> None:
        (last,) = [path for path in folder.iterdir() if path.name != name]
        last.write_bytes(b"first half, second hulf")

    site.reading = change
    server.tick()
    run = site.run()
    assert run is not None
    assert (str(run.said).endswith("was not as it was written: a file was changed"), run.path) == (True, "")
    assert [path.name for path in folder.iterdir()] == [name]
    with site.crowd.store.read() as snapshot:
        assert snapshot.backups.last_good() == good
    assert [detail for _, _, detail in site.audited()] == ["bytes=23", "backup-invalid"]
    assert site.told() == ["backup-failed"]
    site.reading = lambda: None
    site.crowd.now += HOUR
    server.tick()
    assert site.told() == ["backup-failed", "backup-finished"]
    assert name not in [path.name for path in folder.iterdir()]


def test_one_that_cannot_be_read_again_is_not_there_either(site: Site) -> None:
    def fail() -> None:
        raise DOWN

    site.reading = fail
    site.server("a").tick()
    assert (site.names, site.told()) == ([], ["backup-failed"])


def test_a_server_that_is_stopped_while_it_reads_again_leaves_nothing(site: Site) -> None:
    first, second = site.server("a"), site.server("b")
    site.reading = first.stop
    first.tick()
    assert (site.names, site.audited(), site.told()) == ([], [], [])
    site.reading = lambda: None
    second.tick()
    assert len(site.names) == 1


def test_old_ones_go_when_a_new_one_is_there_and_nothing_else(site: Site) -> None:
    switched(site.crowd, backup_days="3")
    site.folder.mkdir()
    others = {"jobferry-00000000-20200101T000000Z.backup", "mine.backup", "notes.txt"}
    for other in others:
        (site.folder / other).write_bytes(b"")
    server = site.server("a")
    for _ in range(6):
        server.tick()
        site.crowd.now += DAY
    assert others < set(site.names)
    assert len(set(site.names) - others) == 4


def test_the_draft_of_a_server_that_was_killed_goes_with_the_next_backup(site: Site) -> None:
    server = site.server("a")
    server.tick()
    (name,) = site.names
    draft = f".writing-{name.rpartition('-')[0]}-20260101T000000Z.backup.x"
    for left in (draft, ".writing-jobferry-ffffffff-20260101T000000Z.backup.x"):
        (site.folder / left).write_bytes(b"half")
    site.crowd.now += DAY
    server.tick()
    assert (draft in site.names, len(site.names)) == (False, 3)


def test_the_hour_is_that_of_the_zone(site: Site) -> None:
    switched(site.crowd, backup_zone="Asia/Shanghai")
    server = site.server("a")
    server.tick()
    site.crowd.now = last_due(18, "UTC", NOON) + DAY - 1
    server.tick()
    assert len(site.taken) == 1
    site.crowd.now += 1
    server.tick()
    assert len(site.taken) == 2


def test_it_is_known_that_one_failed_of_which_the_former_was_good(site: Site) -> None:
    server = site.server("a")
    server.tick()
    good = site.run()
    site.crowd.now += DAY

    def fail() -> None:
        raise DOWN

    site.meanwhile = fail
    server.tick()
    with site.crowd.store.read() as snapshot:
        last, last_good = snapshot.backups.last(), snapshot.backups.last_good()
    assert last_good == good
    assert last is not None and last.said


def test_what_became_of_them_is_forgotten_after_a_quarter(site: Site) -> None:
    server = site.server("a")
    server.tick()
    site.crowd.now += 91 * DAY
    server.tick()
    with site.crowd.store.read() as snapshot:
        assert snapshot.backups.before(last_due(2, "UTC", site.crowd.now)) is None


def test_a_place_is_judged_when_it_is_set(site: Site) -> None:
    def refuse(place: str) -> None:
        raise InvalidRequest(ErrorCode.INVALID_VALUE, f"not into {place}", hint="elsewhere")

    stored = StoredSettings(site.crowd.runtime, (), refuse)
    with pytest.raises(InvalidRequest, match="not into /srv/jobferry/backups"):
        stored.change(site.crowd.root, {"backup_place": "/srv/jobferry/backups"})
    stored.change(site.crowd.root, {"backup_place": ""})
    for wrong in ("backups", "s3://a/b", "/srv/../etc", "obs://"):
        with pytest.raises(InvalidRequest, match="does not fit the setting backup_place"):
            StoredSettings(site.crowd.runtime, ()).change(site.crowd.root, {"backup_place": wrong})
    assert AuditOutcome.FAILED in {
        row.event.outcome for row in site.crowd.audit(action="platform-setting-edit")
    }
