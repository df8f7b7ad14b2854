"""One suite for object storage: what every adapter keeps to. The S3 one runs against a server of our own."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import ClassVar
from urllib.parse import parse_qs, unquote, urlsplit
from xml.sax.saxutils import escape

import pytest

from jobferry.errors import ErrorCode, FilesError, InvalidRequest, NotFound, PackageRefused
from jobferry.files.objects import LocalObjects, S3Objects
from jobferry.files.paths import parse_object_path
from jobferry.files.ports import ObjectPath, ObjectStorage
from jobferry.files.s3 import S3Service

MIB = 1024 * 1024


class Buckets(BaseHTTPRequestHandler):
    """As little of S3 as a client needs: get, put and multipart upload, in memory."""

    objects: ClassVar[dict[str, bytes]] = {}
    parts: ClassVar[dict[str, dict[int, bytes]]] = {}
    broken: ClassVar[bool] = False
    asked: ClassVar[list[str]] = []

    def do_GET(self) -> None:
        path = self._path()
        query = parse_qs(urlsplit(self.path).query)
        if "list-type" in query and path.rstrip("/") == "/b1" and not self.broken:
            self._list(query.get("prefix", [""])[0])
        elif self.broken:
            self._answer(403, b"<Error><Code>AccessDenied</Code></Error>")
        elif not path.startswith("/b1/"):
            self._answer(404, b"<Error><Code>NoSuchBucket</Code></Error>")
        elif path not in self.objects:
            self._answer(404, b"<Error><Code>NoSuchKey</Code></Error>")
        elif asked := self.headers["Range"]:
            first, last = (int(place) for place in asked.removeprefix("bytes=").split("-"))
            whole = self.objects[path]
            told = f"bytes {first}-{min(last, len(whole) - 1)}/{len(whole)}"
            self._answer(206, whole[first : last + 1], content_range=told)
        else:
            self._answer(200, self.objects[path])

    def do_HEAD(self) -> None:
        self.asked.append(f"HEAD {self._path()}")
        path = self._path()
        self._answer(
            403 if self.broken else 200 if path in self.objects else 404, self.objects.get(path, b"")
        )

    def _list(self, prefix: str) -> None:
        """One level, as if there were no pages."""
        told, folders = "", set()
        for path in sorted(self.objects):
            key = path.removeprefix("/b1/")
            name, slash, _ = key.removeprefix(prefix).partition("/")
            if not key.startswith(prefix) or f"{prefix}{name}/" in folders:
                continue
            if slash:
                folders.add(f"{prefix}{name}/")
                told += f"<CommonPrefixes><Prefix>{escape(prefix + name)}/</Prefix></CommonPrefixes>"
            else:
                told += f"<Contents><Key>{escape(key)}</Key><Size>{len(self.objects[path])}</Size>"
                told += "<ETag>x</ETag><LastModified>2030-01-01T00:00:00.000Z</LastModified></Contents>"
        whole = f"<ListBucketResult><IsTruncated>false</IsTruncated>{told}</ListBucketResult>"
        self._answer(200, whole.encode())

    def do_PUT(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        path, query = self._path(), urlsplit(self.path).query
        if not path.startswith("/b1/"):
            self._answer(404, b"<Error><Code>NoSuchBucket</Code></Error>")
            return
        if "partNumber=" in query:
            number = int(query.split("partNumber=")[1].split("&")[0])
            self.parts[path][number] = body
        else:
            self.objects[path] = body
        self._answer(200, b"")

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"] or 0))
        path = self._path()
        if not path.startswith("/b1/"):
            self._answer(404, b"<Error><Code>NoSuchBucket</Code></Error>")
        elif "uploadId=" in self.path:
            found = self.parts.pop(path)
            self.objects[path] = b"".join(found[number] for number in sorted(found))
            xml = b"<CompleteMultipartUploadResult><ETag>x</ETag></CompleteMultipartUploadResult>"
            self._answer(200, xml)
        else:
            self.parts[path] = {}
            xml = b"<InitiateMultipartUploadResult><UploadId>u1</UploadId></InitiateMultipartUploadResult>"
            self._answer(200, xml)

    def do_DELETE(self) -> None:
        path = self._path()
        if not path.startswith("/b1/"):
            self._answer(404, b"<Error><Code>NoSuchBucket</Code></Error>")
            return
        held = self.parts if "uploadId=" in self.path else self.objects
        held.pop(path, None)
        self._answer(204, b"")

    def log_message(self, format: str, *args: object) -> None:
        """Quiet."""

    def _path(self) -> str:
        return unquote(urlsplit(self.path).path)

    def _answer(self, status: int, body: bytes, content_range: str = "") -> None:
        self.send_response(status)
        if content_range:
            self.send_header("Content-Range", content_range)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("ETag", '"x"')
        self.send_header("Last-Modified", "Tue, 01 Jan 2030 00:00:00 GMT")
        self.end_headers()
        if self.command != "HEAD":
            with suppress(BrokenPipeError):  # who asked has enough
                self.wfile.write(body)


@pytest.fixture
def service() -> Iterator[S3Objects]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Buckets)
    Buckets.objects, Buckets.parts, Buckets.broken = {}, {}, False
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield S3Objects(
        S3Service(
            endpoint=f"http://127.0.0.1:{server.server_port}", region="", access_key="a", secret_key="s"
        )
    )
    server.shutdown()
    server.server_close()
    thread.join()
    Buckets.objects, Buckets.parts = {}, {}


@pytest.fixture(params=["local", "s3"])
def storage(request: pytest.FixtureRequest, tmp_path: Path) -> ObjectStorage:
    if request.param == "local":
        return LocalObjects(tmp_path / "objects")
    found: ObjectStorage = request.getfixturevalue("service")
    return found


def content(storage: ObjectStorage, path: ObjectPath, limit: int = 100 * MIB) -> bytes:
    with storage.fetch(path, limit=limit) as file:
        return file.read()


@pytest.mark.parametrize("key", ["jobs.zip", "a/b/作业 月报.zip", "odd%2F+&=#?.zip"])
@pytest.mark.parametrize("chunks", [[], [b"x"], [b"one", b"", b"two"], [bytes([n]) * MIB for n in range(23)]])
def test_what_is_stored_is_fetched(storage: ObjectStorage, key: str, chunks: list[bytes]) -> None:
    path = ObjectPath("b1", key)
    whole = b"".join(chunks)
    assert storage.store(path, iter(chunks)) == len(whole)
    assert content(storage, path) == whole


def test_an_object_is_read_in_any_order_where_it_lies(storage: ObjectStorage) -> None:
    path, whole = ObjectPath("b1", "large.bin"), bytes(range(256)) * 12 * 1024
    storage.store(path, [whole])
    with storage.reading(path) as file:
        assert file.read() == whole
        assert (file.seek(-3, os.SEEK_END), file.read(100)) == (len(whole) - 3, whole[-3:])
        assert (file.seek(2 * MIB), file.read(5), file.tell()) == (2 * MIB, bytes(range(5)), 2 * MIB + 5)


def test_what_is_not_there_cannot_be_read_where_it_lies(storage: ObjectStorage) -> None:
    storage.store(ObjectPath("b1", "there"), [b"a"])
    for path in ("b1/gone", "none/gone"):
        told = pytest.raises(NotFound, match=f"obs://{path}")
        with told, storage.reading(parse_object_path(f"obs://{path}")) as file:
            file.read()


def test_a_service_that_fails_while_an_object_is_read_is_at_fault(service: S3Objects) -> None:
    path = ObjectPath("b1", "large.bin")
    service.store(path, [bytes(3 * MIB)])
    with service.reading(path) as file:
        assert file.read(1) == b"\0"
        Buckets.broken = True
        file.seek(-1, os.SEEK_END)
        with pytest.raises(FilesError, match=r"obs://b1/large\.bin"):
            file.read()


def test_whether_something_is_stored_is_told_without_reading_it(storage: ObjectStorage) -> None:
    storage.store(ObjectPath("b1", "jars/作业.jar"), [b"x" * MIB])
    storage.store(ObjectPath("b1", "empty"), [])
    assert storage.has(ObjectPath("b1", "jars/作业.jar"))
    assert storage.has(ObjectPath("b1", "empty"))
    assert not storage.has(ObjectPath("b1", "jars/other.jar"))
    assert not storage.has(ObjectPath("b1", "jars"))


def test_what_is_removed_is_gone_and_what_was_never_there_is_no_error(storage: ObjectStorage) -> None:
    for key in ("out/a.zip", "out/deep/数据.zip"):
        storage.store(ObjectPath("b1", key), [b"x"])
    for _ in range(2):
        storage.remove(ObjectPath("b1", "out/deep/数据.zip"))
    assert not storage.has(ObjectPath("b1", "out/deep/数据.zip"))
    assert [one.name for one in storage.entries(ObjectPath("b1", "out"))] == ["a.zip"]
    with pytest.raises(NotFound) as absent:
        storage.remove(ObjectPath("b2", "a.zip"))
    assert absent.value.code is ErrorCode.BUCKET_MISSING
    with pytest.raises(InvalidRequest):
        storage.remove(ObjectPath("b1", "../a.zip"))


def test_a_folder_is_listed_one_level_deep(storage: ObjectStorage) -> None:
    for key in ("out/b.zip", "out/数据.zip", "out/deep/er/a.zip", "outside", "out/a&b.zip"):
        storage.store(ObjectPath("b1", key), [b"12345"])
    found = storage.entries(ObjectPath("b1", "out"))
    assert [(one.name, one.is_folder, one.size) for one in found] == [
        ("a&b.zip", False, 5),
        ("b.zip", False, 5),
        ("deep", True, 0),
        ("数据.zip", False, 5),
    ]
    assert [one.modified_at > 1_700_000_000_000 for one in found] == [True, True, False, True]
    assert [one.name for one in storage.entries(ObjectPath("b1", ""))] == ["out", "outside"]
    assert storage.entries(ObjectPath("b1", "nothing/here")) == []
    with pytest.raises(NotFound) as absent:
        storage.entries(ObjectPath("b2", ""))
    assert absent.value.code is ErrorCode.BUCKET_MISSING


def test_a_service_that_refuses_to_list_is_at_fault(service: S3Objects) -> None:
    Buckets.broken = True
    with pytest.raises(FilesError):
        service.entries(ObjectPath("b1", "out"))


def test_a_service_leaves_it_to_people_to_name_its_buckets(service: S3Objects) -> None:
    storage: ObjectStorage = service
    assert storage.buckets() is None


def test_a_local_folder_shows_neither_what_leaves_its_bucket_nor_what_is_half_written(tmp_path: Path) -> None:
    storage = LocalObjects(tmp_path / "objects")
    storage.store(ObjectPath("b1", "out/a.zip"), [b"x"])
    folder = tmp_path / "objects/b1/out"
    (folder / "b.zip#1").write_bytes(b"half")
    (folder / "away").symlink_to(tmp_path)
    (folder / "near").symlink_to(folder / "a.zip")
    os.mkfifo(folder / "pipe")
    assert [one.name for one in storage.entries(ObjectPath("b1", "out"))] == ["a.zip", "near"]
    (tmp_path / "objects/b1/away").symlink_to(tmp_path)
    with pytest.raises(InvalidRequest, match="leaves its bucket"):
        storage.entries(ObjectPath("b1", "away"))


def test_a_missing_bucket_is_no_missing_object(storage: ObjectStorage) -> None:
    with pytest.raises(NotFound) as absent:
        storage.has(ObjectPath("b2", "a.jar"))
    assert absent.value.code is ErrorCode.BUCKET_MISSING
    with pytest.raises(InvalidRequest):
        storage.has(ObjectPath("b1", "../a.jar"))


def test_a_service_that_refuses_is_at_fault(service: S3Objects) -> None:
    Buckets.broken = True
    with pytest.raises(FilesError):
        service.has(ObjectPath("b1", "a.jar"))


def test_storing_again_replaces(storage: ObjectStorage) -> None:
    path = ObjectPath("b1", "a.zip")
    storage.store(path, [b"old, and longer"])
    storage.store(path, [b"new"])
    assert content(storage, path) == b"new"


def test_the_file_is_seekable_and_closed_after(storage: ObjectStorage) -> None:
    path = ObjectPath("b1", "a.zip")
    storage.store(path, [b"0123456789"])
    with storage.fetch(path, limit=10) as file:
        assert file.seek(0, 2) == 10
        assert file.seek(4) == 4
        assert file.read(2) == b"45"
    assert file.closed


@pytest.mark.parametrize("size", [3, 12 * MIB])
def test_a_fault_on_the_way_leaves_nothing_behind(storage: ObjectStorage, tmp_path: Path, size: int) -> None:
    path = ObjectPath("b1", "kept.zip")
    storage.store(path, [b"old"])

    def chunks() -> Iterator[bytes]:
        yield bytes(size)
        raise LookupError("the store is gone")

    for key in ("kept.zip", "new.zip"):
        with pytest.raises(LookupError):
            storage.store(ObjectPath("b1", key), chunks())
    assert content(storage, path) == b"old"
    left = [one.name for one in (tmp_path / "objects").rglob("*") if one.is_file()]
    assert left in ([], ["kept.zip"])
    assert [*Buckets.objects] in ([], ["/b1/kept.zip"])
    assert not Buckets.parts


def test_chunks_are_read_on_the_callers_thread(storage: ObjectStorage) -> None:
    seen = set()

    def chunks() -> Iterator[bytes]:
        for _ in range(15):
            seen.add(threading.get_ident())
            yield bytes(MIB)

    storage.store(ObjectPath("b1", "a.zip"), chunks())
    assert seen == {threading.get_ident()}


@pytest.mark.parametrize("size", [11, 9 * MIB])
def test_the_limit_passes_and_one_more_is_refused(storage: ObjectStorage, size: int) -> None:
    path = ObjectPath("b1", "a.zip")
    storage.store(path, [bytes(size)])
    assert len(content(storage, path, size)) == size
    with pytest.raises(PackageRefused) as caught:
        content(storage, path, size - 1)
    assert caught.value.code is ErrorCode.PACKAGE_TOO_LARGE
    assert f"{size - 1:,}" in caught.value.message


def test_what_is_not_there_is_told(storage: ObjectStorage) -> None:
    storage.store(ObjectPath("b1", "folder/a.zip"), [b"x"])
    for bucket, key, code in (
        ("b1", "none.zip", ErrorCode.OBJECT_UNREADABLE),
        ("b1", "folder", ErrorCode.OBJECT_UNREADABLE),
        ("nobody", "a.zip", ErrorCode.BUCKET_MISSING),
    ):
        with pytest.raises(NotFound) as caught:
            content(storage, ObjectPath(bucket, key))
        assert caught.value.code is code


@pytest.mark.parametrize(
    ("bucket", "key"),
    [
        ("b1", "../a.zip"),
        ("b1", "a/../../b.zip"),
        ("b1", "./a"),
        ("b1", "a//b"),
        ("b1", "/a"),
        ("b1", "a/"),
        ("b1", ""),
        ("b1", "a\\b"),
        ("b1", "a\0b"),
        ("b1", "x" * 1025),
        ("..", "a"),
        (".", "a"),
        ("", "a"),
        ("a..b", "c"),
        ("b/1", "a"),
    ],
)
def test_a_bad_path_is_refused(storage: ObjectStorage, bucket: str, key: str) -> None:
    path = ObjectPath(bucket, key)
    for call in (lambda: content(storage, path), lambda: storage.store(path, [b"x"])):
        with pytest.raises(InvalidRequest) as caught:
            call()
        assert caught.value.code is ErrorCode.INVALID_OBJECT_PATH


def test_a_key_that_no_service_can_be_told_is_refused(storage: ObjectStorage) -> None:
    """Half a character, as names of files can hold."""
    with pytest.raises(InvalidRequest) as caught:
        storage.store(ObjectPath("b1", "a\udcff"), [b"x"])
    assert caught.value.code is ErrorCode.INVALID_OBJECT_PATH


def test_a_local_bucket_is_made_when_written_not_when_read(tmp_path: Path) -> None:
    storage = LocalObjects(tmp_path / "objects")
    with pytest.raises(NotFound):
        content(storage, ObjectPath("b1", "a"))
    assert not (tmp_path / "objects").exists()
    storage.store(ObjectPath("b1", "a"), [b"x"])
    assert (tmp_path / "objects/b1/a").read_bytes() == b"x"


def test_a_link_out_of_a_local_bucket_is_refused(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("key")
    (tmp_path / "objects/b1").mkdir(parents=True)
    (tmp_path / "objects/b1/out").symlink_to(tmp_path)
    with pytest.raises(InvalidRequest, match="leaves its bucket"):
        content(LocalObjects(tmp_path / "objects"), ObjectPath("b1", "out/secret"))


def test_a_local_name_that_obstore_needs_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InvalidRequest, match="still being written"):
        LocalObjects(tmp_path).store(ObjectPath("b1", "a#1"), [b"x"])


def test_what_a_killed_writer_left_is_swept_once_it_is_old(tmp_path: Path) -> None:
    storage = LocalObjects(tmp_path / "objects")
    assert storage.sweep(older_than=0) == 0
    storage.store(ObjectPath("b1", "out/a.zip"), [b"x"])
    files = [tmp_path / "objects/b1/out" / name for name in ("a.zip#1", "b.zip#2", "notes#1", "c.zip#x")]
    placed = tmp_path / f"objects/b1/kept/resources/{'0f' * 32}"
    placed.mkdir(parents=True)
    files.append(placed / "lookup.jar#1")
    for file in files:
        file.write_bytes(b"half")
        os.utime(file, (1, 1))
    os.utime(tmp_path / "objects/b1/out/a.zip", (1, 1))
    (tmp_path / "objects/b1/out/young.zip#1").write_bytes(b"half")
    assert storage.sweep(older_than=3600) == 3
    left = {path.name for path in (tmp_path / "objects/b1/out").iterdir()}
    assert left == {"a.zip", "notes#1", "c.zip#x", "young.zip#1"}


def test_a_local_folder_in_the_way_is_told(tmp_path: Path) -> None:
    storage = LocalObjects(tmp_path)
    storage.store(ObjectPath("b1", "a/b"), [b"x"])
    with pytest.raises(FilesError) as caught:
        storage.store(ObjectPath("b1", "a"), [b"x"])
    assert caught.value.code is ErrorCode.FILES_FAILED


def test_a_missing_bucket_of_a_service_is_told_when_written(service: S3Objects) -> None:
    with pytest.raises(NotFound) as caught:
        service.store(ObjectPath("nobody", "a.zip"), [b"x"])
    assert caught.value.code is ErrorCode.BUCKET_MISSING


def test_a_service_that_says_no_is_told(service: S3Objects) -> None:
    Buckets.broken = True
    with pytest.raises(FilesError) as caught:
        content(service, ObjectPath("b1", "a.zip"))
    assert caught.value.code is ErrorCode.FILES_FAILED


@pytest.mark.parametrize(
    ("endpoint", "asked", "url"),
    [
        ("https://obs.eu-west-101.myhuaweicloud.eu", None, "https://b1.obs.eu-west-101.myhuaweicloud.eu"),
        ("obs.example.com", None, "https://b1.obs.example.com"),
        ("https://minio.example.com:9000", False, "https://minio.example.com:9000"),
        ("http://localhost:9000", None, "http://localhost:9000"),
        ("http://10.0.0.7:9000", None, "http://10.0.0.7:9000"),
    ],
)
def test_where_the_bucket_is_in_an_address(endpoint: str, asked: bool | None, url: str) -> None:
    service = S3Service(endpoint=endpoint, region="r", access_key="a", secret_key="s", bucket_in_host=asked)
    assert service.bucket("b1").config["endpoint"] == url


def test_object_paths_are_read() -> None:
    assert parse_object_path("obs://b1/a/b.zip") == ObjectPath("b1", "a/b.zip")
    assert str(parse_object_path("obs://b1/a/b.zip")) == "obs://b1/a/b.zip"


@pytest.mark.parametrize(
    "text", ["", "b1/a", "s3://b1/a", "obs:/b1/a", "obs://b1", "obs://b1/", "obs:///a", "obs://b1/../a"]
)
def test_what_is_no_object_path(text: str) -> None:
    with pytest.raises(InvalidRequest) as caught:
        parse_object_path(text)
    assert caught.value.code is ErrorCode.INVALID_OBJECT_PATH
    assert "obs://bucket/" in caught.value.hint


def test_obstore_is_loaded_late() -> None:
    modules = "jobferry.files.ports, jobferry.files.package_storage, jobferry.files.objects"
    program = f"import sys, {modules}; print('obstore' in sys.modules)"
    told = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert told.stdout.strip() == "False"


def test_a_local_file_that_is_shorter_than_its_folder_says_is_not_taken_for_whole(tmp_path: Path) -> None:
    """As one that is written anew while it is read; the kernel's own files are always so."""
    (tmp_path / "kernel").symlink_to("/sys/kernel")
    file = Path("/sys/kernel/uevent_seqnum")
    assert file.stat().st_size > len(file.read_bytes())
    with pytest.raises(FilesError) as caught:
        content(LocalObjects(tmp_path), ObjectPath("kernel", file.name))
    assert (caught.value.code, caught.value.subject) == (ErrorCode.FILES_FAILED, f"obs://kernel/{file.name}")


