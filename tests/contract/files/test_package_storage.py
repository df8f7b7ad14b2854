"""What every shelf keeps to."""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from jobferry.access.sealing import Sealer
from jobferry.errors import ErrorCode, FilesError, NotFound, PackageRefused
from jobferry.files.faults import closing, disk_fault
from jobferry.files.package_storage import LocalPackageStorage, _flush, _put
from jobferry.files.ports import Note, PackageStorage

NOBODY = "0" * 32


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "shelf"


@pytest.fixture(params=["local"])
def shelf(folder: Path) -> PackageStorage:
    return LocalPackageStorage(folder)


@pytest.mark.parametrize("name", ["jobs.zip", "作业 月报.zip", "../../etc/passwd", "a\nb", "\udcff", ""])
def test_what_is_received_can_be_opened(shelf: PackageStorage, name: str) -> None:
    received = shelf.receive(name, [b"one", b"", b"two"], owner="u", limit=6)
    assert (received.name, received.size, received.owner, len(received.id)) == (name, 6, "u", 32)
    assert shelf.find(received.id) == received
    with shelf.open(received.id) as file:
        assert file.seek(0, 2) == 6
        file.seek(0)
        assert file.read() == b"onetwo"
    assert file.closed


def test_packages_are_found_by_who_handed_them_in(shelf: PackageStorage) -> None:
    assert shelf.of("u") == []
    mine, theirs = (shelf.receive("same.zip", [b"1"], owner=owner, limit=9) for owner in ("u", "v"))
    assert (shelf.of("u"), shelf.of("v"), shelf.of("")) == ([mine], [theirs], [])
    shelf.discard(mine.id)
    assert shelf.of("u") == []


def test_packages_do_not_touch_each_other(shelf: PackageStorage) -> None:
    first, second = (shelf.receive("same.zip", [text], owner="u", limit=9) for text in (b"1", b"2"))
    shelf.discard(first.id)
    shelf.discard(first.id)
    assert shelf.find(first.id) is None
    with shelf.open(second.id) as file:
        assert file.read() == b"2"


def test_what_lies_beside_a_package_goes_with_it(shelf: PackageStorage, folder: Path) -> None:
    received = shelf.receive("a.zip", [b"x"], owner="u", limit=9)
    assert shelf.kept(received.id, Note.FACTS) is None
    for content in (b"1", b"22"):
        shelf.keep(received.id, Note.FACTS, content)
        shelf.keep(received.id, Note.REPORT, b"r" + content)
    assert shelf.kept(received.id, Note.FACTS) == b"22"
    assert shelf.kept(received.id, Note.REPORT) == b"r22"
    shelf.discard(received.id)
    assert list(folder.iterdir()) == []
    assert shelf.kept(received.id, Note.FACTS) is None
    with pytest.raises(NotFound):
        shelf.keep(received.id, Note.FACTS, b"late")
    assert list(folder.iterdir()) == []


def test_a_package_of_a_time_without_owners_is_nobodys(shelf: PackageStorage, folder: Path) -> None:
    received = shelf.receive("a.zip", [b"x"], owner="u", limit=9)
    (folder / f"{received.id}.name").write_text("a.zip")
    assert shelf.find(received.id) is None
    with shelf.open(received.id) as file:
        assert file.read() == b"x"


@pytest.mark.parametrize("package_id", [NOBODY, "", "../../etc/passwd", "A" * 32, NOBODY + "\n"])
def test_what_is_not_there_is_told(shelf: PackageStorage, package_id: str) -> None:
    assert shelf.find(package_id) is None
    assert shelf.kept(package_id, Note.FACTS) is None
    shelf.discard(package_id)
    with pytest.raises(NotFound) as caught, shelf.open(package_id):
        pass
    assert caught.value.code is ErrorCode.PACKAGE_MISSING


def test_a_package_over_the_limit_is_refused_whole(shelf: PackageStorage, folder: Path) -> None:
    assert shelf.receive("a.zip", [bytes(5), bytes(5)], owner="u", limit=10).size == 10
    before = sorted(folder.iterdir())
    with pytest.raises(PackageRefused) as caught:
        shelf.receive("b.zip", [bytes(5), bytes(6)], owner="u", limit=10)
    assert caught.value.code is ErrorCode.PACKAGE_TOO_LARGE
    assert sorted(folder.iterdir()) == before


def test_a_fault_on_the_way_leaves_nothing_behind(shelf: PackageStorage, folder: Path) -> None:
    def chunks() -> Iterator[bytes]:
        yield b"x"
        raise LookupError("the caller went away")

    with pytest.raises(LookupError):
        shelf.receive("a.zip", chunks(), owner="u", limit=9)
    assert list(folder.iterdir()) == []


def test_only_the_owner_reads_it(shelf: PackageStorage, folder: Path) -> None:
    shelf.receive("a.zip", [b"x"], owner="u", limit=9)
    assert {stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()} == {0o600}
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_old_and_half_written_packages_are_swept(shelf: PackageStorage, folder: Path) -> None:
    assert shelf.sweep(older_than=0) == 0
    old, young = (shelf.receive("a.zip", [b"x"], owner="u", limit=9) for _ in range(2))
    os.utime(folder / f"{old.id}.zip", (1, 1))
    for leftover in (f"{NOBODY}.part", f"{NOBODY}.name", f"{NOBODY}.facts-part", "notes.txt"):
        (folder / leftover).write_bytes(b"x")
    assert shelf.sweep(older_than=3600) == 1
    left = sorted(path.name for path in folder.iterdir())
    assert left == sorted([f"{young.id}.name", f"{young.id}.zip", "notes.txt"])


