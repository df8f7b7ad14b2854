"""What every storage of packages keeps to, in a folder and in an object service."""

from __future__ import annotations

import errno
import os
import stat
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

import s3
from jobferry.access.sealing import Sealer
from jobferry.errors import ErrorCode, FilesError, NotFound, PackageRefused
from jobferry.files.faults import closing, disk_fault
from jobferry.files.package_storage import LocalPackageStorage, _flush, _put
from jobferry.files.paths import S3Place
from jobferry.files.ports import Note, PackageStorage
from jobferry.files.s3 import S3Service
from jobferry.files.s3_packages import S3PackageStorage

NOBODY = "0" * 32


class Shelf(ABC):
    """Where packages lie, seen from behind."""

    @abstractmethod
    def storage(self, key: bytes = b"") -> PackageStorage: ...

    @abstractmethod
    def files(self) -> dict[str, bytes]: ...

    @abstractmethod
    def write(self, name: str, content: bytes) -> None: ...

    @abstractmethod
    def age(self, *names: str) -> None: ...


class Folder(Shelf):
    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def storage(self, key: bytes = b"") -> PackageStorage:
        return LocalPackageStorage(self.folder, (lambda: Sealer(key)) if key else None)

    def files(self) -> dict[str, bytes]:
        found = self.folder.iterdir() if self.folder.is_dir() else ()
        return {path.name: path.read_bytes() for path in found}

    def write(self, name: str, content: bytes) -> None:
        (self.folder / name).write_bytes(content)

    def age(self, *names: str) -> None:
        for name in names:
            os.utime(self.folder / name, (1, 1))


class Bucket(Shelf):
    def __init__(self, service: s3.Service, folder: Path) -> None:
        self._service = service
        self._folder = folder

    def storage(self, key: bytes = b"") -> PackageStorage:
        service = S3Service(
            endpoint=self._service.endpoint, region="", access_key="a", secret_key="s", patience=2
        )
        sealer = (lambda: Sealer(key)) if key else None
        return S3PackageStorage(service, S3Place("b1", "site/packages"), self._folder, sealer)

    def files(self) -> dict[str, bytes]:
        assert self._service.uploads == {}
        found = {path.rpartition("/")[2]: content for path, content in self._service.objects.items()}
        return {name: content for name, content in found.items() if name != "swept"}

    def write(self, name: str, content: bytes) -> None:
        self._service.put(f"/b1/site/packages/{name}", content)

    def age(self, *names: str) -> None:
        for name in names:
            self._service.written[f"/b1/site/packages/{name}"] = datetime(1970, 1, 1, tzinfo=UTC)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "shelf"


@pytest.fixture(params=["folder", "service"])
def behind(request: pytest.FixtureRequest, folder: Path) -> Iterator[Shelf]:
    if request.param == "folder":
        yield Folder(folder)
        return
    with s3.serving("b1") as service:
        yield Bucket(service, folder)


@pytest.fixture
def shelf(behind: Shelf) -> PackageStorage:
    return behind.storage()


@pytest.fixture
def local(folder: Path) -> PackageStorage:
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
        assert (file.seek(2), file.seek(1, 1), file.read(2), file.tell()) == (2, 3, b"tw", 5)
    assert file.closed
    with shelf.stream(received.id) as file:
        assert [file.read(4), file.read(4), file.read(4)] == [b"onet", b"wo", b""]


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


def test_what_lies_beside_a_package_goes_with_it(shelf: PackageStorage, behind: Shelf) -> None:
    received = shelf.receive("a.zip", [b"x"], owner="u", limit=9)
    assert shelf.kept(received.id, Note.FACTS) is None
    for content in (b"1", b"22"):
        shelf.keep(received.id, Note.FACTS, content)
        shelf.keep(received.id, Note.REPORT, b"r" + content)
    assert shelf.kept(received.id, Note.FACTS) == b"22"
    assert shelf.kept(received.id, Note.REPORT) == b"r22"
    shelf.discard(received.id)
    assert behind.files() == {}
    assert shelf.kept(received.id, Note.FACTS) is None
    with pytest.raises(NotFound):
        shelf.keep(received.id, Note.FACTS, b"late")
    assert behind.files() == {}


