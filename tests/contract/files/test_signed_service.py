"""Objects and packages in a service that judges signatures, which is not ours."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

import signed
from builders import job, node
from jobferry.errors import ErrorCode, FilesError, NotFound
from jobferry.files.objects import S3Objects
from jobferry.files.paths import S3Place
from jobferry.files.ports import ObjectPath
from jobferry.files.s3 import S3Service
from jobferry.files.s3_packages import S3PackageStorage
from processes import Program, packed
from signed import BUCKET, SignedService

pytestmark = pytest.mark.large

MIB = 1024 * 1024


@pytest.fixture(scope="module")
def service() -> Iterator[SignedService]:
    with signed.serving() as running:
        yield running


def client(service: SignedService, secret_key: str = "") -> S3Service:
    return S3Service(
        endpoint=service.endpoint,
        region="",
        access_key=service.access_key,
        secret_key=secret_key or service.secret_key,
    )


@pytest.mark.parametrize("key", ["jobs.zip", "a/b/作业 月报.zip", "odd%2F+&=#?.zip"])
@pytest.mark.parametrize("chunks", [[], [b"x"], [bytes([n]) * MIB for n in range(23)]])
def test_what_is_stored_is_fetched(service: SignedService, key: str, chunks: list[bytes]) -> None:
    storage, path, whole = S3Objects(client(service)), ObjectPath(BUCKET, key), b"".join(chunks)
    assert storage.store(path, iter(chunks)) == len(whole)
    assert storage.has(path)
    with storage.fetch(path, limit=100 * MIB) as file:
        assert file.read() == whole


def test_a_folder_is_listed_and_what_is_not_there_is_told(service: SignedService) -> None:
    storage = S3Objects(client(service))
    for key in ("out/b.zip", "out/数据.zip", "out/deep/er/a.zip", "outside"):
        storage.store(ObjectPath(BUCKET, key), [b"12345"])
    found = storage.entries(ObjectPath(BUCKET, "out"))
    assert sorted(one.name for one in found) == ["b.zip", "deep", "数据.zip"]
    assert not storage.has(ObjectPath(BUCKET, "out/none.zip"))
    with pytest.raises(NotFound) as caught, storage.fetch(ObjectPath(BUCKET, "out/none.zip"), limit=MIB):
        pass
    assert caught.value.code is ErrorCode.OBJECT_UNREADABLE


def test_an_upload_that_breaks_off_leaves_nothing(service: SignedService) -> None:
    def chunks() -> Iterator[bytes]:
        yield bytes(11 * MIB)
        raise ValueError

    storage, path = S3Objects(client(service)), ObjectPath(BUCKET, "broken/off.zip")
    with pytest.raises(ValueError):
        storage.store(path, chunks())
    assert storage.entries(ObjectPath(BUCKET, "broken")) == []


def test_another_secret_key_opens_nothing(service: SignedService) -> None:
    storage = S3Objects(client(service, secret_key="another"))
    with pytest.raises(FilesError) as caught:
        storage.store(ObjectPath(BUCKET, "a.zip"), [b"x"])
    assert caught.value.code is ErrorCode.FILES_FAILED
    assert "403" in caught.value.message
    assert service.secret_key not in caught.value.message


def test_packages_come_and_go(service: SignedService, tmp_path: Path) -> None:
    storage = S3PackageStorage(client(service), S3Place(BUCKET, "site/packages"), tmp_path / "copies")
    content = bytes(range(256)) * 100_000
    received = storage.receive("作业.zip", [content], owner="u", limit=len(content))
    assert (storage.find(received.id), storage.of("u")) == (received, [received])
    with storage.open(received.id) as file:
        assert file.seek(-256, 2) == len(content) - 256
        assert file.read() == bytes(range(256))
    storage.discard(received.id)
    assert (storage.find(received.id), storage.of("u")) == (None, [])


def test_a_platform_keeps_packages_and_objects_there(service: SignedService, tmp_path: Path) -> None:
    told = {
        "JOBFERRY_PACKAGES": f"s3://{BUCKET}/platform",
        "JOBFERRY_OBJECTS": "s3",
        "JOBFERRY_OBJECTS_ENDPOINT": service.endpoint,
        "JOBFERRY_OBJECTS_ACCESS_KEY": service.access_key,
        "JOBFERRY_OBJECTS_SECRET_KEY": service.secret_key,
    }
    program = Program(tmp_path / "here", home=tmp_path / "home", environment=told)
    jobs = [job(f"o{n}", node(type_="Dummy")) for n in range(3)]
    with program.served() as served:
        assert served.http.get("/readyz").status_code == 200
        assert served.land(packed(jobs))["status"] == "SUCCESSFUL"
        made = program("export", "--all", "--into", f"obs://{BUCKET}/out", "--json")
        assert made.code == 0, made
        checked = program("check", made.json["place"], "--json")
        assert (checked.code, served.names()) == (0, ["o0", "o1", "o2"])