def test_a_sweep_leaves_an_old_package_that_somebody_will_come_for(
    shelf: PackageStorage, folder: Path
) -> None:
    first, second = (shelf.receive("a.zip", [b"x"], owner="u", limit=9) for _ in range(2))
    for one in (first, second):
        os.utime(folder / f"{one.id}.zip", (1, 1))
    assert shelf.sweep(older_than=3600, keep={first.id}) == 1
    assert shelf.find(first.id) == first
    assert shelf.find(second.id) is None


def test_a_sweep_leaves_what_is_being_written(shelf: PackageStorage) -> None:
    def chunks() -> Iterator[bytes]:
        yield b"x"
        shelf.sweep(older_than=0)
        yield b"y"

    assert shelf.find(shelf.receive("a.zip", chunks(), owner="u", limit=9).id) is not None


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(FilesError) as caught:
        LocalPackageStorage(tmp_path / "file/shelf").receive("a.zip", [b"x"], owner="u", limit=9)
    assert caught.value.code is ErrorCode.FILES_FAILED


def test_a_package_whose_file_was_taken_away_while_it_came_is_told_and_not_there(
    shelf: PackageStorage, folder: Path
) -> None:
    incoming = shelf.begin("a.zip", owner="u", limit=9)
    incoming.add(b"x")
    (part,) = folder.glob("*.part")
    part.unlink()
    with pytest.raises(FilesError) as caught:
        incoming.keep()
    assert (caught.value.code, caught.value.subject) == (ErrorCode.FILES_FAILED, "a.zip")
    incoming.drop()
    assert list(folder.iterdir()) == []


def test_a_report_lies_sealed_and_is_not_there_for_another_key(folder: Path) -> None:
    shelf = LocalPackageStorage(folder, lambda: Sealer(bytes(32)))
    received = shelf.receive("a.zip", [b"one"], owner="u", limit=9)
    shelf.keep(received.id, Note.REPORT, b"hour=secret-4417")
    assert b"secret" not in (folder / f"{received.id}.{Note.REPORT}").read_bytes()
    assert shelf.kept(received.id, Note.REPORT) == b"hour=secret-4417"
    other = LocalPackageStorage(folder, lambda: Sealer(b"1" * 32))
    assert other.kept(received.id, Note.REPORT) is None
    (folder / f"{received.id}.{Note.REPORT}").write_bytes(b"from before")
    assert shelf.kept(received.id, Note.REPORT) is None


@pytest.mark.parametrize("ending", ["zip", "name", Note.FACTS])
def test_what_cannot_be_read_is_told(shelf: PackageStorage, folder: Path, ending: str) -> None:
    """A folder stands where the file belongs."""
    received = shelf.receive("a.zip", [b"x"], owner="u", limit=9)
    file = folder / f"{received.id}.{ending}"
    file.unlink(missing_ok=True)
    file.mkdir()
    readings: dict[str, Callable[[], object]] = {
        "zip": lambda: shelf.open(received.id).__enter__(),
        "name": lambda: shelf.find(received.id),
        Note.FACTS: lambda: shelf.kept(received.id, Note.FACTS),
    }
    with pytest.raises(FilesError) as caught:
        readings[ending]()
    assert (caught.value.code, caught.value.subject) == (ErrorCode.FILES_FAILED, received.id)


def test_a_note_that_finds_a_folder_in_its_place_is_told_and_the_package_stays(
    shelf: PackageStorage, folder: Path
) -> None:
    received = shelf.receive("a.zip", [b"x"], owner="u", limit=9)
    (folder / f"{received.id}.{Note.FACTS}").mkdir()
    with pytest.raises(FilesError) as caught:
        shelf.keep(received.id, Note.FACTS, b"late")
    assert caught.value.code is ErrorCode.FILES_FAILED
    assert shelf.find(received.id) == received


@pytest.mark.parametrize("flushed", [True, False])
def test_a_disk_that_is_full_only_at_the_end_of_a_file_is_told_once(flushed: bool) -> None:
    """What was written waits in memory until it is flushed, or the file closed."""
    full = Path("/dev/full").open("wb")  # noqa: SIM115 - closed by what is tested
    with pytest.raises(FilesError) as caught, closing(full, "a.zip"):
        _put(full, b"x", "a.zip")
        if flushed:
            _flush(full, "a.zip")
    assert (caught.value.code, full.closed) == (ErrorCode.DISK_FULL, True)


def test_a_full_disk_is_told(shelf: PackageStorage, folder: Path) -> None:
    folder.mkdir()
    with pytest.raises(FilesError) as caught, Path("/dev/full").open("wb") as full:
        _put(full, bytes(1024 * 1024), "a.zip")
    assert caught.value.code is ErrorCode.DISK_FULL
    assert disk_fault(OSError(errno.EDQUOT, "quota"), "a").code is ErrorCode.DISK_FULL
    assert disk_fault(OSError(errno.EIO, "broken"), "a").code is ErrorCode.FILES_FAILED
