"""Packages in an object service that is slow, absent, cut off or in error: what is said, what is left."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

import s3
from jobferry.bootstrap.shared_anchor import SharedAnchorObject
from jobferry.errors import ErrorCode, FilesError, NotFound
from jobferry.files.local_copies import LocalCopies
from jobferry.files.paths import S3Place, s3_place
from jobferry.files.ports import Note, ReceivedPackage
from jobferry.files.s3 import S3Service
from jobferry.files.s3_packages import S3PackageStorage

MIB = 1024 * 1024
PLACE = S3Place("b1", "site/packages")
LARGE = [bytes([number]) * MIB for number in range(12)]
"""More than goes into one request: it is uploaded in parts."""


@pytest.fixture
def service() -> Iterator[s3.Service]:
    with s3.serving("b1") as service:
        yield service


def storage(service: s3.Service, folder: Path, bucket: str = "b1") -> S3PackageStorage:
    at = S3Service(endpoint=service.endpoint, region="", access_key="AKMARK", secret_key="SKMARK", patience=1)
    return S3PackageStorage(at, S3Place(bucket, "site/packages"), folder)


@pytest.fixture
def shelf(service: s3.Service, tmp_path: Path) -> S3PackageStorage:
    return storage(service, tmp_path / "copies")


@pytest.fixture
def there(shelf: S3PackageStorage) -> ReceivedPackage:
    return shelf.receive("jobs.zip", [b"whole"], owner="u", limit=9)


def read(shelf: S3PackageStorage, package_id: str) -> bytes:
    with shelf.open(package_id) as file:
        return file.read()


def streamed(shelf: S3PackageStorage, package_id: str) -> bytes:
    with shelf.stream(package_id) as file:
        return file.read()


FAULTS = {
    "denied": (s3.says(403, "AccessDenied"), "403"),
    "unavailable": (s3.says(503, "SlowDown"), "503"),
    "silent": (s3.hangs, "not answer in time"),
    "hanging up": (s3.hangs_up, "ended the connection"),
}
CALLS: dict[str, Callable[[S3PackageStorage, str], object]] = {
    "open": read,
    "stream": streamed,
    "find": S3PackageStorage.find,
    "of": S3PackageStorage.of,
    "keep": lambda shelf, package: shelf.keep(package, Note.FACTS, b"x"),
    "kept": lambda shelf, package: shelf.kept(package, Note.FACTS),
    "sweep": lambda shelf, _: shelf.sweep(older_than=0),
    "reach": lambda shelf, _: shelf.reach(),
}


@pytest.mark.parametrize("call", CALLS)
@pytest.mark.parametrize("name", FAULTS)
def test_a_store_at_fault_is_named_with_the_reason_and_what_to_do(
    service: s3.Service, shelf: S3PackageStorage, there: ReceivedPackage, name: str, call: str
) -> None:
    fault, reason = FAULTS[name]
    service.faults = [fault]
    with pytest.raises(FilesError) as caught:
        CALLS[call](shelf, there.id)
    error = caught.value
    assert error.code is ErrorCode.FILES_FAILED
    assert error.subject in (there.id, str(PLACE))
    assert error.message.startswith(f"the package store {PLACE}: ")
    assert (reason in error.message, "JOBFERRY_PACKAGES" in error.hint) == (True, True)
    assert "MARK" not in f"{error.message} {error.hint}"
    service.faults = []
    assert read(shelf, there.id) == b"whole"


@pytest.mark.parametrize("size", [1, 12])
@pytest.mark.parametrize("name", FAULTS)
def test_a_package_that_the_store_does_not_take_is_not_there(
    service: s3.Service, shelf: S3PackageStorage, name: str, size: int
) -> None:
    service.faults = [FAULTS[name][0]]
    with pytest.raises(FilesError) as caught:
        shelf.receive("jobs.zip", LARGE[:size], owner="u", limit=100 * MIB)
    assert (caught.value.code, caught.value.subject) == (ErrorCode.FILES_FAILED, "jobs.zip")
    service.faults = []
    assert (service.objects, shelf.of("u")) == ({}, [])


@pytest.mark.parametrize("honest", range(1, 5))
def test_a_store_that_fails_amid_a_large_package_keeps_nothing_of_it(
    service: s3.Service, shelf: S3PackageStorage, honest: int
) -> None:
    """It answers so many calls: the beginning, the parts, the note of the name, and then no more writes."""
    fails = s3.says(503, "SlowDown")
    service.faults = [
        *[s3.honest] * honest,
        lambda exchange: exchange.command in ("PUT", "POST") and fails(exchange),
    ]
    with pytest.raises(FilesError):
        shelf.receive("jobs.zip", LARGE, owner="u", limit=100 * MIB)
    assert (service.objects, service.uploads) == ({}, {})


def test_the_name_is_written_before_the_package_is_there(
    service: s3.Service, shelf: S3PackageStorage
) -> None:
    received = shelf.receive("jobs.zip", LARGE, owner="u", limit=100 * MIB)
    key = f"/b1/site/packages/{received.id}"
    assert service.asked[0] == service.asked[-1] == f"POST {key}.zip"
    assert f"PUT {key}.name" in service.asked


@pytest.mark.parametrize("call", ["open", "stream"])
@pytest.mark.parametrize("fault", [s3.stalls, s3.closes_early, s3.sends_more, s3.announces_nothing])
def test_half_a_package_is_never_taken_for_the_whole(
    service: s3.Service, shelf: S3PackageStorage, there: ReceivedPackage, call: str, fault: s3.Fault
) -> None:
    service.faults = [fault]
    with pytest.raises(FilesError) as caught:
        CALLS[call](shelf, there.id)
    assert caught.value.subject == there.id
    service.faults = []
    assert read(shelf, there.id) == b"whole"


def test_a_connection_that_is_cut_once_is_taken_up_where_it_was(
    service: s3.Service, shelf: S3PackageStorage
) -> None:
    whole = bytes(500_000) + b"x" * 500_000
    package = shelf.receive("jobs.zip", [whole], owner="u", limit=MIB)
    for call in (read, streamed):
        service.faults = [s3.closes_early, s3.honest]
        assert call(shelf, package.id) == whole


def test_a_bucket_that_is_not_there_is_told(service: s3.Service, tmp_path: Path) -> None:
    shelf = storage(service, tmp_path, "b2")
    for call in ("open", "find", "of", "kept", "sweep", "reach"):
        with pytest.raises(FilesError, match="s3://b2/site/packages: there is no bucket b2"):
            CALLS[call](shelf, "0" * 32)
    with pytest.raises(FilesError, match="there is no bucket b2"):
        shelf.receive("jobs.zip", [b"x"], owner="u", limit=9)


def test_a_package_is_fetched_once_for_several_readers_and_gone_when_it_is_gone(
    service: s3.Service, shelf: S3PackageStorage, there: ReceivedPackage, tmp_path: Path
) -> None:
    def fetches() -> int:
        return service.asked.count(f"GET /b1/site/packages/{there.id}.zip")

    with shelf.open(there.id) as first, shelf.open(there.id) as second:
        assert (first.read(2), second.read(), first.read()) == (b"wh", b"whole", b"ole")
    assert (read(shelf, there.id), fetches()) == (b"whole", 1)
    assert [*(tmp_path / "copies").iterdir()] == []
    storage(service, tmp_path / "other").discard(there.id)
    with pytest.raises(NotFound):
        read(shelf, there.id)
    with pytest.raises(NotFound):
        read(shelf, there.id)


def test_only_so_many_bytes_of_copies_stay_and_those_that_are_read(tmp_path: Path) -> None:
    copies, fetched = LocalCopies(tmp_path, idle_bytes=10), list[str]()

    def fetch(name: str) -> list[bytes]:
        fetched.append(name)
        return [b"abc", b"def"]

    def look(name: str) -> None:
        with copies.opened(name, lambda: fetch(name)) as file:
            assert (os.fstat(file.raw._descriptor).st_size, file.read()) == (6, b"abcdef")  # type: ignore[attr-defined]

    with copies.opened("first", lambda: fetch("first")) as kept:
        for name in ("second", "third", "third", "first"):
            look(name)
        assert kept.read() == b"abcdef"
    assert fetched == ["first", "second", "third"]
    look("first")
    look("second")
    assert fetched == ["first", "second", "third", "second"]
    copies.forget("second")
    assert not copies.has("second")


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("s3://bucket", S3Place("bucket", "")),
        ("s3://bucket/", S3Place("bucket", "")),
        ("s3://bucket/a/b.c/", S3Place("bucket", "a/b.c")),
        ("/srv/packages", None),
        ("s3://", None),
        ("s3://bucket//a", None),
        ("s3://bucket/a/../b", None),
        ("s3://bucket/a b", None),
    ],
)
def test_places_of_packages_are_read(text: str, place: S3Place | None) -> None:
    assert s3_place(text) == place


def test_packages_may_lie_in_the_bucket_itself(service: s3.Service, tmp_path: Path) -> None:
    at = S3Service(endpoint=service.endpoint, region="", access_key="a", secret_key="s", patience=1)
    shelf = S3PackageStorage(at, S3Place("b1", "").below("packages"), tmp_path)
    received = shelf.receive("jobs.zip", [b"x"], owner="u", limit=9)
    assert (f"/b1/packages/{received.id}.zip" in service.objects, shelf.of("u")) == (True, [received])


def test_an_anchor_lies_beside_the_packages_and_is_told_apart_from_none(service: s3.Service) -> None:
    at = S3Service(endpoint=service.endpoint, region="", access_key="AKMARK", secret_key="SKMARK", patience=1)
    for place in (S3Place("b1", ""), S3Place("b1", "site")):
        anchor = SharedAnchorObject(at, place)
        assert anchor.read() is None
        anchor.write(b"far\n")
        anchor.write(b"further\n")
        assert anchor.read() == b"further\n"
    gone = SharedAnchorObject(at, S3Place("b2", "site"))
    for ask in (gone.read, lambda: gone.write(b"far\n")):
        with pytest.raises(FilesError) as caught:
            ask()
        assert "the package store s3://b2/site: there is no bucket b2" in str(caught.value)