def test_a_package_of_a_time_without_owners_is_nobodys(shelf: PackageStorage, behind: Shelf) -> None:
    received = shelf.receive("a.zip", [b"x"], owner="u", limit=9)
    behind.write(f"{received.id}.name", b"a.zip")
    assert shelf.find(received.id) is None
    with shelf.open(received.id) as file:
        assert file.read() == b"x"


@pytest.mark.parametrize("package_id", [NOBODY, "", "../../etc/passwd", "A" * 32, NOBODY + "\n"])
def test_what_is_not_there_is_told(shelf: PackageStorage, package_id: str) -> None:
    assert shelf.find(package_id) is None
    assert shelf.kept(package_id, Note.FACTS) is None
    shelf.discard(package_id)
    for opened in (shelf.open, shelf.stream):
        with pytest.raises(NotFound) as caught, opened(package_id):
            pass
        assert caught.value.code is ErrorCode.PACKAGE_MISSING


def test_a_package_over_the_limit_is_refused_whole(shelf: PackageStorage, behind: Shelf) -> None:
    assert shelf.receive("a.zip", [bytes(5), bytes(5)], owner="u", limit=10).size == 10
    before = behind.files()
    with pytest.raises(PackageRefused) as caught:
        shelf.receive("b.zip", [bytes(5), bytes(6)], owner="u", limit=10)
    assert caught.value.code is ErrorCode.PACKAGE_TOO_LARGE
    assert behind.files() == before


def test_a_fault_on_the_way_leaves_nothing_behind(shelf: PackageStorage, behind: Shelf) -> None:
    """The second one is so large that a service has parts of it already."""
    for size in (1, 12 * 1024 * 1024):

        def chunks(size: int = size) -> Iterator[bytes]:
            yield bytes(size)
            raise LookupError("the caller went away")

        with pytest.raises(LookupError):
            shelf.receive("a.zip", chunks(), owner="u", limit=2 * size)
        assert behind.files() == {}


def test_a_large_package_comes_back_as_it_was(shelf: PackageStorage) -> None:
    pieces = [bytes([number]) * 1024 * 1024 for number in range(25)]
    received = shelf.receive("a.zip", pieces, owner="u", limit=10**9)
    with shelf.open(received.id) as file, shelf.stream(received.id) as stream:
        assert file.read() == stream.read() == b"".join(pieces)


def test_only_the_owner_reads_it(local: PackageStorage, folder: Path) -> None:
    local.receive("a.zip", [b"x"], owner="u", limit=9)
    assert {stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()} == {0o600}
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_old_and_half_written_packages_are_swept(shelf: PackageStorage, behind: Shelf) -> None:
    assert shelf.sweep(older_than=0) == 0
    old, young = (shelf.receive("a.zip", [b"x"], owner="u", limit=9) for _ in range(2))
    leftovers = [f"{NOBODY}.name", f"{NOBODY}.facts", "notes.txt"]
    for leftover in leftovers:
        behind.write(leftover, b"x")
    shelf.keep(old.id, Note.FACTS, b"x")
    behind.age(f"{old.id}.zip", *leftovers)
    assert shelf.sweep(older_than=3600) == 1
    assert behind.files().keys() == {f"{young.id}.name", f"{young.id}.zip", "notes.txt"}


def test_half_written_files_of_a_killed_process_are_swept(local: PackageStorage, folder: Path) -> None:
    folder.mkdir()
    for leftover in (f"{NOBODY}.part", f"{NOBODY}.facts-part"):
        (folder / leftover).write_bytes(b"x")
    assert (local.sweep(older_than=3600), [*folder.iterdir()]) == (0, [])


def test_a_sweep_leaves_an_old_package_that_somebody_will_come_for(
    shelf: PackageStorage, behind: Shelf
) -> None:
    first, second = (shelf.receive("a.zip", [b"x"], owner="u", limit=9) for _ in range(2))
    behind.age(f"{first.id}.zip", f"{second.id}.zip")
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
    local: PackageStorage, folder: Path
) -> None:
    incoming = local.begin("a.zip", owner="u", limit=9)
    incoming.add(b"x")
    (part,) = folder.glob("*.part")
    part.unlink()
    with pytest.raises(FilesError) as caught:
        incoming.keep()
    assert (caught.value.code, caught.value.subject) == (ErrorCode.FILES_FAILED, "a.zip")
    incoming.drop()
    assert list(folder.iterdir()) == []