def test_what_is_no_file_is_refused_and_not_waited_for(tmp_path: Path) -> None:
    (tmp_path / "b1").mkdir()
    os.mkfifo(tmp_path / "b1" / "jobs.zip")
    with (
        pytest.raises(NotFound) as caught,
        LocalObjects(tmp_path).fetch(parse_object_path("obs://b1/jobs.zip"), limit=9),
    ):
        pass
    assert caught.value.code is ErrorCode.OBJECT_UNREADABLE
    assert "pipe" in caught.value.message


def test_a_bucket_may_be_a_link_and_nothing_in_it_leads_out(tmp_path: Path) -> None:
    (tmp_path / "disk").mkdir()
    (tmp_path / "disk" / "jobs.zip").write_bytes(b"PK")
    (tmp_path / "disk" / "out.zip").symlink_to(tmp_path / "secret")
    (tmp_path / "secret").write_bytes(b"s")
    (tmp_path / "root").mkdir()
    (tmp_path / "root" / "b1").symlink_to(tmp_path / "disk")
    storage = LocalObjects(tmp_path / "root")
    with storage.fetch(parse_object_path("obs://b1/jobs.zip"), limit=9) as file:
        assert file.read() == b"PK"
    with pytest.raises(InvalidRequest), storage.fetch(parse_object_path("obs://b1/out.zip"), limit=9):
        pass


def test_where_no_folder_is_there_are_no_buckets_and_a_file_in_its_place_is_told(tmp_path: Path) -> None:
    assert LocalObjects(tmp_path / "nowhere").buckets() == []
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(FilesError) as caught:
        LocalObjects(tmp_path / "file").buckets()
    assert (caught.value.code, caught.value.subject) == (ErrorCode.FILES_FAILED, "file")