def test_a_report_lies_sealed_and_is_not_there_for_another_key(behind: Shelf) -> None:
    shelf = behind.storage(bytes(32))
    received = shelf.receive("a.zip", [b"one"], owner="u", limit=9)
    shelf.keep(received.id, Note.REPORT, b"hour=secret-4417")
    name = f"{received.id}.{Note.REPORT}"
    assert b"secret" not in behind.files()[name]
    assert shelf.kept(received.id, Note.REPORT) == b"hour=secret-4417"
    assert behind.storage(b"1" * 32).kept(received.id, Note.REPORT) is None
    behind.write(name, b"from before")
    assert shelf.kept(received.id, Note.REPORT) is None


@pytest.mark.parametrize("ending", ["zip", "name", Note.FACTS])
def test_what_cannot_be_read_is_told(local: PackageStorage, folder: Path, ending: str) -> None:
    """A folder stands where the file belongs."""
    received = local.receive("a.zip", [b"x"], owner="u", limit=9)
    file = folder / f"{received.id}.{ending}"
    file.unlink(missing_ok=True)
    file.mkdir()
    readings: dict[str, Callable[[], object]] = {
        "zip": lambda: local.open(received.id).__enter__(),
        "name": lambda: local.find(received.id),
        Note.FACTS: lambda: local.kept(received.id, Note.FACTS),
    }
    with pytest.raises(FilesError) as caught:
        readings[ending]()
    assert (caught.value.code, caught.value.subject) == (ErrorCode.FILES_FAILED, received.id)


def test_a_note_that_finds_a_folder_in_its_place_is_told_and_the_package_stays(
    local: PackageStorage, folder: Path
) -> None:
    received = local.receive("a.zip", [b"x"], owner="u", limit=9)
    (folder / f"{received.id}.{Note.FACTS}").mkdir()
    with pytest.raises(FilesError) as caught:
        local.keep(received.id, Note.FACTS, b"late")
    assert caught.value.code is ErrorCode.FILES_FAILED
    assert local.find(received.id) == received


@pytest.mark.parametrize("flushed", [True, False])
def test_a_disk_that_is_full_only_at_the_end_of_a_file_is_told_once(flushed: bool) -> None:
    """What was written waits in memory until it is flushed, or the file closed."""
    full = Path("/dev/full").open("wb")  # noqa: SIM115 - closed by what is tested
    with pytest.raises(FilesError) as caught, closing(full, "a.zip"):
        _put(full, b"x", "a.zip")
        if flushed:
            _flush(full, "a.zip")
    assert (caught.value.code, full.closed) == (ErrorCode.DISK_FULL, True)


def test_a_full_disk_is_told(folder: Path) -> None:
    folder.mkdir()
    with pytest.raises(FilesError) as caught, Path("/dev/full").open("wb") as full:
        _put(full, bytes(1024 * 1024), "a.zip")
    assert caught.value.code is ErrorCode.DISK_FULL
    assert disk_fault(OSError(errno.EDQUOT, "quota"), "a").code is ErrorCode.DISK_FULL
    assert disk_fault(OSError(errno.EIO, "broken"), "a").code is ErrorCode.FILES_FAILED


def test_folders_of_the_server_are_in_the_log_only(caplog: pytest.LogCaptureFixture) -> None:
    errors = (
        Exception(
            "Generic LocalFileSystem error: Unable to open file /srv/data/objects/b/k#1: Not a directory"
        ),
        OSError(errno.EACCES, "Permission denied", "/srv/data/packages/a.zip"),
    )
    for error in errors:
        with caplog.at_level("WARNING", "jobferry"):
            told = disk_fault(error, "obs://b/k").message
        assert told.startswith("obs://b/k: ")
        assert "/srv" not in told
        assert "/srv/data/" in caplog.text
        caplog.clear()
    assert (
        "http://host:9000/b"
        in disk_fault(Exception("Error performing PUT http://host:9000/b/k"), "a").message
    )
